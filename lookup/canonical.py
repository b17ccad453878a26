"""One value, one sequence of bytes: the JSON that is hashed, signed and sealed.

Promises: UTF-8, keys sorted, ``,`` and ``:`` without spaces, keys of ``[a-z_]+``, integers below 2⁵³ in size, and no
floats, nulls, NaN or lone surrogates; two equal values give equal bytes, on every machine. The bytes are those of
``json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)``, so that anyone can check them with a
standard library. Does not promise: that text is normalised; it is kept as it was typed.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NoReturn

import msgspec

LARGEST_INTEGER = 2**53 - 1

_ENCODER = msgspec.json.Encoder(order="sorted")
_KEY = re.compile(r"[a-z_]+\Z")


class NotCanonical(ValueError):
    """This value has no canonical bytes. The message names the place and the rule, never the value."""


def canonical(value: object) -> bytes:
    """The canonical JSON bytes of `value`: dicts, lists, tuples, text, booleans and integers, nothing else.

    Raises `NotCanonical`.
    """
    _refuse_unfit(value)
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        raise NotCanonical("Text holds half of a surrogate pair, which UTF-8 cannot carry.") from None


def read_canonical(text: bytes) -> object:
    """The value of JSON under the same rules (spaces and order are free). Raises `NotCanonical`."""
    value = read_json(text)
    _refuse_unfit(value)
    return value


def read_json(text: bytes) -> object:
    """The value of JSON that has no key twice and no floats; nulls are let through. Raises `NotCanonical`."""
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_float=_no_float, parse_constant=_no_float)
    except NotCanonical:
        raise
    except (ValueError, RecursionError):
        raise NotCanonical("This is not JSON in UTF-8.") from None


def _refuse_unfit(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool:
        return
    if kind is dict:
        _refuse_unfit_members(value)
    elif kind is list or kind is tuple:
        for item in value:
            if type(item) is not str:
                _refuse_unfit(item)
    else:
        _refuse_unfit_scalar(value)


def _refuse_unfit_scalar(value: object) -> None:
    if isinstance(value, int):
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise NotCanonical("An integer is 2⁵³ or more in size.")
    elif not isinstance(value, str):
        raise NotCanonical(f"A value of type {type(value).__name__} has no place in a record.")


def _refuse_unfit_members(members: dict[Any, Any]) -> None:
    for key, value in members.items():
        _refuse_unfit_key(key)
        if type(value) is not str:
            _refuse_unfit(value)


@lru_cache(maxsize=1024)
def _refuse_unfit_key(key: object) -> None:
    if not isinstance(key, str) or not _KEY.match(key):
        raise NotCanonical("A key has other letters than a to z and _.")


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonical("A key stands twice in one object.")
    return members


def _no_float(_text: str) -> NoReturn:
    raise NotCanonical("A number is not an integer.")
