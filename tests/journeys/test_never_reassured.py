"""Details under which a child who is held would not have been found: they never end in "no plan found"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lookup.model import Child
from lookup.moments import iso, microseconds, now
from lookup.register import RejectedRow
from lookup.register.tables import feeds
from tests.journeys.town import Town, answer

ZEBEDEE = {"given_name": "Zebedee", "family_name": "Quillfeather", "birth_date": "2021-03-09"}
NUMBER, OTHER = "9990002002", "9990002010"


def publish(town: Town, ref: str, child: dict[str, Any]) -> int:
    sent = {"recorded_at": iso(now()), "child": child, "plan": {"kind": "child_protection"}}
    return town["social_worker"].publish(f"HGC/{ref}", sent).status_code


def asked(town: Town, **given: str) -> tuple[str, list[str]]:
    said = answer(town["triage_nurse"].ask(given))
    return said["outcome"], said.get("wanted", [])


@pytest.mark.bad_input(46)
@pytest.mark.parametrize(
    "given",
    [
        {"given_name": "Zebedee", "birth_date": "2021-03", "postcode": "ZZ99 3VZ"},
        {"given_name": "Zebedee", "birth_date": "2021", "postcode": "N15 4QQ"},
        {"given_name": "Z", "birth_date": "2021-03-09"},
        {"given_name": "Зебеди", "family_name": "Квиллфезер", "birth_date": "2021-03-09"},
    ],
    ids=["a name and a month", "a name, a year and another place", "an initial", "another alphabet"],
)
def test_too_little_of_a_name_to_find_a_child_who_is_held_wants_more(own_town: Town, given: dict[str, str]) -> None:
    assert publish(own_town, "NR-1", ZEBEDEE) == 200
    outcome, wanted = asked(own_town, **given)
    assert (outcome, "nhs_number" in wanted) == ("needs_more_detail", True)


@pytest.mark.bad_input(46)
@pytest.mark.parametrize("said", [{"given_name": "Baby"}, {"family_name": "Unknown"}, {"mother_nhs_number": OTHER}])
def test_a_number_with_a_name_that_says_nothing_does_not_exclude_a_child_without_one(
    town: Town, said: dict[str, str]
) -> None:
    assert asked(town, nhs_number=NUMBER, birth_date="2020-05-06", **said) == (
        "needs_more_detail",
        ["family_name", "given_name"],
    )


@pytest.mark.parametrize(
    "child",
    [{"nhs_number": OTHER}, {"nhs_number": OTHER, "given_name": "Baby", "birth_date": "2022-02-02"}],
    ids=["a number alone", "no name yet"],
)
def test_a_name_does_not_exclude_a_child_who_is_held_by_a_number_alone(own_town: Town, child: dict[str, str]) -> None:
    nobody = {"given_name": "Nobody", "family_name": "Nemo", "birth_date": "2022-02-02"}
    assert asked(own_town, **nobody) == ("no_plan_found", [])
    assert publish(own_town, "NR-2", child) == 200
    assert asked(own_town, **nobody) == ("needs_more_detail", ["nhs_number"])
    assert asked(own_town, **nobody, nhs_number=NUMBER) == ("no_plan_found", [])


def test_a_child_whom_nothing_could_find_is_not_taken(own_town: Town) -> None:
    assert publish(own_town, "NR-3", {"given_name": "Unknown", "birth_date": "2022-02-03"}) == 400


@pytest.mark.bad_input(64)
@pytest.mark.parametrize(
    "slip", [{"sex": "female"}, {"given_name": "Marcus"}, {"birth_date": "2010-01-03"}, {"nhs_number": OTHER}]
)
def test_one_thing_that_differs_does_not_hide_a_child_whose_row_was_rejected(
    own_town: Town, slip: dict[str, str]
) -> None:
    row = Child(nhs_number=NUMBER, given_name="Tobias", family_name="Wrenfield", birth_date="2019-07-07", sex="male")
    own_town.nightly_snapshot("HGC", RejectedRow("line 9", (("$.plan.started_on", "is no date"),), row, "NR-4"))
    given = {"nhs_number": NUMBER, "given_name": "Tobias", "family_name": "Wrenfield", "birth_date": "2019-07-07"}
    assert asked(own_town, **{**given, **slip})[0] == "could_not_check"


@pytest.mark.bad_input(71)
def test_a_register_that_is_complete_up_to_a_time_to_come_is_not_relied_on(own_town: Town) -> None:
    """As after the clock was a year ahead for a while: every later answer would have counted as fresh."""
    next_year = microseconds(now() + timedelta(days=400))
    with own_town.house.register.engine.begin() as connection:
        connection.execute(update(feeds).where(feeds.c.authority == "FWC").values(as_at=next_year))
    said = answer(own_town["triage_nurse"].ask(own_town.kind("not_on_register")))
    assert said["outcome"] == "could_not_check"
    assert said["reasons"] == [
        "The register of Fenwick Council is said to be complete up to a time that has not come yet."
    ]


@pytest.mark.parametrize("ref", ["%ED%A0%80", "%FF"])
def test_a_reference_that_is_no_utf8_takes_no_other_plans_place(own_town: Town, ref: str) -> None:
    assert publish(own_town, ref, ZEBEDEE) == 400
