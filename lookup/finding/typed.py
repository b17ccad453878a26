"""What was typed: is it enough, and is it as it must be?

Promises: strict about form (numbers, dates, postcodes, wildcards), never about what a name may be: Null, O'Brien, one
letter and "Baby" are names. No sentence repeats what was typed. Does not ask whether the search will find anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lookup.finding.birth_dates import BirthDate, birth_date
from lookup.finding.postcodes import has_british_shape
from lookup.model import Particulars
from lookup.nhs_number import NotAnNhsNumber, nhs_number
from lookup.refusals import Field

_FIRST_YEAR = 1900
_LONGEST_NAME = 200
_NUMBERS = ("nhs_number", "mother_nhs_number")
_NAMES = ("family_name", "given_name")
_DATES = ("birth_date", "mother_birth_date")
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
_WILDCARD = re.compile(r"(?:^|\s)[*%?_]+|[*%?_]+(?:\s|$)|[^\W\d_][*%?_]+[^\W\d_]")


def has_minimum(given: Particulars) -> bool:
    """Whether enough was given to search at all.

    A name and a whole birth date; a name, part of a birth date and a postcode; an NHS number; or a mother's number.
    """
    if given.nhs_number.strip() or given.mother_nhs_number.strip():
        return True
    born = birth_date(given.birth_date)
    if born is None or not (given.given_name.strip() or given.family_name.strip()):
        return False
    return born.whole or bool(given.postcode.strip())


def particulars_problems(given: Particulars, *, demo: bool, today: date | None = None) -> list[Field]:
    """What is wrong with the form of what was typed, field by field. `today` is London's where it is not given."""
    day = today or datetime.now(ZoneInfo("Europe/London")).date()
    return [Field(f"$.{field}", problem) for field, problem in _problems(given, demo, day)]


def _problems(given: Particulars, demo: bool, today: date) -> Iterator[tuple[str, str]]:
    for field in (*_NUMBERS, *_NAMES, *_DATES, "postcode"):
        text = getattr(given, field)
        if text and (problem := _problem(field, text, demo, today)):
            yield field, problem


def _problem(field: str, text: str, demo: bool, today: date) -> str:
    if _UNUSABLE.search(text):
        return "It has characters that stand for nothing. Type it again."
    if field in _NUMBERS:
        return _number_problem(text, demo)
    if field in _DATES:
        return _date_problem(text, today)
    return _name_problem(text) if field in _NAMES else _postcode_problem(text)


def _number_problem(text: str, demo: bool) -> str:
    try:
        nhs_number(text, demo=demo)
    except NotAnNhsNumber as refusal:
        return str(refusal)
    return ""


def _name_problem(text: str) -> str:
    if len(text) > _LONGEST_NAME:
        return f"A name has {_LONGEST_NAME} characters at most."
    return (
        "Type the name itself: this search takes no * % ? or _ for letters that you do not know."
        if _WILDCARD.search(text)
        else ""
    )


def _postcode_problem(text: str) -> str:
    return "" if has_british_shape(text) else "Type a whole postcode, like DN15 6HJ, or leave it empty."


def _date_problem(text: str, today: date) -> str:
    born = birth_date(text)
    if born is None:
        return "Type a date like 2021-03-09, or as much of it as is known: 2021-03, or 2021."
    if not born.real:
        return "There is no such date."
    if int(born.year) < _FIRST_YEAR:
        return f"The year is before {_FIRST_YEAR}."
    return "This date is in the future." if _in_future(born, today) else ""


def _in_future(born: BirthDate, today: date) -> bool:
    return born.iso > today.isoformat()[: len(born.iso)]
