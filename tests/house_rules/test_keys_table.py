"""docs/keys.md: every key file of a demo is in the table, the table names no other; the server opens its own alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from lookup.audit_log import Draft, EntryType
from lookup.demo.building import Demo
from lookup.house import open_house
from lookup.settings import read_settings

TABLE = Path(__file__).parents[2] / "docs" / "keys.md"
WHERE_THE_DEMO_KEEPS_IT = 3
COLUMNS = 7


def rows_of(table: str) -> list[list[str]]:
    """The cells of every row, headings left out."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def key_files_of(table: str) -> list[str]:
    """The key files that the table names, as patterns: ``<name>`` stands for any name."""
    return [kept for row in rows_of(table) for kept in re.findall(r"`([^`]+\.key)`", row[WHERE_THE_DEMO_KEEPS_IT])]


def key_files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.key"))


def differences(table: str, files: Iterable[str]) -> set[str]:
    """Files that no row names or that two do, and rows that no file is of."""
    held, patterns = list(files), key_files_of(table)
    named = [file for pattern in patterns for file in held if _fits(pattern, file)]
    gone = {pattern for pattern in patterns if not any(_fits(pattern, file) for file in held)}
    return gone | {file for file in held if named.count(file) != 1}


def _fits(pattern: str, file: str) -> bool:
    stands_for = {"<month>": r"20\d{4}", "<name>": r"[^/]+"}
    parts = re.split(r"(<\w+>)", pattern)
    return re.fullmatch("".join(stands_for.get(part) or re.escape(part) for part in parts), file) is not None


def test_every_key_of_a_built_demo_is_in_the_table_and_no_other(built: Demo) -> None:
    files = key_files_in(built.folder)
    assert len(files) > 30
    assert differences(TABLE.read_text("utf-8"), files) == set()


def test_every_cell_of_the_table_is_filled() -> None:
    rows = rows_of(TABLE.read_text("utf-8"))
    assert len(rows) >= 12
    assert [row[0] for row in rows if len(row) != COLUMNS or not all(row)] == []


def test_a_key_without_its_row_and_a_row_without_its_key_would_be_noticed(built: Demo) -> None:
    table, files = TABLE.read_text("utf-8"), key_files_in(built.folder)
    assert differences(table, [*files, "keys/forgotten.key"]) == {"keys/forgotten.key"}
    assert differences(table, [file for file in files if file != "keys/log.key"]) == {"keys/log.key"}
    assert differences(table.replace("`keys/desk.key`", "somewhere"), files) == {"keys/desk.key"}
    assert differences(table + "| x | x | x | `keys/desk.key` | x | x | x |\n", files) == {"keys/desk.key"}


def test_the_server_never_opens_a_readers_key(demo: Demo) -> None:
    opened: set[str] = set()
    watching = [True]  # a hook cannot be taken out again

    def note(event: str, facts: tuple[object, ...]) -> None:
        if watching and event in ("open", "os.listdir", "os.scandir"):
            opened.add(str(facts[0]))

    sys.addaudithook(note)
    try:
        house = open_house(read_settings(demo.folder, {}))
        house.log.ready()
        house.log.start_integrator()
        house.recorder.record(Draft(EntryType.QUERY, {"n": 1}, datetime.now(UTC)))
        house.close()
    finally:
        watching.clear()
    folder = str(demo.folder.resolve())
    assert f"{folder}/keys/service.key" in opened
    assert [path for path in opened if path.startswith((f"{folder}/auditor", f"{folder}/custodian"))] == []
