"""Who may ask at all: tokens, accounts and roles as they are at this very request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lookup.audit_log import REFUSED
from lookup.demo.building import demo_client
from lookup.desk.accounts import set_disabled, set_role
from lookup.desk.tables import clients
from lookup.model import Category, Child
from lookup.moments import now
from lookup.practice_list import set_list
from tests.journeys.plans import ROSALIND, a_plan
from tests.journeys.town import Device, Town, answer, refusal, touches


def ask(device: Device, town: Town, **more: Any) -> Any:
    return device.ask(town.kind("on_plan"), **more)


def test_a_stranger_is_not_signed_in_and_is_recorded_before_the_register_is_read(own_town: Town) -> None:
    stranger = Device(own_town.person("triage_nurse"), "a-token-of-nobody", own_town.app.test_client())
    with touches(own_town.house) as seen:
        reply = ask(stranger, own_town)
    assert refusal(reply) == (401, "not_signed_in", [])
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    record = own_town.record_of(reply)
    assert (record["outcome"], record["refusal"], record["flags"]) == ("refused", "not_signed_in", REFUSED)
    assert "sought" not in record
    assert seen == []


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer\tx", "Token abc", "Bearer é"])
def test_whatever_is_no_live_bearer_token_opens_nothing(town: Town, sent: str) -> None:
    body = b'{"purpose":"unscheduled_care","nhs_number":"9990000018"}'
    latin = sent.encode().decode("latin-1")
    reply = town["triage_nurse"].send("POST", "/v1/enquiries", body, {"Authorization": latin})
    assert refusal(reply) == (401, "not_signed_in", [])


@pytest.mark.bad_input(7)
def test_a_token_stops_at_the_next_request_after_its_person_is_disabled(own_town: Town) -> None:
    nurse = own_town["amara.okafor"]
    assert ask(nurse, own_town).status_code == 200
    with own_town.house.desk.writing() as connection:
        set_disabled(connection, "amara.okafor", True)
    assert refusal(ask(nurse, own_town)) == (401, "not_signed_in", [])


@pytest.mark.bad_input(7)
def test_a_token_stops_at_the_next_request_after_it_is_revoked(own_town: Town) -> None:
    nurse = own_town["amara.okafor"]
    assert ask(nurse, own_town).status_code == 200
    own_town.house.identity.revoke_token(nurse.token)
    assert refusal(ask(nurse, own_town)) == (401, "not_signed_in", [])


def test_a_token_stops_at_the_next_request_after_its_client_is_disabled(own_town: Town) -> None:
    nurse = own_town["amara.okafor"]
    with own_town.house.desk.writing() as connection:
        connection.execute(clients.update().values(disabled=True))
    assert refusal(ask(nurse, own_town)) == (401, "not_signed_in", [])


def test_a_token_past_its_time_opens_nothing(own_town: Town) -> None:
    who = own_town.person("amara.okafor")
    old = own_town.house.identity.issue_token(demo_client("RHG1"), who.user_id, now(), -timedelta(seconds=1))
    assert refusal(ask(Device(who, old, own_town.app.test_client()), own_town)) == (401, "not_signed_in", [])


def test_a_token_of_another_agencys_client_opens_nothing(own_town: Town) -> None:
    who = own_town.person("amara.okafor")
    borrowed = own_town.house.identity.issue_token(demo_client("PLG"), who.user_id, now())
    assert refusal(ask(Device(who, borrowed, own_town.app.test_client()), own_town)) == (401, "not_signed_in", [])


@pytest.mark.bad_input(25)
def test_a_role_that_is_taken_away_in_mid_session_counts_from_the_next_request(own_town: Town) -> None:
    clinician = own_town["daniel.osei"]
    assert "category" in answer(ask(clinician, own_town, detail="plan"))["plan"]
    with own_town.house.desk.writing() as connection:
        set_role(connection, "daniel.osei", "triage_nurse")
    assert "category" not in answer(ask(clinician, own_town, detail="plan"))["plan"]
    with own_town.house.desk.writing() as connection:
        set_role(connection, "daniel.osei", "account_administrator")
    assert refusal(ask(clinician, own_town)) == (403, "not_permitted", [])


@pytest.mark.bad_input(26)
def test_a_police_officer_with_a_practices_purpose_is_refused(town: Town) -> None:
    reply = ask(town["police_officer"], town, purpose="direct_care")
    assert reply.status_code == 403
    assert answer(reply) == {
        "type": "/v1/problems/not_permitted",
        "title": "The sharing agreement does not permit this.",
        "status": 403,
        "code": "not_permitted",
        "detail": "The sharing agreement does not give your role this purpose.",
        "demo": True,
    }


@pytest.mark.bad_input(27)
@pytest.mark.parametrize(
    ("who", "purpose"),
    [
        ("auditor", "audit_review"),
        ("auditor", "subject_access"),
        ("safeguarding_lead", "audit_review"),
        ("housing_officer", "housing_cross_check"),
    ],
)
def test_whoever_does_not_search_is_refused_for_their_own_purpose_too(town: Town, who: str, purpose: str) -> None:
    with touches(town.house) as seen:
        reply = ask(town[who], town, purpose=purpose)
    assert refusal(reply) == (403, "not_permitted", [])
    assert seen == []


@pytest.mark.bad_input(23)
@pytest.mark.parametrize(
    ("purpose", "path"),
    [
        (b"", "$.purpose"),
        (b'"purpose":"",', "$.purpose"),
        (b'"purpose":"curiosity",', "$.purpose"),
        (b'"purpose":"unscheduled_care,direct_care",', "$.purpose"),
        (b'"purpose":["unscheduled_care"],', "$.purpose"),
        (b'"purpose":null,', "$.purpose"),
        (b'"purpose":"unscheduled_care","purpose":"unscheduled_care",', "$.purpose"),
        (b'"purpose":"direct_care","purpose":"unscheduled_care",', "$.purpose"),
    ],
)
def test_a_purpose_that_is_missing_unknown_or_given_twice_is_refused(town: Town, purpose: bytes, path: str) -> None:
    body = b"{" + purpose + b'"nhs_number":"9990000018","birth_date":"2019-04-02"}'
    with touches(town.house) as seen:
        reply = town["triage_nurse"].send("POST", "/v1/enquiries", body, {"X-Request-ID": str(ID)})
    assert refusal(reply) == (400, "malformed_request", [path])
    assert seen == []


ID = "3f0e7c52-5d8e-4f43-9f60-8f1c5b8f7a11"  # a refused request takes no id: each of these may use the same


@pytest.mark.parametrize("reference", ["", "   ", None])
def test_a_police_enquiry_without_its_incident_number_is_refused(town: Town, reference: str | None) -> None:
    reply = ask(town["police_officer"], town, purpose="police_enquiry", reference=reference)
    assert refusal(reply) == (400, "malformed_request", ["$.reference"])


def test_breaking_the_glass_is_refused_with_the_telephone_and_recorded(town: Town) -> None:
    reply = ask(town["triage_nurse"], town, detail="plan", break_glass={"code": "emergency", "text": "He may die."})
    assert refusal(reply) == (403, "not_permitted", [])
    assert "telephone children's services now" in reply.get_json()["detail"]
    assert "He may die." not in str(town.record_of(reply))


def test_the_practices_list_is_asked_about_the_child_who_was_found_and_not_about_the_words_alone(
    own_town: Town,
) -> None:
    """Somebody who types the number of a patient of theirs and another child's details is shown a status at most."""
    listed, other = own_town.kind("on_plan"), own_town.kind("looked_after")
    reply = own_town["helen.marsh"].ask({**other, "nhs_number": listed["nhs_number"]}, detail="plan")
    assert "plan" not in answer(reply) or "category" not in answer(reply)["plan"]


@pytest.mark.parametrize("purpose", ["direct_care", "plan_monitoring"])
def test_a_patients_number_with_another_childs_name_opens_the_status_of_that_child_alone(
    own_town: Town, purpose: str
) -> None:
    """The number is on the practice's list; the child who is found by everything else is not. The owner is told."""
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan(category=Category.NEGLECT))
    patient = Child(nhs_number="9990000042")
    set_list(own_town.house.desk, "PG002", [patient])
    gp = own_town["tariq.mehmood"]
    reply = gp.ask({**ROSALIND, "nhs_number": patient.nhs_number}, purpose, detail="plan")
    assert sorted(answer(reply)["plan"]) == ["authority", "code", "kind", "lead_worker", "started_on"]
    assert "category" in own_town.record_of(reply)["withheld"]
