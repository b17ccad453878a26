"""Rows that could not be taken: kept, sealed, and found by what is readable in them, until they are mended.

A rejected row is mended when a later snapshot no longer has it, or when its plan is published live after that snapshot.
The same row the next night is the same reject, as old as it was.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from lookup.finding import clues_held
from lookup.keys.keyring import Blinder, ServiceKey
from lookup.model import Child
from lookup.moments import microseconds, moment
from lookup.register.batches import Taken
from lookup.register.plans import Plans, insert_clues
from lookup.register.sealed import HeldReject, RejectedRow, encode, open_rejected, seal_rejected, without_place
from lookup.register.tables import REJECT, clues, rejects

_OF_AUTHORITY = select(rejects).where(rejects.c.authority == bindparam("authority"))


class Quarantine:
    """The rejected rows of one authority, over an open write transaction."""

    def __init__(
        self, connection: Connection, service: ServiceKey, blinder: Blinder, authority: str, plans: Plans
    ) -> None:
        self._connection = connection
        self._service = service
        self._blinder = blinder
        self._authority = authority
        self._plans = plans

    def replace(self, rows: Iterable[RejectedRow], at: datetime, taken: Taken) -> None:
        """The rejected rows of a snapshot in the place of the former ones."""
        known = self._known()
        present = self._keep_all(rows, known, at, taken)
        self._forget([row.id for mark, row in known.items() if mark not in present], taken)

    def add(self, rows: Collection[RejectedRow], at: datetime, taken: Taken) -> None:
        """Further rejected rows, beside those that are kept."""
        if rows:
            self._keep_all(rows, self._known(), at, taken)

    def mend(self, ref_marks: Collection[bytes], taken: Taken) -> None:
        """Forget the rejected rows of plans that were published well since."""
        if ref_marks:
            statement = select(rejects.c.id).where(rejects.c.ref_mark.in_(ref_marks))
            self._forget(list(self._connection.scalars(statement)), taken)

    def count(self) -> int:
        """How many rows are kept."""
        return len(self._known())

    def tokens_of(self, rejected: RejectedRow) -> set[bytes]:
        """What the row is found by; nothing where too little in it is readable."""
        return self._tokens(self._without_hidden_place(rejected).readable)

    def _known(self) -> dict[bytes, Any]:
        rows = self._connection.execute(_OF_AUTHORITY, {"authority": self._authority})
        return {row.row_mark: row for row in rows}

    def _keep_all(
        self, rows: Iterable[RejectedRow], known: Mapping[bytes, Any], at: datetime, taken: Taken
    ) -> dict[bytes, int]:
        """When each of the rows, by its mark, was first seen; a row that stands twice in the file is kept once."""
        oldest = _oldest_by_plan(known.values())
        present: dict[bytes, int] = {}
        for rejected in map(self._without_hidden_place, rows):
            mark, ref_mark = self._marks(rejected)
            if mark not in present:
                present[mark] = self._keep(known.get(mark), mark, ref_mark, rejected, at, oldest, taken)
            taken.count("rejected")
            taken.rejects.append(HeldReject(self._authority, moment(present[mark]), rejected))
        return present

    def _keep(
        self,
        known: Any,
        mark: bytes,
        ref_mark: bytes | None,
        rejected: RejectedRow,
        at: datetime,
        oldest: dict[bytes, int],
        taken: Taken,
    ) -> int:
        if known is not None:
            self._note_change(known, rejected, taken)
            return int(known.first_seen)
        reject_id = os.urandom(16)
        key, wrapped = self._service.new_child_key(reject_id)
        sealed = seal_rejected(key, reject_id, rejected)
        first_seen = oldest.get(ref_mark, microseconds(at)) if ref_mark else microseconds(at)
        row: dict[str, Any] = {"id": reject_id, "authority": self._authority, "row_mark": mark, "ref_mark": ref_mark}
        row |= {"first_seen": first_seen, "generation": self._service.generation, "wrapped_key": wrapped}
        self._connection.execute(insert(rejects), row | {"sealed": sealed})
        insert_clues(self._connection, ((token, REJECT, reject_id) for token in self._tokens(rejected.readable)))
        taken.row_hashes.append(hashlib.sha256(sealed).digest())
        return first_seen

    def _note_change(self, known: Any, rejected: RejectedRow, taken: Taken) -> None:
        """The same row may stand on another line tonight, or be wrong in another way beside other rows."""
        key = self._service.unwrap(known.id, known.wrapped_key)
        if open_rejected(key, known.id, known.sealed) != rejected:
            sealed = seal_rejected(key, known.id, rejected)
            self._connection.execute(update(rejects).where(rejects.c.id == known.id).values(sealed=sealed))
            taken.row_hashes.append(hashlib.sha256(sealed).digest())

    def _forget(self, ids: Sequence[bytes], taken: Taken) -> None:
        for reject_id in ids:
            self._connection.execute(delete(clues).where(clues.c.owner == reject_id))
            self._connection.execute(delete(rejects).where(rejects.c.id == reject_id))
        taken.count("mended", len(ids))

    def _marks(self, rejected: RejectedRow) -> tuple[bytes, bytes | None]:
        """What stands for the row, wherever it stands, and for the plan that it is about."""
        same = rejected.text or encode(msgspec.structs.replace(rejected, where="")).decode()
        words = hashlib.sha256(same.encode()).hexdigest()
        mark = self._blinder.token("rejected-row", (self._authority, rejected.ref, words))
        return mark, self._plans.ref_mark(rejected.ref) if rejected.ref else None

    def _without_hidden_place(self, rejected: RejectedRow) -> RejectedRow:
        """A restricted child's place is neither indexed nor compared, whatever a bad row says of it."""
        held = self._plans.held(rejected.ref) if rejected.ref else None
        if held is not None and held.restricted:
            return msgspec.structs.replace(rejected, readable=without_place(rejected.readable), restricted=True)
        return rejected

    def _tokens(self, readable: Child) -> set[bytes]:
        return {self._blinder.token(clue.kind, clue.fields) for clue in clues_held(readable, restricted=False)}


def _oldest_by_plan(rows: Iterable[Any]) -> dict[bytes, int]:
    oldest: dict[bytes, int] = {}
    for row in rows:
        if row.ref_mark is not None:
            oldest[row.ref_mark] = min(row.first_seen, oldest.get(row.ref_mark, row.first_seen))
    return oldest
