"""Writing plans: one version after another, each in its place by the owner's own time.

A version that is not newer than what the register knows changes nothing; the same words again only say that they are
still true. Rows are read and written some hundreds at a time, so that a whole council's night takes seconds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from lookup.finding import clues_held, household_clues_held, names_find
from lookup.keys.keyring import Blinder, ChildKey, ServiceKey
from lookup.model import Child, HeldPlan, Kind, Particulars
from lookup.moments import microseconds
from lookup.register.batches import Fate, Put, Taken
from lookup.register.sealed import Identity, open_version, seal_version
from lookup.register.tables import (
    CHILD,
    HOUSEHOLD,
    UNNAMED,
    UNNUMBERED,
    WITHOUT_NAME,
    WITHOUT_NUMBER,
    children,
    clues,
    versions,
)

AT_ONCE = 400
LARGEST_CACHE_KB = 64 * 1024  # the index of blind tokens is written at random places
Row = dict[str, Any]
Token = tuple[bytes, int]  # a blind token, and whose it is


@dataclass(slots=True, repr=False)
class _Held:
    """A plan's row with its current version, still sealed."""

    id: bytes
    wrapped_key: bytes
    version: int
    recorded_at: int
    absent_since: int | None
    sealed: tuple[bytes, bytes]


@dataclass(slots=True, repr=False)
class _Pending:
    """Rows that wait to be written together."""

    children: list[Row] = field(default_factory=list)
    newer: list[Row] = field(default_factory=list)
    versions: list[Row] = field(default_factory=list)
    reindexed: list[Row] = field(default_factory=list)
    clues: dict[bytes, set[Token]] = field(default_factory=dict)  # by plan: those of its newest version


_CURRENT = (
    select(
        children.c.ref_mark,
        children.c.id,
        children.c.wrapped_key,
        children.c.version,
        children.c.recorded_at,
        children.c.absent_since,
        versions.c.identity,
        versions.c.plan,
    )
    .join(versions, (versions.c.child_id == children.c.id) & (versions.c.version == children.c.version))
    .where(children.c.ref_mark.in_(bindparam("marks", expanding=True)))
)
_NEWER = (
    update(children)
    .where(children.c.id == bindparam("whose"))
    .values({name: bindparam(f"new_{name}") for name in ("version", "recorded_at", "absent_since")})
)
_UNINDEX = delete(clues).where(clues.c.owner == bindparam("whose"))


class Plans:
    """The plans of one authority on their way in, over an open write transaction."""

    def __init__(self, connection: Connection, service: ServiceKey, blinder: Blinder, authority: str) -> None:
        self._connection = connection
        self._service = service
        self._blinder = blinder
        self._authority = authority
        self._known: dict[bytes, _Held] = {}
        self._pending = _Pending()

    def ref_mark(self, ref: str) -> bytes:
        """What stands for the authority's own reference in the index."""
        return self._blinder.token("plan-ref", (self._authority, ref))

    def put_all(self, puts: Iterable[Put], taken: Taken, as_at: int | None) -> Iterator[tuple[Put, bytes, Fate]]:
        """Every put with its mark and fate, in order. `as_at` (microseconds) of the snapshot that they are part of."""
        waiting = iter(puts)
        while some := list(islice(waiting, AT_ONCE)):
            marks = [self.ref_mark(put.ref) for put in some]
            self._known = self._held(marks)
            for put, mark in zip(some, marks, strict=True):
                yield put, mark, self._put(put, mark, taken, as_at)
            self._flush()

    def held(self, ref: str) -> HeldPlan | None:
        """The current version of the plan with this reference, opened."""
        found = self._held([self.ref_mark(ref)])
        return self._open(next(iter(found.values()))) if found else None

    def _put(self, put: Put, mark: bytes, taken: Taken, as_at: int | None) -> Fate:
        recorded_at = microseconds(put.publication.recorded_at)
        held = self._known.get(mark)
        if held is None:
            self._known[mark] = self._first(put, mark, recorded_at, taken)
            return Fate.TAKEN
        fate = self._fate(held, put, recorded_at)
        absent = self._still_absent(held, fate, recorded_at, as_at, taken)
        if fate is Fate.TAKEN:
            held.version += 1
            key = self._service.unwrap(held.id, held.wrapped_key)
            held.sealed = self._version(held.id, held.version, key, put, recorded_at, taken)
            self._pending.reindexed.append({"whose": held.id})
        newest = recorded_at if fate in (Fate.TAKEN, Fate.UNCHANGED) else 0
        self._note_newer(held, fate, max(held.recorded_at, newest), absent)
        return fate

    def _fate(self, held: _Held, put: Put, recorded_at: int) -> Fate:
        current = self._open(held)
        if current.child == put.publication.child and current.plan == put.publication.plan:
            return Fate.UNCHANGED
        if recorded_at == held.recorded_at:
            return Fate.CONTRADICTED
        return Fate.TAKEN if recorded_at > held.recorded_at else Fate.SUPERSEDED

    def _still_absent(self, held: _Held, fate: Fate, recorded_at: int, as_at: int | None, taken: Taken) -> int | None:
        """A plan that a snapshot no longer had is back when a later snapshot has it, or when it changed later."""
        if held.absent_since is None:
            return None
        told_at = as_at or (recorded_at if fate in (Fate.TAKEN, Fate.UNCHANGED) else 0)
        if told_at <= held.absent_since:
            return held.absent_since
        taken.count("returned")
        return None

    def _first(self, put: Put, mark: bytes, recorded_at: int, taken: Taken) -> _Held:
        child_id = os.urandom(16)
        key, wrapped = self._service.new_child_key(child_id)
        row: Row = {"id": child_id, "authority": self._authority, "ref_mark": mark, "wrapped_key": wrapped}
        row |= {"generation": self._service.generation, "version": 1, "recorded_at": recorded_at, "absent_since": None}
        self._pending.children.append(row)
        return _Held(child_id, wrapped, 1, recorded_at, None, self._version(child_id, 1, key, put, recorded_at, taken))

    def _version(
        self, child_id: bytes, version: int, key: ChildKey, put: Put, recorded_at: int, taken: Taken
    ) -> tuple[bytes, bytes]:
        child, plan = put.publication.child, put.publication.plan
        identity, sealed = seal_version(key, child_id, version, Identity(self._authority, put.ref, child), plan)
        row: Row = {"child_id": child_id, "version": version, "recorded_at": recorded_at}
        self._pending.versions.append(row | {"identity": identity, "plan": sealed})
        self._pending.clues[child_id] = self._tokens(put)
        taken.row_hashes.append(hashlib.sha256(identity + sealed).digest())
        return identity, sealed

    def _tokens(self, put: Put) -> set[Token]:
        child, plan = put.publication.child, put.publication.plan
        own = clues_held(child, restricted=plan.broker is not None)
        tokens = {(self._blinder.token(clue.kind, clue.fields), CHILD) for clue in own}
        if not child.nhs_number:
            tokens.add((self._blinder.token(*WITHOUT_NUMBER), UNNUMBERED))
        if plan.kind is not Kind.PRE_BIRTH and not names_find(_named(child)):
            tokens.add((self._blinder.token(*WITHOUT_NAME), UNNAMED))
        household = household_clues_held(child, plan)
        return tokens | {(self._blinder.token(clue.kind, clue.fields), HOUSEHOLD) for clue in household}

    def _note_newer(self, held: _Held, fate: Fate, recorded_at: int, absent: int | None) -> None:
        if fate is Fate.TAKEN or recorded_at != held.recorded_at or absent != held.absent_since:
            held.recorded_at, held.absent_since = recorded_at, absent
            row: Row = {"whose": held.id, "new_version": held.version}
            self._pending.newer.append(row | {"new_recorded_at": recorded_at, "new_absent_since": absent})

    def _open(self, held: _Held) -> HeldPlan:
        key = self._service.unwrap(held.id, held.wrapped_key)
        return open_version(
            key, held.id, self._authority, held.version, held.recorded_at, held.absent_since, *held.sealed
        )

    def _held(self, marks: Sequence[bytes]) -> dict[bytes, _Held]:
        rows = self._connection.execute(_CURRENT, {"marks": marks})
        return {row[0]: _Held(*row[1:6], (row.identity, row.plan)) for row in rows}

    def _flush(self) -> None:
        """Write what waits: plans before their versions, the former clues of a plan away before its new ones."""
        pending, self._pending = self._pending, _Pending()
        for statement, rows in (
            (insert(children), pending.children),
            (insert(versions), pending.versions),
            (_NEWER, pending.newer),
            (_UNINDEX, pending.reindexed),
        ):
            if rows:
                self._connection.execute(statement, rows)
        insert_clues(self._connection, ((*token, owner) for owner, tokens in pending.clues.items() for token in tokens))


def _named(child: Child) -> Particulars:
    return Particulars(family_name=child.family_name, given_name=child.given_name, birth_date=child.birth_date or "")


def insert_clues(connection: Connection, rows: Iterable[tuple[bytes, int, bytes]]) -> None:
    """Token, whose, owner: the most numerous rows by far, so they go to the driver as they are, in their own order."""
    compiled = insert(clues).compile(dialect=connection.dialect)
    ordered: list[Any] = sorted(rows)
    if not ordered:
        return
    if not getattr(compiled, "positional", False):
        ordered = [dict(zip(("token", "whose", "owner"), row, strict=True)) for row in ordered]
    connection.exec_driver_sql(str(compiled), ordered)


def widen_cache(connection: Connection) -> None:
    """Room for a whole council's rows while they are written."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{LARGEST_CACHE_KB}")
