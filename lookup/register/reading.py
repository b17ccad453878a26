"""Reading the register: everything that an answer rests on comes from one state of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from lookup.keys.keyring import ServiceKey
from lookup.model import Authority, Freshness, HeldPlan
from lookup.moments import moment
from lookup.refusals import RecordBroken
from lookup.register.sealed import HeldReject, open_rejected, open_version
from lookup.register.tables import (
    CHILD,
    HOUSEHOLD,
    REJECT,
    UNNAMED,
    UNNUMBERED,
    children,
    clues,
    feeds,
    rejects,
    versions,
)
from lookup.statements import Prepared, Transaction

BATCH = 16
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Findings:
    """What some blind tokens lead to: children who may be meant, children of the household, and rejected rows."""

    candidates: tuple[HeldPlan, ...] = ()
    household: tuple[HeldPlan, ...] = ()
    rejects: tuple[HeldReject, ...] = ()


_STATE = (children.c.generation, children.c.wrapped_key, children.c.authority)
_VERSION = (versions.c.recorded_at, children.c.absent_since, versions.c.identity, versions.c.plan)


@lru_cache(maxsize=64)
def _search(tokens: int) -> Prepared:
    """The search for this many tokens, which runs in every enquiry."""
    wanted: list[ColumnElement[bytes]] = [bindparam(f"token_{position}") for position in range(tokens)]
    owners = select(clues.c.whose, clues.c.owner).where(clues.c.token.in_(wanted)).distinct().subquery()
    current = (versions.c.child_id == children.c.id) & (versions.c.version == children.c.version)
    return Prepared(
        select(owners.c.whose, owners.c.owner, *_STATE, children.c.version, *_VERSION)
        .select_from(owners)
        .outerjoin(children, children.c.id == owners.c.owner)
        .outerjoin(versions, current)
    )


@lru_cache(maxsize=64)
def _rejects(ids: int) -> Prepared:
    wanted: list[ColumnElement[bytes]] = [bindparam(f"id_{position}") for position in range(ids)]
    return Prepared(select(*_REJECT).where(rejects.c.id.in_(wanted)))


_REJECT = (rejects.c.id, rejects.c.authority, rejects.c.first_seen, rejects.c.wrapped_key, rejects.c.sealed)
_rejects_of = Prepared(select(*_REJECT).where(rejects.c.authority == bindparam("authority")))
_any = Prepared(select(exists().where((clues.c.token == bindparam("token")) & (clues.c.whose == bindparam("whose")))))
_feeds = Prepared(select(feeds.c.authority, feeds.c.as_at))
_held = Prepared(
    select(children.c.authority, func.count(), func.count(children.c.absent_since)).group_by(children.c.authority)
)
_rejected = Prepared(select(rejects.c.authority, func.count()).group_by(rejects.c.authority))
_versions = Prepared(
    select(*_STATE, versions.c.version, *_VERSION)
    .join(versions, versions.c.child_id == children.c.id)
    .where(children.c.id == bindparam("child_id"))
    .order_by(versions.c.version.desc())
)


class Reading:
    """One consistent look at the register, over an open transaction."""

    def __init__(self, look: Transaction, service: ServiceKey) -> None:
        self._look = look
        self._service = service
        self._opened: dict[bytes, HeldPlan] = {}

    def search(self, tokens: Iterable[bytes]) -> Findings:
        """Everything that is indexed under any of these tokens, opened; what an earlier search opened stays so."""
        opened = self._opened
        owners: dict[int, list[bytes]] = {CHILD: [], HOUSEHOLD: [], REJECT: [], UNNUMBERED: [], UNNAMED: []}
        for whose, owner, *rest in self._rows(sorted(set(tokens))):
            owners[whose].append(owner)
            if whose in (CHILD, HOUSEHOLD) and owner not in opened:
                opened[owner] = self._open(owner, *rest)
        return Findings(
            candidates=tuple(opened[owner] for owner in owners[CHILD]),
            household=tuple(opened[owner] for owner in owners[HOUSEHOLD]),
            rejects=self._rejects(owners[REJECT]),
        )

    def holds_unnumbered(self, token: bytes) -> bool:
        """Is anybody held without an NHS number? `token` is that of `WITHOUT_NUMBER`, which all of them share."""
        return bool(self._look.rows(_any, token, UNNUMBERED)[0][0])

    def holds_unnamed(self, token: bytes) -> bool:
        """Is anybody held whom names do not find? `token` is that of `WITHOUT_NAME`, which all of them share."""
        return bool(self._look.rows(_any, token, UNNAMED)[0][0])

    def freshness(self, authorities: Mapping[str, Authority], at: datetime) -> tuple[Freshness, ...]:
        """How complete each authority's register is known to be at this moment."""
        known: dict[str, int] = dict(self._look.rows(_feeds))
        return tuple(_freshness(authority, known.get(code), at) for code, authority in authorities.items())

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """For each authority: how many plans are held, how many of them are absent, how many rows are rejected."""
        found: dict[str, dict[str, int]] = {}
        for authority, plans, absent in self._look.rows(_held):
            found[authority] = {"plans": plans, "absent": absent, "rejected": 0}
        for authority, rejected in self._look.rows(_rejected):
            found.setdefault(authority, {"plans": 0, "absent": 0})["rejected"] = rejected
        return found

    def versions_of(self, child_id: bytes) -> tuple[HeldPlan, ...]:
        """Every version of one plan, newest first: for its owner."""
        return tuple(self._open(child_id, *row) for row in self._look.rows(_versions, child_id))

    def rejects_of(self, authority: str) -> tuple[HeldReject, ...]:
        """The rejected rows of one authority, oldest first, in the order of their lines."""
        found = [self._open_reject(*row) for row in self._look.rows(_rejects_of, authority)]
        return tuple(sorted(found, key=lambda held: (held.first_seen, len(held.row.where), held.row.where)))

    def _rows(self, tokens: Sequence[bytes]) -> Sequence[Sequence[Any]]:
        if not tokens:
            return ()
        padded = [*tokens, *[tokens[0]] * (-len(tokens) % BATCH)]
        return self._look.rows(_search(len(padded)), *padded)

    def _open(
        self,
        child_id: bytes,
        generation: int | None,
        wrapped: bytes,
        authority: str,
        version: int,
        recorded_at: int,
        absent_since: int | None,
        identity: bytes | None,
        plan: bytes,
    ) -> HeldPlan:
        if generation is None or identity is None:
            raise RecordBroken("The index leads to a plan that is no longer there.")
        key = self._service.unwrap(child_id, wrapped)
        return open_version(key, child_id, authority, version, recorded_at, absent_since, identity, plan)

    def _rejects(self, ids: Sequence[bytes]) -> tuple[HeldReject, ...]:
        rows = self._look.rows(_rejects(len(ids)), *ids) if ids else ()
        if len(rows) < len(set(ids)):
            raise RecordBroken("The index leads to a rejected row that is no longer there.")
        return tuple(self._open_reject(*row) for row in rows)

    def _open_reject(
        self, reject_id: bytes, authority: str, first_seen: int, wrapped: bytes, sealed: bytes
    ) -> HeldReject:
        row = open_rejected(self._service.unwrap(reject_id, wrapped), reject_id, sealed)
        return HeldReject(authority, moment(first_seen), row)


def _freshness(authority: Authority, as_at: int | None, at: datetime) -> Freshness:
    if as_at is None:
        return Freshness(authority.code, None, 0, stale=True)
    complete = moment(as_at)
    age = max(0, int((at - complete).total_seconds()))
    to_come = complete > at + CLOCK_SKEW  # nothing is complete up to then: a clock was wrong, here or there
    return Freshness(authority.code, complete, age, stale=to_come or age > authority.stale_after_seconds)
