"""The bytes of the trail, against the published vector, and whatever is not of that form."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.canonical import canonical
from lookup.keys import ciphers
from lookup.refusals import RecordBroken
from lookup.trail import formats
from lookup.trail.formats import EntryType, Header
from lookup.trail.ratchet import Ratchet, commitment_to_key

ORIGIN = "trail.example/2026"
SHARES = bytes(range(32)), bytes(range(32, 64))
EPOCH_ID = bytes(range(64, 80))
SALT = b"\x09" * 32
NONCE = b"\x05" * 12
ANSWER = {"enquiry": "01J0", "outcome": "on_plan"}
RECORD = {"outcome": "on_plan", "reason": "Zoë"}


def vector_entry() -> tuple[bytes, bytes]:
    ratchet = Ratchet(EPOCH_ID, *SHARES)
    ratchet.next_key()
    key = ratchet.next_key()
    claim = formats.claim_of(SALT, canonical(ANSWER))
    header = Header(EntryType.QUERY, 0, 202601, 1767225600, EPOCH_ID, 1, NONCE, commitment_to_key(key), claim).packed()
    box = ciphers.seal(key, NONCE, formats.padded(canonical(RECORD)), formats.box_prefix(ORIGIN) + header)
    leaf = header + sha256(box).digest()
    return leaf + ciphers.Signer(b"\x07" * 32).sign(formats.leaf_prefix(ORIGIN) + leaf), box


def test_the_ratchet_gives_the_keys_of_the_vector() -> None:
    ratchet = Ratchet(EPOCH_ID, *SHARES)
    ratchet.skip(1)
    key = ratchet.next_key()
    assert key.hex() == "6a33d73012b8c055a3f4e4242e5428335c176f8f8a9bd7f7ac01f026f4d4ccba"
    assert commitment_to_key(key).hex() == "637d940607c79b240dfac963035bea051a2f8960dcca91351f3c4097e9f1b770"


def test_an_entry_has_the_bytes_of_the_vector() -> None:
    entry, box = vector_entry()
    read = formats.read_entry(entry)
    assert len(entry) == formats.ENTRY_BYTES
    assert read.header.claim.hex() == "3da1e4b95649aacac2d989d3286ac351c8af668d8343127c56c2657eb440ac75"
    assert sha256(box).hexdigest() == "81ca7931743e1d9598bddc82c475f0e683ab37b3485aa666508c4882d5973a83"
    assert read.signature.hex() == (
        "28060b6f7c58f0d2d1a8d06c65afad76dfaafb42cbf9eaaed4c404639557ffab"
        "58da72b6622c46e207479fca2df25694c7f5df873b3e4d7ec8ef1db4de0f0a0a"
    )
    leaf_hash = sha256(b"\x00" + entry).hexdigest()
    assert leaf_hash == "fee6bc53f9c387ec490356710ffc627990185043a10cd3c5a1917aab55a690bd"


def test_the_first_chain_is_that_of_the_vector() -> None:
    start = sha256(formats.label("chain0") + EPOCH_ID + SHARES[0] + SHARES[1]).hexdigest()
    assert start == "f313488ca3f96e972eadc3a7006d18023268f048a35983c18cc9a6e22d07e796"


@pytest.mark.parametrize(
    ("offset", "byte", "reason"),
    [(0, 2, "version 2"), (0, 0, "version 0"), (1, 0, "type 0"), (1, 10, "type 10"), (2, 1, "flags"), (3, 8, "flags")],
)
def test_an_unknown_version_type_or_flag_is_refused(offset: int, byte: int, reason: str) -> None:
    entry = bytearray(vector_entry()[0])
    entry[offset] = byte
    with pytest.raises(RecordBroken, match=reason):
        formats.read_entry(bytes(entry))


@given(st.binary(max_size=400))
def test_any_bytes_are_an_entry_or_refused(entry: bytes) -> None:
    try:
        read = formats.read_entry(entry)
    except RecordBroken:
        return
    assert read.header.packed() + read.body_hash + read.signature == entry


@given(st.binary(max_size=5000))
def test_padding_hides_the_size_and_comes_off_again(record: bytes) -> None:
    plain = formats.padded(record)
    assert formats.is_plain_size(len(plain))
    assert formats.unpadded(plain) == record


@pytest.mark.parametrize("plain", [b"", bytes(1023), bytes(1025), b"\xff" * 1024, bytes(2048), bytes(1023) + b"\x01"])
def test_wrong_padding_is_refused(plain: bytes) -> None:
    with pytest.raises(RecordBroken):
        formats.unpadded(plain)
