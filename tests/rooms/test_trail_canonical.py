"""Canonical JSON: the same bytes as the standard library's, and nothing that has two spellings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.canonical import NotCanonical, canonical, read_canonical

text = st.text(st.characters(codec="utf-8"), max_size=20)
keys = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
scalars = st.one_of(text, st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1))
values = st.recursive(scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner)))


@given(values)
def test_the_bytes_are_those_of_the_standard_library(value: object) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical(value) == expected
    assert read_canonical(expected) == value


@pytest.mark.parametrize(
    "value",
    [None, 1.0, float("nan"), 2**53, -(2**53), b"x", {"A": 1}, {"a1": 1}, {"": 1}, {1: 1}, {"a\n": 1}, ["\ud800"],
     {"a": [{"b": None}]}, {"a": {"b": 0.5}}, object()],
)  # fmt: skip
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [b'{"a":1,"a":1}', b'{"a":1.5}', b'{"a":NaN}', b'{"a":null}', b"{", b"", b"\xff", b"[" * 100_000, b'"\\ud800"'],
)
def test_json_with_duplicates_floats_or_nulls_is_not_read(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        canonical(read_canonical(data))
