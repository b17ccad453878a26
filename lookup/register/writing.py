"""Writing the register: one batch of one authority, whole or not at all, its entry in the trail first.

The owner's own time decides, plan by plan: a version that is not newer than the one held changes nothing. A rejected
row never removes the last good plan.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from lookup.finding import clues_held, household_clues_held
from lookup.keys.keyring import Blinder, ChildKey, ServiceKey
from lookup.model import Child, HeldPlan, Publication
from lookup.moments import microseconds
from lookup.register.reading import Reading
from lookup.register.sealed import Identity, RejectedRow, encode, seal_rejected, seal_version
from lookup.register.tables import CHILD, HOUSEHOLD, REJECT, children, clues, feeds, rejects, versions


@dataclass(frozen=True, slots=True, repr=False)
class Put:
    """One version of one plan under the authority's own reference."""

    ref: str
    publication: Publication

    def __repr__(self) -> str:
        return "Put(…)"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one authority sends at once. A whole snapshot has its `snapshot_as_at`; a live write has none."""

    authority: str
    puts: Iterable[Put] = ()
    rejected: Sequence[RejectedRow] = ()
    snapshot_as_at: datetime | None = None
    snapshot_hash: bytes = b""


class Fate(StrEnum):
    """What became of one put."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    CONTRADICTED = "contradicted"


@dataclass(slots=True)
class Taken:
    """What a batch did: counts, and the hashes of the sealed rows that it changed."""

    authority: str
    counts: dict[str, int] = field(default_factory=dict)
    row_hashes: list[bytes] = field(default_factory=list)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


Record = Callable[[Taken], None]


class Writing:
    """One batch on its way in, over an open write transaction."""

    def __init__(self, connection: Connection, service: ServiceKey, blinder: Blinder) -> None:
        self._connection = connection
        self._service = service
        self._blinder = blinder

    def take(self, batch: Batch, at: datetime) -> Taken:
        """Put every plan, quarantine every rejected row, and for a snapshot mark what is absent from it."""
        taken = Taken(batch.authority)
        seen: set[bytes] = set()
        for put in batch.puts:
            taken.count(self.put(batch.authority, put, taken))
            seen.add(self.ref_mark(batch.authority, put.ref))
        if batch.snapshot_as_at is not None:
            seen.update(self.ref_mark(batch.authority, row.ref) for row in batch.rejected if row.ref)
            self._keep_rejects(batch, at, taken)
            self._mark_absent(batch.authority, batch.snapshot_as_at, seen, taken)
            self._note_snapshot(batch, batch.snapshot_as_at, len(seen))
        return taken

    def ref_mark(self, authority: str, ref: str) -> bytes:
        """What stands for an authority's own reference in the index."""
        return self._blinder.token("plan-ref", (authority, ref))

    def put(self, authority: str, put: Put, taken: Taken) -> Fate:
        """Take one version, unless the register holds a newer one or another with the same time."""
        mark = self.ref_mark(authority, put.ref)
        held = self._connection.execute(select(children).where(children.c.ref_mark == mark)).one_or_none()
        recorded_at = microseconds(put.publication.recorded_at)
        if held is None:
            return self._first(authority, put, mark, recorded_at, taken)
        if held.recorded_at > recorded_at:
            return Fate.SUPERSEDED
        current = Reading(self._connection, self._service).versions_of(held.id)[0]
        if _same(current, put):
            return self._seen_again(held.id, recorded_at, current)
        if held.recorded_at == recorded_at:
            return Fate.CONTRADICTED
        key = self._service.unwrap(held.id, held.wrapped_key)
        return self._next(held.id, held.version + 1, key, put, recorded_at, taken)

    def _first(self, authority: str, put: Put, mark: bytes, recorded_at: int, taken: Taken) -> Fate:
        child_id = os.urandom(16)
        key, wrapped = self._service.new_child_key(child_id)
        row = {"id": child_id, "authority": authority, "ref_mark": mark, "generation": self._service.generation}
        row |= {"wrapped_key": wrapped, "version": 0, "recorded_at": recorded_at, "absent_since": None}
        self._connection.execute(insert(children), row)
        return self._next(child_id, 1, key, put, recorded_at, taken)

    def _next(self, child_id: bytes, version: int, key: ChildKey, put: Put, recorded_at: int, taken: Taken) -> Fate:
        child, plan = put.publication.child, put.publication.plan
        identity, sealed = seal_version(key, child_id, version, Identity(put.ref, child), plan)
        row = {"child_id": child_id, "version": version, "recorded_at": recorded_at}
        self._connection.execute(insert(versions), row | {"identity": identity, "plan": sealed})
        newer = {"version": version, "recorded_at": recorded_at, "absent_since": None}
        self._connection.execute(update(children).where(children.c.id == child_id).values(newer))
        self._index(child_id, put)
        taken.row_hashes.append(hashlib.sha256(identity + sealed).digest())
        return Fate.TAKEN

    def _seen_again(self, child_id: bytes, recorded_at: int, current: HeldPlan) -> Fate:
        again = {"recorded_at": max(recorded_at, microseconds(current.recorded_at)), "absent_since": None}
        self._connection.execute(update(children).where(children.c.id == child_id).values(again))
        return Fate.UNCHANGED

    def _index(self, child_id: bytes, put: Put) -> None:
        child, plan = put.publication.child, put.publication.plan
        restricted = plan.broker is not None
        self._connection.execute(delete(clues).where(clues.c.owner == child_id))
        tokens = {(self._blinder.token(c.kind, c.fields), CHILD) for c in clues_held(child, restricted=restricted)}
        tokens |= {(self._blinder.token(c.kind, c.fields), HOUSEHOLD) for c in household_clues_held(child, plan)}
        self._insert_tokens(child_id, tokens)

    def _insert_tokens(self, owner: bytes, tokens: Iterable[tuple[bytes, int]]) -> None:
        rows = [{"token": token, "whose": whose, "owner": owner} for token, whose in tokens]
        if rows:
            self._connection.execute(insert(clues), rows)

    def _keep_rejects(self, batch: Batch, at: datetime, taken: Taken) -> None:
        """The rejected rows of this snapshot stay until mended; those it no longer has are mended."""
        known = {
            row.row_mark: row.id
            for row in self._connection.execute(select(rejects).where(rejects.c.authority == batch.authority))
        }
        present = set()
        for rejected in batch.rejected:
            mark = self._reject_mark(rejected)
            taken.count("rejected")
            if mark not in known and mark not in present:
                self._new_reject(batch.authority, mark, rejected, at, taken)
            present.add(mark)
        for mark in known.keys() - present:
            self._connection.execute(delete(clues).where(clues.c.owner == known[mark]))
            self._connection.execute(delete(rejects).where(rejects.c.id == known[mark]))

    def _reject_mark(self, rejected: RejectedRow) -> bytes:
        same = RejectedRow("", rejected.problems, rejected.readable, rejected.ref)
        return self._blinder.token("rejected-row", (encode(same).decode(),))

    def _new_reject(self, authority: str, mark: bytes, rejected: RejectedRow, at: datetime, taken: Taken) -> None:
        reject_id = os.urandom(16)
        key, wrapped = self._service.new_child_key(reject_id)
        sealed = seal_rejected(key, reject_id, rejected)
        row = {"id": reject_id, "authority": authority, "row_mark": mark, "first_seen": microseconds(at)}
        row |= {"generation": self._service.generation, "wrapped_key": wrapped, "sealed": sealed}
        self._connection.execute(insert(rejects), row)
        self._insert_tokens(reject_id, {(token, REJECT) for token in self._child_tokens(rejected.readable)})
        taken.row_hashes.append(hashlib.sha256(sealed).digest())

    def _child_tokens(self, child: Child) -> set[bytes]:
        return {self._blinder.token(clue.kind, clue.fields) for clue in clues_held(child, restricted=False)}

    def _mark_absent(self, authority: str, as_at: datetime, seen: set[bytes], taken: Taken) -> None:
        """Plans untouched since the snapshot's as-at that it no longer has; never one that a rejected row may be."""
        rejected = set(
            self._connection.scalars(
                select(clues.c.token)
                .join(rejects, rejects.c.id == clues.c.owner)
                .where(rejects.c.authority == authority)
            )
        )
        candidates = select(children.c.id, children.c.ref_mark).where(
            children.c.authority == authority,
            children.c.recorded_at <= microseconds(as_at),
            children.c.absent_since.is_(None),
        )
        for row in self._connection.execute(candidates).all():
            if row.ref_mark not in seen and not rejected & self._tokens_of(row.id):
                absent = update(children).where(children.c.id == row.id).values(absent_since=microseconds(as_at))
                self._connection.execute(absent)
                taken.count("absent")

    def _tokens_of(self, child_id: bytes) -> set[bytes]:
        return set(self._connection.scalars(select(clues.c.token).where(clues.c.owner == child_id)))

    def _note_snapshot(self, batch: Batch, as_at: datetime, rows: int) -> None:
        note_fresh(self._connection, batch.authority, as_at)
        snapshot = {"snapshot_as_at": microseconds(as_at), "snapshot_rows": rows, "snapshot_hash": batch.snapshot_hash}
        self._connection.execute(update(feeds).where(feeds.c.authority == batch.authority).values(snapshot))


def note_fresh(connection: Connection, authority: str, as_at: datetime, *, backwards: bool = False) -> None:
    """The authority's register is complete up to `as_at`; an older moment never takes a newer one back.

    `backwards` is for the demo alone, which back-dates a register on purpose: `lookup demo stale`.
    """
    held = connection.scalar(select(feeds.c.as_at).where(feeds.c.authority == authority))
    moment = microseconds(as_at)
    if held is None:
        connection.execute(insert(feeds), {"authority": authority, "as_at": moment})
    elif moment > held or backwards:
        connection.execute(update(feeds).where(feeds.c.authority == authority).values(as_at=moment))


def _same(held: HeldPlan, put: Put) -> bool:
    return held.child == put.publication.child and held.plan == put.publication.plan
