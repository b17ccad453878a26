"""The one that appends: seals what it is given, in order, into one commit; begins and ends epochs.

Promises: an append is stored whole and durably, or it raises; after a failure its epoch has ended, so that no counter,
key or nonce is used again, whatever became of the commit. Does not promise to be called from two threads at once, nor
to live through a fork (`lookup.audit_log` sees to both). Trusts the host's keys and the manifest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256

import pysqlite3.dbapi2 as sqlite

from lookup.keys import ciphers
from lookup.refusals import CannotRecord, RecordBroken, UnsafeSetting
from lookup.trail.epochs import DAY_SECONDS, NO_PREDECESSOR, Predecessor
from lookup.trail.key_files import read_private_key
from lookup.trail.layout import TrailFiles
from lookup.trail.manifest import SignedManifest, load_manifest
from lookup.trail.notes import open_checkpoint
from lookup.trail.receipts import Receipt
from lookup.trail.sealing import Draft, OpenEpoch
from lookup.trail.tables import TrailStore, is_fsync_fault

EPOCH_SPACING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Host:
    """What this host signs with, and the manifest that enrols it."""

    manifest: SignedManifest
    signer: ciphers.Signer


@dataclass(frozen=True, slots=True)
class _Begun:
    """An epoch that this process began, and the size of the store just before: its entries can only come after."""

    epoch_id: bytes
    size_before: int
    at: float


def load_host(files: TrailFiles) -> Host:
    """This host's key, enrolled in the manifest. Raises `UnsafeSetting`."""
    manifest = load_manifest(files.manifest)
    signer = ciphers.Signer(read_private_key(files.host_key, ciphers.KEY_BYTES))
    if sha256(signer.public).digest() not in manifest.manifest.hosts:
        raise UnsafeSetting(f"The key {files.host_key} is not enrolled in {files.manifest}. Enrol this host first.")
    return Host(manifest, signer)


def refuse_older_store(files: TrailFiles, host: Host, store: TrailStore) -> None:
    """Raise `UnsafeSetting` where the store has fewer entries than the checkpoint that is kept beside it."""
    if not files.checkpoint.exists():
        return
    manifest = host.manifest.manifest
    try:
        known = open_checkpoint(files.checkpoint.read_text(encoding="utf-8"), manifest.origin, manifest.log_key)
    except (RecordBroken, UnicodeDecodeError):
        raise UnsafeSetting(f"{files.checkpoint} is not a checkpoint of this log: somebody changed it.") from None
    size = store.size()  # read after the checkpoint, which others may renew at any moment
    if size < known.size:
        raise UnsafeSetting(
            f"{files.store} has {size} entries, but a checkpoint was signed for {known.size}: "
            "an older copy was put back. Restore the newest one."
        )


class Writer:
    """Appends to the trail for one process, from one thread at a time."""

    def __init__(self, files: TrailFiles, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Raises `UnsafeSetting` for a bad key, manifest or older store, `CannotRecord` where there is no store."""
        self.host = load_host(files)
        self.store = TrailStore(files.store, files.lock)
        with ExitStack() as undo:
            undo.callback(self.store.close)
            refuse_older_store(files, self.host, self.store)
            undo.pop_all()
        self._monotonic = monotonic
        self._epoch: OpenEpoch | None = None
        self._begun: list[_Begun] = []
        self._day = 0
        self._poisoned = False

    def append(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Store these drafts in one commit, in this order; returns their receipts."""
        self.refuse_when_poisoned()
        epoch, self._epoch = self._epoch, None  # it has ended, unless the commit below succeeds and puts it back
        try:
            return self._append(epoch, drafts)
        finally:
            if self._epoch is None:
                self.store.abandon_append()

    def refuse_when_poisoned(self) -> None:
        """Raise `CannotRecord` after the disk once failed to confirm a write: only a new process may try again."""
        if self._poisoned:
            raise CannotRecord("The disk failed to confirm a write; this process must be started again.")

    def note_fault(self, fault: BaseException) -> None:
        """A failed fsync may have lost pages that look written, so it is never tried again in this process."""
        if isinstance(fault, sqlite.Error) and is_fsync_fault(fault):
            self._poisoned = True

    def close(self) -> None:
        """End the open epoch with its own last entry, and let go of the store."""
        try:
            if self._epoch is not None:
                epoch, self._epoch = self._epoch, None
                self.store.append([epoch.close(min(int(time.time()), epoch.epoch.not_after))])
        finally:
            self.store.close()

    def forget_secrets(self) -> None:
        """The epoch is no longer this process's: in a child it is the parent's alone, or a key would be used twice."""
        self._epoch = None

    def _append(self, epoch: OpenEpoch | None, drafts: Sequence[Draft]) -> list[Receipt]:
        sealed: list[tuple[bytes, bytes]] = []
        places: list[tuple[int, bytes, bytes]] = []
        for draft in drafts:
            if epoch is None or draft.seconds > epoch.epoch.not_after:
                epoch = self._next_epoch(epoch, draft.seconds, sealed)
            places.append((len(sealed), epoch.body, draft.salt))
            sealed.append(epoch.seal_draft(draft))
        first = self.store.append(sealed)
        self._epoch = epoch
        origin = self.host.manifest.manifest.origin
        return [Receipt(origin, first + place, sealed[place][0], body, salt) for place, body, salt in places]

    def _next_epoch(self, old: OpenEpoch | None, seconds: int, sealed: list[tuple[bytes, bytes]]) -> OpenEpoch:
        """A new epoch, its EPOCH put into `sealed`; where one is still open, its end goes before. A day never goes
        back, so that a clock that does cannot return to a month whose key is gone."""
        if old is None:
            predecessor = self._settle()
        else:
            sealed.append(old.close(old.epoch.not_after))
            predecessor = Predecessor(old.epoch.epoch_id, old.counter - 1)
        day = max(seconds - seconds % DAY_SECONDS, self._day)
        epoch = OpenEpoch(self.host.manifest, self.host.signer, seconds, day, predecessor)
        self._begun.append(_Begun(epoch.epoch.epoch_id, self.store.size(), self._monotonic()))
        self._day = day
        sealed.append((epoch.entry, epoch.body))
        return epoch

    def _settle(self) -> Predecessor:
        """The newest epoch of this process that is in the store, and its last counter there.

        The connection that may have had a commit under way was closed by `abandon_append`, so what is absent now stays
        absent. (A store that can commit late, PostgreSQL, needs the head's lock for this.)
        """
        while self._begun:
            begun = self._begun[-1]
            last = self.store.last_counter(begun.epoch_id, begun.size_before)
            if last is not None:
                self._refuse_too_soon(begun)
                return Predecessor(begun.epoch_id, last)
            self._begun.pop()
        return NO_PREDECESSOR

    def _refuse_too_soon(self, begun: _Begun) -> None:
        if self._monotonic() - begun.at < EPOCH_SPACING_SECONDS:
            raise CannotRecord("The last epoch has only just begun; the next may begin 10 seconds after it.")
