"""Reading the register: everything that an answer rests on comes from one state of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, bindparam, select

from lookup.keys.keyring import ServiceKey
from lookup.model import Authority, Freshness, HeldPlan
from lookup.moments import iso, moment
from lookup.register.sealed import RejectedRow, open_rejected, open_version
from lookup.register.tables import CHILD, HOUSEHOLD, children, clues, rejects, versions

BATCH = 16


@dataclass(frozen=True, slots=True, repr=False)
class HeldReject:
    """A rejected row, opened, with its age."""

    authority: str
    first_seen: datetime
    row: RejectedRow

    def for_the_owner(self, at: datetime) -> dict[str, object]:
        """What its authority is shown: where the row stood, what is wrong with it, and how old it is."""
        days = (at - self.first_seen).days
        problems = [{"path": wrong.path, "problem": wrong.problem} for wrong in self.row.fields()]
        shown = {"authority": self.authority, "where": self.row.where, "first_seen": iso(self.first_seen)}
        return {**shown, "problems": problems, "days_old": days}

    def __repr__(self) -> str:
        return f"HeldReject({self.authority})"


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
            children.c.recorded_at,
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
        statement = select(rejects.c.id).where(rejects.c.authority == authority)
        found = self._rejects([row.id for row in self._connection.execute(statement)])
        return tuple(sorted(found, key=lambda reject: reject.first_seen))

    def _rows(self, tokens: Sequence[bytes]) -> Sequence[Sequence[Any]]:
        if not tokens:
            return ()
        padded = [*tokens, *[tokens[0]] * (-len(tokens) % BATCH)]
        statement = _search_statement(len(padded), self._connection.dialect)
        return self._connection.exec_driver_sql(statement, tuple(padded)).fetchall()

    def _open(
        self,
        child_id: bytes,
        generation: int,
        wrapped: bytes,
        authority: str,
        version: int,
        recorded_at: int,
        absent_since: int | None,
        identity: bytes,
        plan: bytes,
    ) -> HeldPlan:
        key = self._service.unwrap(child_id, wrapped)
        return open_version(key, child_id, authority, version, recorded_at, absent_since, identity, plan)

    def _rejects(self, ids: Sequence[bytes]) -> tuple[HeldReject, ...]:
        statement = select(rejects).where(rejects.c.id.in_(ids))
        return tuple(self._open_reject(row) for row in self._connection.execute(statement))

    def _open_reject(self, row: Any) -> HeldReject:
        key = self._service.unwrap(row.id, row.wrapped_key)
        return HeldReject(row.authority, moment(row.first_seen), open_rejected(key, row.id, row.sealed))


def _freshness(authority: Authority, as_at: int | None, at: datetime) -> Freshness:
    if as_at is None:
        return Freshness(authority.code, None, 0, stale=True)
    complete = moment(as_at)
    age = max(0, int((at - complete).total_seconds()))
    return Freshness(authority.code, complete, age, stale=age > authority.stale_after_seconds)
