"""The six outcomes, as practitioners meet them: whole answers, for each child of `lookup demo child KIND`."""

from __future__ import annotations

from typing import Any

import pytest

from lookup.demo.building import Demo
from lookup.demo.running import make_fresh, make_stale
from lookup.model import Child
from lookup.register import RejectedRow
from tests.journeys.town import Town, answer, shown

CAUTION = (
    "No plan was found in the registers that were checked. This does not mean that there are no concerns. "
    "If you are worried about this child, telephone children's services."
)
RING_NOW = "The check could not be made, so this says nothing about the child. Telephone children's services now."
COUNCILS = ["Harrow Green Council", "Fenwick Council"]
PHONES = {"office_phone": "020 7946 0001", "out_of_hours_phone": "020 7946 0002"}
AT_NIGHT = {
    "authority": "Harrow Green Council",
    "now": {"label": "Out of hours", "phone": "020 7946 0002"},
    **PHONES,
}
BY_DAY = {**AT_NIGHT, "now": {"label": "Office hours", "phone": "020 7946 0001"}}
ALL_AGREED = ["nhs_number", "family_name", "given_name", "birth_date", "postcode", "sex"]
CODES = {
    "child_protection": "342191000000101",
    "pre_birth": "818901000000100",
    "looked_after": "764841000000100",
}


@pytest.fixture(autouse=True)
def at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offices are closed."""
    monkeypatch.setattr("lookup.enquiry.is_office_hour", lambda _at: False)


def whole(town: Town, who: str, details: dict[str, str], **more: Any) -> dict[str, Any]:
    """The whole answer, less what differs every time: its id, the moments of the registers, and earlier enquiries."""
    body = answer(town[who].ask(details, **more))
    assert len(body.pop("enquiry")) == 26
    as_at = body.pop("as_at")
    assert [(row["authority"], row["name"]) for row in as_at] == [("HGC", COUNCILS[0]), ("FWC", COUNCILS[1])]
    assert all(row["as_at"].endswith("Z") and not row["stale"] and row["age_seconds"] >= 0 for row in as_at)
    body.pop("enquiries", None)
    assert body.pop("demo") is True
    return body


def status_of(town: Town, kind: str) -> dict[str, Any]:
    """A plan as it is shown to A&E, by what its council published."""
    code, _, publication = town.held(kind)
    plan = shown(publication)["plan"]
    said = {
        "kind": plan["kind"],
        "code": CODES[plan["kind"]],
        "authority": {"code": code, "name": COUNCILS[0]},
        "started_on": plan["started_on"],
        "lead_worker": plan["lead_worker"],
        "safety_actions": for_health(plan["safety_actions"]),
        "no_contact_people": for_health(plan["no_contact_people"]),
    }
    return said | ({"ended_on": plan["ended_on"]} if "ended_on" in plan else {})


def for_health(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    meant = [row for row in rows if row.get("audience") in ("health", "all")]
    return [{key: text for key, text in row.items() if key != "audience"} for row in meant]


def typed(details: dict[str, str]) -> dict[str, str]:
    return {key: details[key] for key in ("nhs_number", "family_name", "given_name", "birth_date") if key in details}


def test_a_triage_nurse_at_three_in_the_morning_learns_of_a_plan_and_whom_to_ring(town: Town) -> None:
    details = town.kind("on_plan")
    plan = status_of(town, "on_plan")
    assert whole(town, "triage_nurse", details) == {
        "outcome": "on_plan",
        "child": {**typed(details), "agreed": ALL_AGREED},
        "advice": "There is a current child protection plan. Telephone the council named here, "
        "and do not show this answer to the family.",
        "checked": COUNCILS,
        "contact": AT_NIGHT,
        "plan": plan,
        "plans": [plan],
        "not_for_family": True,
    }


def test_a_nurse_in_office_hours_is_given_the_office_first(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookup.enquiry.is_office_hour", lambda _at: True)
    assert whole(town, "triage_nurse", town.kind("on_plan"))["contact"] == BY_DAY


def test_a_wristband_with_number_and_birth_date_is_enough(town: Town) -> None:
    details = town.kind("on_plan")
    body = whole(town, "triage_nurse", {"nhs_number": details["nhs_number"], "birth_date": details["birth_date"]})
    assert (body["outcome"], body["child"]["agreed"]) == ("on_plan", ["nhs_number", "birth_date"])


@pytest.mark.parametrize("kind", ["on_plan", "not_on_register"])
def test_a_number_alone_is_asked_for_the_birth_date_whether_it_is_held_or_not(town: Town, kind: str) -> None:
    body = whole(town, "triage_nurse", {"nhs_number": town.kind(kind)["nhs_number"]})
    assert (body["outcome"], body["wanted"]) == ("needs_more_detail", ["birth_date"])


def test_a_child_in_care_is_told_in_words_of_its_own(town: Town) -> None:
    details, plan = town.kind("looked_after"), status_of(town, "looked_after")
    assert whole(town, "clinician", details) == {
        "outcome": "looked_after",
        "child": {**typed(details), "agreed": ALL_AGREED},
        "advice": "This child is in the care of a council. Being in care is not being on a child protection plan. "
        "Telephone the council named here if you are worried, and do not show this answer to the family.",
        "checked": COUNCILS,
        "contact": AT_NIGHT,
        "plan": plan,
        "plans": [plan],
        "not_for_family": True,
    }


def test_a_plan_that_ended_is_told_with_its_end_and_its_council(town: Town) -> None:
    details, plan = town.kind("plan_ended"), status_of(town, "plan_ended")
    assert "ended_on" in plan
    assert whole(town, "triage_nurse", details) == {
        "outcome": "plan_ended",
        "child": {**typed(details), "agreed": ALL_AGREED},
        "advice": "A plan for this child ended within the last 12 months. It may have moved to another council. "
        "Telephone the council named here if you are worried, and do not show this answer to the family.",
        "checked": COUNCILS,
        "contact": AT_NIGHT,
        "plan": plan,
        "plans": [plan],
        "not_for_family": True,
    }


@pytest.mark.parametrize("kind", ["not_on_register", "namesake"])
@pytest.mark.parametrize("who", ["triage_nurse", "gp", "police_officer", "social_worker"])
def test_a_child_whom_nobody_holds_is_told_of_with_its_caution(town: Town, kind: str, who: str) -> None:
    details = town.kind(kind)
    assert whole(town, who, details) == {
        "outcome": "no_plan_found",
        "child": typed(details),
        "advice": CAUTION,
        "checked": COUNCILS,
        "contact": AT_NIGHT,
    }


@pytest.mark.bad_input(48)
def test_twins_with_one_birth_date_are_asked_for_a_first_name_and_neither_is_shown(town: Town) -> None:
    details = town.kind("twin")
    assert whole(town, "triage_nurse", details) == {
        "outcome": "needs_more_detail",
        "child": typed(details),
        "advice": "Nothing can be said yet. Add the details that are asked for and ask again. "
        "If it cannot wait, telephone children's services.",
        "checked": COUNCILS,
        "contact": AT_NIGHT,
        "wanted": ["given_name", "nhs_number", "mother_nhs_number"],
    }


@pytest.mark.bad_input(48)
@pytest.mark.parametrize("twin", ["Selin", "Nazli"])
def test_each_twin_is_found_by_her_own_first_name(town: Town, twin: str) -> None:
    body = whole(town, "social_worker", {**town.kind("twin"), "given_name": twin})
    assert body["outcome"] == "on_plan"
    others = [row[2].child.given_name for row in town.borough.publications if row[2].child.family_name == "Aydogan"]
    assert sorted(others) == ["Nazli", "Selin"]
    assert body["child"]["given_name"] == twin


@pytest.mark.bad_input(49)
def test_an_unborn_childs_plan_is_found_by_the_mothers_number_and_birth_date(town: Town) -> None:
    body = whole(town, "triage_nurse", town.kind("unborn"))
    assert body["outcome"] == "on_plan"
    assert (body["plan"]["kind"], body["plan"]["code"]) == ("pre_birth", "818901000000100")
    assert body["child"] == {"agreed": ["mother_nhs_number", "mother_birth_date"]}


@pytest.mark.bad_input(49)
def test_the_mothers_number_alone_is_asked_for_more_and_never_answered_with_not_found(town: Town) -> None:
    body = whole(town, "triage_nurse", town.kind("unborn", "mother_birth_date"))
    assert (body["outcome"], body["wanted"]) == ("needs_more_detail", ["mother_birth_date", "postcode"])


# ---- who asks -------------------------------------------------------------------------------------------------------


def test_a_gp_reads_the_plan_of_a_child_on_the_practices_list(town: Town) -> None:
    plan = whole(town, "helen.marsh", town.kind("on_plan"), detail="plan")["plan"]
    published = shown(town.held("on_plan")[2])["plan"]
    assert plan["health_actions"] == for_health(published["health_actions"])
    assert plan["risk_summary"] == published["risk_summary"]["text"]


def test_a_gp_who_asks_for_the_plan_of_another_practices_child_is_given_the_status(town: Town) -> None:
    reply = town["tariq.mehmood"].ask(town.kind("on_plan"), detail="plan")
    assert sorted(answer(reply)["plan"]) == ["authority", "code", "kind", "lead_worker", "started_on"]
    assert "health_actions" in town.record_of(reply)["withheld"]


def test_a_police_officer_at_the_door_learns_who_must_not_be_there_and_nothing_of_health(town: Town) -> None:
    details = town.kind("on_plan")
    body = whole(town, "police_officer", details, purpose="police_enquiry", reference="4417/21NOV")
    published = shown(town.held("on_plan")[2])["plan"]
    assert [person["name"] for person in body["plan"]["no_contact_people"]] == [
        person["name"] for person in published["no_contact_people"]
    ]
    assert sorted(body["plan"]) == [
        "authority", "code", "kind", "lead_worker", "no_contact_people", "police_actions", "safety_actions",
        "started_on",
    ]  # fmt: skip


def test_a_police_enquiry_keeps_its_incident_number_in_the_record(town: Town) -> None:
    reply = town["police_officer"].ask(town.kind("namesake"), "police_enquiry", reference="4417/21NOV")
    record = town.record_of(reply)
    assert (record["reference"], record["purpose"], record["outcome"]) == (
        "4417/21NOV", "police_enquiry", "no_plan_found",
    )  # fmt: skip


def test_the_social_worker_who_owns_a_plan_sees_all_of_it_and_another_councils_a_status(town: Town) -> None:
    own = whole(town, "ruth.adjei", town.kind("on_plan"), detail="plan")["plan"]
    other = whole(town, "graham.holt", town.kind("on_plan"), detail="plan")["plan"]
    assert {"category", "police_actions", "versions"} <= own.keys()
    assert sorted(other) == [
        "authority", "code", "kind", "lead_worker", "no_contact_people", "safety_actions", "started_on",
    ]  # fmt: skip


# ---- fresh or not ---------------------------------------------------------------------------------------------------


@pytest.fixture
def stale_fenwick(own_town: Town, demo: Demo) -> Town:
    """Fenwick's nightly feed is 36 hours old."""
    make_stale(demo, "FWC")
    return own_town


def told(town: Town, kind: str) -> dict[str, Any]:
    return answer(town["triage_nurse"].ask(town.kind(kind)))


@pytest.mark.bad_input(64)
@pytest.mark.parametrize("kind", ["not_on_register", "namesake", "plan_ended"])
def test_a_stale_register_turns_nothing_found_into_could_not_check_and_is_named(stale_fenwick: Town, kind: str) -> None:
    body = told(stale_fenwick, kind)
    assert (body["outcome"], body["advice"]) == ("could_not_check", RING_NOW)
    assert body["reasons"] == [
        "The register of Fenwick Council was last complete 36 hours ago, which is too old to rely on."
    ]
    assert body["contact"]["authority"] == "Fenwick Council"
    assert not {"plan", "plans", "enquiries", "household_plan", "not_for_family"} & body.keys()


@pytest.mark.bad_input(64)
@pytest.mark.parametrize(("kind", "outcome"), [("on_plan", "on_plan"), ("looked_after", "looked_after")])
def test_a_plan_that_stands_is_said_from_stale_registers_with_their_age(
    stale_fenwick: Town, kind: str, outcome: str
) -> None:
    body = told(stale_fenwick, kind)
    assert body["outcome"] == outcome
    ages = {row["authority"]: (row["stale"], row["age_seconds"] // 3600) for row in body["as_at"]}
    assert ages == {"HGC": (False, 0), "FWC": (True, 36)}


def test_a_register_that_becomes_fresh_again_is_relied_on_again(stale_fenwick: Town, demo: Demo) -> None:
    make_fresh(demo, "FWC")
    assert told(stale_fenwick, "not_on_register")["outcome"] == "no_plan_found"


@pytest.mark.bad_input(64)
def test_an_enquiry_that_fits_a_rejected_row_could_not_be_checked(own_town: Town) -> None:
    child = own_town.kind("not_on_register")
    readable = Child(family_name=child["family_name"], given_name=child["given_name"], birth_date=child["birth_date"])
    own_town.nightly_snapshot("FWC", RejectedRow("line 3", (("$.plan.kind", "is not known"),), readable))
    body = told(own_town, "not_on_register")
    assert body["outcome"] == "could_not_check"
    assert body["reasons"] == ["Fenwick Council sent a record we could not read, and it may be this child's."]
    assert told(own_town, "namesake")["outcome"] == "no_plan_found"
    assert told(own_town, "on_plan")["outcome"] == "on_plan"


def test_a_plan_that_a_snapshot_no_longer_has_has_ended_on_a_day_unknown(own_town: Town) -> None:
    child, ref = next(
        (plan.child, ref)
        for code, ref, plan in own_town.borough.publications
        if code == "FWC" and plan.child.nhs_number and plan.plan.ended_on is None and plan.plan.broker is None
    )
    own_town.nightly_snapshot("FWC", without=ref)
    body = answer(own_town["triage_nurse"].ask({"nhs_number": child.nhs_number, "birth_date": child.birth_date}))
    assert body["outcome"] == "plan_ended"
    assert body["plan"]["ended_on_unknown"] is True
    assert "ended_on" not in body["plan"]
    assert body["contact"]["authority"] == "Fenwick Council"
