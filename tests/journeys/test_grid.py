"""The whole grid, cell by cell, through HTTP: role × purpose × field against the table typed by hand in `grid`.

One girl's plan is full: every field is filled, and every piece of free text is there once for each audience, so that
what is absent from an answer is absent because somebody decided so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from lookup.agreement import FIELDS
from lookup.model import (
    Action,
    Address,
    Audience,
    Category,
    Child,
    FreeText,
    HouseholdMember,
    Kind,
    LeadWorker,
    NoContactPerson,
    PersonName,
    Plan,
    Professional,
    Publication,
)
from lookup.moments import now
from lookup.practice_list import set_list
from lookup.register import RejectedRow
from tests.journeys import grid
from tests.journeys.town import Device, Town, answer, refusal, shown, touches

ASKS = {ask: {cell.field: cell.seen for cell in cells} for ask, cells in
        groupby(sorted(grid.cells(), key=lambda cell: (cell.ask, cell.field)), key=lambda cell: cell.ask)}  # fmt: skip
GRANTED = [ask for ask, fields in ASKS.items() if None not in fields.values()]
REFUSED = [ask for ask, fields in ASKS.items() if None in fields.values()]

TODAY = now().date()
DETAILS = {
    "nhs_number": "9990000018",
    "family_name": "Quillfeather",
    "given_name": "Marigold",
    "birth_date": "2019-04-02",
    "postcode": "ZH1 9ZZ",
    "sex": "female",
}
READERS = {
    "triage_nurse": {"health", "all"},
    "clinician": {"health", "all"},
    "gp": {"health", "all"},
    "practice_nurse": {"health", "all"},
    "police_officer": {"police", "all"},
    "social_worker": {"all"},
}


def actions(of: str) -> tuple[Action, ...]:
    return tuple(
        Action(
            action=f"{of} action for {audience}", owner="Ann Other, nurse", due_on=date(2031, 1, 2), audience=audience
        )
        for audience in Audience
    )


def publication(given_name: str, number: str, recorded_at: datetime, **changed: Any) -> Publication:
    home = Address(lines=("1 Quill Row", "Harrow Green"), postcode=DETAILS["postcode"])
    born, sex = DETAILS["birth_date"], "female"
    child = Child(
        nhs_number=number,
        family_name=DETAILS["family_name"],
        given_name=given_name,
        birth_date=born,
        sex=sex,  # type: ignore[arg-type]
        addresses=(home,),
    )
    plan: dict[str, Any] = {"kind": Kind.CHILD_PROTECTION, "started_on": date(2026, 1, 5), **changed}
    return Publication(recorded_at=recorded_at, child=child, plan=Plan(**plan))


FULL: dict[str, Any] = {
    "ended_on": TODAY + timedelta(days=90),  # decided already, and not yet come: the plan stands
    "category": Category.NEGLECT,
    "lead_worker": LeadWorker(name="Lena Worker", work_phone="020 7946 0101"),
    "safety_actions": actions("safety"),
    "no_contact_people": tuple(
        NoContactPerson(name=f"Ned {audience}", relationship="uncle", rule="no_contact", audience=audience)
        for audience in Audience
    ),
    "health_actions": actions("health"),
    "police_actions": actions("police"),
    "core_group": (Professional(name="Cora Group", agency="School", role="head", work_phone="020 7946 0102"),),
    "next_review_on": date(2031, 5, 6),
    "household_members": (
        HouseholdMember(name=PersonName(family_name="Quillfeather", given_name="Una"), relationship="mother"),
    ),
    "school": "Quill Row School",
}


def free_text(audience: Audience) -> dict[str, FreeText]:
    return {
        name: FreeText(text=f"{name} for {audience}", audience=audience)
        for name in ("risk_summary", "medical_monitoring", "contingency")
    }


def say(town: Town, audience: Audience) -> Publication:
    """Publish the full plan anew, its free text meant for this audience."""
    said = publication("Marigold", DETAILS["nhs_number"], now(), **FULL, **free_text(audience))
    assert town["graham.holt"].publish("FWC/Q-1", said).status_code == 200
    return said


@pytest.fixture(scope="module")
def full(town: Town) -> Town:
    """A town where that girl has a full plan, a sister with a plan, a reject beside her and an earlier enquiry."""
    town.nightly_snapshot("FWC", RejectedRow("line 7", (("$.plan.started_on", "is no date"),), Child(family_name="No")))
    owner, at = town["graham.holt"], datetime.now(UTC) - timedelta(hours=1)
    assert owner.publish("FWC/Q-1", publication("Marigold", DETAILS["nhs_number"], at, **FULL)).status_code == 200
    later = say(town, Audience.ALL)
    assert owner.publish("FWC/Q-2", publication("Saffron", "9990000026", at)).status_code == 200
    set_list(town.house.desk, "PG001", [later.child])
    assert town["siobhan.keane"].ask(DETAILS).status_code == 200
    return town


def device(town: Town, role: str, circumstance: str) -> Device:
    """Who asks in these circumstances: the child is on Tidewell Practice's list, and Fenwick's."""
    elsewhere = {"gp": "tariq.mehmood", "practice_nurse": "nasra.warsame", "social_worker": "graham.holt"}
    return town[elsewhere[role] if circumstance in ("off_list", "own_plan") else role]


def asked(town: Town, ask: tuple[str, str, str, str]) -> dict[str, Any]:
    role, purpose, circumstance, detail = ask
    reply = device(town, role, circumstance).ask(DETAILS, purpose, detail=detail, reference="INC-1")
    assert reply.status_code == 200, reply.text
    return answer(reply)


def present(body: dict[str, Any]) -> dict[str, bool]:
    """For every field of the table, whether it is in this answer, where it belongs."""
    (plan,) = body["plans"]
    assert plan == body["plan"]
    return {field: field in (body if field in grid.BESIDE_THE_PLANS else plan) for field in FIELDS}


@pytest.mark.bad_input(22)
@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
def test_an_answer_holds_exactly_the_fields_of_the_table(full: Town, ask: tuple[str, str, str, str]) -> None:
    assert present(asked(full, ask)) == ASKS[ask]


@pytest.mark.bad_input(26, 27, 29)
@pytest.mark.parametrize("ask", REFUSED, ids="-".join)
def test_whoever_is_not_in_the_table_is_refused_before_the_register_is_read(
    full: Town, ask: tuple[str, str, str, str]
) -> None:
    role, purpose, circumstance, detail = ask
    with touches(full.house) as seen:
        reply = device(full, role, circumstance).ask(DETAILS, purpose, detail=detail, reference="INC-1")
    assert refusal(reply) == (403, "not_permitted", [])
    assert seen == []


@pytest.mark.bad_input(22)
def test_a_field_that_is_not_granted_is_absent_and_the_record_says_that_it_was_held_back(full: Town) -> None:
    reply = full["triage_nurse"].ask(DETAILS, detail="plan")
    record = full.record_of(reply)
    fields = ASKS["triage_nurse", "unscheduled_care", "", "plan"]
    assert {field for field in record["fields"] if field in FIELDS} == {field for field in FIELDS if fields[field]}
    assert record["withheld"] == [
        "address", "category", "health_actions", "household_members", "medical_monitoring", "police_actions",
        "risk_summary", "school",
    ]  # fmt: skip
    assert "null" not in reply.get_data(as_text=True).replace('"proof":null', "")


@pytest.mark.parametrize("ask", [ask for ask in GRANTED if ask[3] == "plan"], ids="-".join)
def test_actions_and_people_to_keep_away_are_shown_to_their_own_audience_alone(
    full: Town, ask: tuple[str, str, str, str]
) -> None:
    plan = asked(full, ask)["plan"]
    owns = ask[1:3] == ("plan_ownership", "own_plan")
    readers = set(Audience) if owns else READERS[ask[0]]
    for field in ("safety", "health", "police"):
        if said := plan.get(f"{field}_actions"):
            assert [action["action"] for action in said] == [
                f"{field} action for {a}" for a in Audience if a in readers
            ]
    if people := plan.get("no_contact_people"):
        assert [person["name"] for person in people] == [f"Ned {a}" for a in Audience if a in readers]


@pytest.mark.parametrize("audience", Audience)
def test_free_text_is_read_by_its_own_audience_alone(full: Town, audience: Audience) -> None:
    say(full, audience)
    for ask in GRANTED:
        plan = asked(full, ask)["plan"]
        reads = ask[1:3] == ("plan_ownership", "own_plan") or audience in READERS[ask[0]]
        for field in ("risk_summary", "medical_monitoring", "contingency"):
            assert plan.get(field) == (f"{field} for {audience}" if ASKS[ask][field] and reads else None), (ask, field)
    say(full, Audience.ALL)


def test_the_owner_is_shown_the_plan_as_it_was_published(full: Town) -> None:
    said = shown(say(full, Audience.ALL))["plan"]
    plan = asked(full, ("social_worker", "plan_ownership", "own_plan", "plan"))["plan"]
    for free in ("risk_summary", "medical_monitoring", "contingency"):
        assert plan.pop(free) == said.pop(free)["text"]
    for lists in ("safety_actions", "health_actions", "police_actions", "no_contact_people"):
        assert plan.pop(lists) == [{k: v for k, v in each.items() if k != "audience"} for each in said.pop(lists)]
    (member,) = said.pop("household_members")
    assert plan.pop("household_members") == [{**member.pop("name"), **member}]
    assert plan.pop("authority") == {"code": "FWC", "name": "Fenwick Council"}
    assert plan.pop("code") == "342191000000101"
    assert plan.pop("address") == {"lines": ["1 Quill Row", "Harrow Green"], "postcode": "ZH1 9ZZ"}
    assert [version["version"] for version in plan.pop("versions")] == list(range(plan_versions(full), 0, -1))
    (reject,) = plan.pop("rejects")
    assert reject["problems"] == [{"path": "$.plan.started_on", "problem": "is no date"}]
    assert plan == said


def plan_versions(town: Town) -> int:
    plan = asked(town, ("social_worker", "plan_ownership", "own_plan", "status"))["plan"]
    return max(version["version"] for version in plan["versions"])


@pytest.mark.bad_input(29)
@pytest.mark.parametrize("role", ["housing_officer", "auditor", "operator"])
def test_a_refused_caller_is_told_the_same_of_every_child(full: Town, role: str) -> None:
    children = [DETAILS, *(full.kind(kind) for kind in full.borough.kinds)]
    bodies = [answer(full[role].ask(child, "direct_care")) for child in children]
    assert all(body == bodies[0] for body in bodies)


def test_the_count_of_what_reaches_the_register_sees_an_enquiry_that_is_permitted(full: Town) -> None:
    with touches(full.house) as seen:
        full["triage_nurse"].ask(DETAILS)
    assert "BEGIN" in seen
    assert any("clues" in statement for statement in seen)
