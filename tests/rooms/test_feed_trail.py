"""What the trail says of a feed: before the commit, whatever becomes of it, and never a child."""

from __future__ import annotations

import base64
import io
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lookup.audit_log import REFUSED
from lookup.importing import Sent
from lookup.refusals import CannotRecord, FileRefused, Malformed, NotFound, RegisterUnavailable
from lookup.trail.tree import Peaks, leaf_hash
from tests.rooms.feeding import BY, HOUR, NOON, Office, csv_of, open_office

ROW = "30/11/2016,QUILL,Marigold,Female,DN16 3UJ,"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        yield opened


def test_an_import_is_recorded_with_its_counts_and_the_root_of_the_changed_rows(office: Office) -> None:
    office.send(csv_of(ROW, "x" + ROW))
    (record,) = office.records()
    told = {name: record[name] for name in ("authority", "user_id", "role", "client", "outcome", "shape", "file_rows")}
    assert told == {
        "authority": "NLC", "user_id": "samira.naqvi", "role": "operator", "client": "hgc-operations",
        "outcome": "taken", "shape": "council-csv", "file_rows": 2,
    }  # fmt: skip
    assert (record["as_at"], record["agreement"], record["parts"]) == ("2026-03-10T12:00:00Z", "agreement", 1)
    assert record["counts"] == {"taken": 1, "rejected": 1}
    assert record["plans_held"] == 1
    assert record["file"] == sha256(csv_of(ROW, "x" + ROW).encode()).hexdigest()
    assert base64.b64decode(record["rows"]) == b"".join(_sealed_hashes(office))
    assert "QUILL" not in str(record).upper()


def test_a_long_list_of_hashes_goes_on_in_further_entries(office: Office) -> None:
    office.send(csv_of(*(f"30/11/2016,QUILL,Marigold{n},Female,DN16 3UJ," for n in range(2_000))))
    records = office.records()
    assert [(record.get("part", 1), record["parts"]) for record in records] == [(1, 3), (2, 3), (3, 3)]
    assert len({record["feed"] for record in records}) == 1
    hashes = base64.b64decode("".join(record["rows"] for record in records))
    tree = Peaks()
    for start in range(0, len(hashes), 32):
        tree.add(leaf_hash(hashes[start : start + 32]))
    assert (tree.size, tree.root().hex()) == (2_000, records[0]["rows_root"])


@pytest.mark.bad_input(61)
def test_a_refused_file_is_recorded_and_an_alert_is_logged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    alerts: list[tuple[str, str]] = []
    monkeypatch.setattr("lookup.importing.note", lambda event, **facts: alerts.append((event, facts["authority"])))
    with pytest.raises(FileRefused):
        office.send(csv_of(ROW).encode("utf-16"))
    (record,) = office.records()
    assert (record["outcome"], record["refusal"], record["flags"]) == ("refused", "file_refused", REFUSED)
    assert record["why"][1].startswith("line 1 begins as UTF-16 does")
    assert alerts == [("feed_refused", "NLC")]


def test_an_unknown_authority_is_refused_and_recorded(office: Office) -> None:
    with pytest.raises(NotFound, match="Known are: NLC, FWC"):
        office.send(csv_of(ROW), authority="XYZ")
    assert [record["refusal"] for record in office.records()] == ["not_found"]


def test_nothing_is_taken_where_it_cannot_be_recorded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.contents()

    def away(*_: object) -> None:
        raise CannotRecord

    monkeypatch.setattr(office.recorder, "record", away)
    with pytest.raises(CannotRecord):
        office.send(csv_of(ROW))
    assert office.contents() == before


def test_a_commit_that_failed_after_its_entry_gets_a_second_entry(office: Office) -> None:
    before = office.contents()
    with office.register.engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE later (child BLOB REFERENCES children(id) DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER fail AFTER INSERT ON children BEGIN INSERT INTO later VALUES (x'00'); END"
        )
        connection.commit()
    with pytest.raises(RegisterUnavailable):
        office.send(csv_of(ROW))
    assert office.contents() == before
    first, second = office.records()
    assert (first["outcome"], second["outcome"], second["commit"]) == ("taken", "refused", "failed")
    assert first["feed"] == second["feed"]


@pytest.mark.bad_input(64)
@pytest.mark.parametrize("up_to", [NOON + HOUR / 3600, NOON + HOUR, datetime(2026, 3, 10, 11)])  # noqa: DTZ001 - that is the fault
def test_a_heartbeat_from_the_future_or_without_a_zone_is_refused(office: Office, up_to: datetime) -> None:
    before = office.contents()
    with pytest.raises(Malformed):
        office.importing.heartbeat("NLC", up_to, BY, NOON)
    assert office.contents() == before
    assert [record["outcome"] for record in office.records()] == ["refused"]


def test_a_heartbeat_is_recorded_and_never_goes_back(office: Office) -> None:
    for up_to in (NOON, NOON - HOUR):
        office.importing.heartbeat("NLC", up_to, BY, NOON)
    assert [record["outcome"] for record in office.records()] == ["heartbeat", "heartbeat"]
    assert office.contents()[-1].startswith("('NLC', 1773144000000000,")


@pytest.mark.bad_input(61)
def test_a_snapshot_of_the_future_or_without_a_zone_is_refused(office: Office) -> None:
    for as_at in (NOON + HOUR, datetime(2026, 3, 10, 11)):  # noqa: DTZ001 - that is the fault
        with pytest.raises((FileRefused, Malformed)):
            office.importing.take(Sent(io.BytesIO(csv_of(ROW).encode()), "NLC", as_at), BY, NOON)
    assert office.contents() == []


def _sealed_hashes(office: Office) -> list[bytes]:
    store: Any = sqlite3.connect(office.folder / "register.sqlite3")
    versions = [
        sha256(identity + plan).digest() for identity, plan in store.execute("SELECT identity, plan FROM versions")
    ]
    rejected = [sha256(sealed).digest() for (sealed,) in store.execute("SELECT sealed FROM rejects")]
    store.close()
    return [*versions, *rejected]
