"""A council publishes a plan, and it is in the very next answer, wherever that is given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from lookup.audit_log import REFUSED
from lookup.demo.borough import Borough, fresh_plan
from lookup.demo.building import SEED
from lookup.house import House, open_house
from lookup.model import Child, FreeText, Kind, Mother, Publication
from lookup.moments import now
from lookup.settings import read_settings
from tests.journeys.plans import ROSALIND, a_plan, later
from tests.journeys.town import Device, Town, answer, refusal, shown

AT = now() - timedelta(hours=2)
BY_NUMBER = {"nhs_number": ROSALIND["nhs_number"], "birth_date": ROSALIND["birth_date"]}


@pytest.fixture
def owner(own_town: Town) -> Device:
    return own_town["ruth.adjei"]


def outcome(town: Town, details: dict[str, str] = ROSALIND) -> str:
    return str(answer(town["triage_nurse"].ask(details))["outcome"])


def test_a_saved_plan_is_in_the_next_answer(own_town: Town, owner: Device) -> None:
    assert outcome(own_town) == "no_plan_found"
    reply = owner.publish("HGC/T-1", a_plan())
    assert (reply.status_code, answer(reply)) == (
        200,
        {"authority": "HGC", "ref": "T-1", "fate": "taken", "demo": True},
    )
    assert outcome(own_town) == "on_plan"


def test_a_saved_plan_is_in_the_next_answer_of_another_worker(own_town: Town, owner: Device, borough: Borough) -> None:
    other = open_house(read_settings(own_town.house.settings.folder, {}))
    try:
        elsewhere = Town(other, borough)
        assert outcome(elsewhere) == "no_plan_found"
        owner.publish("HGC/T-1", a_plan())
        assert outcome(elsewhere) == "on_plan"
    finally:
        other.close()


def test_the_plan_of_lookup_demo_plan_is_published_and_found(own_town: Town, owner: Device) -> None:
    plan = fresh_plan(SEED, now().date(), serial=3)
    owner.publish(plan["path"].removeprefix("/v1/plans/"), plan["body"])
    assert outcome(own_town, plan["child"]) == "on_plan"


def test_a_newer_version_takes_the_place_of_the_older(own_town: Town, owner: Device) -> None:
    owner.publish("HGC/T-1", a_plan(recorded_at=AT))
    ended = a_plan(recorded_at=later(AT), ended_on=now().date() - timedelta(days=3))
    assert answer(owner.publish("HGC/T-1", ended))["fate"] == "taken"
    assert outcome(own_town) == "plan_ended"


def test_an_older_version_is_superseded_and_changes_nothing(own_town: Town, owner: Device) -> None:
    owner.publish("HGC/T-1", a_plan(recorded_at=AT))
    ended = a_plan(recorded_at=later(AT, -1), ended_on=now().date() - timedelta(days=3))
    reply = owner.publish("HGC/T-1", ended)
    assert (reply.status_code, answer(reply)) == (
        409,
        {
            "type": "/v1/problems/superseded",
            "title": "The register already holds a version of this plan with the same or a later time.",
            "status": 409,
            "code": "superseded",
            "detail": "The register holds a newer version of this plan. Read it before you change it again.",
            "demo": True,
        },
    )
    assert outcome(own_town) == "on_plan"


@pytest.mark.bad_input(58)
def test_another_version_with_the_same_time_is_contradicted_and_changes_nothing(own_town: Town, owner: Device) -> None:
    owner.publish("HGC/T-1", a_plan(recorded_at=AT))
    reply = owner.publish("HGC/T-1", a_plan(recorded_at=AT, ended_on=now().date() - timedelta(days=3)))
    assert refusal(reply) == (409, "superseded", [])
    assert "same recorded_at" in reply.get_json()["detail"]
    assert outcome(own_town) == "on_plan"


@pytest.mark.bad_input(59)
@pytest.mark.parametrize("seconds", [0, 60])
def test_the_same_content_again_is_unchanged(own_town: Town, owner: Device, seconds: int) -> None:
    owner.publish("HGC/T-1", a_plan(recorded_at=AT))
    assert answer(owner.publish("HGC/T-1", a_plan(recorded_at=later(AT, seconds))))["fate"] == "unchanged"
    versions = answer(owner.ask(ROSALIND))["plan"]["versions"]
    assert [version["version"] for version in versions] == [1]


# ---- who may publish ------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(63)
@pytest.mark.parametrize(
    ("who", "authority"),
    [
        ("graham.holt", "HGC"),
        ("ruth.adjei", "FWC"),
        ("ruth.adjei", "ZZZ"),
        ("triage_nurse", "HGC"),
        ("gp", "HGC"),
        ("police_officer", "HGC"),
        ("housing_officer", "HGC"),
        ("operator", "HGC"),
        ("auditor", "HGC"),
    ],
)
def test_only_a_social_worker_of_the_very_authority_publishes_its_plans(
    own_town: Town, who: str, authority: str
) -> None:
    assert refusal(own_town[who].publish(f"{authority}/T-1", a_plan())) == (403, "not_permitted", [])
    assert outcome(own_town) == "no_plan_found"


def test_a_stranger_publishes_nothing_and_is_recorded(own_town: Town) -> None:
    stranger = Device(own_town.person("ruth.adjei"), "no-such-token", own_town.app.test_client())
    reply = stranger.publish("HGC/T-1", a_plan())
    assert refusal(reply) == (401, "not_signed_in", [])
    assert own_town.record_of(reply)["flags"] == REFUSED


# ---- what is published ----------------------------------------------------------------------------------------------


def changed(**said: Any) -> dict[str, Any]:
    body: dict[str, Any] = shown(a_plan(recorded_at=AT))
    for path, value in said.items():
        *above, last = path.split("__")
        part = body
        for step in above:
            part = part.setdefault(step, {})
        part[last] = value
    return body


INVALID: list[tuple[dict[str, Any], list[str]]] = [
    (changed(plan__kind="unknown_kind"), ["$.plan.kind"]),
    (changed(plan__started_on="2026-02-30"), ["$.plan.started_on"]),
    (changed(plan__ended_on="2026-01-01"), ["$.plan.ended_on"]),
    (changed(plan__ended_on=5), ["$.plan.ended_on"]),
    (changed(plan__mood="worried"), ["$.plan"]),
    (changed(plan__safety_actions=[{"action": "Ring.", "owner": "Nurse"}]), ["$.plan.safety_actions[0]"]),
    (changed(plan__safety_actions=[{"action": "Ring.", "due_on": "2026-05-01"}]), ["$.plan.safety_actions[0]"]),
    (changed(plan__risk_summary={"text": "", "audience": "all"}), ["$.plan.risk_summary.text"]),
    (changed(plan__risk_summary={"text": "x", "audience": "everybody"}), ["$.plan.risk_summary.audience"]),
    (changed(child__nhs_number="9990000035"), ["$.child.nhs_number"]),
    (changed(child__nhs_number=9990000034), ["$.child.nhs_number"]),
    (changed(child__birth_date="30/11/2018"), ["$.child.birth_date"]),
    (changed(child__birth_date="2018-02-30"), ["$.child.birth_date"]),
    (changed(child__addresses=[{"postcode": "ZH4 7QX"}, {"postcode": "nowhere"}]), ["$.child.addresses[1].postcode"]),
    (changed(child__merged_nhs_numbers=["1234567890"]), ["$.child.merged_nhs_numbers[0]"]),
    (changed(child={"family_name": "Thistlewood"}), ["$.child"]),
    (changed(recorded_at="2026-01-05T10:00:00"), ["$.recorded_at"]),
    (changed(recorded_at="2036-01-05T10:00:00Z"), ["$.recorded_at"]),
    (changed(recorded_at="yesterday"), ["$.recorded_at"]),
    (changed(recorded_at="0001-01-01T00:00:00+14:00"), ["$.recorded_at"]),
    (changed(recorded_at="1899-12-31T00:00:00Z"), ["$.recorded_at"]),
    (changed(child__birth_date="2018-11-30\n"), ["$.child.birth_date"]),
    (changed(child__birth_date="2018\n"), ["$.child.birth_date"]),
    (changed(child__birth_date="２０１８-11-30"), ["$.child.birth_date"]),
    (changed(child__addresses=[{"uprn": "100\n"}]), ["$.child.addresses[0].uprn"]),
    (changed(child__mother={"birth_date": "1999-02-31"}), ["$.child.mother.birth_date"]),
    (changed(plan__expected_birth_on="9999-12-31"), ["$.plan.expected_birth_on"]),
    (changed(plan__started_on="0001-01-01"), ["$.plan.started_on"]),
    (changed(plan__ended_on="9999-12-31"), ["$.plan.ended_on"]),
    ({key: value for key, value in changed().items() if key != "recorded_at"}, ["$.recorded_at"]),
    (changed(extra=True), ["$.extra"]),
    (changed(plan__kind="pre_birth"), ["$.child.mother.nhs_number"]),
]


@pytest.mark.parametrize(("body", "paths"), INVALID, ids=lambda part: ",".join(part) if isinstance(part, list) else "")
def test_an_invalid_plan_is_refused_with_the_paths_of_what_is_wrong(
    town: Town, body: dict[str, Any], paths: list[str]
) -> None:
    reply = town["ruth.adjei"].publish("HGC/T-1", body)
    assert refusal(reply) == (400, "malformed_request", paths)
    assert "Thistle" not in reply.get_data(as_text=True)
    assert town.record_of(reply)["refused_fields"] == paths


@pytest.mark.parametrize("ref", ["x" * 65, "a%00b", "a%0Ab", "a%E2%80%AEb"])
def test_a_reference_that_is_long_or_cannot_be_shown_is_refused(town: Town, ref: str) -> None:
    assert refusal(town["ruth.adjei"].publish(f"HGC/{ref}", a_plan())) == (400, "malformed_request", [])


def test_free_text_without_an_audience_is_the_owners_alone(own_town: Town, owner: Device) -> None:
    owner.publish("HGC/T-1", a_plan(risk_summary=FreeText(text="Unmarked words.")))
    assert answer(owner.ask(ROSALIND))["plan"]["risk_summary"] == "Unmarked words."
    for who, purpose in (("clinician", "direct_care"), ("police_officer", "police_protection")):
        assert "Unmarked" not in own_town[who].ask(ROSALIND, purpose, detail="plan").get_data(as_text=True)


# ---- the record of it -----------------------------------------------------------------------------------------------


def test_a_publication_is_recorded_with_its_hashes_and_nothing_of_the_child(own_town: Town, owner: Device) -> None:
    reply = owner.publish("HGC/T-1", a_plan())
    record = own_town.record_of(reply)
    assert (record["plans"], record["counts"], record["outcome"]) == (["HGC/T-1"], {"taken": 1}, "taken")
    assert len(record["rows_root"]) == 64
    assert not [word for word in ROSALIND.values() if len(word) > 6 and word in str(record)]


@contextmanager
def commits_fail(house: House) -> Iterator[None]:
    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    event.listen(house.register.engine, "commit", fail)
    yield
    event.remove(house.register.engine, "commit", fail)


def test_a_commit_that_fails_leaves_a_second_entry_that_says_so(own_town: Town, owner: Device) -> None:
    with commits_fail(own_town.house):
        reply = owner.publish("HGC/T-1", a_plan())
    assert refusal(reply) == (503, "register_unavailable", [])
    first, second = [record for record in own_town.records() if record["door"] == "api"]
    assert (first["outcome"], first["flags"]) == ("taken", 0)
    assert (second["outcome"], second["flags"], second["commit"]) == ("refused", REFUSED, "failed")
    assert outcome(own_town) == "no_plan_found"


# ---- the newborn ----------------------------------------------------------------------------------------------------

MOTHER = {"mother_nhs_number": "9990000042", "mother_birth_date": "1999-02-03"}
BORN = now().date() - timedelta(days=2)
NEWBORN = {"family_name": "Ashgrove", "given_name": "Baby", "birth_date": BORN.isoformat(), "postcode": "ZH5 3AB"}


def expected_baby() -> Publication:
    mother = Mother(nhs_number=MOTHER["mother_nhs_number"], birth_date=MOTHER["mother_birth_date"], postcode="ZH5 3AB")
    child = Child(family_name="Ashgrove", mother=mother)
    plan = replace(a_plan().plan, kind=Kind.PRE_BIRTH, expected_birth_on=BORN + timedelta(days=5))
    return Publication(recorded_at=AT, child=child, plan=plan)


@pytest.mark.bad_input(49)
@pytest.mark.parametrize("details", [MOTHER, {**MOTHER, **NEWBORN}], ids=["unborn", "newborn"])
def test_the_pre_birth_plan_stands_for_the_newborn_until_it_is_converted(
    own_town: Town, owner: Device, details: dict[str, str]
) -> None:
    owner.publish("HGC/T-2", expected_baby())
    body = answer(own_town["triage_nurse"].ask(details))
    assert (body["outcome"], body["plan"]["kind"]) == ("on_plan", "pre_birth")


@pytest.mark.bad_input(49)
def test_a_converted_plan_is_found_by_the_childs_own_details_and_no_more_by_the_mothers(
    own_town: Town, owner: Device
) -> None:
    owner.publish("HGC/T-2", expected_baby())
    born = {**NEWBORN, "nhs_number": "9990000050", "given_name": "Hazel"}
    assert answer(owner.publish("HGC/T-2", a_plan(born, recorded_at=later(AT))))["fate"] == "taken"
    assert outcome(own_town, born) == "on_plan"
    assert outcome(own_town, MOTHER) == "no_plan_found"


def test_a_process_of_its_own_finds_what_was_published_before_it_asks(
    own_town: Town, owner: Device, borough: Borough
) -> None:
    owner.publish("HGC/T-1", a_plan())
    worker = os.fork()
    if worker == 0:
        elsewhere = Town(open_house(read_settings(own_town.house.settings.folder, {})), borough)
        os._exit(7 if outcome(elsewhere) == "on_plan" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 7
