"""Birth dates, whole or in part, and how two of them compare.

Promises: any text gives a date, part of one, or none, and never raises. A date is read as ISO 8601 (``2021-03-09``,
``2021-03``, ``2021``) or day first as people in Britain write it (``9/3/2021``). Trusts nobody to have typed it right:
one slip of the fingers, or day and month swapped, still counts as agreeing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")


@dataclass(frozen=True, slots=True, repr=False)
class BirthDate:
    """Year, month and day as digits; month and day are empty where they are not known."""

    year: str
    month: str
    day: str

    @property
    def whole(self) -> bool:
        return bool(self.day)

    @property
    def iso(self) -> str:
        return "-".join(part for part in (self.year, self.month, self.day) if part)

    @property
    def real(self) -> bool:
        try:
            date(int(self.year), int(self.month or 1), int(self.day or 1))
        except ValueError:
            return False
        return True

    def swapped(self) -> BirthDate | None:
        """The same date with day and month the other way round, where that is another date."""
        turned = BirthDate(self.year, self.day, self.month)
        return turned if self.whole and turned != self and turned.real else None

    def __repr__(self) -> str:
        return "BirthDate(…)"


class Dates(StrEnum):
    """How two birth dates compare."""

    EQUAL = "equal"
    FIRST_OF_JANUARY = "first_of_january"
    SWAPPED = "swapped"
    SLIP = "slip"
    TWO_PARTS = "two_parts"
    YEAR_AND_MONTH = "year_and_month"
    YEAR = "year"
    DIFFERENT = "different"


AGREEING = frozenset({Dates.EQUAL, Dates.FIRST_OF_JANUARY, Dates.SWAPPED, Dates.SLIP})


@lru_cache(maxsize=50_000)
def birth_date(text: str) -> BirthDate | None:
    """The date, or part of one, that the text says; None where it says none."""
    stripped = text.strip()
    if match := _ISO.fullmatch(stripped):
        return BirthDate(match[1], match[2] or "", match[3] or "")
    if match := _DAY_FIRST.fullmatch(stripped):
        return BirthDate(match[3], match[2].zfill(2), match[1].zfill(2))
    return None


@lru_cache(maxsize=50_000)
def compared(one: BirthDate, other: BirthDate) -> Dates:
    """How two dates compare; parts that one of them lacks are not held against it."""
    if not (one.whole and other.whole):
        return _in_part(one, other)
    if one == other:
        return Dates.FIRST_OF_JANUARY if (one.month, one.day) == ("01", "01") else Dates.EQUAL
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return Dates.SWAPPED
    if one_slip(one.year + one.month + one.day, other.year + other.month + other.day):
        return Dates.SLIP
    equal = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return Dates.TWO_PARTS if equal == 2 else Dates.DIFFERENT


def _in_part(one: BirthDate, other: BirthDate) -> Dates:
    if one.year != other.year:
        return Dates.DIFFERENT
    if one.month and other.month:
        return Dates.YEAR_AND_MONTH if one.month == other.month else Dates.DIFFERENT
    return Dates.YEAR


def one_slip(one: str, other: str) -> bool:
    """One character typed wrong, or two neighbours typed in the wrong order; both texts are of one length."""
    if len(one) != len(other):
        return False
    wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        first, second = wrong
        return one[first] == other[second] and one[second] == other[first]
    return len(wrong) == 1
