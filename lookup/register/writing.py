"""Writing the register: one batch of one authority, whole or not at all, its entry in the trail first.

The owner's own time decides, plan by plan (`plans`). A rejected row never removes the last good plan (`quarantine`).
What holds for a whole snapshot is in `snapshots`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from lookup.keys.keyring import Blinder, ServiceKey
from lookup.moments import microseconds
from lookup.register.batches import Batch, Fate, Put, Taken
from lookup.register.plans import Plans, widen_cache
from lookup.register.quarantine import Quarantine
from lookup.register.sealed import RejectedRow, without_place
from lookup.register.snapshots import Snapshot, plans_held
from lookup.register.tables import feeds

SAME_TIME = ("recorded_at", "is that of the version held, whose words are others: neither was preferred")


class Writing:
    """One batch on its way in, over an open write transaction."""

    def __init__(self, connection: Connection, service: ServiceKey, blinder: Blinder) -> None:
        self._connection = connection
        self._service = service
        self._blinder = blinder

    def take(self, batch: Batch, at: datetime) -> Taken:
        """Put every plan, quarantine every rejected row, and for a snapshot mark what is absent from it.

        Raises `FileRefused` for a snapshot that must not be taken; then the transaction must not be committed.
        """
        taken = Taken(batch.authority)
        plans = Plans(self._connection, self._service, self._blinder, batch.authority)
        quarantine = Quarantine(self._connection, self._service, self._blinder, batch.authority, plans)
        if batch.snapshot_as_at is None:
            self._take_live(batch, at, plans, quarantine, taken)
        else:
            self._take_snapshot(batch, batch.snapshot_as_at, at, plans, quarantine, taken)
            taken.plans_held = plans_held(self._connection, batch.authority)
        return taken

    def _take_live(self, batch: Batch, at: datetime, plans: Plans, quarantine: Quarantine, taken: Taken) -> None:
        since = self._last_snapshot(batch.authority)
        mended = []
        for put, mark, fate in plans.put_all(batch.puts, taken, None):
            taken.count(fate)
            is_newer = fate in (Fate.TAKEN, Fate.UNCHANGED) and microseconds(put.publication.recorded_at) >= since
            mended += [mark] if is_newer else []
        quarantine.mend(mended, taken)
        quarantine.add(batch.rejected, at, taken)

    def _take_snapshot(
        self, batch: Batch, as_at: datetime, at: datetime, plans: Plans, quarantine: Quarantine, taken: Taken
    ) -> None:
        widen_cache(self._connection)
        snapshot = Snapshot(self._connection, self._service, batch, as_at)
        snapshot.refuse_out_of_order(at)
        rejected_before = quarantine.count()
        seen, contradicting = self._put_all(batch, plans, as_at, taken)
        rejected = [*batch.rejected, *contradicting]
        refs = {plans.ref_mark(row.ref) for row in rejected if row.ref}
        rows = len(seen | refs) + sum(not row.ref for row in rejected)
        snapshot.refuse_shrunk(rows, rejected_before)
        snapshot.mark_absent(seen | refs, rejected, plans, quarantine, taken)
        quarantine.replace(rejected, at, taken)
        snapshot.note(rows)

    def _put_all(
        self, batch: Batch, plans: Plans, as_at: datetime, taken: Taken
    ) -> tuple[set[bytes], Sequence[RejectedRow]]:
        """The marks of the plans that the snapshot has, and the rows that contradict what is held."""
        seen: set[bytes] = set()
        contradicting = []
        for put, mark, fate in plans.put_all(batch.puts, taken, microseconds(as_at)):
            taken.count(fate)
            seen.add(mark)
            if fate is Fate.SUPERSEDED:
                taken.superseded.append(put.where)
            elif fate is Fate.CONTRADICTED:
                contradicting.append(_quarantined(put))
        return seen, contradicting

    def _last_snapshot(self, authority: str) -> int:
        held = self._connection.scalar(select(feeds.c.snapshot_as_at).where(feeds.c.authority == authority))
        return held or 0


def _quarantined(put: Put) -> RejectedRow:
    """A row that has the time of the version held and other words: nothing wins, and it is to be seen to."""
    child, restricted = put.publication.child, put.publication.plan.broker is not None
    readable = without_place(child) if restricted else child
    return RejectedRow(put.where, (SAME_TIME,), readable, put.ref, restricted=restricted)
