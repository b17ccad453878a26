"""Only granted fields leave: cell by cell through policy, by property, and with planted values that must not show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.agreement import FIELDS
from lookup.canonical import canonical
from lookup.disclosure import ENVELOPE, RELEASABLE, RESTRICTED_ANSWER, reveal
from lookup.model import (
    Action,
    Audience,
    Decision,
    Facts,
    FreeText,
    Freshness,
    History,
    Kind,
    NoContactPerson,
    Outcome,
    Particulars,
    Role,
)
from lookup.policy import decide
from lookup.refusals import NotPermitted
from tests.journeys import grid
from tests.rooms.sharing_cast import AT, DIRECTORY, SHIPPED, facts, full_plan, held, practitioner, question, restricted

ASKS = {ask: {cell.field: cell.seen for cell in cells} for ask, cells in
        groupby(sorted(grid.cells(), key=lambda cell: (cell.ask, cell.field)), key=lambda cell: cell.ask)}  # fmt: skip
GRANTED = [ask for ask, fields in ASKS.items() if None not in fields.values()]
EVERYTHING = Decision(
    Role.SOCIAL_WORKER, "plan_ownership", "plan", "hash", frozenset(), frozenset(), frozenset(), False,
    own_authority="HGC", own_fields=RELEASABLE, own_audiences=frozenset(Audience),
)  # fmt: skip
TO_ALL = replace(EVERYTHING, fields=RELEASABLE, audiences=frozenset(Audience))
WITHOUT_A_PLAN = (Outcome.NO_PLAN_FOUND, Outcome.NEEDS_MORE_DETAIL, Outcome.COULD_NOT_CHECK)


def decided(role: str, purpose: str, circumstance: str = "", detail: str = "status") -> Decision:
    asked = question(purpose, detail)  # type: ignore[arg-type]
    return decide(SHIPPED, practitioner(role), asked, on_own_list=circumstance == "on_list")


def shown(decision: Decision, told: Facts, at_office_hours: bool = True) -> dict[str, Any]:
    """The body, after the checks that every body must pass."""
    body = reveal(decision, told, DIRECTORY, at_office_hours)
    assert json.loads(canonical(body)) == body
    return body


def seen_fields(body: dict[str, Any]) -> set[str]:
    beside = {key for key in body if key not in ENVELOPE}
    assert beside <= set(grid.BESIDE_THE_PLANS)
    return beside | set(body.get("plan", {})) - {"ended_on_unknown"}


# ---- the whole grid -------------------------------------------------------------------------------------------------


def test_every_field_of_the_agreement_has_its_row_and_no_other() -> None:
    assert RELEASABLE == FIELDS == grid.rows().keys()


@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
@pytest.mark.bad_input(22)
def test_an_answer_holds_exactly_the_fields_of_the_table(ask: tuple[str, str, str, str]) -> None:
    role, purpose, circumstance, detail = ask
    plan = held("FWC" if circumstance == "other_authority" else "HGC")
    body = shown(decided(role, purpose, circumstance, detail), facts(plans=(plan,)))
    assert {field: field in seen_fields(body) for field in FIELDS} == ASKS[ask]


def test_a_linked_plan_of_another_authority_is_shown_as_a_duty_check_shows_it() -> None:
    body = shown(decided("social_worker", "plan_ownership"), facts(plans=(held("HGC"), held("FWC"))))
    own, other = body["plans"]
    assert body["plan"] == own
    assert set(own) == FIELDS - set(grid.BESIDE_THE_PLANS)
    assert [other] == shown(decided("social_worker", "duty_check"), facts(plans=(held("FWC"),)))["plans"]
    assert body["enquiries_full"] == [{"on": "2026-02-01", "who": "Enquirer Ellis", "where": "Saint Osyth Hospital"}]


# ---- properties -----------------------------------------------------------------------------------------------------

decisions = st.builds(
    Decision,
    st.sampled_from(Role), st.just("direct_care"), st.sampled_from(["status", "plan"]), st.just("hash"),
    fields=st.frozensets(st.sampled_from(sorted(FIELDS))),
    held_back=st.frozensets(st.sampled_from(sorted(FIELDS))),
    audiences=st.frozensets(st.sampled_from(Audience)),
    tells_owner=st.booleans(),
    own_authority=st.sampled_from(["", "HGC", "FWC", "ZZZ"]),
    own_fields=st.frozensets(st.sampled_from(sorted(FIELDS))),
    own_audiences=st.frozensets(st.sampled_from(Audience)),
)  # fmt: skip
plan_lists = st.lists(st.sampled_from([held("HGC"), held("FWC"), restricted("FWC")]), max_size=3).map(tuple)
scenes = st.builds(facts, st.sampled_from(Outcome), plan_lists, households=st.integers(0, 3))


@given(decisions, scenes, st.booleans())
def test_whatever_is_decided_no_key_leaves_without_its_field(decision: Decision, told: Facts, office: bool) -> None:
    body = shown(decision, told, office)
    owned = {plan.authority for plan in told.plans} & {decision.own_authority}
    beside = decision.fields | (decision.own_fields if owned else frozenset())
    assert set(body) - ENVELOPE <= beside
    for plan, entry in zip(told.plans, body.get("plans", []), strict="plans" in body):
        granted = decision.fields | (decision.own_fields if plan.authority in owned else frozenset())
        assert set(entry) <= granted | ({"ended_on_unknown"} if "ended_on" in granted else set())


@given(decisions, scenes, st.booleans())
@pytest.mark.bad_input(28)
def test_whatever_is_decided_one_restricted_plan_restricts_the_answer(
    decision: Decision, told: Facts, office: bool
) -> None:
    body = shown(decision, told, office)
    if "plan" in body or (any(plan.restricted for plan in told.plans) and told.outcome not in WITHOUT_A_PLAN):
        assert (set(body) <= RESTRICTED_ANSWER) == any(plan.restricted for plan in told.plans)


@given(st.text(min_size=1).filter(lambda field: field not in FIELDS))
def test_a_field_that_is_not_known_is_refused(field: str) -> None:
    for unsafe in (replace(TO_ALL, fields=frozenset({field})), replace(TO_ALL, own_fields=frozenset({field}))):
        with pytest.raises(NotPermitted):
            reveal(unsafe, facts(), DIRECTORY, True)


# ---- a restricted child ---------------------------------------------------------------------------------------------

PLANTED = (
    "Harrow Green", "Fenwick", "HGC", "FWC", "Leading Worker", "Core Member", "Planted Place", "YY9 9YY",
    "Secret School", "Heldname", "Hidden", "Kin", "Nobody Near", "Summary of risk", "Weigh", "If this",
    "Ring before", "Enquirer Ellis", "Saint Osyth", "ZZ1 1ZZ", "postcode", "020 7946 0001", "020 7946 0002",
    "020 7946 0003", "020 7946 0101", "2025-11-03", "2026", "neglect", "household", "stale", "342191000000101",
)  # fmt: skip


@pytest.mark.bad_input(28)
@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
def test_a_restricted_childs_answer_holds_none_of_its_planted_values(ask: tuple[str, str, str, str]) -> None:
    body = shown(decided(*ask), facts(plans=(restricted("HGC"),)))
    assert [planted for planted in PLANTED if planted in json.dumps(body)] == []


@pytest.mark.bad_input(28)
@pytest.mark.parametrize(
    "plans", [(restricted("HGC"),), (held("HGC"), restricted("FWC")), (restricted("FWC"), held("HGC"))]
)
def test_a_restricted_child_gets_a_true_outcome_and_the_broker_and_nothing_else(plans: tuple[Any, ...]) -> None:
    assert shown(TO_ALL, facts(Outcome.ON_PLAN, plans)) == {
        "outcome": "on_plan",
        "child": {
            "family_name": "Typed",
            "given_name": "Tessa",
            "birth_date": "2021-03-09",
            "nhs_number": "9990000018",
            "agreed": ["given_name", "birth_date"],
        },
        "contact": {"broker": {"name": "Broker Bo", "phone": "020 7946 0999"}},
        "advice": "There is a current child protection plan. Telephone the person named here, and nobody else, about "
        "this child. Do not show this answer to the family.",
        "not_for_family": True,
    }


@pytest.mark.bad_input(28)
@pytest.mark.parametrize("outcome", WITHOUT_A_PLAN)
def test_an_answer_without_a_certain_child_does_not_name_the_broker(outcome: Outcome) -> None:
    body = shown(TO_ALL, facts(outcome, (restricted("HGC"),)))
    assert "Broker" not in json.dumps(body)


# ---- free text and its audience -------------------------------------------------------------------------------------


def marked(audience: Audience) -> dict[str, Any]:
    action = Action(action=f"for {audience}", owner="Ward", due_on=AT.date(), audience=audience)
    person = NoContactPerson(name=f"for {audience}", relationship="uncle", rule="no_contact", audience=audience)
    text = FreeText(text=f"for {audience}", audience=audience)
    return {
        "safety_actions": (action,), "health_actions": (action,), "police_actions": (action,),
        "no_contact_people": (person,), "risk_summary": text, "medical_monitoring": text, "contingency": text,
    }  # fmt: skip


@pytest.mark.bad_input(22)
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize(
    ("role", "purpose", "reads"),
    [
        ("clinician", "direct_care", {"health", "all"}),
        ("police_officer", "police_protection", {"police", "all"}),
        ("social_worker", "duty_check", {"all"}),
        ("social_worker", "plan_ownership", {"health", "police", "all", "owner"}),
    ],
)
def test_free_text_reaches_only_its_audience(role: str, purpose: str, reads: set[str], audience: Audience) -> None:
    plan = full_plan(**marked(audience))
    body = shown(decided(role, purpose, detail="plan"), facts(plans=(held(plan=plan),)))
    assert (f"for {audience}" in json.dumps(body["plan"])) == (audience in reads)
    if audience not in reads:
        assert not body["plan"].keys() & marked(audience).keys()


def test_unmarked_text_is_for_the_owner_alone() -> None:
    plan = full_plan(risk_summary=FreeText(text="unmarked"))
    body = shown(decided("clinician", "direct_care", detail="plan"), facts(plans=(held(plan=plan),)))
    assert "risk_summary" not in body["plan"]


def test_a_list_keeps_the_actions_that_may_be_read() -> None:
    actions = [Action(action=f"for {one}", owner="Ward", due_on=AT.date(), audience=one) for one in Audience]
    plan = full_plan(safety_actions=tuple(actions))
    body = shown(decided("triage_nurse", "unscheduled_care"), facts(plans=(held(plan=plan),)))
    assert [action["action"] for action in body["plan"]["safety_actions"]] == ["for health", "for all"]


# ---- whole answers --------------------------------------------------------------------------------------------------


def test_a_triage_nurses_whole_answer_about_a_child_on_a_plan() -> None:
    action = {"action": "Ring before discharge", "owner": "Ward", "due_on": "2026-04-01"}
    plan = {
        "kind": "child_protection",
        "code": "342191000000101",
        "authority": {"code": "HGC", "name": "Harrow Green Council"},
        "started_on": "2025-11-03",
        "ended_on": "2027-01-01",
        "lead_worker": {"name": "Leading Worker", "work_phone": "020 7946 0101"},
        "safety_actions": [action],
        "no_contact_people": [{"name": "Nobody Near", "relationship": "uncle", "rule": "no_contact"}],
    }
    assert shown(decided("triage_nurse", "unscheduled_care"), facts()) == {
        "outcome": "on_plan",
        "as_at": [
            {
                "authority": "HGC",
                "name": "Harrow Green Council",
                "as_at": "2026-03-02T09:30:00Z",
                "age_seconds": 60,
                "stale": False,
            },
            {
                "authority": "FWC",
                "name": "Fenwick Council",
                "as_at": "2026-03-01T03:30:00Z",
                "age_seconds": 108_000,
                "stale": True,
            },
        ],
        "child": {
            "family_name": "Typed",
            "given_name": "Tessa",
            "birth_date": "2021-03-09",
            "nhs_number": "9990000018",
            "agreed": ["given_name", "birth_date", "postcode"],
        },
        "plans": [plan],
        "plan": plan,
        "contact": {
            "authority": "Harrow Green Council",
            "now": {"label": "Office hours", "phone": "020 7946 0001"},
            "office_phone": "020 7946 0001",
            "out_of_hours_phone": "020 7946 0002",
        },
        "household_plan": True,
        "enquiries": {"days": [{"on": "2026-02-01", "agency_kind": "hospital", "count": 2}], "sites": 2},
        "checked": ["Harrow Green Council", "Fenwick Council"],
        "advice": "There is a current child protection plan. Telephone the council named here, and do not show this "
        "answer to the family.",
        "not_for_family": True,
    }


def test_nothing_found_is_no_reassurance_and_says_what_was_checked() -> None:
    told = facts(Outcome.NO_PLAN_FOUND, (), households=0, history=History(), score=None)
    body = shown(decided("triage_nurse", "unscheduled_care"), told)
    assert set(body) == {"outcome", "as_at", "child", "contact", "checked", "advice"}
    assert "This does not mean that there are no concerns" in body["advice"]
    assert body["checked"] == ["Harrow Green Council", "Fenwick Council"]
    assert body["contact"]["authority"] == "Fenwick Council"


def test_a_child_who_is_not_held_can_have_a_household_plan() -> None:
    body = shown(decided("triage_nurse", "unscheduled_care"), facts(Outcome.NO_PLAN_FOUND, ()))
    assert (body["household_plan"], body["not_for_family"]) == (True, True)


def test_more_detail_is_asked_for_by_its_kind_and_nothing_is_hinted() -> None:
    body = shown(TO_ALL, facts(Outcome.NEEDS_MORE_DETAIL))
    assert set(body) == {"outcome", "as_at", "child", "contact", "checked", "advice", "wanted"}
    assert body["wanted"] == ["birth_date"]
    assert "agreed" not in body["child"]


def test_what_could_not_be_checked_says_why_and_whom_to_ring() -> None:
    body = shown(TO_ALL, facts(Outcome.COULD_NOT_CHECK), at_office_hours=False)
    assert set(body) == {"outcome", "as_at", "child", "contact", "checked", "advice", "reasons"}
    assert body["reasons"] == ["The register of Fenwick Council is old."]
    assert body["contact"]["now"] == {"label": "Out of hours", "phone": "020 7946 0004"}


@pytest.mark.parametrize("outcome", WITHOUT_A_PLAN)
@given(decision=decisions)
def test_an_answer_without_a_plan_has_no_key_of_a_plan(outcome: Outcome, decision: Decision) -> None:
    body = shown(decision, facts(outcome))
    assert not body.keys() & {"plan", "plans", "enquiries_full"}
    assert "Heldname" not in json.dumps(body)


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [
        (Kind.CHILD_PROTECTION, Outcome.ON_PLAN, "342191000000101"),
        (Kind.PRE_BIRTH, Outcome.ON_PLAN, "818901000000100"),
        (Kind.LOOKED_AFTER, Outcome.LOOKED_AFTER, "764841000000100"),
    ],
)
def test_each_kind_of_plan_has_its_snomed_code(kind: Kind, outcome: Outcome, code: str) -> None:
    body = shown(TO_ALL, facts(outcome, (held(plan=full_plan(kind=kind)),)))
    assert (body["plan"]["kind"], body["plan"]["code"]) == (str(kind), code)


def test_being_looked_after_is_said_in_its_own_words() -> None:
    body = shown(TO_ALL, facts(Outcome.LOOKED_AFTER))
    assert "Being in care is not being on a child protection plan" in body["advice"]


@pytest.mark.parametrize(
    ("outcome", "changes"), [(Outcome.PLAN_ENDED, {}), (Outcome.ON_PLAN, {"absent_since": AT - timedelta(days=1)})]
)
def test_an_end_whose_date_is_unknown_says_so(outcome: Outcome, changes: dict[str, Any]) -> None:
    plan = shown(TO_ALL, facts(outcome, (held(plan=full_plan(ended_on=None), **changes),)))["plan"]
    assert plan["ended_on_unknown"] is True
    assert "ended_on" not in plan


def test_a_plan_that_stands_says_nothing_of_its_end() -> None:
    plan = shown(TO_ALL, facts(plans=(held(plan=full_plan(ended_on=None)),)))["plan"]
    assert not plan.keys() & {"ended_on", "ended_on_unknown"}


@pytest.mark.parametrize("role", ["triage_nurse", "police_officer"])
def test_no_other_child_of_the_household_is_never_said(role: str) -> None:
    purpose = "unscheduled_care" if role == "triage_nurse" else "police_protection"
    body = shown(decided(role, purpose), facts(households=0))
    assert not body.keys() & {"household_plan", "household_plan_count"}


def test_police_are_told_how_many_of_the_household() -> None:
    assert shown(decided("police_officer", "police_enquiry"), facts(households=2))["household_plan_count"] == 2


def test_a_register_that_never_came_has_no_time_and_is_stale() -> None:
    body = shown(TO_ALL, facts(freshness=(Freshness("FWC", None, 0, True),)))
    assert body["as_at"] == [{"authority": "FWC", "name": "Fenwick Council", "stale": True}]


def test_only_what_was_typed_and_agreed_comes_back() -> None:
    told = facts(particulars=Particulars(family_name="Typed", birth_date="2021-03-09"))
    assert shown(TO_ALL, told)["child"] == {
        "family_name": "Typed",
        "birth_date": "2021-03-09",
        "agreed": ["birth_date"],
    }


@pytest.mark.bad_input(22)
def test_versions_and_rejects_of_another_authority_never_leave() -> None:
    told = facts(plans=(held("FWC"),), rejects=({"authority": "HGC", "row": 1}, {"row": 2}))
    body = shown(TO_ALL, told)
    assert not body["plan"].keys() & {"versions", "rejects"}
    assert "enquiries_full" not in body


@pytest.mark.bad_input(22)
def test_an_owner_is_not_shown_the_rejects_of_another_authority() -> None:
    body = shown(EVERYTHING, facts(rejects=({"authority": "FWC", "row": 1}, {"row": 2})))
    assert "rejects" not in body["plan"]


def test_who_owns_no_plans_does_not_own_one_that_names_no_authority() -> None:
    nobodys = replace(EVERYTHING, own_authority="")
    body = reveal(nobodys, facts(plans=(held(""),)), {**DIRECTORY, "": DIRECTORY["HGC"]}, True)
    assert body["plan"] == {}


def test_an_owner_reads_the_versions_of_their_own_plan() -> None:
    old = held(plan=full_plan(category=None), version=2)
    body = shown(EVERYTHING, facts(versions=(held(), old, held(ref="P-2"), held("FWC"))))
    assert [(one["version"], "category" in one["plan"]) for one in body["plan"]["versions"]] == [(3, True), (2, False)]
    assert body["plan"]["rejects"] == [{"authority": "HGC", "row": 0, "problem": "no birth date"}]
