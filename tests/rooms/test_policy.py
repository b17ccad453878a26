"""May they ask, and which fields? The shipped agreement against the table typed by hand, and each rule by name."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.agreement import FIELDS, Purpose
from lookup.model import Agency, AgencyKind, Audience, Decision, Practitioner, Question, Role
from lookup.policy import decide, may, needs_practice_list
from lookup.refusals import Malformed, NotPermitted
from tests.journeys import grid
from tests.rooms.sharing_cast import AGENCIES, SHIPPED, TYPED, practitioner, question

ASKS = {ask: {cell.field: cell.seen for cell in cells} for ask, cells in
        groupby(sorted(grid.cells(), key=lambda cell: (cell.ask, cell.field)), key=lambda cell: cell.ask)}  # fmt: skip
GRANTED = [ask for ask, fields in ASKS.items() if None not in fields.values()]
REFUSED = [ask for ask, fields in ASKS.items() if None in fields.values()]


def decided(role: str, purpose: str, circumstance: str = "", detail: str = "status") -> Decision:
    asked = question(purpose, detail)  # type: ignore[arg-type]
    return decide(SHIPPED, practitioner(role), asked, on_own_list=circumstance == "on_list")


def released(decision: Decision, circumstance: str) -> frozenset[str]:
    return decision.fields | decision.own_fields if circumstance == "own_plan" else decision.fields


def test_the_table_has_every_role_purpose_and_field() -> None:
    assert grid.rows().keys() == FIELDS
    assert set(grid.ROLES) == set(Role)
    assert set(grid.PURPOSES) == set(Purpose)
    assert {cell.role for cell in grid.cells()} == set(Role)
    assert len(list(grid.cells())) == len(set(grid.cells())) == len(FIELDS) * len(ASKS)


@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
def test_an_enquiry_is_granted_exactly_the_fields_of_the_table(ask: tuple[str, str, str, str]) -> None:
    role, purpose, circumstance, detail = ask
    fields = released(decided(role, purpose, circumstance, detail), circumstance)
    assert {field: field in fields for field in FIELDS} == ASKS[ask]


@pytest.mark.parametrize("ask", REFUSED, ids="-".join)
@pytest.mark.bad_input(26, 27)
def test_an_enquiry_outside_the_table_is_not_permitted(ask: tuple[str, str, str, str]) -> None:
    role, purpose, circumstance, detail = ask
    with pytest.raises(NotPermitted):
        decided(role, purpose, circumstance, detail)


@pytest.mark.parametrize("role", grid.ROLES)
@pytest.mark.parametrize("purpose", grid.PURPOSES)
def test_a_door_opens_only_to_a_role_with_its_purpose(role: str, purpose: str) -> None:
    if (role, purpose) in grid.DOORS:
        return may(SHIPPED, practitioner(role), purpose)
    with pytest.raises(NotPermitted):
        return may(SHIPPED, practitioner(role), purpose)


@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
def test_the_owner_is_told_exactly_where_the_table_says(ask: tuple[str, str, str, str]) -> None:
    role, purpose, circumstance, detail = ask
    assert decided(*ask).tells_owner == ((role, purpose, circumstance) in grid.TELLS_OWNER), detail


@pytest.mark.bad_input(23)
@pytest.mark.parametrize(
    "purpose",
    ["", "curiosity", "Direct_Care", "direct_care ", "direct_care,unscheduled_care", "direct_care direct_care"],
)
def test_a_missing_unknown_or_doubled_purpose_is_malformed(purpose: str) -> None:
    with pytest.raises(Malformed) as refused:
        decided("clinician", purpose)
    assert [field.path for field in refused.value.fields] == ["$.purpose"]


@pytest.mark.bad_input(26)
def test_a_police_officer_with_a_practice_purpose_is_not_permitted() -> None:
    with pytest.raises(NotPermitted):
        decided("police_officer", "direct_care")


@pytest.mark.bad_input(27)
@pytest.mark.parametrize("purpose", ["audit_review", "subject_access"])
def test_an_auditor_searches_for_no_child(purpose: str) -> None:
    with pytest.raises(NotPermitted):
        decided("auditor", purpose)


@pytest.mark.bad_input(27)
@pytest.mark.parametrize("purpose", grid.PURPOSES)
def test_an_account_administrator_does_not_pass_to_the_trail(purpose: str) -> None:
    with pytest.raises(NotPermitted):
        may(SHIPPED, practitioner("account_administrator"), purpose)


def test_an_unknown_detail_is_malformed() -> None:
    with pytest.raises(Malformed) as refused:
        decided("clinician", "direct_care", detail="everything")
    assert [field.path for field in refused.value.fields] == ["$.detail"]


@pytest.mark.parametrize("reference", ["", "   "])
def test_a_police_enquiry_without_its_incident_number_is_malformed(reference: str) -> None:
    with pytest.raises(Malformed) as refused:
        decide(SHIPPED, practitioner("police_officer"), question("police_enquiry", reference=reference))
    assert [(field.path, field.problem) for field in refused.value.fields] == [
        ("$.reference", "Give the incident number.")
    ]


def test_police_protection_needs_no_incident_number() -> None:
    decide(SHIPPED, practitioner("police_officer"), question("police_protection", reference=""))


@pytest.mark.bad_input(22)
def test_a_triage_nurse_who_asks_for_the_plan_is_told_less_and_the_record_says_what() -> None:
    decision = decided("triage_nurse", "unscheduled_care", detail="plan")
    assert decision.held_back == {
        "category", "risk_summary", "health_actions", "medical_monitoring", "police_actions",
        "address", "household_members", "school",
    }  # fmt: skip


@pytest.mark.bad_input(22)
@pytest.mark.parametrize("ask", GRANTED, ids="-".join)
def test_what_is_held_back_was_asked_for_and_is_never_released(ask: tuple[str, str, str, str]) -> None:
    decision = decided(*ask)
    assert not decision.held_back & (decision.fields | decision.own_fields)
    if ask[3] == "status":
        assert decision.held_back == frozenset()


def test_a_practice_that_asks_about_anothers_child_has_the_whole_plan_held_back() -> None:
    assert decided("gp", "direct_care", "off_list", "plan").held_back == SHIPPED.whole_plan


@pytest.mark.parametrize("on_own_list", [None, False])
def test_a_child_counts_as_off_the_list_until_the_list_says_otherwise(on_own_list: bool | None) -> None:
    decision = decide(SHIPPED, practitioner("gp"), question("direct_care", "plan"), on_own_list=on_own_list)
    assert decision.tells_owner
    assert "risk_summary" not in decision.fields


def test_only_practices_need_their_list_looked_up() -> None:
    needing = {
        (role, purpose)
        for role in grid.ROLES
        for purpose in grid.PURPOSES
        if needs_practice_list(SHIPPED, practitioner(role), purpose)
    }
    assert needing == {
        (role, purpose) for role in ("gp", "practice_nurse") for purpose in ("direct_care", "plan_monitoring")
    }


def test_a_social_worker_owns_only_the_plans_of_their_authority() -> None:
    decision = decided("social_worker", "plan_ownership", detail="plan")
    assert (decision.own_authority, decision.own_audiences) == ("HGC", frozenset(Audience))
    assert decision.audiences == {Audience.ALL}
    assert decision.fields == decided("social_worker", "duty_check", detail="plan").fields


def test_a_council_without_an_authority_owns_nothing() -> None:
    nowhere = Agency("HGC", "Harrow Green Council", AgencyKind.COUNCIL, "")
    decision = decide(SHIPPED, practitioner("social_worker", nowhere), question("plan_ownership"))
    assert (decision.own_authority, decision.own_fields, decision.own_audiences) == ("", frozenset(), frozenset())


@pytest.mark.parametrize(
    ("role", "purpose", "audiences"),
    [
        ("triage_nurse", "unscheduled_care", {Audience.HEALTH, Audience.ALL}),
        ("clinician", "direct_care", {Audience.HEALTH, Audience.ALL}),
        ("gp", "direct_care", {Audience.HEALTH, Audience.ALL}),
        ("police_officer", "police_protection", {Audience.POLICE, Audience.ALL}),
        ("social_worker", "duty_check", {Audience.ALL}),
    ],
)
def test_each_agency_reads_the_free_text_meant_for_it(role: str, purpose: str, audiences: set[Audience]) -> None:
    assert decided(role, purpose).audiences == audiences


def test_an_agency_that_is_no_party_is_not_permitted() -> None:
    stranger = Agency("XXX", "Somewhere Else Hospital", AgencyKind.HOSPITAL, "HGC")
    with pytest.raises(NotPermitted, match="not a party"):
        decide(SHIPPED, practitioner("clinician", stranger), question("direct_care"))


@pytest.mark.parametrize(("code", "kind"), [("HHG", AgencyKind.HOSPITAL), ("RHG1", AgencyKind.HOUSING)])
def test_a_party_that_passes_for_another_kind_of_agency_is_not_permitted(code: str, kind: AgencyKind) -> None:
    with pytest.raises(NotPermitted):
        decide(SHIPPED, practitioner("clinician", Agency(code, "Disguised", kind, "HGC")), question("direct_care"))


def test_a_role_at_the_wrong_kind_of_agency_is_not_permitted() -> None:
    with pytest.raises(NotPermitted):
        decide(SHIPPED, practitioner("gp", AGENCIES["housing"]), question("direct_care"), on_own_list=True)


@pytest.mark.parametrize(
    ("role", "purpose"), [("triage_nurse", "unscheduled_care"), ("police_officer", "police_enquiry")]
)
def test_breaking_the_glass_is_refused_with_the_telephone(role: str, purpose: str) -> None:
    with pytest.raises(NotPermitted, match="telephone"):
        decide(SHIPPED, practitioner(role), question(purpose, "plan", break_glass=True))


def test_a_decision_names_the_agreement_it_obeys() -> None:
    assert decided("clinician", "direct_care").agreement == SHIPPED.hash


askers = st.builds(
    Practitioner,
    st.just("u1"),
    st.just("A"),
    st.sampled_from(Role),
    st.sampled_from(list(AGENCIES.values())),
    st.just("c"),
)
questions = st.builds(
    Question,
    st.just(TYPED),
    st.sampled_from([*Purpose, "", "other"]),
    st.sampled_from(["status", "plan"]),
    reference=st.sampled_from(["", "INC 1"]),
    break_glass=st.booleans(),
)


@given(askers, questions, st.sampled_from([None, False, True]))
def test_whoever_asks_is_refused_or_gets_no_more_than_the_table(
    who: Practitioner, asked: Question, on_own_list: bool | None
) -> None:
    try:
        decision = decide(SHIPPED, who, asked, on_own_list=on_own_list)
    except (NotPermitted, Malformed):
        return
    seen = {
        cell.field
        for cell in grid.cells()
        if (cell.role, cell.purpose, cell.detail) == (who.role, asked.purpose, asked.detail) and cell.seen
        and (on_own_list or cell.circumstance != "on_list")
    }  # fmt: skip
    assert decision.fields | decision.own_fields <= seen
