"""``lookup feed`` as an operator types it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lookup.commands import main
from lookup.demo.building import Demo
from lookup.moments import iso
from tests.rooms.feeding import EXPORT, csv_of


def lookup(demo: Demo, *words: str) -> Result:
    return CliRunner().invoke(main, ["feed", *words, "--folder", str(demo.folder)])


def now() -> str:
    return datetime.now(UTC).isoformat()


def later() -> str:
    return iso(datetime.now(UTC) + timedelta(hours=1))


def test_the_councils_export_is_taken_with_a_summary_that_names_no_child(demo: Demo) -> None:
    at = now()
    done = lookup(demo, "import", str(EXPORT), "--authority", "FWC", "--as-at", at)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:6] == [
        f"FWC, as at {iso(datetime.fromisoformat(at))}: 300 rows read as council-csv.",
        "     299  new or changed, and taken",
        "       0  unchanged",
        "       1  rejected, and quarantined until mended",
        "      72  no longer in the file: ended, date unknown",
        "     371  plans of FWC in the register now",
    ]
    assert "line 301: row has 4 columns, and the first line names 5; Gender is not Female" in done.output
    assert "XDJ" not in done.output


@pytest.mark.bad_input(59)
def test_the_same_file_again_is_said_to_change_nothing(demo: Demo) -> None:
    at = now()
    for _ in range(2):
        done = lookup(demo, "import", str(EXPORT), "--authority", "FWC", "--as-at", at)
    assert "     299  unchanged" in done.stdout
    assert "       0  new or changed, and taken" in done.stdout


@pytest.mark.bad_input(52, 54, 61)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (csv_of("30/11/2016,MUÑOZ,José,Male,DN16 3UJ,").encode("cp1252"), "line 2: is not UTF-8"),
        (csv_of("x").replace(",", ";").encode(), "line 1: is separated by semicolons"),
        (csv_of("30/11/2016,QUILL,Marigold,Female,DN16 3UJ,").encode(), "two in five are missing, or more"),
        (b"", "The file is empty."),
    ],
)
def test_a_refused_file_ends_with_one_sentence_and_code_1(
    demo: Demo, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(content)
    done = lookup(demo, "import", str(file), "--authority", "HGC", "--as-at", now())
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as-at", "yesterday"], "give a moment like 2026-11-20T22:00:00Z"),
        (["--as-at", "2026-11-20T22:00:00"], "give the time zone too"),
        (["--as-at", "2026-11-20T22:00:00Z", "--shape", "xls"], "Invalid value for '--shape'"),
        ([], "Missing option '--as-at'"),
    ],
)
def test_bad_words_end_with_code_2(demo: Demo, words: list[str], said: str) -> None:
    done = lookup(demo, "import", str(EXPORT), "--authority", "FWC", *words)
    assert (done.exit_code, said in done.output) == (2, True)


def test_an_unknown_authority_is_named_as_such(demo: Demo) -> None:
    for words in (["import", str(EXPORT), "--as-at", now()], ["heartbeat"], ["rejects"]):
        done = lookup(demo, *words, "--authority", "XYZ")
        assert (done.exit_code, "Known are: HGC, FWC." in done.output) == (1, True)


@pytest.mark.bad_input(64)
def test_a_heartbeat_of_the_future_is_refused(demo: Demo) -> None:
    refused = lookup(demo, "heartbeat", "--authority", "FWC", "--up-to", later())
    assert (refused.exit_code, "lies in the future" in refused.output) == (1, True)
    at = now()
    assert lookup(demo, "heartbeat", "--authority", "FWC", "--up-to", at).stdout.startswith(
        f"FWC: complete up to {at[:19]}"
    )
    assert lookup(demo, "heartbeat", "--authority", "FWC").exit_code == 0


def test_rejects_and_freshness_are_shown_without_a_child(demo: Demo) -> None:
    lookup(demo, "import", str(EXPORT), "--authority", "FWC", "--as-at", now())
    rejects = lookup(demo, "rejects", "--authority", "FWC")
    assert rejects.stdout.startswith("line 301: row has 4 columns")
    assert " s old)" in rejects.stdout
    shown = lookup(demo, "freshness").stdout
    assert [word in shown for word in ("HGC", "FWC", "fresh", "371", "72")] == [True] * 5
