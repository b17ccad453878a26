"""A restricted child gets a true outcome and the broker's number, and nothing else leaves: to nobody, nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lookup.model import Address, Audience, Broker
from lookup.moments import now
from lookup.practice_list import set_list
from tests.journeys import grid
from tests.journeys.plans import a_plan
from tests.journeys.test_grid import FULL, device, free_text
from tests.journeys.town import Town, answer, everything_in

ISOLDE = {
    "nhs_number": "9990000069",
    "family_name": "Merriweather",
    "given_name": "Isolde",
    "birth_date": "2017-03-12",
    "sex": "female",
}
HOME = "ZF2 8NN"
BROKER = Broker(name="Protected records desk", phone="020 7946 0999")
PLANTED = (
    "ZF28NN", HOME, "Hidden House", "Sealed Street", "Quill Row School", "Lena Worker", "Cora Group", "7946 0101",
    "7946 0102", "7946 0111", "Ned all", "Ann Other", "safety action", "health action", "police action",
    "risk_summary for", "contingency for", "Fenwick", '"FWC"', "01632 96", "Winifred", '"Una"', "neglect",
    "2026-01-05", "2031-05-06", "2031-01-02",
)  # fmt: skip
GRANTED = [
    (role, purpose, circumstance, detail)
    for role, purpose, circumstance in grid.COLUMNS
    for detail in grid.DETAILS
    if circumstance != "other_authority"
]


@pytest.fixture(scope="module")
def hidden(town: Town) -> Town:
    """Fenwick holds Isolde's full plan, restricted; Harrow Green an earlier one, which was not."""
    places = {"addresses": (Address(lines=("Hidden House", "Sealed Street"), postcode=HOME),)}
    full = a_plan(ISOLDE, child=places, broker=BROKER, **FULL, **free_text(Audience.ALL))
    assert town["graham.holt"].publish("FWC/R-1", full).status_code == 200
    earlier = a_plan(ISOLDE, ended_on=now().date() - timedelta(days=30), school="Quill Row School")
    assert town["ruth.adjei"].publish("HGC/R-0", earlier).status_code == 200
    set_list(town.house.desk, "PG001", [full.child])
    return town


def reply_to(town: Town, ask: tuple[str, str, str, str], **more: Any) -> Any:
    role, purpose, circumstance, detail = ask
    return device(town, role, circumstance).ask({**ISOLDE, **more}, purpose, detail=detail, reference="INC-1")


@pytest.mark.bad_input(28)
@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
def test_whoever_asks_about_a_restricted_child_gets_the_outcome_and_the_brokers_number_alone(
    hidden: Town, ask: tuple[str, str, str, str]
) -> None:
    reply = reply_to(hidden, ask)
    body = answer(reply)
    assert len(body.pop("enquiry")) == 26
    assert body == {
        "outcome": "on_plan",
        "contact": {"broker": {"name": BROKER.name, "phone": BROKER.phone}},
        "child": {
            **{key: ISOLDE[key] for key in ("nhs_number", "family_name", "given_name", "birth_date")},
            "agreed": ["nhs_number", "family_name", "given_name", "birth_date", "sex"],
        },
        "advice": "There is a current child protection plan. Telephone the person named here, and nobody else, "
        "about this child. Do not show this answer to the family.",
        "not_for_family": True,
        "demo": True,
    }
    assert [planted for planted in PLANTED if planted in everything_in(reply)] == []


@pytest.mark.bad_input(28)
@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
def test_a_postcode_that_is_a_restricted_childs_is_neither_said_to_agree_nor_repeated(
    hidden: Town, ask: tuple[str, str, str, str]
) -> None:
    right, wrong = (reply_to(hidden, ask, postcode=postcode) for postcode in (HOME, "ZH9 9ZZ"))
    assert answer(right) | {"enquiry": ""} == answer(wrong) | {"enquiry": ""}
    assert HOME not in everything_in(right)


def test_what_is_planted_is_in_the_answer_about_a_child_who_is_not_restricted(own_town: Town) -> None:
    places = {"addresses": (Address(lines=("Hidden House", "Sealed Street"), postcode=HOME),)}
    own_town["graham.holt"].publish("FWC/R-1", a_plan(ISOLDE, child=places, **FULL, **free_text(Audience.ALL)))
    said = everything_in(own_town["graham.holt"].ask(ISOLDE, detail="plan"))
    unseen = {"ZF28NN", "7946 0111", "Winifred"}  # spelt otherwise, and those of the other plan
    assert {planted for planted in PLANTED if planted not in said} == unseen


@pytest.mark.bad_input(28)
def test_a_restricted_child_is_not_found_by_where_they_live(hidden: Town) -> None:
    nurse, name = hidden["triage_nurse"], {"family_name": ISOLDE["family_name"]}
    at_home, away = (
        answer(nurse.ask({**name, "birth_date": "2017", "postcode": postcode})) for postcode in (HOME, "ZH9 9ZZ")
    )
    different = ("enquiry", "as_at")
    assert {k: v for k, v in at_home.items() if k not in different} == {
        k: v for k, v in away.items() if k not in different
    }


@pytest.mark.bad_input(28)
def test_a_child_of_the_same_household_is_not_told_of_a_restricted_one(hidden: Town) -> None:
    brother = {"family_name": "Merriweather", "given_name": "Tristan", "birth_date": "2012-08-01", "postcode": HOME}
    for who in ("triage_nurse", "police_officer", "graham.holt"):
        body = answer(hidden[who].ask(brother))
        assert body["outcome"] == "no_plan_found"
        assert not {"household_plan", "household_plan_count", "not_for_family"} & body.keys()


@pytest.mark.bad_input(28)
def test_a_restricted_plan_that_has_ended_still_names_the_broker_alone(own_town: Town) -> None:
    ended = a_plan(ISOLDE, broker=BROKER, ended_on=now().date() - timedelta(days=9), school="Quill Row School")
    own_town["graham.holt"].publish("FWC/R-1", ended)
    reply = own_town["triage_nurse"].ask(ISOLDE)
    assert answer(reply)["outcome"] == "plan_ended"
    assert [planted for planted in PLANTED if planted in everything_in(reply)] == []


@pytest.mark.bad_input(28)
def test_a_child_who_becomes_restricted_leaves_nothing_to_be_found_by_place(own_town: Town) -> None:
    lived = {**ISOLDE, "postcode": HOME}
    owner, at = own_town["graham.holt"], now() - timedelta(hours=1)
    owner.publish("FWC/R-1", a_plan(lived, recorded_at=at))
    by_place = {"family_name": "Merriweather", "given_name": "Isolde", "birth_date": "2017", "postcode": HOME}
    assert answer(own_town["triage_nurse"].ask(by_place))["child"].get("agreed")
    owner.publish("FWC/R-1", a_plan(lived, recorded_at=at + timedelta(minutes=1), broker=BROKER))
    body = answer(own_town["triage_nurse"].ask(by_place))
    assert body["outcome"] != "on_plan"
    assert "agreed" not in body["child"]
