"""What holds for a whole snapshot: its order, its size, and what is absent from it.

Absence counts only for plans untouched since the snapshot's as-at, and never for one that a rejected row may be. A
snapshot that is out of order, empty, or has lost two plans in five is refused whole: the last good one stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from lookup.keys.keyring import ServiceKey
from lookup.moments import iso, london_day, microseconds, moment
from lookup.refusals import FileRefused
from lookup.register.batches import Batch, Taken
from lookup.register.plans import Plans
from lookup.register.quarantine import Quarantine
from lookup.register.reading import Reading
from lookup.register.sealed import RejectedRow
from lookup.register.tables import children, clues, feeds
from lookup.statements import transaction_of

_MARK_ABSENT = (
    update(children).where(children.c.id == bindparam("whose")).values(absent_since=bindparam("new_absent_since"))
)


class Snapshot:
    """One snapshot of one authority, over an open write transaction."""

    def __init__(self, connection: Connection, service: ServiceKey, batch: Batch, as_at: datetime) -> None:
        self._connection = connection
        self._service = service
        self._batch = batch
        self._as_at = as_at
        self._last = self._last_snapshot()
        self._before = self._untouched()

    def refuse_out_of_order(self, at: datetime) -> None:
        """Raises `FileRefused` for a snapshot of the future, one older than the last, or another of the same moment."""
        if self._as_at > at:
            raise FileRefused("The snapshot's as-at lies in the future.")
        last, this = self._last, microseconds(self._as_at)
        if last is None or last.snapshot_as_at is None:
            return
        if this < last.snapshot_as_at:
            held = iso(moment(last.snapshot_as_at))
            raise FileRefused(f"Out of order: the register holds a later snapshot, as at {held}.")
        if this == last.snapshot_as_at and last.snapshot_hash != self._batch.snapshot_hash:
            raise FileRefused("The register holds another snapshot with this very as-at. Send a later one.")

    def refuse_shrunk(self, now: int, rejected_before: int) -> None:
        """Raises `FileRefused` where the snapshot is empty or has lost two plans in five, or more."""
        if now == 0:
            raise FileRefused("The snapshot is empty. An authority that has no plans sends a heartbeat.")
        if not _shrunk(now, self._size(len(self._before), rejected_before)):
            return
        before = self._size(sum(self._stands(row.id) for row in self._before), rejected_before)
        if _shrunk(now, before):
            raise FileRefused(
                f"The snapshot has {now} plans where the register holds {before}: two in five are missing, or more. "
                "It was not taken, and the last good one stays. Find out why before you send it again."
            )

    def mark_absent(
        self,
        seen: Collection[bytes],
        rejected: Iterable[RejectedRow],
        plans: Plans,
        quarantine: Quarantine,
        taken: Taken,
    ) -> None:
        """Plans untouched since the as-at that the snapshot no longer has; never one that a rejected row may be."""
        missing = [row for row in self._before if row.ref_mark not in seen]
        doubtful = [row for row in rejected if not row.ref or plans.held(row.ref) is None]
        clues_of_each = [quarantine.tokens_of(row) for row in doubtful]
        could_be_anybody = not all(clues_of_each)
        tokens = set().union(*clues_of_each)
        gone = [row.id for row in missing if not could_be_anybody and not (tokens and tokens & self._tokens_of(row.id))]
        if gone:
            as_at = microseconds(self._as_at)
            rows = [{"whose": child_id, "new_absent_since": as_at} for child_id in gone]
            self._connection.execute(_MARK_ABSENT, rows)
        taken.count("absent", len(gone))
        taken.count("kept", len(missing) - len(gone))

    def note(self, rows: int) -> None:
        """This is the authority's latest snapshot, and its register is complete up to the as-at."""
        note_fresh(self._connection, self._batch.authority, self._as_at)
        latest: dict[str, Any] = {"snapshot_as_at": microseconds(self._as_at), "snapshot_rows": rows}
        latest |= {"snapshot_hash": self._batch.snapshot_hash}
        self._connection.execute(update(feeds).where(feeds.c.authority == self._batch.authority).values(latest))

    def _last_snapshot(self) -> Any:
        statement = select(feeds.c.snapshot_as_at, feeds.c.snapshot_rows, feeds.c.snapshot_hash)
        return self._connection.execute(statement.where(feeds.c.authority == self._batch.authority)).one_or_none()

    def _size(self, plans: int, rejected: int) -> int:
        """How many rows to expect: the plans that stand, and the last snapshot's rejected rows beside them."""
        rows = self._last.snapshot_rows or 0 if self._last else 0
        return max(plans, min(rows, plans + rejected))

    def _untouched(self) -> list[Any]:
        """The authority's plans that were last known true before the as-at, and not absent since."""
        statement = select(children.c.id, children.c.ref_mark).where(
            children.c.authority == self._batch.authority,
            children.c.recorded_at < microseconds(self._as_at),
            children.c.absent_since.is_(None),
        )
        return list(self._connection.execute(statement).all())

    def _stands(self, child_id: bytes) -> bool:
        """Has this plan not ended by its own words? A snapshot need not repeat the ended ones."""
        plan = Reading(transaction_of(self._connection), self._service).versions_of(child_id)[0].plan
        return plan.ended_on is None or plan.ended_on > london_day(self._as_at)

    def _tokens_of(self, child_id: bytes) -> set[bytes]:
        return set(self._connection.scalars(select(clues.c.token).where(clues.c.owner == child_id)))


def _shrunk(now: int, before: int) -> bool:
    return now * 5 <= before * 3


def plans_held(connection: Connection, authority: str) -> int:
    """How many plans of this authority the register holds."""
    statement = select(func.count()).select_from(children).where(children.c.authority == authority)
    return int(connection.scalar(statement) or 0)


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
