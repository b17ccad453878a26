"""The same request again: the same enquiry, one line of history, one notice; an entry and a receipt of its own."""

from __future__ import annotations

from datetime import timedelta
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lookup.audit_log import REFUSED, REPEAT
from lookup.desk.tables import enquiries, outbox
from lookup.moments import now
from tests.journeys.town import Device, Town, answer, refusal


def rows(town: Town) -> tuple[int, int]:
    """How many lines of history and of the outbox there are."""
    with town.house.desk.reading() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in (enquiries, outbox)]
    return counts[0], counts[1]


@pytest.mark.bad_input(69)
@pytest.mark.parametrize("kind", ["on_plan", "not_on_register", "twin"])
def test_a_repeat_is_the_same_enquiry_with_a_receipt_of_its_own(own_town: Town, kind: str) -> None:
    nurse, again = own_town["triage_nurse"], str(uuid4())
    replies = [nurse.ask(own_town.kind(kind), request_id=again) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 200]
    bodies = [answer(reply) | {"as_at": ""} for reply in replies]
    assert bodies[0] == bodies[1] == bodies[2]
    assert len({reply.get_json()["receipt"]["index"] for reply in replies}) == 3
    records = [own_town.record_of(reply) for reply in replies]
    assert [record["flags"] for record in records] == [0, REPEAT, REPEAT]
    assert [record.get("repeat") for record in records] == [None, True, True]
    assert rows(own_town) == (1, 1)


@pytest.mark.bad_input(69)
def test_a_repeat_runs_the_whole_path_again(own_town: Town) -> None:
    nurse, again = own_town["triage_nurse"], str(uuid4())
    plan = own_town.borough.demo_plan
    assert answer(nurse.ask(plan["child"], request_id=again))["outcome"] == "no_plan_found"
    own_town["social_worker"].publish(plan["path"].removeprefix("/v1/plans/"), plan["body"])
    assert answer(nurse.ask(plan["child"], request_id=again))["outcome"] == "on_plan"


@pytest.mark.bad_input(69)
def test_a_request_id_in_capitals_is_the_same_id(own_town: Town) -> None:
    nurse, again = own_town["triage_nurse"], str(uuid4())
    bodies = [answer(nurse.ask(own_town.kind("twin"), request_id=form)) for form in (again, again.upper())]
    assert bodies[0]["enquiry"] == bodies[1]["enquiry"]


def is_reused(town: Town, reply: Any) -> bool:
    record = town.record_of(reply)
    assert (record["outcome"], record["refusal"], record["flags"]) == ("refused", "request_id_reused", REFUSED)
    return refusal(reply) == (422, "request_id_reused", [])


@pytest.mark.bad_input(69)
def test_another_body_under_the_same_request_id_is_refused_and_recorded(own_town: Town) -> None:
    nurse, again = own_town["triage_nurse"], str(uuid4())
    nurse.ask(own_town.kind("on_plan"), request_id=again)
    assert is_reused(own_town, nurse.ask(own_town.kind("twin"), request_id=again))
    assert is_reused(own_town, nurse.ask(own_town.kind("on_plan"), request_id=again, detail="plan"))
    assert rows(own_town) == (1, 1)


@pytest.mark.bad_input(69)
def test_another_person_of_the_same_client_under_the_same_request_id_is_refused(own_town: Town) -> None:
    again = str(uuid4())
    own_town["amara.okafor"].ask(own_town.kind("on_plan"), request_id=again)
    assert is_reused(own_town, own_town["marcus.tully"].ask(own_town.kind("on_plan"), request_id=again))


def test_another_client_may_use_the_same_request_id_for_an_enquiry_of_its_own(own_town: Town) -> None:
    again = str(uuid4())
    ids = {
        answer(own_town[who].ask(own_town.kind("on_plan"), request_id=again))["enquiry"]
        for who in ("amara.okafor", "siobhan.keane", "owen.pritchard")
    }
    assert len(ids) == 3


@pytest.mark.bad_input(69)
@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 422)])
def test_a_repeat_is_one_within_ten_minutes_and_no_longer(
    own_town: Town, monkeypatch: pytest.MonkeyPatch, minutes: int, status: int
) -> None:
    nurse, again, begun = own_town["triage_nurse"], str(uuid4()), now()
    monkeypatch.setattr("lookup.enquiry.now", lambda: begun - timedelta(minutes=minutes))
    nurse.ask(own_town.kind("twin"), request_id=again)
    monkeypatch.setattr("lookup.enquiry.now", lambda: begun)
    assert nurse.ask(own_town.kind("twin"), request_id=again).status_code == status


def test_a_refused_request_may_be_mended_under_its_own_request_id(own_town: Town) -> None:
    nurse, again = own_town["triage_nurse"], str(uuid4())
    assert nurse.ask({"family_name": "Adeyinka"}, request_id=again).status_code == 400
    assert nurse.ask(own_town.kind("on_plan"), request_id=again).status_code == 200


# ---- the two ids ----------------------------------------------------------------------------------------------------


def raw(device: Device, **headers: str) -> Any:
    body = b'{"purpose":"unscheduled_care","family_name":"Tierney","given_name":"Oisin","birth_date":"2019-10-11"}'
    return device.send("POST", "/v1/enquiries", body, {name.replace("_", "-"): text for name, text in headers.items()})


@pytest.mark.bad_input(69)
@pytest.mark.parametrize(
    "request_id",
    ["", "1", "not-a-uuid", "{12345678-1234-5678-1234-567812345678}", "12345678123456781234567812345678",
     "urn:uuid:12345678-1234-5678-1234-567812345678", "9990000018", "3f0e7c52-5d8e-4f43-9f60-8f1c5b8f7a11x"],
)  # fmt: skip
def test_a_request_id_that_is_missing_or_no_uuid_is_refused_and_not_mirrored(town: Town, request_id: str) -> None:
    reply = raw(town["triage_nurse"], X_Request_ID=request_id)
    assert refusal(reply) == (400, "malformed_request", ["X-Request-ID"])
    assert "X-Request-ID" not in reply.headers


def test_an_enquiry_without_any_request_id_is_refused(town: Town) -> None:
    assert refusal(raw(town["triage_nurse"])) == (400, "malformed_request", ["X-Request-ID"])


def test_both_ids_are_mirrored_and_recorded(town: Town) -> None:
    ids = {"X_Request_ID": str(uuid4()), "X_Correlation_ID": "ED-2026.11_21-7"}
    reply = raw(town["triage_nurse"], **ids)
    assert (reply.headers["X-Request-ID"], reply.headers["X-Correlation-ID"]) == tuple(ids.values())
    record = town.record_of(reply)
    assert (record["request_id"], record["correlation_id"]) == tuple(ids.values())


@pytest.mark.parametrize("odd", ["Oisin Tierney", "x" * 65, "a/b", "é", "<script>", ""])
def test_an_odd_correlation_id_is_neither_mirrored_nor_recorded(town: Town, odd: str) -> None:
    reply = raw(town["triage_nurse"], X_Request_ID=str(uuid4()), X_Correlation_ID=odd.encode().decode("latin-1"))
    assert reply.status_code == 200
    assert "X-Correlation-ID" not in reply.headers
    assert "correlation_id" not in town.record_of(reply)


# ---- one's own enquiries again --------------------------------------------------------------------------------------


def test_whoever_asked_can_read_the_outcome_and_the_entry_again_and_not_the_child(town: Town) -> None:
    nurse = town["amara.okafor"]
    asked = nurse.ask(town.kind("on_plan"))
    enquiry = asked.get_json()["enquiry"]
    reply = nurse.get(f"/v1/enquiries/{enquiry}")
    body = answer(reply)
    assert {**body, "at": "", "entry": "", "salt": ""} == {
        "enquiry": enquiry, "outcome": "on_plan", "purpose": "unscheduled_care", "demo": True,
        "at": "", "entry": "", "salt": "",
    }  # fmt: skip
    assert not [word for word in town.kind("on_plan").values() if len(word) > 6 and word in reply.text]
    assert town.record_of(reply)["outcome"] == "on_plan"


def test_the_proof_of_ones_own_enquiry_comes_with_the_next_checkpoint(own_town: Town) -> None:
    nurse = own_town["amara.okafor"]
    asked = nurse.ask(own_town.kind("on_plan")).get_json()
    reply = nurse.get(f"/v1/receipts/{asked['enquiry']}").get_json()
    assert (reply["enquiry"], reply["index"]) == (asked["enquiry"], asked["receipt"]["index"])
    assert "proof" not in reply
    own_town.house.log.start_integrator()
    assert wait_for_proof(nurse, asked["enquiry"]).startswith("c2sp.org/tlog-proof@v1\n")


def wait_for_proof(device: Device, enquiry: str) -> str:
    for _ in range(50):
        body = device.get(f"/v1/receipts/{enquiry}").get_json()
        if "proof" in body:
            return str(body["proof"])
        sleep(0.1)
    raise AssertionError("no checkpoint came")


@pytest.mark.bad_input(21)
@pytest.mark.parametrize("book", ["enquiries", "receipts"])
@pytest.mark.parametrize("who", ["siobhan.keane", "marcus.tully", "owen.pritchard", "judith.elms", "ruth.adjei"])
def test_somebody_elses_enquiry_is_answered_as_if_there_were_none(town: Town, who: str, book: str) -> None:
    enquiry = town["amara.okafor"].ask(town.kind("on_plan")).get_json()["enquiry"]
    theirs, none = (town[who].get(f"/v1/{book}/{which}") for which in (enquiry, "0" * 26))
    bodies = [{k: v for k, v in reply.get_json().items() if k != "receipt"} for reply in (theirs, none)]
    assert theirs.status_code == none.status_code == 404
    assert bodies[0] == bodies[1]
    assert dict(theirs.headers) | {"Content-Length": ""} == dict(none.headers) | {"Content-Length": ""}
