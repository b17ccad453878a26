"""A worker's open epoch: makes entries, each under a key of its own, in the order of their counters.

Promises: no key and nonce are used twice, because the counter only goes up and the epoch dies with the first failed
append; what is sealed can be opened by the auditor and the custodian together, and by nobody here. Does not promise:
that an entry is stored. Trusts the operating system's random numbers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from lookup.canonical import canonical
from lookup.keys import ciphers
from lookup.refusals import UnsafeSetting
from lookup.trail import formats
from lookup.trail.epochs import DAY_SECONDS, Epoch, Predecessor, Wrap, pack_epoch, period_of, wrap_info
from lookup.trail.formats import EntryType
from lookup.trail.manifest import Recipient, Role, SignedManifest
from lookup.trail.ratchet import Ratchet, commitment_to_key, commitment_to_share

LARGEST_RECORD = formats.LARGEST_PLAIN - 4


class RecordTooLarge(ValueError):
    """This record does not fit an entry. What goes into records is capped where it comes in, so this is a fault."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded; the draft of a record that could not be stored cannot be made.

    `record` holds plain JSON values without floats or nulls, its keys are of ``[a-z_]+``. `at` is aware. `answer` is
    the canonical answer without its receipt, to which the entry will commit; without one, it commits to nothing.
    Raises `NotCanonical` or `RecordTooLarge`, and ValueError for a type, flag or time that no entry has: here, where
    the record is made, and not among other people's appends.
    """

    type: EntryType
    record: Mapping[str, object] = field(repr=False)
    at: datetime
    flags: int = 0
    answer: bytes | None = field(default=None, repr=False)
    salt: bytes = field(default=b"", init=False, repr=False)
    record_bytes: bytes = field(default=b"", init=False, repr=False)

    def __post_init__(self) -> None:
        if self.type in (EntryType.EPOCH, EntryType.EPOCH_CLOSE) or self.flags & ~formats.KNOWN_FLAGS:
            raise ValueError("Nobody but the trail itself makes an entry of this type or with these flags.")
        if self.at.tzinfo is None:
            raise ValueError("The time of a record needs its zone.")
        record = dict(self.record)
        if self.answer is not None:
            object.__setattr__(self, "salt", os.urandom(32))
            record["salt"] = self.salt.hex()
        record_bytes = canonical(record)
        if len(record_bytes) > LARGEST_RECORD:
            raise RecordTooLarge(f"A record of {len(record_bytes)} bytes does not fit an entry.")
        object.__setattr__(self, "record_bytes", record_bytes)

    @property
    def seconds(self) -> int:
        """Its time in Unix seconds."""
        return int(self.at.timestamp())

    def claim(self) -> bytes:
        """The commitment to its answer; random where there is none."""
        return os.urandom(32) if self.answer is None else formats.claim_of(self.salt, self.answer)


class OpenEpoch:
    """The secrets of one epoch of one worker."""

    __slots__ = ("_box_prefix", "_leaf_prefix", "_ratchet", "_signer", "body", "counter", "entry", "epoch")

    def __init__(
        self, signed: SignedManifest, host: ciphers.Signer, seconds: int, day: int, predecessor: Predecessor
    ) -> None:
        """Opened at `seconds` for the UTC day that begins at `day`. Raises `UnsafeSetting` where it has no readers."""
        origin, epoch_id = signed.manifest.origin, os.urandom(16)
        shares = os.urandom(32), os.urandom(32)
        self._signer = ciphers.Signer(ciphers.new_signing_key())
        self.epoch = Epoch(
            origin=origin, epoch_id=epoch_id, period=period_of(day), not_before=day, not_after=day + DAY_SECONDS - 1,
            public=self._signer.public, commitments=_commitments(epoch_id, shares), predecessor=predecessor,
            manifest_hash=signed.hash, host_key_id=sha256(host.public).digest(),
            wraps=_wraps(origin, epoch_id, shares, day, signed.manifest.recipients_at(day)),
        )  # fmt: skip
        self._leaf_prefix, self._box_prefix = formats.leaf_prefix(origin), formats.box_prefix(origin)
        self._ratchet = Ratchet(epoch_id, *shares)
        self._ratchet.skip(1)
        self.body = pack_epoch(self.epoch, host)
        self.entry = self._first_entry(seconds)
        self.counter = 1

    def seal(self, kind: int, flags: int, seconds: int, record: bytes, claim: bytes) -> tuple[bytes, bytes]:
        """The next entry and its box."""
        key, nonce = self._ratchet.next_key(), os.urandom(ciphers.NONCE_BYTES)
        epoch = self.epoch
        header = formats.pack_header(
            kind, flags, epoch.period, seconds, epoch.epoch_id, self.counter, nonce, commitment_to_key(key), claim
        )
        self.counter += 1
        box = ciphers.seal(key, nonce, formats.padded(record), self._box_prefix + header)
        leaf = header + sha256(box).digest()
        return leaf + self._signer.sign(self._leaf_prefix + leaf), box

    def seal_draft(self, draft: Draft) -> tuple[bytes, bytes]:
        """The next entry and its box, for this draft."""
        return self.seal(draft.type, draft.flags, draft.seconds, draft.record_bytes, draft.claim())

    def close(self, seconds: int) -> tuple[bytes, bytes]:
        """The last entry of this epoch and its box."""
        return self.seal(EntryType.EPOCH_CLOSE, 0, seconds, b"{}", os.urandom(32))

    def _first_entry(self, seconds: int) -> bytes:
        header = formats.pack_header(
            EntryType.EPOCH, 0, self.epoch.period, seconds, self.epoch.epoch_id, 0,
            formats.NO_NONCE, formats.NO_HASH, formats.NO_HASH,
        )  # fmt: skip
        leaf = header + sha256(self.body).digest()
        return leaf + self._signer.sign(self._leaf_prefix + leaf)


def _commitments(epoch_id: bytes, shares: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    return (
        commitment_to_share(epoch_id, Role.AUDITOR, shares[0]),
        commitment_to_share(epoch_id, Role.CUSTODIAN, shares[1]),
    )


def _wraps(
    origin: str, epoch_id: bytes, shares: tuple[bytes, bytes], day: int, readers: list[Recipient]
) -> tuple[Wrap, ...]:
    if {reader.role for reader in readers} != {Role.AUDITOR, Role.CUSTODIAN}:
        raise UnsafeSetting(
            "The manifest names no auditor or no custodian for today. Publish a manifest with their next keys."
        )
    return tuple(_wrap(origin, epoch_id, shares[reader.role - 1], period_of(day), reader) for reader in readers)


def _wrap(origin: str, epoch_id: bytes, share: bytes, period: int, reader: Recipient) -> Wrap:
    info = wrap_info(origin, epoch_id, period, reader.role, reader.key_id)
    return Wrap(reader.role, reader.key_id, ciphers.wrap(reader.key, share, info))
