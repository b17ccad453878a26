"""The commands about the trail, as a person uses them: what they say, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from click.testing import CliRunner, Result

from lookup.audit_log import REFUSED, AuditLog, Draft, EntryType, create_trail, trail_files
from lookup.canonical import canonical
from lookup.commands import main
from lookup.trail.integrator import Integrator

NUMBER, OTHER = "9434765919", "9434765870"
Run = Callable[..., Result]


def record(user: str, number: str = "", **more: object) -> dict[str, object]:
    sought = {"nhs_number": number} if number else {"given_name": "Ada", "birth_date": "2019-05-01"}
    return {"at": "2026-03-10T12:00:00Z", "user_id": user, "name": f"Name of {user}", "role": "triage_nurse",
            "agency_name": "The Hospital", "purpose": "unscheduled_care", "sought": sought, **more}  # fmt: skip


ANSWER = {"outcome": "on_plan", "enquiry": "01J0"}
RECORDS = [
    record("nurse.one", NUMBER, outcome="on_plan", children=["c1"], plans=["NTH/17"], fields=["outcome", "contact"]),
    record("nurse.two", outcome="on_plan", children=["c1"], plans=["NTH/17"]),
    record("nurse.two", OTHER, outcome="needs_more_detail", children=["c1", "c2"], reason="\x1b[31mred[/]"),
    record("nurse.two", OTHER, outcome="no_plan_found"),
]


@pytest.fixture(scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("installation")
    log = AuditLog(create_trail(folder, "trail.example/2026", months_ahead=0))
    answer = canonical(ANSWER)
    drafts = [Draft(EntryType.QUERY, r, datetime.now(UTC), REFUSED * (n == 3), answer) for n, r in enumerate(RECORDS)]
    receipts = [json.loads(json.dumps(receipt.as_json())) for receipt in log.append(drafts)]
    log.close()
    return folder, receipts


@pytest.fixture
def folder(_founded: tuple[Path, list[dict[str, Any]]]) -> Path:
    return _founded[0]


@pytest.fixture
def receipt(_founded: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> Path:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(_founded[1][0]))
    return path


@pytest.fixture
def run(folder: Path) -> Run:
    def run(*words: str, stdin: str = "") -> Result:
        return CliRunner().invoke(main, [*words, "--folder", str(folder)], input=stdin)

    return run


@pytest.fixture
def show(run: Run, folder: Path) -> Callable[..., list[dict[str, Any]]]:
    def show(*words: str, stdin: str = "") -> list[dict[str, Any]]:
        result = run(
            "audit",
            "show",
            "--keys",
            str(folder),
            "--reason",
            "a subject access request",
            "--json",
            *words,
            stdin=stdin,
        )
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return show


Show = Callable[..., list[dict[str, Any]]]


def queries(shown: list[dict[str, Any]]) -> list[int]:
    return [line["index"] for line in shown if line["type"] == "QUERY"]


def test_verify_says_what_was_verified(run: Run) -> None:
    result = run("audit", "verify")
    assert result.exit_code == 0, result.output
    assert "as it was written" in result.output
    assert "signed by custodian" in result.output


def test_show_finds_a_childs_entries_by_number_and_those_that_found_them_otherwise(show: Show) -> None:
    assert queries(show("--nhs-number", NUMBER)) == [1, 2, 3]
    assert queries(show("--nhs-number", OTHER)) == [3, 4]


def test_show_reads_a_childs_number_from_standard_input(show: Show) -> None:
    assert queries(show("--nhs-number", "-", stdin="943 476 5919\n")) == [1, 2, 3]


def test_show_finds_entries_by_plan_and_by_practitioner(show: Show) -> None:
    assert queries(show("--plan", "NTH/17")) == [1, 2, 3]
    assert queries(show("--practitioner", "nurse.two")) == [2, 3, 4]
    assert queries(show()) == [1, 2, 3, 4]


def test_show_leaves_an_entry_before_it_reads_and_shows_it_the_next_time(show: Show) -> None:
    show("--nhs-number", NUMBER)
    accesses = [line["record"] for line in show("--nhs-number", NUMBER) if line["type"] == "AUDIT_ACCESS"]
    assert accesses[-1]["reason"] == "a subject access request"
    assert accesses[-1]["user_id"] == "auditor"
    assert accesses[-1]["sought"] == {"nhs_number": NUMBER}
    assert accesses[-1]["epochs"]


def test_show_opens_nothing_outside_the_period_named(show: Show) -> None:
    assert show("--until", "2020-01-01") == []


def test_show_prints_a_table_without_control_codes(run: Run, folder: Path) -> None:
    result = run("audit", "show", "--keys", str(folder), "--reason", "an ordinary review")
    assert result.exit_code == 0, result.output
    assert "Name of nurse.one" in result.output
    assert "\x1b" not in result.output
    assert "\\u001b[31mred[/]" in result.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--reason", " ab "), "Say why"),
        (("--reason", "long enough", "--nhs-number", NUMBER, "--plan", "A/1"), "Give one of"),
        (("--reason", "long enough", "--auditor", "somebody"), "name one auditor"),
        (("--reason", "long enough", "--plan", "\udcff"), "cannot be read or recorded"),
    ],
)
def test_show_refuses_without_reason_or_with_two_searches(
    run: Run, folder: Path, words: tuple[str, ...], why: str
) -> None:
    result = run("audit", "show", "--keys", str(folder), *words)
    assert result.exit_code != 0
    assert why in result.output


def test_show_refuses_a_key_that_others_can_read(run: Run, folder: Path) -> None:
    key = folder / "auditor" / "auditor" / "recipient.key"
    key.chmod(0o644)
    result = run("audit", "show", "--keys", str(folder), "--reason", "long enough")
    key.chmod(0o600)
    assert result.exit_code == 1
    assert "chmod 600" in result.output


def test_a_receipt_is_verified_with_its_answer(run: Run, receipt: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps(ANSWER, indent=2))
    result = run("receipt", "verify", str(receipt), "--answer", str(answer))
    assert result.exit_code == 0, result.output
    assert "commits to exactly this answer" in result.output
    answer.write_text(json.dumps({**ANSWER, "outcome": "no_plan_found"}))
    result = run("receipt", "verify", str(receipt), "--answer", str(answer))
    assert (result.exit_code, "not the one that was recorded" in result.output) == (1, True)


def test_a_whole_answer_is_verified_with_the_receipt_inside(run: Run, receipt: Path) -> None:
    whole = {**ANSWER, "receipt": json.loads(receipt.read_text())}
    result = run("receipt", "verify", "-", stdin=json.dumps(whole))
    assert result.exit_code == 0, result.output
    assert "commits to exactly this answer" in result.output


def test_the_store_at_hand_gives_the_proof_that_a_receipt_lacks(run: Run, receipt: Path, folder: Path) -> None:
    integrator = Integrator(trail_files(folder))
    integrator.round()
    integrator.close()
    result = run("receipt", "verify", str(receipt))
    assert "by the store here" in result.output
    alone = run("receipt", "verify", str(receipt), "--manifest", str(folder / "trail" / "manifest.json"))
    assert "no proof yet" in alone.output


@pytest.mark.bad_input(79)
def test_a_receipt_whose_entry_is_gone_from_the_store_proves_it(tmp_path: Path) -> None:
    files = create_trail(tmp_path, "trail.example/2026", months_ahead=0)
    log = AuditLog(files)
    receipts = log.append([Draft(EntryType.QUERY, RECORDS[0], datetime.now(UTC), answer=b"{}") for _ in range(2)])
    log.close()
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipts[1].as_json()))
    words = ["receipt", "verify", str(path), "--folder", str(tmp_path)]
    assert "has it at its place" in CliRunner().invoke(main, words).output
    connection = sqlite.connect(str(files.store))
    connection.execute("DELETE FROM entries WHERE idx >= 2")
    connection.commit()
    connection.close()
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, "tampered" in result.output) == (1, True)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"receipt":{}}', "\xff", '{"version":1.5}'])
def test_what_is_no_receipt_is_refused_in_a_sentence(run: Run, content: str) -> None:
    result = run("receipt", "verify", "-", stdin=content)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


@pytest.mark.bad_input(79)
def test_verify_and_show_name_the_first_bad_entry(tmp_path: Path) -> None:
    log = AuditLog(create_trail(tmp_path, "trail.example/2026", months_ahead=0))
    log.append([Draft(EntryType.QUERY, record("nurse.one"), datetime.now(UTC)) for _ in range(3)])
    log.close()
    connection = sqlite.connect(str(tmp_path / "audit.sqlite3"))
    connection.execute("UPDATE entries SET body = zeroblob(1040) WHERE idx = 2")
    connection.commit()
    connection.close()
    for words in (["audit", "verify"], ["audit", "show", "--keys", str(tmp_path), "--reason", "long enough"]):
        result = CliRunner().invoke(main, [*words, "--folder", str(tmp_path)])
        assert result.exit_code == 1
        assert "Error: Entry 2: " in result.output
