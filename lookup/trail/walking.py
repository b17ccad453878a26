"""Walking the trail from its first entry, each checked against what came before it.

Promises: whatever `Walk.step` gives back is an entry of the expected form, in its place in the sequence, in an epoch
that the manifest allows, with its own body; what is left to check is its signature, which it names. Does not promise
that nothing is missing at the end, nor that the whole was not exchanged: that takes a checkpoint (`verification`).
Trusts the manifest, and nothing in the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from lookup.keys import ciphers
from lookup.refusals import RecordBroken
from lookup.trail import formats
from lookup.trail.epochs import NO_PREDECESSOR, Epoch, check_epoch, read_epoch
from lookup.trail.formats import Entry, EntryType, Header
from lookup.trail.manifest import SignedManifest


class BrokenEntry(RecordBroken):
    """The first entry that is not as it was written, and why."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(f"Entry {index}: {reason}")
        self.index = index
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that is still to be verified."""

    public: bytes
    signature: bytes
    message: bytes

    def verify(self) -> None:
        """Raise `RecordBroken` unless it verifies."""
        ciphers.verify_signature(self.public, self.signature, self.message)


@dataclass(frozen=True, slots=True)
class Step:
    """An entry in its place: everything about it is checked but `signed`."""

    index: int
    entry: Entry
    body: bytes
    epoch: Epoch
    signed: Signed


@dataclass(slots=True)
class _Life:
    """How far an epoch has come."""

    epoch: Epoch
    last: int = 0
    closed: bool = False
    succeeded: bool = False


class Walk:
    """Takes the rows of a trail one after the other.

    1. Its index is the next one. 2. Its bytes are an entry of a known version, type and flags. 3. Its body has the hash
    that it names, and a size of 1, 2, 4 … 64 KiB where it is a box. 4. An EPOCH is new, agrees with its body, and is
    allowed by the manifest (`check_epoch`). 5. The epoch's predecessor ended with exactly the entry that it names, and
    has no other successor; it is then closed. 6. Any other entry has the next counter of an epoch that is open, its
    month, and a time not after its end. 7. After EPOCH_CLOSE the epoch is closed. What is wrong raises `BrokenEntry`.
    """

    def __init__(self, manifest: SignedManifest) -> None:
        self._manifest = manifest
        self._prefix = formats.leaf_prefix(manifest.manifest.origin)
        self._lives: dict[bytes, _Life] = {}
        self.next_index = 0
        self.epochs = 0
        self.clock_went_back = 0

    def step(self, index: int, packed: bytes, body: bytes) -> Step:
        """The next row, checked. Raises `BrokenEntry`."""
        if index != self.next_index:  # 1
            raise BrokenEntry(self.next_index, f"is missing; the next in the store is {index}.")
        self.next_index += 1
        try:
            entry = formats.read_entry(packed)  # 2
            life = self._place(entry, body)
        except BrokenEntry:
            raise
        except RecordBroken as broken:
            raise BrokenEntry(index, broken.detail) from None
        signed = Signed(life.epoch.public, entry.signature, self._prefix + entry.leaf)
        return Step(index, entry, body, life.epoch, signed)

    def _place(self, entry: Entry, body: bytes) -> _Life:
        if sha256(body).digest() != entry.body_hash:  # 3
            raise RecordBroken("Its body is not the one that it was written with.")
        if entry.header.type is EntryType.EPOCH:
            life = self._begin(entry.header, body)
        else:
            life = self._continue(entry.header, len(body))
        if entry.header.seconds > life.epoch.not_after:
            raise RecordBroken("Its time is after the end of its epoch.")
        self.clock_went_back += entry.header.seconds < life.epoch.not_before
        return life

    def _begin(self, header: Header, body: bytes) -> _Life:
        epoch = read_epoch(body)  # 4
        if header.epoch_id in self._lives:
            raise RecordBroken("Its epoch had begun before.")
        expected = Header(
            EntryType.EPOCH, 0, epoch.period, header.seconds, epoch.epoch_id, 0,
            formats.NO_NONCE, formats.NO_HASH, formats.NO_HASH,
        )  # fmt: skip
        if header != expected:
            raise RecordBroken("Its header is not that of its EPOCH.")
        check_epoch(epoch, self._manifest)
        self._end_predecessor(epoch)
        life = self._lives[epoch.epoch_id] = _Life(epoch)
        self.epochs += 1
        return life

    def _end_predecessor(self, epoch: Epoch) -> None:
        if epoch.predecessor == NO_PREDECESSOR:  # 5
            return
        before = self._lives.get(epoch.predecessor.epoch_id)
        if before is None or before.succeeded:
            raise RecordBroken("The epoch before its own is missing, or has another successor.")
        if before.last != epoch.predecessor.last:
            raise RecordBroken(
                f"The epoch before its own ended with counter {epoch.predecessor.last}, "
                f"but its last entry here has {before.last}."
            )
        before.succeeded = before.closed = True

    def _continue(self, header: Header, body_size: int) -> _Life:
        life = self._lives.get(header.epoch_id)
        if not formats.is_plain_size(body_size - ciphers.TAG_BYTES):  # 3
            raise RecordBroken("Its box has a size that no box has.")
        if life is None:  # 6
            raise RecordBroken("Its epoch has not begun.")
        if life.closed:
            raise RecordBroken("Its epoch was closed before it.")
        if header.counter != life.last + 1:
            raise RecordBroken(f"Its counter is {header.counter} where {life.last + 1} is the next.")
        if header.period != life.epoch.period:
            raise RecordBroken("Its month is not that of its epoch.")
        life.last = header.counter
        life.closed = header.type is EntryType.EPOCH_CLOSE  # 7
        return life
