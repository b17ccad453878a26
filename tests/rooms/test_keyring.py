"""The server's keys: blind tokens are HMAC, and each field stands for itself."""

from __future__ import annotations

import hmac

from hypothesis import given
from hypothesis import strategies as st

from lookup.keys.keyring import Blinder, framed

ROOT = bytes(range(32))


@given(st.text(max_size=20), st.lists(st.text(max_size=40), max_size=5))
def test_a_blind_token_is_hmac_under_the_key_of_its_kind(kind: str, fields: list[str]) -> None:
    key = hmac.digest(ROOT, b"lookup/clue/" + kind.encode(), "sha256")
    whole = hmac.digest(key, framed(*(field.encode() for field in fields)), "sha256")
    assert Blinder(ROOT).token(kind, tuple(fields)) == whole[:16]


def test_fields_that_read_the_same_in_a_row_have_other_tokens() -> None:
    blinder = Blinder(ROOT)
    assert blinder.token("pair", ("ab", "c")) != blinder.token("pair", ("a", "bc"))
    assert blinder.token("pair", ("ab", "c")) != blinder.token("other", ("ab", "c"))
