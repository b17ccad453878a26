"""Postcodes, and how two of them compare.

Promises: any text gives a postcode or none, and never raises; a pseudo-postcode of the NHS ("ZZ99 3VZ", no fixed
abode) says nothing and gives none. Does not know which postcodes exist. A code that is not of the British shape, as a
register may hold for an address abroad, is compared character by character.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from lookup.finding.birth_dates import one_slip

_SHAPE = re.compile(r"(?:GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2})")


class Postcodes(StrEnum):
    """How a postcode compares with those of a child's addresses."""

    EQUAL = "equal"
    FORMER = "former"
    SECTOR = "sector"
    SLIP = "slip"
    DIFFERENT = "different"


@lru_cache(maxsize=50_000)
def postcode(text: str) -> str:
    """The postcode in capitals without spaces; nothing where the text says no place."""
    plain = "".join(text.split()).upper()
    return "" if plain.startswith("ZZ99") or not plain.isascii() or not plain.isalnum() else plain


def has_british_shape(text: str) -> bool:
    return _SHAPE.fullmatch("".join(text.split()).upper()) is not None


@lru_cache(maxsize=50_000)
def compared(one: str, held: tuple[str, ...]) -> Postcodes | None:
    """How a postcode compares with those held, the present one first; None where one of them is not known."""
    known = [place for text in held if (place := postcode(text))]
    if not one or not known:
        return None
    if one in known:
        return Postcodes.EQUAL if one == known[0] else Postcodes.FORMER
    if any(_same_sector(one, other) for other in known):
        return Postcodes.SECTOR
    return Postcodes.SLIP if any(one_slip(one, other) for other in known) else Postcodes.DIFFERENT


def _same_sector(one: str, other: str) -> bool:
    return one[:-2] == other[:-2] and has_british_shape(one) and has_british_shape(other)
