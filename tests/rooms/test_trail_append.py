"""Appending to the trail: what is promised of an append, and what happens when it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lookup.audit_log import AuditLog, Draft, EntryType, TrailFiles, create_trail
from lookup.canonical import NotCanonical
from lookup.refusals import CannotRecord, UnsafeSetting
from lookup.trail.epochs import NO_PREDECESSOR, Predecessor, open_share, read_epoch
from lookup.trail.formats import read_entry
from lookup.trail.founding import RECIPIENT_KEY, month_key
from lookup.trail.key_files import read_private_key
from lookup.trail.manifest import Role
from lookup.trail.ratchet import Ratchet
from lookup.trail.sealing import LARGEST_RECORD, RecordTooLarge
from lookup.trail.tables import open_to_read, rows_from
from lookup.trail.writer import EPOCH_SPACING_SECONDS, Writer

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def draft(at: datetime = NOON, reason: str = "seen in A&E") -> Draft:
    return Draft(EntryType.QUERY, {"outcome": "on_plan", "reason": reason}, at, answer=b'{"outcome":"on_plan"}')


@pytest.fixture
def files(tmp_path: Path) -> TrailFiles:
    return create_trail(tmp_path, "trail.example/2026", now=NOON, months_ahead=2)


@pytest.fixture
def log(files: TrailFiles) -> Iterator[AuditLog]:
    log = AuditLog(files)
    yield log
    log.close()


def stored(files: TrailFiles) -> list[tuple[int, EntryType, bytes, int]]:
    engine = open_to_read(files.store)
    with engine.connect() as connection:
        rows = [(index, read_entry(entry).header) for index, entry, _ in rows_from(connection, 0)]
    engine.dispose()
    return [(index, header.type, header.epoch_id, header.counter) for index, header in rows]


def kinds(files: TrailFiles) -> list[EntryType]:
    return [kind for _, kind, _, _ in stored(files)]


def test_the_first_append_opens_an_epoch_before_the_entries(log: AuditLog, files: TrailFiles) -> None:
    receipts = log.append([draft(), draft()])
    assert [receipt.index for receipt in receipts] == [1, 2]
    assert kinds(files) == [EntryType.EPOCH, EntryType.QUERY, EntryType.QUERY]
    assert [counter for _, _, _, counter in stored(files)] == [0, 1, 2]


def test_two_processes_of_one_host_share_one_dense_sequence(log: AuditLog, files: TrailFiles) -> None:
    other = AuditLog(files)
    indices = [who.append([draft()])[0].index for who in (log, other, log, other)]
    other.close()
    assert indices == [1, 3, 4, 5]
    assert [index for index, _, _, _ in stored(files)] == list(range(7))


def test_closing_a_log_ends_its_epoch_with_a_last_entry(log: AuditLog, files: TrailFiles) -> None:
    log.append([draft()])
    log.close()
    assert kinds(files)[-1] == EntryType.EPOCH_CLOSE


def test_a_new_day_ends_the_epoch_and_names_it_in_the_next(log: AuditLog, files: TrailFiles) -> None:
    first, second = log.append([draft(), draft(NOON + timedelta(days=1))])
    assert kinds(files) == [
        EntryType.EPOCH, EntryType.QUERY, EntryType.EPOCH_CLOSE, EntryType.EPOCH, EntryType.QUERY,
    ]  # fmt: skip
    old = read_epoch(first.epoch_body)
    assert read_epoch(second.epoch_body).predecessor == Predecessor(old.epoch_id, 2)
    assert old.predecessor == NO_PREDECESSOR


def test_a_clock_that_goes_back_a_month_does_not_reopen_it(log: AuditLog) -> None:
    later = NOON + timedelta(days=31)
    log.append([draft(later)])
    receipt = log.append([draft(NOON)])[0]
    assert read_epoch(receipt.epoch_body).period == 202604


@pytest.mark.bad_input(78)
def test_an_entry_stands_although_nobody_heard_of_it(files: TrailFiles) -> None:
    child = os.fork()
    if child == 0:
        AuditLog(files).append([draft()])
        os._exit(9)  # killed between the record and the answer
    os.waitpid(child, 0)
    assert kinds(files) == [EntryType.EPOCH, EntryType.QUERY]


def test_a_child_process_never_goes_on_with_its_parents_epoch(log: AuditLog, files: TrailFiles) -> None:
    log.append([draft()])
    child = os.fork()
    if child == 0:
        log.append([draft()])
        os._exit(0)
    os.waitpid(child, 0)
    log.append([draft()])
    seen = [(epoch, counter) for _, _, epoch, counter in stored(files)]
    assert len(set(seen)) == len(seen) == 5
    assert len({epoch for epoch, _ in seen}) == 2


@pytest.mark.parametrize(
    ("record", "fault"),
    [({"a": None}, NotCanonical), ({"a": 1.5}, NotCanonical), ({"a": "\ud800"}, NotCanonical),
     ({"a": "x" * LARGEST_RECORD}, RecordTooLarge)],
)  # fmt: skip
def test_a_draft_that_could_not_be_stored_cannot_be_made(record: dict[str, object], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        Draft(EntryType.QUERY, record, NOON)


@pytest.mark.parametrize(
    ("kind", "flags", "at"),
    [(EntryType.EPOCH, 0, NOON), (EntryType.EPOCH_CLOSE, 0, NOON), (EntryType.QUERY, 8, NOON),
     (EntryType.QUERY, -1, NOON), (EntryType.QUERY, 0, NOON.replace(tzinfo=None))],
)  # fmt: skip
def test_a_draft_of_an_entry_that_would_not_verify_cannot_be_made(kind: EntryType, flags: int, at: datetime) -> None:
    with pytest.raises(ValueError, match=r"itself makes|needs its zone"):
        Draft(kind, {}, at, flags)


@pytest.mark.bad_input(88)
def test_drafts_and_receipts_do_not_show_what_they_hold() -> None:
    shown = repr(Draft(EntryType.QUERY, {"reason": "SENTINEL"}, NOON, answer=b"SENTINEL"))
    assert "SENTINEL" not in shown


@pytest.mark.bad_input(88)
def test_the_store_holds_no_readable_word_of_a_record(log: AuditLog, files: TrailFiles) -> None:
    log.append([draft(reason="SENTINEL NAME 9434765919")])
    log.close()
    for path in files.store.parent.rglob("*"):
        assert path.is_dir() or b"SENTINEL" not in path.read_bytes()


def test_the_memory_of_a_worker_opens_nothing_that_it_wrote_before(files: TrailFiles) -> None:
    writer = Writer(files)
    body = writer.append([draft(), draft()])[0].epoch_body
    held = bytes_within(writer._epoch)
    writer.close()
    auditor = read_private_key(files.store.parent / "auditor" / "auditor" / RECIPIENT_KEY, 96)
    custodian = read_private_key(month_key(files.store.parent, 202603), 96)
    shares = (
        open_share(read_epoch(body), Role.AUDITOR, auditor),
        open_share(read_epoch(body), Role.CUSTODIAN, custodian),
    )
    assert shares[0] is not None
    assert shares[1] is not None
    ratchet = Ratchet(read_epoch(body).epoch_id, shares[0], shares[1])
    spent = {*shares}
    for _ in range(3):
        spent |= bytes_within(ratchet)
        spent.add(ratchet.next_key())
    assert bytes_within(ratchet) <= held, "what the worker holds is the chain of the next entry …"
    assert not held & spent, "… and nothing of those before"


def bytes_within(thing: object) -> set[bytes | None]:
    if isinstance(thing, bytes):
        return {thing}
    names = getattr(type(thing), "__slots__", ())
    return set().union(*(bytes_within(getattr(thing, name, None)) for name in names)) if names else set()


def test_a_store_that_is_gone_is_never_begun_again(log: AuditLog, files: TrailFiles) -> None:
    files.store.unlink()
    with pytest.raises(CannotRecord):
        log.append([draft()])
    assert not files.store.exists()


@pytest.mark.bad_input(75)
def test_a_blocked_store_refuses_within_its_deadline(log: AuditLog, files: TrailFiles) -> None:
    writer = Writer(files)
    log.append([draft()])
    with writer.store.lock, pytest.raises(CannotRecord) as refusal:
        log.append([draft()])
    assert str(refusal.value) == CannotRecord.title
    writer.close()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def failing_append(writer: Writer) -> None:
    append = writer.store.append
    writer.store.append = fail  # type: ignore[method-assign, assignment]
    with pytest.raises(OSError, match="no space"):
        writer.append([draft()])
    writer.store.append = append  # type: ignore[method-assign]


def fail(_rows: object) -> int:
    raise OSError("no space")


def test_after_a_failure_the_next_epoch_names_what_was_stored_of_the_last(files: TrailFiles) -> None:
    clock = Clock()
    writer = Writer(files, clock)
    first = writer.append([draft(), draft()])[0]
    failing_append(writer)
    clock.now += EPOCH_SPACING_SECONDS
    after = writer.append([draft()])[0]
    writer.close()
    assert read_epoch(after.epoch_body).predecessor == Predecessor(first.entry[16:32], 2)


def test_a_stored_epoch_is_followed_by_the_next_after_ten_seconds_at_the_earliest(files: TrailFiles) -> None:
    clock = Clock()
    writer = Writer(files, clock)
    writer.append([draft()])
    failing_append(writer)
    clock.now += EPOCH_SPACING_SECONDS - 1
    with pytest.raises(CannotRecord):
        writer.append([draft()])
    clock.now += 1
    assert writer.append([draft()])[0].index == 3
    writer.close()


def test_an_epoch_that_was_never_stored_does_not_hold_up_the_next(files: TrailFiles) -> None:
    writer = Writer(files, Clock())
    failing_append(writer)
    receipt = writer.append([draft()])[0]
    writer.close()
    assert read_epoch(receipt.epoch_body).predecessor == NO_PREDECESSOR


@pytest.mark.bad_input(76)
@pytest.mark.parametrize("harm", ["missing", "short", "long", "readable", "wrong"])
def test_a_bad_host_key_refuses_to_start_by_name(log: AuditLog, files: TrailFiles, harm: str) -> None:
    key = files.host_key
    if harm == "missing":
        key.unlink()
    elif harm == "readable":
        key.chmod(0o640)
    else:
        key.write_bytes({"short": b"x" * 31, "long": b"x" * 33, "wrong": b"x" * 32}[harm])
    with pytest.raises(UnsafeSetting, match=r"host\.key"):
        log.ready()
    with pytest.raises(CannotRecord):
        log.append([draft()])


@pytest.mark.parametrize("harm", ["edited", "one signature", "no manifest", "forged signature"])
def test_a_manifest_that_two_parties_did_not_sign_refuses_to_start(log: AuditLog, files: TrailFiles, harm: str) -> None:
    signature = files.manifest.with_name("manifest.json.auditor.sig")
    if harm == "edited":
        files.manifest.write_bytes(files.manifest.read_bytes().replace(b"trail.example", b"trail.exampel"))
    elif harm == "one signature":
        signature.unlink()
    elif harm == "no manifest":
        files.manifest.unlink()
    else:
        signature.write_text(signature.read_text().replace("auditor", "custodian"))
    with pytest.raises(UnsafeSetting, match="manifest"):
        log.ready()


def test_private_keys_and_their_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    create_trail(tmp_path / "new", "trail.example/2026", auditors=("ann", "bob"), now=NOON, months_ahead=0)
    for path in [tmp_path / "new", *(tmp_path / "new").rglob("*")]:
        private = path.is_dir() or path.suffix == ".key" or path.name == "audit.sqlite3"
        assert not private or not path.stat().st_mode & 0o077, path


def test_a_trail_is_not_founded_where_there_is_one(files: TrailFiles) -> None:
    with pytest.raises(UnsafeSetting):
        create_trail(files.store.parent, "trail.example/2026")
