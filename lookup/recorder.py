"""No answer without a record: the one thread of a worker that writes entries to the trail and rows to the desk.

Promises: when `record` returns, the entry is durable and has its place, and the enquiry's rows are committed; one
failing rests on the other: entry first, then rows. Whatever stops it, within two seconds, raises `CannotRecord`, and
the entry that may then stand means *released for sending*, not *sent*. Requests that wait at the same time share a
commit. The thread is begun at the first use, in the process that uses it: never before a fork.
"""

from __future__ import annotations

import os
import queue
import threading
from dataclasses import dataclass, field, replace

import msgspec

from lookup.audit_log import AuditLog, Draft, Receipt
from lookup.desk import Desk
from lookup.desk.history import EnquiryRows
from lookup.refusals import CannotRecord, RequestIdReused

DEADLINE_SECONDS = 1.8
LARGEST_BATCH = 64


@dataclass(slots=True, eq=False)
class _Job:
    draft: Draft
    rows: EnquiryRows | None
    done: threading.Lock = field(default_factory=threading.Lock)
    receipt: Receipt | None = None
    reused: bool = False
    abandoned: bool = False

    def __post_init__(self) -> None:
        self.done.acquire()


class Recorder:
    """Writes what happened, in order, for all the requests of this worker."""

    def __init__(self, log: AuditLog, desk: Desk) -> None:
        self._log = log
        self._desk = desk
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0

    def record(self, draft: Draft, rows: EnquiryRows | None = None) -> Receipt:
        """The receipt of an entry that is durable. Raises `CannotRecord` when it cannot be, or not in time.

        Raises `RequestIdReused` where another request of the same id was written a moment before.
        """
        self._start()
        job = _Job(draft, rows)
        self._waiting.put(job)
        if not job.done.acquire(timeout=DEADLINE_SECONDS):
            job.abandoned = True
            raise CannotRecord
        if job.reused:
            raise RequestIdReused
        if job.receipt is None:
            raise CannotRecord
        return job.receipt

    def close(self) -> None:
        """Let the thread end after what already waits."""
        if self._is_working():
            self._waiting.put(None)

    def _is_working(self) -> bool:
        return self._pid == os.getpid() and self._thread is not None and self._thread.is_alive()

    def _start(self) -> None:
        if self._is_working():
            return
        with self._starting:
            if not self._is_working():
                self._waiting = queue.SimpleQueue()
                self._thread = threading.Thread(target=self._work, args=(self._waiting,), name="recorder", daemon=True)
                self._pid = os.getpid()
                self._thread.start()

    def _work(self, waiting: queue.SimpleQueue[_Job | None]) -> None:
        while True:
            batch, last = _take(waiting)
            try:
                self._write([job for job in batch if not job.abandoned])
            finally:  # a fault ends this thread, with its traceback; the next request begins another
                for job in batch:
                    job.done.release()
            if last:
                return

    def _write(self, jobs: list[_Job]) -> None:
        """Entries, then rows. A job whose receipt stays None was not recorded whole."""
        try:
            receipts = self._log.append([job.draft for job in jobs]) if jobs else []
            self._write_rows(jobs, receipts)
        except CannotRecord:
            return

    def _write_rows(self, jobs: list[_Job], receipts: list[Receipt]) -> None:
        pairs = list(zip(jobs, receipts, strict=True))
        rows = [_with_receipt(job.rows, receipt) for job, receipt in pairs if job.rows is not None]
        written = iter(self._desk.write_enquiries(rows) if rows else ())
        for job, receipt in pairs:
            if job.rows is None or next(written):
                job.receipt = receipt
            else:
                job.reused = True


def _take(waiting: queue.SimpleQueue[_Job | None]) -> tuple[list[_Job], bool]:
    """What waits, at least one job; and whether the recorder was told to close."""
    batch: list[_Job] = []
    job = waiting.get()
    while job is not None:
        batch.append(job)
        if len(batch) >= LARGEST_BATCH or waiting.empty():
            return batch, False
        job = waiting.get()
    return batch, True


def _with_receipt(rows: EnquiryRows, receipt: Receipt) -> EnquiryRows:
    """The rows with what the asker needs to fetch the proof later."""
    kept = {"entry": receipt.entry_id, "index": receipt.index, "salt": receipt.salt.hex()}
    return replace(rows, note=msgspec.structs.replace(rows.note, **kept))
