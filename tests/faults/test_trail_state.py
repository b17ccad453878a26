"""The trail as a machine to which anything may happen: it always verifies, and nothing acknowledged is gone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lookup.audit_log import Draft, EntryType, create_trail
from lookup.refusals import CannotRecord
from lookup.trail.integrator import Integrator
from lookup.trail.tables import reading, rows_from
from lookup.trail.verification import verify_trail
from lookup.trail.writer import EPOCH_SPACING_SECONDS, Writer

START = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


class CommitLost(OSError):
    """What a caller sees when a commit fails, or when only its answer does."""


class FaultyWriter(Writer):
    """A worker whose next commit may be rolled back, or land without anybody hearing of it."""

    fate = "ok"

    def meet(self, fate: str) -> None:
        append = self.store.append

        def faulty(rows: Sequence[tuple[bytes, bytes]]) -> int:
            self.store.append = append  # type: ignore[method-assign]
            if fate == "rolled back":
                raise CommitLost
            first = append(rows)
            if fate == "landed unknown":
                raise CommitLost
            return first

        self.store.append = faulty  # type: ignore[method-assign]


class Trail(RuleBasedStateMachine):
    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.files = create_trail(self.folder, "trail.example/2026", now=START, months_ahead=1)
        self.clock = 0.0
        self.at = START
        self.workers = [self.worker(), self.worker()]
        self.integrator = Integrator(self.files)
        self.acknowledged: dict[int, bytes] = {}

    def worker(self) -> FaultyWriter:
        return FaultyWriter(self.files, lambda: self.clock)

    @rule(
        which=st.integers(0, 1),
        count=st.integers(1, 4),
        fate=st.sampled_from(["ok", "ok", "rolled back", "landed unknown"]),
    )
    def append(self, which: int, count: int, fate: str) -> None:
        worker = self.workers[which]
        worker.meet(fate)
        drafts = [Draft(EntryType.QUERY, {"n": n}, self.at, answer=b"{}") for n in range(count)]
        try:
            receipts = worker.append(drafts)
        except (CommitLost, CannotRecord):
            return
        assert fate == "ok"
        self.acknowledged.update({receipt.index: receipt.entry for receipt in receipts})

    @rule()
    def time_passes(self) -> None:
        self.clock += EPOCH_SPACING_SECONDS

    @rule(days=st.integers(-2, 3))
    def the_clock_is_set(self, days: int) -> None:
        self.at = max(START, self.at + timedelta(days=days))

    @rule(which=st.integers(0, 1))
    def a_worker_is_killed_and_another_begins(self, which: int) -> None:
        self.workers[which].forget_secrets()
        self.workers[which].close()
        self.workers[which] = self.worker()

    @rule(which=st.integers(0, 1))
    def a_worker_ends_and_another_begins(self, which: int) -> None:
        self.workers[which].close()
        self.workers[which] = self.worker()

    @rule()
    def integrate(self) -> None:
        self.integrator.round()

    @rule()
    def another_leader_takes_over(self) -> None:
        self.integrator.close()
        self.integrator = Integrator(self.files)

    @invariant()
    def everything_verifies_and_nothing_acknowledged_is_gone(self) -> None:
        verify_trail(self.files)
        with reading(self.files.store) as connection:
            there = [(index, entry) for index, entry, _ in rows_from(connection, 0)]
        assert [index for index, _ in there] == list(range(len(there)))
        assert self.acknowledged.items() <= dict(there).items()

    def teardown(self) -> None:
        for worker in self.workers:
            worker.forget_secrets()
            worker.close()
        self.integrator.close()
        shutil.rmtree(self.folder)


TestTrail = Trail.TestCase
TestTrail.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
