"""The columns of a council's CSV: the five of its export, and those of our documented extension.

A column has a name, the place in a publication that its cells go to, and a way to read a cell. A cell that holds a list
has one item a line; the parts of an item stand between upright bars: ``Visit at school | N. Shah, nurse | 01/12/2026``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PART_OF_A_DATE = re.compile(r"(?:[0-9]{2}/)?[0-9]{4}|[0-9]{4}(?:-[0-9]{2})?")
SEXES = ("female", "male", "indeterminate", "unknown")
DAY_PARTS = frozenset({"due_on", "birth_date"})


class Unreadable(ValueError):
    """What is wrong with a cell; never its content."""


@dataclass(frozen=True, slots=True)
class Column:
    """`place` is a path such as ``plan.health_actions``; ``home`` and ``mother`` are assembled afterwards."""

    name: str
    place: str
    read: Callable[[str], Any]


def text(cell: str) -> str:
    return cell


def word(cell: str) -> str:
    """One of a fixed list of words, which the model knows."""
    return cell.lower().replace(" ", "_").replace("-", "_")


def sex(cell: str) -> str:
    if cell.lower() not in SEXES:
        raise Unreadable("is not Female, Male, Indeterminate or Unknown")
    return cell.lower()


def day(cell: str) -> str:
    """A date as ``30/11/2016`` or ``2016-11-30``."""
    if match := _DAY_FIRST.fullmatch(cell):
        return f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    if _ISO.fullmatch(cell):
        return cell
    raise Unreadable("is not a date like 30/11/2016 or 2016-11-30")


def birth_date(cell: str) -> str:
    """A date, or as much of it as is known: ``11/2016``, ``2016``."""
    if not _PART_OF_A_DATE.fullmatch(cell):
        return day(cell)
    month, _, year = cell.rpartition("/")
    return f"{year}-{month}" if month else cell


def lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def parts(*names: str, optional: int = 0) -> Callable[[str], dict[str, str]]:
    """One item: its parts in this order, the last `optional` of them free to be left out."""
    least = len(names) - optional

    def read(cell: str) -> dict[str, str]:
        given = [part.strip() for part in cell.split("|")]
        if not least <= len(given) <= len(names) or not all(given[:least]):
            raise Unreadable(f"needs its parts between bars: {' | '.join(names)}")
        told = {name: part for name, part in zip(names, given, strict=False) if part}
        return {name: _part(name, part) for name, part in told.items()}

    return read


def _part(name: str, part: str) -> str:
    if name in DAY_PARTS:
        return day(part)
    return word(part) if name in ("audience", "rule") else part


def listed(item: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """One item a line."""
    return lambda cell: [item(line) for line in lines(cell)]


def _address(cell: str) -> dict[str, Any]:
    told = parts("lines", "postcode")(cell)
    return {"lines": [told["lines"]], "postcode": told["postcode"]}


def _member(cell: str) -> dict[str, Any]:
    told = parts("family_name", "given_name", "relationship", "birth_date", optional=1)(cell)
    name = {"family_name": told.pop("family_name"), "given_name": told.pop("given_name")}
    return {"name": name, **told}


_NAME = parts("family_name", "given_name")
_ACTIONS = listed(parts("action", "owner", "due_on", "audience", optional=1))
_FREE_TEXT = parts("text", "audience", optional=1)

EXPORT = (
    Column("DOB", "child.birth_date", birth_date),
    Column("Surname", "child.family_name", text),
    Column("GivenName", "child.given_name", text),
    Column("Gender", "child.sex", sex),
    Column("PostCode", "home.postcode", text),
)
EXTENSION = (
    Column("Reference", "ref", text),
    Column("RecordedAt", "recorded_at", text),
    Column("NHSNumber", "child.nhs_number", text),
    Column("MergedNHSNumbers", "child.merged_nhs_numbers", lines),
    Column("OtherNames", "child.other_names", listed(_NAME)),
    Column("Address", "home.lines", lines),
    Column("UPRN", "home.uprn", text),
    Column("FormerAddresses", "former", listed(_address)),
    Column("MotherNHSNumber", "mother.nhs_number", text),
    Column("MotherDOB", "mother.birth_date", birth_date),
    Column("MotherPostCode", "mother.postcode", text),
    Column("MotherName", "mother.name", _NAME),
    Column("Kind", "plan.kind", word),
    Column("StartedOn", "plan.started_on", day),
    Column("EndedOn", "plan.ended_on", day),
    Column("ExpectedBirthOn", "plan.expected_birth_on", day),
    Column("Category", "plan.category", word),
    Column("LeadWorker", "plan.lead_worker", parts("name", "work_phone")),
    Column("SafetyActions", "plan.safety_actions", _ACTIONS),
    Column(
        "NoContactPeople",
        "plan.no_contact_people",
        listed(parts("name", "relationship", "rule", "audience", optional=1)),
    ),
    Column("RiskSummary", "plan.risk_summary", _FREE_TEXT),
    Column("HealthActions", "plan.health_actions", _ACTIONS),
    Column("MedicalMonitoring", "plan.medical_monitoring", _FREE_TEXT),
    Column("PoliceActions", "plan.police_actions", _ACTIONS),
    Column("CoreGroup", "plan.core_group", listed(parts("name", "agency", "role", "work_phone"))),
    Column("NextReviewOn", "plan.next_review_on", day),
    Column("Contingency", "plan.contingency", _FREE_TEXT),
    Column("HouseholdMembers", "plan.household_members", listed(_member)),
    Column("School", "plan.school", text),
    Column("Broker", "plan.broker", parts("name", "phone")),
)
BY_NAME = {column.name: column for column in (*EXPORT, *EXTENSION)}


def column_of(path: str) -> str:
    """The column that a path such as ``$.plan.health_actions[0].owner`` comes from, or ``row``."""
    if path in BY_NAME:
        return path
    if re.match(r"\$\.child\.addresses\[[1-9]", path):
        return "FormerAddresses"
    plain = re.sub(r"\[[^\]]*\]", "", path.removeprefix("$."))
    place = plain.replace("child.addresses", "home").replace("child.postcode", "home.postcode")
    place = place.replace("child.mother", "mother") + "."
    return next((column.name for column in BY_NAME.values() if place.startswith(column.place + ".")), "row")
