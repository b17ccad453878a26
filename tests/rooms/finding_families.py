"""Children for the tests of finding: made up, except the council's 300, who are made up too (data/sui/LICENCE)."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from lookup.finding import load_matching
from lookup.model import Address, Child, HeldPlan, Kind, Particulars, Plan, Sex

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "config" / "matching.toml"
MATCHING = load_matching(MODEL)
POPULATION = 49_000
NUMBERS = ("9991234004", "9991234012", "9991234020", "9991234039")  # of the range kept for tests: nobody's


def a_child(
    given: str = "Aveline", family: str = "Thackeray", born: str | None = "2016-05-23", **more: object
) -> Child:
    """A child with rare names, so that name and birth date are certain, unless the test says otherwise."""
    facts: dict[str, object] = {"addresses": (Address(postcode="DN15 6HJ"),), "sex": "female", **more}
    return Child(given_name=given, family_name=family, birth_date=born, **facts)  # type: ignore[arg-type]


def held(child: Child, kind: Kind = Kind.CHILD_PROTECTION, **plan: object) -> HeldPlan:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    return HeldPlan(b"child", "A", "ref", 1, now, child, Plan(kind=kind, **plan))  # type: ignore[arg-type]


def asked(child: Child, **changed: object) -> Particulars:
    """What somebody types who knows all of a child's present details but the number."""
    given: dict[str, object] = {
        "given_name": child.given_name,
        "family_name": child.family_name,
        "birth_date": child.birth_date or "",
        "postcode": child.addresses[0].postcode if child.addresses else "",
        "sex": child.sex,
    }
    return Particulars(**{**given, **changed})  # type: ignore[arg-type]


@cache
def the_councils_children() -> tuple[Child, ...]:
    """Every readable row of the council's file; the last is cut short."""
    with (ROOT / "tests" / "data" / "sui" / "children_300.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["PostCode"]]
    return tuple(map(_child, rows))


def _child(row: dict[str, str]) -> Child:
    sex: Sex = "female" if row["Gender"] == "Female" else "male"
    born = "-".join(reversed(row["DOB"].split("/")))
    return a_child(row["GivenName"], row["Surname"], born, sex=sex, addresses=(Address(postcode=row["PostCode"]),))
