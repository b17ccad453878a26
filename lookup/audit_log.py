"""The audit trail: append, prove, verify, search. Start here.

Promises:
1. What `AuditLog.append` returns is on the disk and has its place in the sequence. Whatever prevents that raises
   `CannotRecord`, and then there is no answer: the trail fails closed.
2. The process that writes cannot read what it wrote: records are sealed to an auditor and a custodian together.
3. Nobody can change, remove, reorder or forge an entry without it showing to whoever holds a receipt or a checkpoint.
4. `verify_trail` and `verify_receipt` check all of that offline, without any secret.
5. `read_trail` searches it, for those who hold both keys, and leaves an entry before it does.

Does not promise: anything about an answer that was never recorded, or about the last second before a checkpoint where
nobody holds a receipt (docs/trail.md lists what is honestly not covered). Trusts: the host's own keys and its disk.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Sequence

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.exc import SQLAlchemyError

from lookup.refusals import CannotRecord, Refusal, UnsafeSetting
from lookup.trail.formats import BREAK_GLASS, REFUSED, REPEAT, EntryType
from lookup.trail.founding import create_trail
from lookup.trail.integrator import IntegratorThread, load_log_key
from lookup.trail.layout import TrailFiles, trail_files
from lookup.trail.proving import Prover
from lookup.trail.reading import read_trail
from lookup.trail.receipts import Receipt, verify_receipt
from lookup.trail.sealing import Draft
from lookup.trail.verification import verify_trail
from lookup.trail.writer import Writer, load_host

__all__ = [
    "BREAK_GLASS", "REFUSED", "REPEAT", "AuditLog", "Draft", "EntryType", "Receipt", "TrailFiles", "create_trail",
    "read_trail", "trail_files", "verify_receipt", "verify_trail",
]  # fmt: skip

STORE_FAULTS = (sqlite.Error, SQLAlchemyError, OSError, UnsafeSetting, CannotRecord)

_log = logging.getLogger(__name__)
_abandoned: list[tuple[Writer | None, Prover | None]] = []
"""What the parent had open, kept after a fork so that nothing closes their SQLite connection in the child."""


class AuditLog:
    """The trail, as one process of a host writes it. Cheap to make; opens with the first append of each process."""

    def __init__(self, files: TrailFiles) -> None:
        self._files = files
        self._pid = os.getpid()
        self._turn = threading.Lock()
        self._opened: Writer | None = None
        self._prover: Prover | None = None
        self._integrator: IntegratorThread | None = None
        _logs.add(self)

    def append(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Record these drafts in one commit, in this order; their receipts. Durable on return.

        Raises `CannotRecord`, always of the same kind whatever the cause, which goes to the service's own log.
        """
        if not drafts:
            return []
        if self._pid != os.getpid():
            self.leave_parent()
        with self._turn:
            try:
                return self._writer().append(drafts)
            except STORE_FAULTS as fault:
                self._note_fault(fault)
                raise CannotRecord from fault

    def prove(self, index: int) -> str | None:
        """The C2SP tlog-proof of the entry at `index`; None until a checkpoint covers it, within about a second.

        Raises `CannotRecord` where the store cannot be read.
        """
        if self._pid != os.getpid():
            self.leave_parent()
        try:
            prover = self._prover
            if prover is None:
                prover = self._prover = Prover(self._files.store)
            return prover.proof(index)
        except STORE_FAULTS as fault:
            raise CannotRecord from fault

    def start_integrator(self) -> None:
        """Try, in a thread of this process, to be the one that signs checkpoints. Call it after any fork.

        Raises `UnsafeSetting` for a bad log key or manifest.
        """
        if self._pid != os.getpid():
            self.leave_parent()
        load_log_key(self._files)
        if self._integrator is None:
            self._integrator = IntegratorThread(self._files)
            self._integrator.start()

    def ready(self) -> None:
        """Raise `UnsafeSetting` for a bad key or manifest, `CannotRecord` where the store cannot take an entry now."""
        load_host(self._files)
        load_log_key(self._files)
        if self._pid != os.getpid():
            self.leave_parent()
        with self._turn:
            try:
                writer = self._writer()
                writer.refuse_when_poisoned()
                writer.store.rehearse()
            except UnsafeSetting:
                raise
            except STORE_FAULTS as fault:
                raise CannotRecord from fault

    def close(self) -> None:
        """End this process's epoch with its last entry and let go of the files. A log can be used again afterwards."""
        if self._pid != os.getpid():
            self.leave_parent()
        with self._turn:
            writer, self._opened = self._opened, None
            if writer is not None:
                self._close(writer)
        self._stop_readers()

    def leave_parent(self) -> None:
        """After a fork: forget the parent's epoch, its secrets and its connections. They go on in the parent."""
        if self._opened is not None:
            self._opened.forget_secrets()
            self._opened.store.lock.close()
        if self._integrator is not None:
            self._integrator.leave_to_parent()
        _abandoned.append((self._opened, self._prover))
        self._opened, self._prover, self._integrator = None, None, None
        self._turn, self._pid = threading.Lock(), os.getpid()

    def _writer(self) -> Writer:
        if self._opened is None:
            self._opened = Writer(self._files)
        return self._opened

    def _close(self, writer: Writer) -> None:
        try:
            writer.close()
        except STORE_FAULTS as fault:  # an epoch without its end is a known state: the trail verifies without it
            self._note_fault(fault)

    def _stop_readers(self) -> None:
        integrator, self._integrator = self._integrator, None
        if integrator is not None:
            integrator.stop()
        prover, self._prover = self._prover, None
        if prover is not None:
            prover.close()

    def _note_fault(self, fault: BaseException) -> None:
        if self._opened is not None:
            self._opened.note_fault(fault)
        reason = fault if isinstance(fault, Refusal) else getattr(fault, "sqlite_errorname", "")
        _log.error("the trail cannot record: %s %s", type(fault).__name__, reason)


_logs: weakref.WeakSet[AuditLog] = weakref.WeakSet()


def _leave_parents() -> None:
    for log in list(_logs):
        log.leave_parent()


os.register_at_fork(after_in_child=_leave_parents)
