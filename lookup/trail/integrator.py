"""The integrator: puts what is stored into the tree and signs a checkpoint, each second while there is news.

Promises: one leader among the host's processes; a checkpoint follows from the stored bytes alone, extends the one
before it, and never stands beside another of the same size (compare and swap). It judges the tree, never entries: what
is stored is included, so that one bad row cannot stop the log, and `lookup.trail.verification` names it. It refuses
only a gap in the index, or a stored tree that is not its last checkpoint's; then it rings (`alarm`) and signs nothing.
Does not promise to be needed: without it entries are recorded all the same, and proofs come later. Trusts the log's key
file.

A crash between signing and the swap loses a note that nobody has seen. A crash between the swap and the copy leaves a
copy that is older than the head, which the next round replaces.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from lookup.keys import ciphers
from lookup.locks import FileLock
from lookup.refusals import RecordBroken, Refusal, UnsafeSetting
from lookup.trail.key_files import read_private_key
from lookup.trail.layout import TrailFiles
from lookup.trail.manifest import load_manifest
from lookup.trail.notes import Checkpoint, open_checkpoint, sign_checkpoint
from lookup.trail.tables import TrailStore, entries_from, head_of, tile_of
from lookup.trail.tree import Growth, leaf_hash

ROUND_SECONDS = 0.5
ENTRIES_A_ROUND = 20_000

_log = logging.getLogger(__name__)


def load_log_key(files: TrailFiles) -> tuple[str, ciphers.Signer]:
    """The log's origin and key, the one that the manifest names. Raises `UnsafeSetting`."""
    manifest = load_manifest(files.manifest).manifest
    signer = ciphers.Signer(read_private_key(files.log_key, ciphers.KEY_BYTES))
    if signer.public != manifest.log_key:
        raise UnsafeSetting(f"The key {files.log_key} is not the log's key of {files.manifest}.")
    return manifest.origin, signer


class Integrator:
    """One leader's work, a round at a time."""

    def __init__(self, files: TrailFiles) -> None:
        """Raises `UnsafeSetting` for a bad key or manifest, `CannotRecord` where there is no store."""
        self._origin, self._signer = load_log_key(files)
        self._copy = files.checkpoint
        self.store = TrailStore(files.store, files.lock)
        self._growth: Growth | None = None

    def round(self) -> int:
        """Integrate what is new; returns how many entries that was. Raises `RecordBroken` for a gap or another tree."""
        growth, self._growth = self._growth, None  # read again from the store, unless this round ends well
        with self.store.engine.connect() as connection:
            growth = self._current(connection, growth)
            before = growth.size
            for index, entry in entries_from(connection, before, ENTRIES_A_ROUND):
                if index != growth.size:
                    raise RecordBroken(f"Entry {growth.size} is missing: the next in the store is {index}.")
                growth.add(leaf_hash(entry))
        if growth.size > before and not self._publish(before, growth):
            return 0
        self._growth = growth
        return growth.size - before

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _current(self, connection: Connection, growth: Growth | None) -> Growth:
        """The tree of the stored head: the one in memory where it still is that, else from its tiles."""
        head = head_of(connection)
        size = 0 if head is None else head[0]
        if growth is not None and growth.size == size:
            return growth
        growth = Growth(size, lambda level, number: tile_of(connection, (level, number)))
        if head is not None:
            checkpoint = open_checkpoint(head[1], self._origin, self._signer.public)
            if (checkpoint.size, checkpoint.root) != (size, growth.root()):
                raise RecordBroken("The stored tree is not that of the last checkpoint.")
        return growth

    def _publish(self, before: int, growth: Growth) -> bool:
        note = sign_checkpoint(Checkpoint(self._origin, growth.size, growth.root()), self._signer)
        if not self.store.publish(before, growth.size, note, growth.changed.items()):
            return False  # another leader was faster; its checkpoint stands, ours was never seen
        growth.changed.clear()
        partial = self._copy.with_name(self._copy.name + ".new")
        partial.write_text(note, encoding="utf-8")
        os.replace(partial, self._copy)
        return True


def integrate_now(files: TrailFiles) -> bool:
    """Integrate all that is stored, for a command that goes away; False where another process leads and will do it.

    Raises `UnsafeSetting` for a bad log key or manifest, `RecordBroken` for a gap or another tree.
    """
    leadership = FileLock(files.leader_lock, 0)
    try:
        if not leadership.try_lock():
            return False
        with _closing(Integrator(files)) as integrator:
            while integrator.round():
                continue
        return True
    finally:
        leadership.close()


class IntegratorThread(threading.Thread):
    """Tries for leadership, and integrates while it has it."""

    def __init__(self, files: TrailFiles) -> None:
        super().__init__(name="trail-integrator", daemon=True)
        self._files = files
        self._lock = FileLock(files.leader_lock, 0)
        self._stop_asked = threading.Event()
        self.alarm = ""

    def run(self) -> None:
        """Until `stop`: wait for the lock, then integrate."""
        while not self._stop_asked.is_set():
            if self._lock.try_lock():
                self._lead()
            self._stop_asked.wait(ROUND_SECONDS)
        self._lock.close()

    def stop(self) -> None:
        """Finish the round, integrate what is there, and give the leadership to another process."""
        self._stop_asked.set()
        self.join()

    def leave_to_parent(self) -> None:
        """In a child process: this thread is not here. Its descriptor must not keep the parent's leadership alive."""
        self._lock.close()

    def _lead(self) -> None:
        with self._noting_faults(), _closing(Integrator(self._files)) as integrator:
            while not self._stop_asked.is_set():
                with self._noting_faults():
                    integrator.round()
                    self.alarm = ""
                self._stop_asked.wait(ROUND_SECONDS)
            integrator.round()

    @contextmanager
    def _noting_faults(self) -> Iterator[None]:
        """A fault of the store or the tree is rung once, and tried again in the next round."""
        try:
            yield
        except (sqlite.Error, SQLAlchemyError, OSError, Refusal) as fault:
            text = f"{type(fault).__name__} {fault if isinstance(fault, Refusal) else ''}"
            if text != self.alarm:
                _log.error("the trail cannot be integrated: %s", text)
            self.alarm = text


@contextmanager
def _closing(integrator: Integrator) -> Iterator[Integrator]:
    try:
        yield integrator
    finally:
        integrator.close()
