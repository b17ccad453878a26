"""The ciphers: they open what they sealed, nothing else, and what an older release sealed."""

from __future__ import annotations

import base64
import os
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.keys import ciphers
from lookup.refusals import RecordBroken, UnsafeSetting

RECIPIENT = bytes(range(96))
INFO = b"lookup vector"
# MLKEM768-X25519 is still a draft: these bytes were made once, and must open with every release that we take.
WRAPPED = base64.b64decode(
    "2daOdZq+BweVQvzwt+B25V95S1IDpwllzBrdBiJNexFi2U77uAAY2rWJ/JRCrNvqvvpCfutVYyJS5GicNUBoGnboZpYqjaTxnMGfZ2B5zqPz"
    "9bjWBrlUuxOacruPnOzLNyATQNOkI5DAebVXpQr3NnsAYtSKuHXYttMoryavLSnFO3qiDU4Sxp6fOZM2Dhfqyeb/CLL+w6kODFRaEsY+yuOr"
    "a7izjIexLYGYqdCUq3BvoEBLx7I6eo9GMhj5sLhf2nFgCu4bKX6msNoZGPneHReV/4l0ZjJ8tc3UuRL6R+H9lSfmCZ6TKGnlJiLzBHG9dAHh"
    "F3MtV8ePKJO56sSXtzw7kgZnhT5oQ8k8Cqq3Ms5FC7zD+cpaYuquVrucBEe63pkSG5NwQo3RrBDlF0ywNT+BuTBtrYhnwaPz/dQzRClKbSgI"
    "sXhdcYbNH2fF08BHnb0zoT675X0lW7qXASIe1z1AXu8Foz4Y6sT5sO7Ty2OO5UTf76o53t9o6bZCmV9n2HP9R7BrMb+wlFYaUwKkdNen3wY5"
    "QPJm9POcwOOkz72xVljWygyDOHOuFKDK7yb1wkrLBA85NYmXFprKpC5F7/+zoSzwu9CffQKQ8DijNzRKQjQgZFWcX0kaxxqFxR7Txgm31gSb"
    "q1R5aB9cdTpymtl/xCB36sozMOypNQiPSuU3cwYQX4Y0Y+fZQXWmJjsWkkSrIOZdSQe/mMLP14I4XMdcyEkxVlMb0D0a/FGn+j7p4C3rjf46"
    "FX4amtPTXSktZW68Xk2Yh5qc4LQabcUN2ojhe8RXQCociajykRfBQNc+fo6j8J5bAKuQH0CG8agD256S2Em1OcaVIov9rGRKlAk//P/CmyCY"
    "RjVNjBr7a3n7GRBkfRvyKGuuF1IJhcgVf47NdsniCxuQHgrKYhuygqi9BJcFKVwTLBKptfn1OPzkyUBGxbELfSba0vzTj9WwY711AsKHUG64"
    "HEH8qsx1/8ktsF24sB+oD9Ld6Tdl41vH8UedgL3bfHXCA8OtJEgVNVwNtHd5NsTlbFWJJ9cYKy1wZIs2DC2ShuG/0SyMGMF15ai3M1wqMntV"
    "nNd/ehIY5du/58hZM4S8Jppe//ONa1DhvbjI3YjKga7JIUh8Hf40mIZfCdqHBXz/ulDF7LhfiX7OpzrjXQMHGkRhh6rFoU+f09XqUK6+vQr/"
    "mLh5SXXweRQQTpyIj1SDAlzlUY5TevWbfH2MUmHEt2hnfThVyotywagMV6THyFnb0aUULnpXQPUyNGTAJWKDqoJ2Kt4VE0AFalwTFvFTMAyH"
    "YX/gHULcLh6eC8G8fUSGmGtpz5Svdgx6jo+IzWx06OzW4tyUqnxjR/eNVLpRPd3Oe7w74YFA47URSvuxwF1wjQlOr2hWbg753U+V9IDf/DnH"
    "oyK/6vgbQEHcDsI1AzvOkWKqlKNGhpgHuN16bIKUojXlKeoWRKO0jyAnasbA7of0el3lgW0iQxFxjLg7C6EnEo4zbvmP0vH0arZk2X1Eq6ld"
    "q6tQVsxWCqujTvt/GdCbbjxIaJEmU2Bi3zzKSkeXYYWOww=="
)


def test_a_share_that_was_wrapped_by_an_older_release_still_opens() -> None:
    public = sha256(ciphers.recipient_public(RECIPIENT)).hexdigest()
    assert public == "d99e4496af749b54ee4a2d270c8057450624ecc5dc0866295ffc504a26134ad4"
    assert ciphers.unwrap(RECIPIENT, WRAPPED, INFO) == bytes(range(32))


def test_what_is_wrapped_has_the_length_of_the_format_and_opens() -> None:
    wrapped = ciphers.wrap(ciphers.recipient_public(RECIPIENT), bytes(32), INFO)
    assert len(wrapped) == ciphers.WRAP_OVERHEAD_BYTES + 32 == 1168
    assert ciphers.unwrap(RECIPIENT, wrapped, INFO) == bytes(32)


@pytest.mark.parametrize("at", [0, 600, 1100, 1130, 1167])
def test_a_changed_wrap_does_not_open(at: int) -> None:
    changed = WRAPPED[:at] + bytes([WRAPPED[at] ^ 1]) + WRAPPED[at + 1 :]
    with pytest.raises(RecordBroken):
        ciphers.unwrap(RECIPIENT, changed, INFO)


@given(st.binary(max_size=1300))
def test_no_other_bytes_open_as_a_wrap(wrapped: bytes) -> None:
    with pytest.raises(RecordBroken):
        ciphers.unwrap(RECIPIENT, wrapped, INFO)


def test_a_wrap_opens_for_its_own_place_and_reader_only() -> None:
    with pytest.raises(RecordBroken):
        ciphers.unwrap(RECIPIENT, WRAPPED, b"another place")
    with pytest.raises(RecordBroken):
        ciphers.unwrap(ciphers.new_recipient_key(), WRAPPED, INFO)


@pytest.mark.parametrize("change", ["key", "nonce", "box", "associated", "short"])
def test_a_sealed_box_opens_with_everything_as_it_was_and_not_otherwise(change: str) -> None:
    given = {"key": os.urandom(32), "nonce": bytes(12), "associated": b"place"}
    given["box"] = ciphers.seal(given["key"], given["nonce"], b"plain", given["associated"])
    assert ciphers.open_sealed(**given) == b"plain"
    name = "box" if change == "short" else change
    given[name] = b"x" if change == "short" else bytes([given[name][0] ^ 1]) + given[name][1:]
    with pytest.raises(RecordBroken):
        ciphers.open_sealed(**given)


def test_ed25519_is_that_of_rfc_8032() -> None:
    """RFC 8032, section 7.1, test 2."""
    signer = ciphers.Signer(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    assert signer.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = signer.sign(b"\x72")
    assert signature.hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    ciphers.verify_signature(signer.public, signature, b"\x72")


@pytest.mark.parametrize(
    ("public", "signature", "message"),
    [(bytes(32), bytes(64), b""), (b"\xff" * 32, bytes(64), b""), (b"", b"", b""), (bytes(32), bytes(63), b"m")],
)
def test_a_signature_that_does_not_verify_raises(public: bytes, signature: bytes, message: bytes) -> None:
    with pytest.raises(RecordBroken):
        ciphers.verify_signature(public, signature, message)


def test_keys_of_another_length_are_refused() -> None:
    with pytest.raises(UnsafeSetting):
        ciphers.Signer(bytes(31))
    with pytest.raises(UnsafeSetting):
        ciphers.recipient_public(bytes(95))
    with pytest.raises(UnsafeSetting):
        ciphers.wrap(bytes(1215), bytes(32), INFO)
