"""The household flag, and the child whom two councils hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lookup.demo.building import Demo
from lookup.demo.running import make_stale
from lookup.model import Broker, Kind
from lookup.moments import now
from tests.journeys.plans import ROSALIND, a_plan
from tests.journeys.town import Device, Town, answer

HOME = {"family_name": "Thistlewood", "postcode": "ZH4 7QX"}
BROTHER = {**HOME, "given_name": "Barnaby", "birth_date": "2011-05-06"}
SISTER = {**HOME, "given_name": "Clementine", "birth_date": "2014-09-10", "nhs_number": "9990000077"}
FLAGS = ("household_plan", "household_plan_count", "not_for_family")


def flags(device: Device, details: dict[str, str]) -> dict[str, object]:
    body = answer(device.ask(details))
    return {name: body[name] for name in FLAGS if name in body}


def test_a_nurse_is_told_that_another_child_of_the_household_has_a_plan_and_not_which(town: Town) -> None:
    body = answer(town["triage_nurse"].ask(town.kind("sibling_not_on_register")))
    assert (body["outcome"], body["household_plan"], body["not_for_family"]) == ("no_plan_found", True, True)
    assert "Tamsin" not in str(body)


def test_a_police_officer_is_told_how_many(own_town: Town) -> None:
    officer = own_town["police_officer"]
    assert flags(officer, BROTHER) == {}
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan())
    assert flags(officer, BROTHER) == {"household_plan_count": 1, "not_for_family": True}
    own_town["ruth.adjei"].publish("HGC/T-2", a_plan(SISTER))
    assert flags(officer, BROTHER) == {"household_plan_count": 2, "not_for_family": True}
    assert flags(officer, SISTER) == {"household_plan_count": 1, "not_for_family": True}


@pytest.mark.parametrize("who", ["triage_nurse", "clinician", "gp", "police_officer", "social_worker"])
def test_where_there_is_no_other_plan_the_flag_is_absent_and_never_false(own_town: Town, who: str) -> None:
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan())
    assert flags(own_town[who], ROSALIND) == {"not_for_family": True}
    assert flags(own_town[who], own_town.kind("not_on_register")) == {}


@pytest.mark.parametrize(
    "said",
    [
        {"ended_on": now().date() - timedelta(days=5)},
        {"kind": Kind.LOOKED_AFTER},
        {"broker": Broker(name="Protected records desk", phone="020 7946 0999")},
    ],
    ids=["ended", "in care", "restricted"],
)
def test_only_a_current_plan_that_is_not_restricted_counts_in_a_household(
    own_town: Town, said: dict[str, object]
) -> None:
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan(**said))
    assert flags(own_town["triage_nurse"], BROTHER) == {}


def test_a_child_who_was_published_twice_counts_once(own_town: Town) -> None:
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan())
    own_town["graham.holt"].publish("FWC/T-1", a_plan())
    assert flags(own_town["police_officer"], BROTHER) == {"household_plan_count": 1, "not_for_family": True}


def test_where_the_check_could_not_be_made_nothing_is_said_of_the_household(own_town: Town, demo: Demo) -> None:
    make_stale(demo, "FWC")
    body = answer(own_town["triage_nurse"].ask(own_town.kind("sibling_not_on_register")))
    assert body["outcome"] == "could_not_check"
    assert not {*FLAGS} & body.keys()


def test_where_nobody_is_certain_nothing_is_said_of_the_household(town: Town) -> None:
    body = answer(town["triage_nurse"].ask(town.kind("twin")))
    assert body["outcome"] == "needs_more_detail"
    assert not {*FLAGS} & body.keys()


# ---- two councils ---------------------------------------------------------------------------------------------------


def transferred(town: Town) -> dict[str, str]:
    """The number and birth date of the child whom both councils hold."""
    of = {
        code: {row[2].child.nhs_number for row in town.borough.publications if row[0] == code}
        for code in ("HGC", "FWC")
    }
    (number,) = (of["HGC"] & of["FWC"]) - {""}
    child = next(row[2].child for row in town.borough.publications if row[2].child.nhs_number == number)
    return {"nhs_number": number, "birth_date": str(child.birth_date)}


@pytest.mark.parametrize("who", ["triage_nurse", "police_officer", "ruth.adjei", "graham.holt"])
def test_a_transferred_child_shows_both_councils_the_current_plan_first(town: Town, who: str) -> None:
    body = answer(town[who].ask(transferred(town)))
    assert body["outcome"] == "on_plan"
    assert [(plan["authority"]["code"], "ended_on" in plan) for plan in body["plans"]] == [
        ("HGC", False), ("FWC", True),
    ]  # fmt: skip
    assert body["plan"] == body["plans"][0]
    assert body["contact"]["authority"] == "Harrow Green Council"


@pytest.mark.parametrize(("who", "own"), [("ruth.adjei", "HGC"), ("graham.holt", "FWC")])
def test_each_council_reads_its_own_plan_of_a_transferred_child_and_the_status_of_the_others(
    town: Town, who: str, own: str
) -> None:
    plans = answer(town[who].ask(transferred(town), detail="plan"))["plans"]
    assert {plan["authority"]["code"]: "versions" in plan for plan in plans} == {
        "HGC": own == "HGC", "FWC": own == "FWC",
    }  # fmt: skip


def test_a_child_in_care_who_is_also_on_a_plan_is_on_a_plan_and_both_are_shown(own_town: Town) -> None:
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan(kind=Kind.LOOKED_AFTER))
    own_town["graham.holt"].publish("FWC/T-1", a_plan())
    body = answer(own_town["triage_nurse"].ask(ROSALIND))
    assert body["outcome"] == "on_plan"
    assert [(plan["kind"], plan["authority"]["code"]) for plan in body["plans"]] == [
        ("child_protection", "FWC"), ("looked_after", "HGC"),
    ]  # fmt: skip
