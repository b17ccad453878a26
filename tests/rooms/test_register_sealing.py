"""What an attacker with the register's file gets, and what a colleague in another process sees at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from lookup.keys.keyring import ServerKeys
from lookup.model import (
    Action,
    Address,
    Audience,
    Child,
    FreeText,
    HouseholdMember,
    LeadWorker,
    Outcome,
    PersonName,
    Publication,
)
from lookup.refusals import RecordBroken, RegisterUnavailable
from lookup.register import Batch, Put, Register, RejectedRow
from lookup.statements import Prepared, Transaction
from tests.rooms.feeding import HOUR, MARIGOLD, NOON, Office, child_called, open_office, publication

SENTINEL = {
    "nhs_number": "9990000018",
    "family_name": "Xylophonova",
    "given_name": "Persephonia",
    "birth_date": "2016-11-30",
    "postcode": "ZH1 7QX",
}
PLANTED = (
    "9990000018", "Xylophonova", "XYLOPHONOVA", "Persephonia", "2016-11-30", "30/11/2016", "20161130",
    "ZH1 7QX", "ZH17QX", "Larkspur Mews", "Sentinel risk", "Sentinel action", "Sentinel School", "Wilhelmina",
    "REF-SENTINEL-1", "Faultina", "REF-SENTINEL-2", "sentinel fault",
)  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        yield opened


def sentinel() -> Publication:
    told = publication(
        NOON,
        child=SENTINEL,
        risk_summary=FreeText(text="Sentinel risk in words", audience=Audience.ALL),
        health_actions=(Action(action="Sentinel action", owner="Wilhelmina Moss", due_on=date(2026, 4, 1)),),
        household_members=(HouseholdMember(name=PersonName(family_name="Xylophonova"), relationship="mother"),),
        lead_worker=LeadWorker(name="Wilhelmina Moss", work_phone="01632 960100"),
        school="Sentinel School",
    )
    return replace(
        told, child=replace(told.child, addresses=(Address(lines=("3 Larkspur Mews",), postcode="ZH1 7QX"),))
    )


@pytest.mark.bad_input(88)
def test_nothing_of_a_child_stands_in_the_files_of_the_register(office: Office) -> None:
    fault = RejectedRow(
        "line 2",
        (("$.plan", "sentinel fault"),),
        Child(family_name="Xylophonova", given_name="Faultina"),
        "REF-SENTINEL-2",
    )
    office.snapshot({"REF-SENTINEL-1": sentinel()}, NOON, [fault])
    office.publish("REF-SENTINEL-1", publication(NOON + HOUR, child={**SENTINEL, "family_name": "XYLOPHONOVA"}))
    written = {path.name: path.read_bytes() for path in office.folder.glob("register.sqlite3*")}
    assert {"register.sqlite3", "register.sqlite3-wal"} <= written.keys()
    assert office.held(SENTINEL)[0].version == 2
    for planted in PLANTED:
        for form in (planted.encode(), planted.encode("utf-16-le"), planted.encode().hex().encode()):
            assert [name for name, content in written.items() if form in content] == [], planted


# ---- rows that were moved about --------------------------------------------------------------------------------------


def edit(office: Office, statement: str) -> None:
    with office.register.engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount > 0


# The columns of the newest version, and where an attacker could take other boxes from.
ANOTHERS = "(SELECT o.{0} FROM versions o WHERE o.child_id != versions.child_id)"
FORMER = "(SELECT o.{0} FROM versions o WHERE o.child_id = versions.child_id AND o.version = 1)"
MOVES = {
    "another child's identity": ("versions", f"identity = {ANOTHERS.format('identity')}"),
    "another child's plan": ("versions", f"plan = {ANOTHERS.format('plan')}"),
    "another child's key": ("children", "wrapped_key = (SELECT o.wrapped_key FROM children o WHERE o.version = 1)"),
    "the plan in the identity's column": ("versions", "identity = plan"),
    "the former version's plan": ("versions", f"plan = {FORMER.format('plan')}"),
    "a flipped byte": ("versions", "plan = CAST(substr(plan, 1, length(plan) - 1) || x'00' AS BLOB)"),
    "a cut plan": ("versions", "plan = substr(plan, 1, 20)"),
    "an empty plan": ("versions", "plan = x''"),
    "a version under a number that is not there": ("children", "version = 9"),
}


@pytest.mark.parametrize("move", MOVES)
def test_a_sealed_row_opens_in_its_own_place_only(office: Office, move: str) -> None:
    office.publish("Q-1", publication(NOON - HOUR, school="Mill School"))
    office.publish("Q-1", publication(NOON, school="Lark School"))
    office.publish("Q-2", publication(NOON, child=child_called("Saffron")))
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN
    table, change = MOVES[move]
    edit(office, f"UPDATE {table} SET {change} WHERE version = 2")  # noqa: S608 - our own words
    tokens = [token for (token,) in _rows(office, "SELECT token FROM clues WHERE whose < 3")]
    with pytest.raises(RecordBroken), office.register.reading() as look:
        look.search(tokens)
    assert office.outcome(MARIGOLD) is Outcome.COULD_NOT_CHECK


def test_a_former_version_does_not_open_under_the_number_of_the_newest(office: Office) -> None:
    office.publish("Q-1", publication(NOON - HOUR, school="Mill School"))
    office.publish("Q-1", publication(NOON, school="Lark School"))
    edit(office, "DELETE FROM versions WHERE version = 2")
    edit(office, "UPDATE versions SET version = 2 WHERE version = 1")
    assert office.outcome(MARIGOLD) is Outcome.COULD_NOT_CHECK


def test_a_rejected_row_that_was_taken_away_is_noticed(office: Office) -> None:
    told = Child(family_name="QUILL", given_name="Marigold", birth_date="2016-11-30")
    office.snapshot({}, NOON, [RejectedRow("line 2", (("$", "x"),), told)])
    edit(office, "DELETE FROM rejects")
    assert office.outcome(MARIGOLD) is Outcome.COULD_NOT_CHECK


def _rows(office: Office, statement: str) -> list[Any]:
    with office.register.engine.connect() as connection:
        return list(connection.exec_driver_sql(statement).all())


# ---- writers and readers ---------------------------------------------------------------------------------------------

OTHER_PROCESS = """
import sys
from pathlib import Path
from lookup.keys.keyring import ServerKeys
from lookup.model import Clue
from lookup.register import Register
keys = ServerKeys.read(Path(sys.argv[1]) / "keys")
register = Register.open(Path(sys.argv[1]) / "register.sqlite3", keys)
token = keys.blinder.token("number", ("9990000018",))
print("ready", flush=True)
for _ in sys.stdin:
    with register.reading() as look:
        print([held.plan.school for held in look.search([token]).candidates], flush=True)
"""


def test_an_acknowledged_write_is_in_the_next_answer_of_another_process(office: Office) -> None:
    command = [sys.executable, "-c", OTHER_PROCESS, str(office.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        for minute in range(20):
            school = f"School {minute}"
            office.publish("Q-1", publication(NOON + minute * HOUR / 60, child=SENTINEL, school=school))
            other.stdin.write("\n")
            other.stdin.flush()
            assert other.stdout.readline() == f"['{school}']\n"
        other.stdin.close()


def test_what_was_not_committed_is_in_nobodys_answer(office: Office) -> None:
    second = Register.open(office.folder / "register.sqlite3", ServerKeys.read(office.folder / "keys"))
    token = office.keys.blinder.token("number", ("9990000018",))

    def look(_taken: object) -> None:
        with second.reading() as reading:
            assert reading.search([token]).candidates == ()
        raise OSError("the trail is away")

    with pytest.raises(OSError, match="trail"):
        office.register.take(Batch("NLC", [Put("Q-1", sentinel())]), NOON, look)
    assert office.held(SENTINEL) == ()
    second.engine.dispose()


def test_a_register_that_another_writer_holds_is_unavailable_within_a_second_or_two(office: Office) -> None:
    with office.register.engine.execution_options(lookup_writes=True).begin(), pytest.raises(RegisterUnavailable):
        office.publish("Q-1", publication())


def statements(office: Office, begin: Any) -> list[str]:
    """What is run on the register while `begin` is called."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement.split(None, 1)[0])

    event.listen(office.register.engine, "before_cursor_execute", note)
    try:
        begin()
    finally:
        event.remove(office.register.engine, "before_cursor_execute", note)
    return seen


def test_a_search_is_one_statement_however_many_it_finds(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.snapshot({f"S-{n}": publication(NOON, child=child_called(f"Saffron{n}", n)) for n in range(30)}, NOON)
    tokens = [token for (token,) in _rows(office, "SELECT DISTINCT token FROM clues WHERE whose < 3")]
    ran: list[object] = []
    run = Transaction.rows

    def note(self: Transaction, statement: Prepared, *values: object) -> list[tuple[Any, ...]]:
        ran.append(statement)
        return run(self, statement, *values)

    monkeypatch.setattr(Transaction, "rows", note)
    with office.register.reading() as look:
        assert len(look.search(tokens).candidates) == 30
    assert len(ran) == 1


def test_a_nights_statements_grow_by_chunks_and_not_by_rows(office: Office) -> None:
    def night(many: int, hour: int) -> list[str]:
        rows = {f"S-{n}": publication(NOON, child=child_called(f"Saffron{n}", n)) for n in range(many)}
        return statements(office, lambda: office.snapshot(rows, NOON + hour * HOUR))

    assert len(night(300, 1)) <= 20
    assert len(night(300, 2)) <= 20
    assert len(night(1000, 3)) <= 40
