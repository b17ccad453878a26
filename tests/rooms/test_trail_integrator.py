"""The integrator: checkpoints follow from what is stored, extend each other, and survive whatever stops it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from lookup.audit_log import AuditLog, Draft, EntryType, Receipt, TrailFiles, create_trail
from lookup.locks import FileLock
from lookup.refusals import CannotRecord, RecordBroken, UnsafeSetting
from lookup.trail import integrator as integrators
from lookup.trail.integrator import Integrator, integrate_now, load_log_key
from lookup.trail.notes import Checkpoint, open_checkpoint, read_proof
from lookup.trail.tree import Peaks, check_inclusion, leaf_hash

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ORIGIN = "trail.example/2026"


@pytest.fixture
def files(tmp_path: Path) -> TrailFiles:
    return create_trail(tmp_path, ORIGIN, now=NOON, months_ahead=0)


@pytest.fixture
def log(files: TrailFiles) -> Iterator[AuditLog]:
    log = AuditLog(files)
    yield log
    log.close()


@pytest.fixture
def integrator(files: TrailFiles) -> Iterator[Integrator]:
    integrator = Integrator(files)
    yield integrator
    integrator.close()


def append(log: AuditLog, count: int = 1) -> list[Receipt]:
    return log.append([Draft(EntryType.QUERY, {"n": n}, NOON) for n in range(count)])


def checkpoint(files: TrailFiles) -> Checkpoint:
    origin, key = load_log_key(files)
    return open_checkpoint(files.checkpoint.read_text(), origin, key.public)


def harm(files: TrailFiles, statement: str) -> None:
    connection = sqlite.connect(str(files.store))
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_checkpoint_covers_every_stored_entry(log: AuditLog, files: TrailFiles, integrator: Integrator) -> None:
    receipts = append(log, 299)
    assert integrator.round() == 300
    assert integrator.round() == 0
    proof = read_proof(log.prove(receipts[250].index) or "")
    head = open_checkpoint(proof.note, ORIGIN, load_log_key(files)[1].public)
    check_inclusion(leaf_hash(receipts[250].entry), receipts[250].index, head.size, proof.path, head.root)
    assert head == checkpoint(files)


def test_an_entry_has_no_proof_before_its_checkpoint(log: AuditLog, integrator: Integrator) -> None:
    index = append(log)[0].index
    assert log.prove(index) is None
    integrator.round()
    assert log.prove(index) is not None
    assert log.prove(index + 1) is None
    assert log.prove(-1) is None


def test_a_new_leader_goes_on_from_the_stored_head(log: AuditLog, files: TrailFiles, integrator: Integrator) -> None:
    append(log, 700)
    integrator.round()
    append(log, 30)
    second = Integrator(files)
    assert second.round() == 30
    second.close()
    entries = [leaf_hash(entry) for (entry,) in sqlite.connect(str(files.store)).execute("SELECT entry FROM entries")]
    peaks = Peaks()
    for leaf in entries:
        peaks.add(leaf)
    assert checkpoint(files) == Checkpoint(ORIGIN, 731, peaks.root())


def test_a_leader_that_was_overtaken_publishes_nothing(
    log: AuditLog, files: TrailFiles, integrator: Integrator
) -> None:
    append(log)
    integrator.round()
    append(log)
    publish, second = integrator.store.publish, Integrator(files)

    def overtaken(*arguments: object) -> bool:
        second.round()
        append(log)
        return publish(*arguments)  # type: ignore[arg-type]

    integrator.store.publish = overtaken  # type: ignore[method-assign, assignment]
    assert integrator.round() == 0
    assert checkpoint(files).size == 3
    integrator.store.publish = publish  # type: ignore[method-assign]
    assert integrator.round() == 1
    second.close()


def test_a_round_that_fails_to_publish_is_made_again(log: AuditLog, files: TrailFiles, integrator: Integrator) -> None:
    append(log, 5)
    publish = integrator.store.publish

    def lost(*arguments: object) -> bool:
        publish(*arguments)  # type: ignore[arg-type]
        raise OSError("the answer was lost, the commit was not")

    integrator.store.publish = lost  # type: ignore[method-assign, assignment]
    with pytest.raises(OSError, match="lost"):
        integrator.round()
    integrator.store.publish = publish  # type: ignore[method-assign]
    append(log)
    assert integrator.round() == 1
    assert checkpoint(files).size == 7


def test_a_gap_in_the_index_is_named_and_nothing_is_signed(
    log: AuditLog, files: TrailFiles, integrator: Integrator
) -> None:
    append(log, 5)
    harm(files, "DELETE FROM entries WHERE idx = 3")
    with pytest.raises(RecordBroken, match="Entry 3 is missing"):
        integrator.round()
    assert not files.checkpoint.exists()


def test_a_bad_row_is_included_and_stops_nothing(log: AuditLog, files: TrailFiles, integrator: Integrator) -> None:
    append(log, 5)
    harm(files, "UPDATE entries SET entry = 'nonsense' WHERE idx = 3")
    assert integrator.round() == 6


@pytest.mark.parametrize("statement", ["UPDATE tiles SET hashes = zeroblob(160)", "DELETE FROM tiles"])
def test_a_tree_that_is_not_the_checkpoints_is_refused(
    log: AuditLog, files: TrailFiles, integrator: Integrator, statement: str
) -> None:
    append(log, 4)
    integrator.round()
    harm(files, statement)
    second = Integrator(files)
    with pytest.raises(RecordBroken):
        second.round()
    second.close()


@pytest.mark.bad_input(79, 80)
def test_an_older_store_put_back_refuses_to_serve(log: AuditLog, files: TrailFiles, integrator: Integrator) -> None:
    append(log)
    log.close()
    older = files.store.read_bytes()
    append(log)
    integrator.round()
    log.close()
    integrator.store.engine.dispose()
    for name in ("audit.sqlite3-wal", "audit.sqlite3-shm"):
        files.store.with_name(name).unlink(missing_ok=True)
    files.store.write_bytes(older)
    with pytest.raises(CannotRecord):
        append(log)
    with pytest.raises(UnsafeSetting, match="older copy"):
        log.ready()


def test_a_command_integrates_at_once_unless_somebody_leads(log: AuditLog, files: TrailFiles) -> None:
    append(log, 5)
    leader = FileLock(files.leader_lock, 0)
    assert leader.try_lock()
    assert not integrate_now(files)
    leader.close()
    assert integrate_now(files)
    assert checkpoint(files).size == 6


@pytest.mark.bad_input(76)
def test_a_log_key_that_is_not_the_manifests_refuses_to_start(log: AuditLog, files: TrailFiles) -> None:
    files.log_key.write_bytes(b"x" * 32)
    with pytest.raises(UnsafeSetting, match=r"log\.key"):
        log.start_integrator()


def test_one_of_two_threads_leads_and_the_other_follows_when_it_stops(
    log: AuditLog, files: TrailFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrators, "ROUND_SECONDS", 0.02)
    other = AuditLog(files)
    log.start_integrator()
    other.start_integrator()
    wait_for_proof(log, append(log)[0])
    log.close()
    wait_for_proof(other, append(other)[0])
    other.close()
    assert checkpoint(files).size == 6


def wait_for_proof(log: AuditLog, receipt: Receipt) -> None:
    deadline = time.monotonic() + 10
    while log.prove(receipt.index) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
