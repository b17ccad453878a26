"""A sentinel child is published, asked about and met by every kind of fault: no trace of the child is left anywhere.

Looked for in: the log (standard error and output), errors, headers, every file of the installation with its write-ahead
logs, and the folder for temporary files.
"""

from __future__ import annotations

import re
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from werkzeug.test import TestResponse

from lookup.journal import set_up_journal
from lookup.model import Action, Audience, FreeText, LeadWorker
from lookup.moments import now
from tests.journeys.breaking import gone, locked, overwritten, without_table
from tests.journeys.plans import a_plan, later
from tests.journeys.town import Town, everything_in

SENTINEL = {
    "nhs_number": "9990000085",
    "family_name": "Zzyzxwick",
    "given_name": "Quillonia",
    "birth_date": "2013-10-17",
    "postcode": "ZH8 8ZZ",
}
PLAN_TEXT = "Xanthippe was seen with the blue lantern."
WORKER = "Wilhelmina Sentinelle"
TRACES = re.compile("|".join(
    ["Zzyzxwick", "Quillonia", "9990000085", "999 000 0085", "2013-10-17", "17/10/2013", "ZH8 ?8ZZ", "Xanthippe",
     "lantern", "Sentinelle"],
), re.IGNORECASE)  # fmt: skip
ODD = {name: f"SENTINEL {text}" for name, text in SENTINEL.items()}


def publication(**said: Any) -> Any:
    action = Action(action=PLAN_TEXT, owner=WORKER, due_on=now().date(), audience=Audience.ALL)
    words = {
        "risk_summary": FreeText(text=PLAN_TEXT),
        "lead_worker": LeadWorker(name=WORKER, work_phone="020 7946 0111"),
    }
    return a_plan(SENTINEL, **{**words, "safety_actions": (action,), **said})


def files_with_traces(*folders: Path) -> list[str]:
    """The files, open ones and write-ahead logs among them, in which the child is found; also in their names."""
    found = []
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        text = path.read_bytes()
        if TRACES.search(text.decode("latin-1")) or TRACES.search(text.decode("utf-16-le", "ignore")):
            found.append(path.name)
    return found


def is_silent(reply: TestResponse) -> bool:
    return not TRACES.search(everything_in(reply))


@pytest.mark.bad_input(88)
def test_publishing_and_asking_leave_no_trace_in_the_files_or_the_log(
    own_town: Town, served_log: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_journal()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    own_town["ruth.adjei"].publish("HGC/S-1", publication(recorded_at=later(now(), -60)))
    own_town["ruth.adjei"].publish("HGC/S-1", publication(recorded_at=later(now(), -30), school="Another School"))
    for who in ("triage_nurse", "clinician", "gp", "police_officer", "social_worker"):
        assert TRACES.search(everything_in(own_town[who].ask(SENTINEL, detail="plan")))
    own_town["auditor"].ask(SENTINEL, "audit_review", reason="Zzyzxwick of ZH8 8ZZ")
    house = own_town.house
    house.log.close()
    assert files_with_traces(house.settings.folder, tmp_path / "temporary") == []
    assert not TRACES.search("".join(served_log.readouterr()))


@pytest.mark.bad_input(88)
def test_what_is_looked_for_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "page").write_bytes(b"\x00\x01" * 50 + b"Quillonia")
    (tmp_path / "page-wal").write_bytes("Zzyzxwick".encode("utf-16-le"))
    (tmp_path / "other").write_bytes(b"nothing")
    assert sorted(files_with_traces(tmp_path)) == ["page", "page-wal"]


@pytest.mark.bad_input(88)
@pytest.mark.parametrize(
    "body",
    [
        {**SENTINEL, "purpose": "Zzyzxwick"},
        {**SENTINEL, "purpose": "unscheduled_care", "sex": "Quillonia"},
        {**SENTINEL, "purpose": "unscheduled_care", "birth_date": "Zzyzxwick"},
        {**SENTINEL, "purpose": "unscheduled_care", "nhs_number": "9990000086 Quillonia"},
        {**SENTINEL, "purpose": "unscheduled_care", "postcode": "Quillonia"},
        {**SENTINEL, "purpose": "unscheduled_care", "detail": "Quillonia"},
        {**SENTINEL, "purpose": "unscheduled_care", "family_name": "Zzyzxwick*"},
        {**SENTINEL, "purpose": "unscheduled_care", "family_name": ["Zzyzxwick"]},
        {**SENTINEL, "purpose": "unscheduled_care", "Quillonia of ZH8 8ZZ": 1},
        {**SENTINEL, "purpose": "unscheduled_care", "break_glass": {"code": "Zzyzxwick", "text": "Quillonia"}},
        {"purpose": "unscheduled_care", "family_name": "Zzyzxwick"},
    ],
)
def test_no_refusal_repeats_what_was_typed(
    own_town: Town, served_log: pytest.CaptureFixture[str], body: dict[str, Any]
) -> None:
    set_up_journal()
    reply = own_town["triage_nurse"].ask(body, body["purpose"])
    assert reply.status_code == 400
    assert is_silent(reply)
    assert not TRACES.search("".join(served_log.readouterr()))


class Spilling(Exception):
    """An exception whose message holds what no log may: as a library's may."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__(f"could not handle {SENTINEL} {PLAN_TEXT}")


def spill(*_: object, **__: object) -> Any:
    raise Spilling


PLACES = [
    "lookup.enquiry.read_question",
    "lookup.enquiry.policy.decide",
    "lookup.enquiry.reveal",
    "lookup.enquiry.now",
    "lookup.gathering.finding.judge",
    "lookup.gathering.conclude",
    "lookup.register.reading.open_version",
    "lookup.enquiry.history_of",
    "lookup.recorder._with_receipt",
    "lookup.desk.seal_enquiry",
    "lookup.trail.writer.Writer.append",
    "lookup.trail.sealing.canonical",
    "lookup.api.read_knock",
    "lookup.visit.Visit.is_by",
]


@pytest.mark.bad_input(88)
@pytest.mark.parametrize("place", PLACES)
def test_an_exception_that_holds_the_child_is_logged_by_its_type_alone(
    own_town: Town, served_log: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    set_up_journal()
    nurse = own_town["triage_nurse"]
    own_town["ruth.adjei"].publish("HGC/S-1", publication())
    with monkeypatch.context() as broken:
        broken.setattr(place, spill)
        reply = nurse.ask(SENTINEL)
    assert reply.status_code in (500, 503)
    assert is_silent(reply)
    said = said_of_spilling(served_log)
    assert not TRACES.search(said)
    assert nurse.ask(SENTINEL).status_code == 200


def said_of_spilling(log: pytest.CaptureFixture[str]) -> str:
    """What is logged; the recorder's thread may still be at it when the reply is there."""
    said = ""
    for _ in range(100):
        said += "".join(log.readouterr())
        if "Spilling" in said:
            return said
        sleep(0.02)
    raise AssertionError("nothing was logged")


@pytest.mark.bad_input(88)
def test_stores_that_break_leave_no_trace_in_errors_or_log(
    own_town: Town, served_log: pytest.CaptureFixture[str]
) -> None:
    set_up_journal()
    house, nurse, owner = own_town.house, own_town["triage_nurse"], own_town["ruth.adjei"]
    register, desk = house.settings.register_store, house.settings.desk_store
    owner.publish("HGC/S-1", publication())
    replies = []
    for broken in (
        overwritten(desk, house.desk.engine),
        without_table(house.register.engine, "versions"),
        without_table(house.desk.engine, "outbox"),
        locked(register),
    ):
        with broken:
            replies.append(owner.publish("HGC/S-1", publication(school="Quillonia's School")))
            replies.append(owner.publish("HGC/S-1", {"child": SENTINEL}))
    with gone(house.settings.trail.store):
        house.log.close()
        replies.append(nurse.ask(SENTINEL))
    assert all(is_silent(reply) for reply in replies if reply.status_code != 200)
    assert not TRACES.search("".join(served_log.readouterr()))
    assert files_with_traces(house.settings.folder) == []


@pytest.mark.bad_input(88)
def test_a_log_that_cannot_be_written_neither_stops_the_record_nor_spills_the_fault(
    own_town: Town, served_log: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_journal()
    monkeypatch.setattr("lookup.journal._log", FullDisk())
    monkeypatch.setattr("lookup.enquiry.reveal", spill)
    reply = own_town["triage_nurse"].ask(SENTINEL)
    assert (reply.status_code, reply.get_json()["code"]) == (500, "fault")
    assert own_town.record_of(reply)["refusal"] == "fault"
    assert not TRACES.search("".join(served_log.readouterr()))


class FullDisk:
    def error(self, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    info = error
