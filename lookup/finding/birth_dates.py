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
    """Year, month and day as digits; month and day are empty where they are not known. `iso` is what is known."""

    year: str
    month: str
    day: str
    iso: str

    @property
    def whole(self) -> bool:
        return bool(self.day)

    @property
    def real(self) -> bool:
        try:
            date(int(self.year), int(self.month or 1), int(self.day or 1))
        except ValueError:
            return False
        return True

    def swapped(self) -> BirthDate | None:
        """The same date with day and month the other way round, where that is another date."""
        turned = of_parts(self.year, self.day, self.month)
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


def of_parts(year: str, month: str = "", day: str = "") -> BirthDate:
    return BirthDate(year, month, day, "-".join(filter(None, (year, month, day))))


@lru_cache(maxsize=50_000)
def birth_date(text: str) -> BirthDate | None:
    """The date, or part of one, that the text says; None where it says none."""
    stripped = text.strip()
    if match := _ISO.fullmatch(stripped):
        return of_parts(match[1], match[2] or "", match[3] or "")
    if match := _DAY_FIRST.fullmatch(stripped):
        return of_parts(match[3], match[2].zfill(2), match[1].zfill(2))
    return None


def compared(one: BirthDate, other: BirthDate) -> Dates:
    """How two dates compare; parts that one of them lacks are not held against it."""
    if not (one.day and other.day):
        return _in_part(one, other)
    if one.iso == other.iso:
        return Dates.FIRST_OF_JANUARY if one.iso.endswith("-01-01") else Dates.EQUAL
    equal = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    if equal == 1 and one.year == other.year and one.month == other.day and one.day == other.month:
        return Dates.SWAPPED
    if equal and one_slip(one.iso, other.iso):
        return Dates.SLIP
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
