"""The files of the stores: no SQLite that loses rows, and how much lies on a page."""

from __future__ import annotations

from contextlib import closing

import pysqlite3.dbapi2 as sqlite
import pytest

from lookup.demo.building import Demo
from lookup.refusals import UnsafeSetting
from lookup.store import refuse_affected_sqlite


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)])
def test_a_sqlite_that_can_lose_committed_rows_is_no_start(version: tuple[int, int, int]) -> None:
    with pytest.raises(UnsafeSetting, match=r"can lose committed rows .* Install the pysqlite3"):
        refuse_affected_sqlite(version)


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 0), sqlite.sqlite_version_info])
def test_a_sqlite_that_was_mended_is_taken(version: tuple[int, int, int]) -> None:
    refuse_affected_sqlite(version)


def test_three_entries_of_an_enquiry_fit_a_page_of_the_trail(built: Demo) -> None:
    with closing(sqlite.connect(f"file:{built.folder / 'audit.sqlite3'}?mode=ro", uri=True)) as trail:
        [page] = trail.execute("PRAGMA page_size").fetchone()
    entry, box, overhead = 212, 2048 + 16, 100
    assert 3 * (entry + box + overhead) <= page < 4 * (entry + box)
