"""The one search form: what was typed, the enquiry's body that it makes, and where each error belongs. Pure.

Promises: the body holds what was typed and nothing else, so that the path checks it as it checks any other; what was
typed goes back into the form. Does not promise that any of it is right: that is for the path to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lookup.pages.wristband import read_wristband

Typed = Mapping[str, str]

PLAIN = ("nhs_number", "family_name", "given_name", "postcode", "sex", "mother_nhs_number", "purpose", "detail")
DATES = {"birth_date": "birth", "mother_birth_date": "mother_birth"}
PARTS = ("day", "month", "year")
INPUTS = (*PLAIN, "reference", *(f"{prefix}_{part}" for prefix in DATES.values() for part in PARTS))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LABELS = {
    "nhs_number": "NHS number",
    "family_name": "Family name",
    "given_name": "Given name",
    "birth_date": "Date of birth",
    "postcode": "Postcode",
    "sex": "Sex",
    "mother_nhs_number": "Mother’s NHS number",
    "mother_birth_date": "Mother’s date of birth",
    "purpose": "Why you ask",
    "detail": "How much you need",
    "reference": "Incident number",
}
FIRST_INPUT = {field: f"{prefix}-{prefix}_day" for field, prefix in DATES.items()}
DATE_HINT = "Type a day, month and year, like 9 3 2021. Where that is not known, the month and year, or the year alone."
TOO_LONG = "This is too long."
CHOOSE_PURPOSE = "Choose why you ask."


@dataclass(frozen=True, slots=True)
class InputError:
    """One thing that is wrong: the field it belongs to (empty for the whole form), the input to go to, the words."""

    field: str
    input: str
    text: str

    @property
    def summary(self) -> str:
        """The words for the list at the top, where the field is not beside them."""
        return f"{LABELS[self.field]}: {self.text}" if self.field else self.text


def read_typed(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, input by input; a scanned wristband fills whatever was left empty."""
    typed = {name: form.get(name, "").strip(" \t\r\n") for name in INPUTS}
    scanned = read_wristband(typed["nhs_number"])
    typed["nhs_number"] = scanned.pop("nhs_number")
    if not any(typed[name] for name in scanned):
        typed |= scanned
    return typed


def body_of(typed: Typed) -> bytes:
    """The body of the enquiry: only what was filled in."""
    asked = {name: typed[name] for name in (*PLAIN, "reference")}
    asked |= {field: _date(*(typed[f"{prefix}_{part}"] for part in PARTS)) for field, prefix in DATES.items()}
    return json.dumps({name: text for name, text in asked.items() if text}, ensure_ascii=False).encode()


def errors_of(problem: Mapping[str, Any]) -> list[InputError]:
    """What a refusal's problem details say, input by input; one for the whole form where it names no field of it."""
    found = [error for wrong in problem.get("fields", ()) if (error := _error(wrong["path"], wrong["problem"]))]
    return found or [InputError("", "nhs_number", problem.get("detail") or problem["title"])]


def _error(path: str, said: str) -> InputError | None:
    field = path.removeprefix("$.")
    if field not in LABELS:
        return None
    return InputError(field, FIRST_INPUT.get(field, field), _in_page_words(field, said))


def _in_page_words(field: str, said: str) -> str:
    """The path's words are for a body in JSON; here a date has three boxes, and a purpose is a choice."""
    if field == "purpose":
        return CHOOSE_PURPOSE
    if field in DATES and ("2021-03-09" in said or said.startswith("Expected")):
        return DATE_HINT
    return TOO_LONG if said.startswith("Expected") else said


def _date(day: str, month: str, year: str) -> str:
    """As ISO 8601 as what was typed allows; what has a gap is left for the path to refuse."""
    month = str(MONTHS.index(month[:3].lower()) + 1) if _is_month_name(month) else month
    parts = [year, month.zfill(2) if month else "", day.zfill(2) if day else ""]
    while parts and not parts[-1]:
        parts.pop()
    return "-".join(parts)


def _is_month_name(month: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]{3,9}", month)) and month[:3].lower() in MONTHS
