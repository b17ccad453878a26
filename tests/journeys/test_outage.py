"""What is said when a store is away: never "no plan", always within three seconds, and well again by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from lookup.house import House
from lookup.register.tables import versions
from tests.journeys.breaking import gone, locked, locked_out, overwritten, read_only, without_table
from tests.journeys.town import Town, answer, refusal

UNREADABLE = "The register cannot be read at this moment."
RING_NOW = "The check could not be made, so this says nothing about the child. Telephone children's services now."
SECONDS = 3.0

Break = Callable[[House], AbstractContextManager[None]]


@contextmanager
def in_time() -> Iterator[None]:
    begun = monotonic()
    yield
    assert monotonic() - begun < SECONDS


def changed_rows(house: House) -> AbstractContextManager[None]:
    """Somebody who can write the file has put other bytes where a plan was sealed."""
    with house.register.engine.begin() as connection:
        connection.execute(versions.update().values(plan=text("randomblob(400)")))
    return gone_for_good()


def deleted_rows(house: House) -> AbstractContextManager[None]:
    """Somebody who can write the file has deleted what the clues lead to."""
    with house.register.engine.begin() as connection:
        connection.execute(versions.delete())
    return gone_for_good()


@contextmanager
def gone_for_good() -> Iterator[None]:
    yield


REGISTER: dict[str, Break] = {
    "overwritten": lambda house: overwritten(house.settings.register_store, house.register.engine),
    "gone": lambda house: gone(house.settings.register_store, house.register.engine),
    "without its clues": lambda house: without_table(house.register.engine, "clues"),
    "without its feeds": lambda house: without_table(house.register.engine, "feeds"),
    "locked": lambda house: locked_out(house.settings.register_store, house.register.engine),
    "changed": changed_rows,
    "deleted": deleted_rows,
}


@pytest.mark.bad_input(73)
@pytest.mark.parametrize("broken", REGISTER)
def test_an_unreadable_register_could_not_be_checked_and_the_enquiry_is_recorded(own_town: Town, broken: str) -> None:
    nurse, details = own_town["triage_nurse"], own_town.kind("on_plan")
    with REGISTER[broken](own_town.house), in_time():
        reply = nurse.ask(details)
    body = answer(reply)
    assert reply.status_code == 200
    assert (body["outcome"], body["reasons"], body["advice"]) == ("could_not_check", [UNREADABLE], RING_NOW)
    assert body["contact"]["authority"] == "Harrow Green Council"
    assert body["child"] == {key: details[key] for key in ("nhs_number", "family_name", "given_name", "birth_date")}
    assert body.keys() == {"outcome", "reasons", "advice", "contact", "child", "enquiry", "demo"}
    assert own_town.record_of(reply)["outcome"] == "could_not_check"


@pytest.mark.bad_input(73)
def test_the_register_is_read_again_once_it_is_back(own_town: Town) -> None:
    nurse, details = own_town["triage_nurse"], own_town.kind("on_plan")
    with REGISTER["overwritten"](own_town.house):
        assert answer(nurse.ask(details))["outcome"] == "could_not_check"
    assert answer(nurse.ask(details))["outcome"] == "on_plan"


@pytest.mark.bad_input(73)
def test_while_the_register_is_read_only_enquiries_go_on_and_publishing_is_told_to_wait(own_town: Town) -> None:
    child = own_town.borough.demo_plan["child"]
    with read_only(own_town.house.register.engine):
        refused = publish(own_town)
        assert answer(own_town["triage_nurse"].ask(own_town.kind("on_plan")))["outcome"] == "on_plan"
    assert refusal(refused) == (503, "register_unavailable", [])
    assert answer(own_town["triage_nurse"].ask(child))["outcome"] == "no_plan_found"
    taken = publish(own_town)
    assert (taken.status_code, answer(taken)["fate"]) == (200, "taken")


@pytest.mark.bad_input(73)
def test_a_register_that_somebody_is_writing_is_read_and_publishing_waits_no_longer_than_it_may(own_town: Town) -> None:
    with locked(own_town.house.settings.register_store):
        with in_time():
            refused = publish(own_town)
        assert answer(own_town["triage_nurse"].ask(own_town.kind("on_plan")))["outcome"] == "on_plan"
    assert refusal(refused) == (503, "register_unavailable", [])


# ---- desk or trail: the one 503 -------------------------------------------------------------------------------------


def closed_trail(house: House) -> Path:
    """The store of the trail, which nobody has open: an open file can be moved away, and is written to all the same."""
    house.log.close()
    return house.settings.trail.store


WITHOUT_RECORD: dict[str, Break] = {
    "desk overwritten": lambda house: overwritten(house.settings.desk_store, house.desk.engine),
    "desk gone": lambda house: gone(house.settings.desk_store, house.desk.engine),
    "desk without its tokens": lambda house: without_table(house.desk.engine, "tokens"),
    "desk without its history": lambda house: without_table(house.desk.engine, "enquiries"),
    "desk without its outbox": lambda house: without_table(house.desk.engine, "outbox"),
    "desk read-only": lambda house: read_only(house.desk.engine),
    "desk hanging": lambda house: locked(house.settings.desk_store),
    "desk locked": lambda house: locked_out(house.settings.desk_store, house.desk.engine),
    "trail overwritten": lambda house: overwritten(closed_trail(house)),
    "trail gone": lambda house: gone(closed_trail(house)),
    "trail hanging": lambda house: locked(house.settings.trail.store),
    "trail locked": lambda house: locked_out(house.settings.trail.store),
}
PHONES = [
    {"authority": "Harrow Green Council", "office_phone": "020 7946 0001", "out_of_hours_phone": "020 7946 0002"},
    {"authority": "Fenwick Council", "office_phone": "01632 960001", "out_of_hours_phone": "01632 960002"},
]


def publish(town: Town) -> TestResponse:
    """The council publishes the plan of `lookup demo plan`."""
    plan = town.borough.demo_plan
    return town["social_worker"].publish(plan["path"].removeprefix("/v1/plans/"), plan["body"])


def is_the_one_503(town: Town, reply: TestResponse) -> bool:
    headers = {name: text for name, text in reply.headers.items() if name != "X-Request-ID"}
    assert headers["Cache-Control"] == "no-store"
    return (reply.status_code, reply.content_type, reply.data) == (
        503,
        "application/problem+json",
        town.house.cannot_record.body,
    )


@pytest.mark.bad_input(73)
@pytest.mark.parametrize("broken", WITHOUT_RECORD)
def test_without_a_record_there_is_no_answer_but_the_one_503_and_then_all_is_well_again(
    own_town: Town, broken: str
) -> None:
    nurse, details = own_town["triage_nurse"], own_town.kind("on_plan")
    with WITHOUT_RECORD[broken](own_town.house), in_time():
        reply = nurse.ask(details)
    assert is_the_one_503(own_town, reply)
    assert answer(nurse.ask(details))["outcome"] == "on_plan"


def test_the_one_503_says_whom_to_ring_and_nothing_of_anybody(own_town: Town) -> None:
    with WITHOUT_RECORD["trail gone"](own_town.house):
        reply = own_town["triage_nurse"].ask(own_town.kind("on_plan"))
    assert reply.get_json() == {
        "type": "/v1/problems/cannot_record",
        "title": "The service cannot answer now. Telephone instead.",
        "status": 503,
        "code": "cannot_record",
        "telephone": PHONES,
        "demo": True,
    }


@pytest.mark.bad_input(73)
@pytest.mark.parametrize("broken", ["desk without its history", "trail gone"])
def test_the_one_503_is_the_same_to_the_byte_for_everybody_and_every_child(own_town: Town, broken: str) -> None:
    nurse, auditor, owner = (own_town[role] for role in ("triage_nurse", "auditor", "social_worker"))
    askers = [nurse, own_town["gp"], own_town["police_officer"], owner]
    enquiry = answer(nurse.ask(own_town.kind("namesake")))["enquiry"]
    with WITHOUT_RECORD[broken](own_town.house):
        replies = [asker.ask(own_town.kind(kind)) for kind in own_town.borough.kinds for asker in askers]
        replies += [nurse.get(f"/v1/{book}/{enquiry}") for book in ("enquiries", "receipts")]
        if broken == "trail gone":  # these need nothing of the desk but their tokens
            replies += [publish(own_town), auditor.ask(own_town.kind("on_plan"), "direct_care"), nurse.ask({}, "none")]
    assert all(is_the_one_503(own_town, reply) for reply in replies)


@pytest.mark.bad_input(73)
def test_a_publication_that_cannot_be_recorded_is_not_in_the_next_answer(own_town: Town) -> None:
    child = own_town.borough.demo_plan["child"]
    with WITHOUT_RECORD["trail gone"](own_town.house):
        refused = publish(own_town)
    assert is_the_one_503(own_town, refused)
    assert answer(own_town["triage_nurse"].ask(child))["outcome"] == "no_plan_found"


@pytest.mark.bad_input(78)
def test_an_answer_whose_rows_fail_is_not_sent_and_its_entry_stands(own_town: Town) -> None:
    nurse, details = own_town["triage_nurse"], own_town.kind("on_plan")
    with WITHOUT_RECORD["desk without its outbox"](own_town.house):
        assert is_the_one_503(own_town, nurse.ask(details))
    assert [record["outcome"] for record in own_town.records() if record["door"] == "api"] == ["on_plan"]
    assert "enquiries" not in answer(nurse.ask(details))


@pytest.mark.bad_input(78)
def test_a_worker_killed_between_the_record_and_the_answer_leaves_the_entry(own_town: Town) -> None:
    """The child process dies in the moment in which its entry is durable; its parent reads the trail."""
    nurse, recorder = own_town["triage_nurse"], own_town.house.recorder
    worker = os.fork()
    if worker == 0:
        recorder._write_rows = lambda *_: os._exit(9)  # type: ignore[method-assign]
        nurse.ask(own_town.kind("on_plan"))
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 9
    assert [record["outcome"] for record in own_town.records() if record["door"] == "api"] == ["on_plan"]


# ---- ready or not ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "status", "parts"),
    [
        ("", 200, {"desk": "ready", "register": "ready", "trail": "ready"}),
        ("desk gone", 503, {"desk": "cannot_record", "register": "ready", "trail": "ready"}),
        ("trail gone", 503, {"desk": "ready", "register": "ready", "trail": "cannot_record"}),
        ("register overwritten", 200, {"desk": "ready", "register": "cannot_be_read", "trail": "ready"}),
    ],
)
def test_whoever_watches_the_service_is_told_what_is_not_ready(
    own_town: Town, broken: str, status: int, parts: dict[str, str]
) -> None:
    breaks = {**WITHOUT_RECORD, "": lambda _house: gone_for_good(), "register overwritten": REGISTER["overwritten"]}
    watcher = own_town["operator"]
    with breaks[broken](own_town.house):
        reply = watcher.get("/health/ready")
    assert (reply.status_code, reply.get_json()["parts"]) == (status, parts)
