"""The EPOCH entry's body: who opened it, with which key, for which readers, after which other epoch.

Promises: `check_epoch` accepts a body only when an enrolled host signed it, for exactly the readers that the manifest
names for its time. Does not promise: that the shares inside the wraps are those of the commitments; only a reader who
unwraps them can tell (`open_shares` does). Trusts the manifest it is given, and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lookup.keys import ciphers
from lookup.refusals import RecordBroken
from lookup.trail.formats import label, length_prefixed
from lookup.trail.manifest import Recipient, Role, SignedManifest
from lookup.trail.ratchet import commitment_to_share

DAY_SECONDS = 86400
WRAP_BYTES = 1168
NO_LAST = 2**64 - 1

_EPOCH_LABEL = label("epoch")
_WRAP_LABEL = label("wrap")
_FIXED = struct.Struct(">16sIQQ32s32s32s16sQ32s32sH")
_WRAP = struct.Struct(f">B32s{WRAP_BYTES}s")


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The epoch that this worker wrote before, and the counter of its last entry."""

    epoch_id: bytes
    last: int


NO_PREDECESSOR = Predecessor(bytes(16), NO_LAST)


@dataclass(frozen=True, slots=True)
class Wrap:
    """One share for one reader."""

    role: int
    key_id: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Epoch:
    """What an EPOCH says. Times in Unix seconds; `signed` is what the host signed, after the label."""

    origin: str
    epoch_id: bytes
    period: int
    not_before: int
    not_after: int
    public: bytes
    commitments: tuple[bytes, bytes]
    predecessor: Predecessor
    manifest_hash: bytes
    host_key_id: bytes
    wraps: tuple[Wrap, ...]
    host_signature: bytes = b""
    signed: bytes = b""


def period_of(seconds: int) -> int:
    """The UTC month of a moment, as 202601."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.year * 100 + moment.month


def pack_epoch(epoch: Epoch, host: ciphers.Signer) -> bytes:
    """The body's bytes, signed by the host."""
    unsigned = b"".join(
        (
            b"\x01",
            length_prefixed(epoch.origin.encode()),
            _FIXED.pack(
                epoch.epoch_id, epoch.period, epoch.not_before, epoch.not_after, epoch.public,
                *epoch.commitments, epoch.predecessor.epoch_id, epoch.predecessor.last,
                epoch.manifest_hash, epoch.host_key_id, len(epoch.wraps),
            ),
            *(_WRAP.pack(wrap.role, wrap.key_id, wrap.wrapped) for wrap in epoch.wraps),
        )
    )  # fmt: skip
    return unsigned + host.sign(_EPOCH_LABEL + unsigned)


def read_epoch(body: bytes) -> Epoch:
    """The epoch of these bytes, nothing verified yet. Raises `RecordBroken` where they have another form."""
    try:
        return _read_epoch(body)
    except (struct.error, ValueError, IndexError):
        raise RecordBroken("This is not the body of an EPOCH.") from None


def _read_epoch(body: bytes) -> Epoch:
    origin_end = 3 + int.from_bytes(body[1:3], "big")
    fixed_end = origin_end + _FIXED.size
    (
        epoch_id, period, not_before, not_after, public, auditor, custodian, previous, previous_last,
        manifest_hash, host_key_id, wraps,
    ) = _FIXED.unpack(body[origin_end:fixed_end])  # fmt: skip
    wraps_end = fixed_end + wraps * _WRAP.size
    if body[0] != 1 or len(body) != wraps_end + ciphers.SIGNATURE_BYTES:
        raise ValueError
    return Epoch(
        body[3:origin_end].decode(), epoch_id, period, not_before, not_after, public, (auditor, custodian),
        Predecessor(previous, previous_last), manifest_hash, host_key_id,
        tuple(Wrap(*parts) for parts in _WRAP.iter_unpack(body[fixed_end:wraps_end])),
        body[wraps_end:], body[:wraps_end],
    )  # fmt: skip


def check_epoch(epoch: Epoch, signed: SignedManifest) -> None:
    """Raise `RecordBroken` unless the manifest allows this epoch.

    1. It is of this log and under this manifest. 2. Its host is enrolled and signed it. 3. It lasts a day at most, in
    one month, and not before the manifest's first day. 4. Its readers are exactly the manifest's for its time.
    """
    manifest = signed.manifest
    if epoch.origin != manifest.origin:  # 1
        raise RecordBroken("Its EPOCH is of another log.")
    if epoch.manifest_hash != signed.hash:
        raise RecordBroken("Its EPOCH was opened under another manifest.")
    host_key = manifest.hosts.get(epoch.host_key_id)  # 2
    if host_key is None:
        raise RecordBroken("Its EPOCH was opened by a host that is not enrolled.")
    ciphers.verify_signature(host_key, epoch.host_signature, _EPOCH_LABEL + epoch.signed)
    _check_times(epoch, manifest.epochs_not_before)  # 3
    _check_readers(epoch.wraps, manifest.recipients_at(epoch.not_before))  # 4


def _check_times(epoch: Epoch, epochs_not_before: int) -> None:
    lasts = epoch.not_after - epoch.not_before
    if not 0 <= lasts < DAY_SECONDS or epoch.not_before < epochs_not_before:
        raise RecordBroken("Its EPOCH's times are not allowed.")
    try:
        months = {epoch.period, period_of(epoch.not_before), period_of(epoch.not_after)}
    except (ValueError, OverflowError, OSError):
        raise RecordBroken("Its EPOCH's times are not of this world.") from None
    if len(months) != 1:
        raise RecordBroken("Its EPOCH's month is not that of its times.")


def _check_readers(wraps: Sequence[Wrap], expected: Sequence[Recipient]) -> None:
    if [(wrap.role, wrap.key_id) for wrap in wraps] != [(reader.role, reader.key_id) for reader in expected]:
        raise RecordBroken("Its EPOCH's recipients are not those of the manifest.")
    if {wrap.role for wrap in wraps} != {Role.AUDITOR, Role.CUSTODIAN}:
        raise RecordBroken("Its EPOCH lacks an auditor or a custodian.")


def wrap_info(origin: str, epoch_id: bytes, period: int, role: int, key_id: bytes) -> bytes:
    """What binds a wrapped share to its epoch and its reader."""
    place = epoch_id + struct.pack(">IB", period, role) + key_id
    return _WRAP_LABEL + length_prefixed(origin.encode()) + place


def open_share(epoch: Epoch, role: Role, private: bytes) -> bytes | None:
    """The share that this epoch wrapped to the holder of `private`; None where it is not among the readers.

    Raises `RecordBroken` where the wrap does not open or holds another share than the epoch committed to.
    """
    key_id = key_id_of(private)
    for wrap in epoch.wraps:
        if (wrap.role, wrap.key_id) == (role, key_id):
            info = wrap_info(epoch.origin, epoch.epoch_id, epoch.period, role, key_id)
            share = ciphers.unwrap(private, wrap.wrapped, info)
            if commitment_to_share(epoch.epoch_id, role, share) != epoch.commitments[role - 1]:
                raise RecordBroken("Its EPOCH wrapped another share than it committed to.")
            return share
    return None


def key_id_of(private: bytes) -> bytes:
    """The key id of a reader's private key."""
    return Recipient(Role.AUDITOR, ciphers.recipient_public(private), 0, 0).key_id
