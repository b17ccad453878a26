"""Reading the register: everything that an answer rests on comes from one state of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, bindparam, func, select

from lookup.keys.keyring import ServiceKey
from lookup.model import Authority, Freshness, HeldPlan
from lookup.moments import moment
from lookup.refusals import RecordBroken
from lookup.register.sealed import HeldReject, open_rejected, open_version
from lookup.register.tables import CHILD, HOUSEHOLD, children, clues, rejects, versions

BATCH = 16


@dataclass(frozen=True, slots=True)
class Findings:
    """What some blind tokens lead to: children who may be meant, children of the household, and rejected rows."""

    candidates: tuple[HeldPlan, ...] = ()
    household: tuple[HeldPlan, ...] = ()
    rejects: tuple[HeldReject, ...] = ()


@lru_cache(maxsize=64)
def _search_statement(tokens: int, dialect: Dialect) -> str:
    """The search for this many tokens as the driver takes it: compiled once, because it runs in every enquiry."""
    wanted: list[ColumnElement[bytes]] = [bindparam(f"token_{position}") for position in range(tokens)]
    owners = select(clues.c.whose, clues.c.owner).where(clues.c.token.in_(wanted)).distinct().subquery()
    statement = (
        select(
            owners.c.whose,
            owners.c.owner,
            children.c.generation,
            children.c.wrapped_key,
            children.c.authority,
            children.c.version,
            versions.c.recorded_at,
            children.c.absent_since,
            versions.c.identity,
            versions.c.plan,
        )
        .select_from(owners)
        .outerjoin(children, children.c.id == owners.c.owner)
        .outerjoin(versions, (versions.c.child_id == children.c.id) & (versions.c.version == children.c.version))
    )
    return str(statement.compile(dialect=dialect))


class Reading:
    """One consistent look at the register, over an open transaction."""

    def __init__(self, connection: Connection, service: ServiceKey) -> None:
        self._connection = connection
        self._service = service

    def search(self, tokens: Iterable[bytes]) -> Findings:
        """Everything that is indexed under any of these tokens, opened."""
        rows = self._rows(sorted(set(tokens)))
        opened: dict[bytes, HeldPlan] = {}
        for whose, owner, *rest in rows:
            if whose in (CHILD, HOUSEHOLD) and owner not in opened:
                opened[owner] = self._open(owner, *rest)
        of = {whose: [row[1] for row in rows if row[0] == whose] for whose in {row[0] for row in rows}}
        rejected = [row[1] for row in rows if row[0] not in (CHILD, HOUSEHOLD)]
        return Findings(
            candidates=tuple(opened[owner] for owner in of.get(CHILD, ())),
            household=tuple(opened[owner] for owner in of.get(HOUSEHOLD, ())),
            rejects=self._rejects(rejected) if rejected else (),
        )

    def freshness(self, authorities: Mapping[str, Authority], at: datetime) -> tuple[Freshness, ...]:
        """How complete each authority's register is known to be at this moment."""
        known: dict[str, int] = {
            row[0]: row[1] for row in self._connection.exec_driver_sql("SELECT authority, as_at FROM feeds")
        }
        return tuple(_freshness(authority, known.get(code), at) for code, authority in authorities.items())

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """For each authority: how many plans are held, how many of them are absent, how many rows are rejected."""
        found: dict[str, dict[str, int]] = {}
        held = select(children.c.authority, func.count(), func.count(children.c.absent_since))
        for authority, plans, absent in self._connection.execute(held.group_by(children.c.authority)):
            found[authority] = {"plans": plans, "absent": absent, "rejected": 0}
        kept = select(rejects.c.authority, func.count()).group_by(rejects.c.authority)
        for authority, rejected in self._connection.execute(kept):
            found.setdefault(authority, {"plans": 0, "absent": 0})["rejected"] = rejected
        return found

    def versions_of(self, child_id: bytes) -> tuple[HeldPlan, ...]:
        """Every version of one plan, newest first: for its owner."""
        statement = (
            select(
                children.c.generation,
                children.c.wrapped_key,
                children.c.authority,
                versions.c.version,
                versions.c.recorded_at,
                children.c.absent_since,
                versions.c.identity,
                versions.c.plan,
            )
            .join(versions, versions.c.child_id == children.c.id)
            .where(children.c.id == child_id)
            .order_by(versions.c.version.desc())
        )
        return tuple(self._open(child_id, *row) for row in self._connection.execute(statement))

    def rejects_of(self, authority: str) -> tuple[HeldReject, ...]:
        """The rejected rows of one authority, oldest first."""
        statement = select(rejects).where(rejects.c.authority == authority).order_by(rejects.c.first_seen)
        return tuple(self._open_reject(row) for row in self._connection.execute(statement))

    def _rows(self, tokens: Sequence[bytes]) -> Sequence[Sequence[Any]]:
        if not tokens:
            return ()
        padded = [*tokens, *[tokens[0]] * (-len(tokens) % BATCH)]
        statement = _search_statement(len(padded), self._connection.dialect)
        return self._connection.exec_driver_sql(statement, tuple(padded)).fetchall()

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
        rows = self._connection.execute(select(rejects).where(rejects.c.id.in_(ids))).all()
        if len(rows) < len(set(ids)):
            raise RecordBroken("The index leads to a rejected row that is no longer there.")
        return tuple(self._open_reject(row) for row in rows)

    def _open_reject(self, row: Any) -> HeldReject:
        key = self._service.unwrap(row.id, row.wrapped_key)
        return HeldReject(row.authority, moment(row.first_seen), open_rejected(key, row.id, row.sealed))


def _freshness(authority: Authority, as_at: int | None, at: datetime) -> Freshness:
    if as_at is None:
        return Freshness(authority.code, None, 0, stale=True)
    complete = moment(as_at)
    age = max(0, int((at - complete).total_seconds()))
    return Freshness(authority.code, complete, age, stale=age > authority.stale_after_seconds)
