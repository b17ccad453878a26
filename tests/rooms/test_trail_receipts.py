"""Receipts: what the asker took home proves the answer, and nothing else passes for one."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lookup.audit_log import AuditLog, Draft, EntryType, TrailFiles, create_trail
from lookup.canonical import canonical
from lookup.refusals import RecordBroken
from lookup.trail.integrator import Integrator
from lookup.trail.manifest import SignedManifest, load_manifest
from lookup.trail.receipts import verify_receipt

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ANSWER = canonical({"outcome": "on_plan", "enquiry": "01J0"})


def trail(folder: Path) -> tuple[TrailFiles, dict[str, Any], SignedManifest]:
    files = create_trail(folder, "trail.example/2026", now=NOON, months_ahead=0)
    log = AuditLog(files)
    receipts = log.append([Draft(EntryType.QUERY, {"n": n}, NOON, answer=ANSWER) for n in range(5)])
    integrator = Integrator(files)
    integrator.round()
    value = receipts[2].as_json(log.prove(receipts[2].index))
    integrator.close()
    log.close()
    return files, json.loads(json.dumps(value)), load_manifest(files.manifest)


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], SignedManifest]:
    _, value, manifest = trail(tmp_path_factory.mktemp("trail"))
    return value, manifest


Given = tuple[dict[str, Any], SignedManifest]


def test_a_receipt_proves_the_answer_and_the_place(receipt: Given) -> None:
    proven = verify_receipt(*receipt, ANSWER)
    assert (proven.index, proven.claimed, proven.header.type) == (3, True, EntryType.QUERY)
    assert proven.checkpoint is not None
    assert proven.checkpoint.size == 6


def test_a_receipt_without_proof_or_answer_proves_the_entry_alone(receipt: Given) -> None:
    value, manifest = receipt
    proven = verify_receipt({**value, "proof": None}, manifest, None)
    assert (proven.claimed, proven.checkpoint) == (False, None)


def test_another_answer_than_the_recorded_one_is_refused(receipt: Given) -> None:
    with pytest.raises(RecordBroken, match="not the one that was recorded"):
        verify_receipt(*receipt, canonical({"outcome": "no_plan_found", "enquiry": "01J0"}))


def test_a_receipt_of_another_trail_is_refused(receipt: Given, tmp_path: Path) -> None:
    _, other, _ = trail(tmp_path)
    with pytest.raises(RecordBroken, match="another manifest"):
        verify_receipt(other, receipt[1], ANSWER)


@pytest.mark.parametrize("name", ["entry", "epoch_body", "salt"])
def test_any_changed_byte_is_refused(receipt: Given, name: str) -> None:
    value, manifest = receipt
    good = base64.b64decode(value[name])
    for at in range(0, len(good), 7):
        bad = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        with pytest.raises(RecordBroken):
            verify_receipt({**value, name: base64.b64encode(bad).decode()}, manifest, ANSWER)


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"index": 2}, {"index": "3"}, {"index": True}, {"origin": "other.example"}, {"origin": 1},
     {"entry": None}, {"entry": "é"}, {"entry": ""}, {"salt": ""}, {"epoch_body": ""}, {"proof": 1}, {"proof": ""},
     {"proof": "c2sp.org/tlog-proof@v1\nindex 3\n\n"}, {"more": 1}],
)  # fmt: skip
def test_a_receipt_of_another_form_is_refused(receipt: Given, change: dict[str, object]) -> None:
    value, manifest = receipt
    with pytest.raises(RecordBroken):
        verify_receipt({**value, **change}, manifest, ANSWER)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["version", "origin", "index", "entry", "epoch_body", "salt", "proof"]), json_values
    )
)
def test_no_other_value_passes_for_a_receipt(receipt: Given, members: dict[str, object]) -> None:
    value, manifest = receipt
    if members and any(value[name] != member for name, member in members.items()):
        if members.keys() == {"proof"} and members["proof"] is None:
            return
        with pytest.raises(RecordBroken):
            verify_receipt({**value, **members}, manifest, ANSWER)
