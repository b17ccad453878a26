"""The bytes of an entry: header, leaf, signature, box. Version 1; docs/trail.md describes every field.

Promises: what is packed here unpacks to the same value, and whatever has an unknown version, type or flag is refused
with `RecordBroken`. Does not promise: that an entry is true; that takes a signature and a place in the tree, which
`lookup.trail.verification` checks. Trusts nobody: every byte may be an attacker's.

Integers are unsigned and big-endian; a hash is SHA-256.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from lookup.refusals import RecordBroken

VERSION = 1
HEADER_BYTES = 116
LEAF_BYTES = 148
ENTRY_BYTES = 212
SMALLEST_PLAIN = 1024
LARGEST_PLAIN = 65536
NO_HASH = bytes(32)
NO_NONCE = bytes(12)

REPEAT, BREAK_GLASS, REFUSED = 1, 2, 4
KNOWN_FLAGS = REPEAT | BREAK_GLASS | REFUSED

_HEADER = struct.Struct(">BBHIQ16sQ12s32s32s")


class EntryType(IntEnum):
    """What an entry records."""

    EPOCH = 1
    EPOCH_CLOSE = 2
    QUERY = 3
    ADMIN = 4
    FEED = 5
    CROSS_CHECK = 6
    AUDIT_ACCESS = 7
    ERASURE = 8
    GAP = 9


def label(name: str) -> bytes:
    """The 32 bytes that keep one use of a hash or key apart from every other."""
    return f"lookup/trail/v1/{name}".encode("ascii").ljust(32, b"\x00")


def length_prefixed(text: bytes) -> bytes:
    """`text` behind its length in two bytes."""
    return struct.pack(">H", len(text)) + text


CLAIM_LABEL = label("claim")
COMMIT_LABEL = label("commit")


@dataclass(frozen=True, slots=True)
class Header:
    """What an entry says in the clear: no person, only when, in which epoch, and commitments. Times in Unix seconds."""

    type: EntryType
    flags: int
    period: int
    seconds: int
    epoch_id: bytes
    counter: int
    nonce: bytes
    commit: bytes
    claim: bytes

    def packed(self) -> bytes:
        """Its 116 bytes."""
        return pack_header(
            self.type, self.flags, self.period, self.seconds, self.epoch_id, self.counter,
            self.nonce, self.commit, self.claim,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """The 212 bytes of an entry, taken apart. `leaf` is what the epoch's key signed, after label and origin."""

    header: Header
    body_hash: bytes
    signature: bytes
    leaf: bytes


def pack_header(
    kind: int, flags: int, period: int, seconds: int, epoch_id: bytes, counter: int,
    nonce: bytes, commit: bytes, claim: bytes,
) -> bytes:  # fmt: skip
    """The header's 116 bytes, without a `Header` in between: the append is measured in microseconds."""
    return _HEADER.pack(VERSION, kind, flags, period, seconds, epoch_id, counter, nonce, commit, claim)


def read_header(packed: bytes) -> Header:
    """The header of 116 bytes. Raises `RecordBroken` for an unknown version, type or flag."""
    if len(packed) != HEADER_BYTES:
        raise RecordBroken(f"A header has {HEADER_BYTES} bytes, this one has {len(packed)}.")
    version, kind, flags, period, seconds, epoch_id, counter, nonce, commit, claim = _HEADER.unpack(packed)
    if version != VERSION:
        raise RecordBroken(f"Its version {version} is unknown.")
    if not EntryType.EPOCH <= kind <= EntryType.GAP:
        raise RecordBroken(f"Its type {kind} is unknown.")
    if flags & ~KNOWN_FLAGS:
        raise RecordBroken(f"Its flags {flags:#x} are unknown.")
    return Header(EntryType(kind), flags, period, seconds, epoch_id, counter, nonce, commit, claim)


def read_entry(entry: bytes) -> Entry:
    """The parts of an entry's 212 bytes. Raises `RecordBroken`."""
    if len(entry) != ENTRY_BYTES:
        raise RecordBroken(f"An entry has {ENTRY_BYTES} bytes, this one has {len(entry)}.")
    header = read_header(entry[:HEADER_BYTES])
    return Entry(header, entry[HEADER_BYTES:LEAF_BYTES], entry[LEAF_BYTES:], entry[:LEAF_BYTES])


def claim_of(salt: bytes, answer: bytes) -> bytes:
    """The commitment to `answer`, the canonical bytes of an answer without its receipt; `salt` has 32 bytes."""
    return sha256(CLAIM_LABEL + salt + sha256(answer).digest()).digest()


def leaf_prefix(origin: str) -> bytes:
    """What an epoch's key signs before the leaf."""
    return label("leaf") + length_prefixed(origin.encode())


def box_prefix(origin: str) -> bytes:
    """The associated data of a box before its header."""
    return label("box") + length_prefixed(origin.encode())


def padded(record: bytes) -> bytes:
    """`record` behind its length, zeros to the next of 1, 2, 4 … 64 KiB. The caller has checked the size."""
    return struct.pack(">I", len(record)) + record + bytes(_plain_bytes(len(record) + 4) - len(record) - 4)


def unpadded(plain: bytes) -> bytes:
    """What `padded` was given. Raises `RecordBroken` where length, size or zeros are wrong."""
    length = int.from_bytes(plain[:4], "big")
    if len(plain) < SMALLEST_PLAIN or length + 4 > len(plain) or len(plain) != _plain_bytes(length + 4):
        raise RecordBroken("The size of its record is wrong.")
    if plain[4 + length :].strip(b"\x00"):
        raise RecordBroken("Its padding is not zeros.")
    return plain[4 : 4 + length]


def is_plain_size(size: int) -> bool:
    """True for 1, 2, 4 … 64 KiB."""
    return SMALLEST_PLAIN <= size <= LARGEST_PLAIN and size & (size - 1) == 0


def _plain_bytes(needed: int) -> int:
    return SMALLEST_PLAIN if needed <= SMALLEST_PLAIN else 1 << (needed - 1).bit_length()


def period_text(period: int) -> str:
    """202601 as 2026-01."""
    return f"{period // 100:04}-{period % 100:02}"
