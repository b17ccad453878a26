"""Verifying a trail: whatever is done to the store, the first bad entry is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from lookup.audit_log import AuditLog, Draft, EntryType, TrailFiles, create_trail
from lookup.keys import ciphers
from lookup.refusals import RecordBroken, UnsafeSetting
from lookup.trail import founding
from lookup.trail.epochs import NO_PREDECESSOR
from lookup.trail.formats import ENTRY_BYTES, leaf_prefix
from lookup.trail.integrator import Integrator, load_log_key
from lookup.trail.layout import auditor_folder
from lookup.trail.manifest import load_manifest, sign_manifest
from lookup.trail.notes import Checkpoint, sign_checkpoint
from lookup.trail.sealing import OpenEpoch
from lookup.trail.verification import Report, verify_trail
from lookup.trail.walking import BrokenEntry
from lookup.trail.writer import load_host

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DAY = int(NOON.timestamp()) // 86400 * 86400
ORIGIN = "trail.example/2026"


@pytest.fixture
def files(tmp_path: Path) -> TrailFiles:
    """Two workers' entries, one of them over midnight; a checkpoint; one more entry after it.

    0 EPOCH a, 1 2 3 queries, 4 EPOCH b, 5 6 queries, 7 8 a's, 9 a's end, 10 EPOCH a', 11 query | 12 b's query
    """
    files = create_trail(tmp_path, ORIGIN, now=NOON, months_ahead=0)
    first, second = AuditLog(files), AuditLog(files)
    first.append(drafts(3))
    second.append(drafts(2))
    first.append([*drafts(2), Draft(EntryType.FEED, {"rows": 1}, NOON + timedelta(days=1))])
    integrate(files)
    second.append(drafts(1))
    forget(first, second)
    return files


def drafts(count: int) -> list[Draft]:
    return [Draft(EntryType.QUERY, {"n": n}, NOON, answer=b"{}") for n in range(count)]


def forget(*logs: AuditLog) -> None:
    """As a process that is killed: no end of the epoch is written."""
    for log in logs:
        writer = log._opened
        assert writer is not None
        writer.forget_secrets()
        log.close()


def integrate(files: TrailFiles) -> None:
    integrator = Integrator(files)
    integrator.round()
    integrator.close()


def harm(files: TrailFiles, *statements: str, **values: object) -> None:
    connection = sqlite.connect(str(files.store))
    for statement in statements:
        connection.execute(statement, values)
    connection.commit()
    connection.close()


def rows(files: TrailFiles) -> list[tuple[bytes, bytes]]:
    connection = sqlite.connect(str(files.store))
    found = connection.execute("SELECT entry, body FROM entries ORDER BY idx").fetchall()
    connection.close()
    return [(bytes(entry), bytes(body)) for entry, body in found]


def store(files: TrailFiles, entries: list[tuple[bytes, bytes]], *, keep_tree: bool = False) -> None:
    """What somebody could do who owns the disk, and with `keep_tree` not the log's key."""
    harm(files, "DELETE FROM entries")
    if not keep_tree:
        harm(files, "DELETE FROM tiles", "DELETE FROM head")
        files.checkpoint.unlink(missing_ok=True)
    connection = sqlite.connect(str(files.store))
    connection.executemany("INSERT INTO entries VALUES (?, ?, ?)", [(n, *row) for n, row in enumerate(entries)])
    connection.commit()
    connection.close()


def first_bad(files: TrailFiles) -> int:
    with pytest.raises(BrokenEntry) as broken:
        verify_trail(files)
    return broken.value.index


def test_a_trail_as_it_was_written_verifies(files: TrailFiles) -> None:
    told: list[tuple[int, int]] = []
    report = verify_trail(files, progress=lambda done, total: told.append((done, total)))
    assert (report.entries, report.epochs, report.unsigned_tail) == (13, 3, 1)
    assert [name for name, _ in report.signed_by] == ["auditor", "custodian"]
    assert told[-1] == (13, 13)


def test_an_empty_trail_verifies_and_says_so(tmp_path: Path) -> None:
    report = verify_trail(create_trail(tmp_path, ORIGIN))
    assert isinstance(report, Report)
    assert (report.entries, report.checkpoints) == (0, ())


@pytest.mark.bad_input(79)
@pytest.mark.parametrize("index", range(12))
def test_a_deleted_entry_is_named(files: TrailFiles, index: int) -> None:
    harm(files, "DELETE FROM entries WHERE idx = :index", index=index)
    assert first_bad(files) == index


@pytest.mark.bad_input(79)
@pytest.mark.parametrize("index", range(12))
def test_a_deleted_entry_is_named_where_the_rest_was_moved_up(files: TrailFiles, index: int) -> None:
    remaining = rows(files)
    del remaining[index]
    store(files, remaining, keep_tree=True)
    assert first_bad(files) == index


@pytest.mark.bad_input(79)
def test_a_whole_epoch_that_was_taken_out_is_named_by_the_tree(files: TrailFiles) -> None:
    kept = [row for n, row in enumerate(rows(files)) if n not in (4, 5, 6, 12)]
    store(files, kept, keep_tree=True)
    assert first_bad(files) == 4


@pytest.mark.bad_input(79)
@pytest.mark.parametrize("length", [0, 1, 5, 11])
def test_a_trail_that_was_cut_short_is_named_at_the_cut(files: TrailFiles, length: int) -> None:
    harm(files, "DELETE FROM entries WHERE idx >= :length", length=length)
    assert first_bad(files) == length


@pytest.mark.bad_input(79)
@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 5), (0, 4), (7, 12), (10, 11)])
def test_exchanged_entries_are_named(files: TrailFiles, one: int, other: int) -> None:
    exchanged = rows(files)
    exchanged[one], exchanged[other] = exchanged[other], exchanged[one]
    store(files, exchanged, keep_tree=True)
    assert first_bad(files) == one


@pytest.mark.bad_input(79)
def test_an_entry_stored_twice_is_named(files: TrailFiles) -> None:
    doubled = rows(files)
    store(files, doubled[:3] + doubled[2:])
    assert first_bad(files) == 3


@pytest.mark.bad_input(79)
@pytest.mark.parametrize("part", range(0, ENTRY_BYTES, 4))
def test_a_changed_byte_of_an_entry_is_named_without_any_checkpoint(files: TrailFiles, part: int) -> None:
    changed = rows(files)
    entry = bytearray(changed[5][0])
    entry[part + 3] ^= 1
    changed[5] = (bytes(entry), changed[5][1])
    store(files, changed)
    assert first_bad(files) == 5


@pytest.mark.bad_input(79)
@pytest.mark.parametrize("index", [0, 1, 9, 12])
def test_a_changed_body_is_named(files: TrailFiles, index: int) -> None:
    harm(files, "UPDATE entries SET body = zeroblob(1040) WHERE idx = :index", index=index)
    assert first_bad(files) == index


@pytest.mark.bad_input(79)
def test_boxes_exchanged_between_entries_are_named(files: TrailFiles) -> None:
    exchanged = rows(files)
    exchanged[1], exchanged[2] = (exchanged[1][0], exchanged[2][1]), (exchanged[2][0], exchanged[1][1])
    store(files, exchanged)
    assert first_bad(files) == 1


def test_a_wrong_signature_comes_before_a_later_gap(files: TrailFiles) -> None:
    changed = rows(files)
    changed[2] = (changed[2][0][:-1] + bytes([changed[2][0][-1] ^ 1]), changed[2][1])
    store(files, changed[:6] + changed[7:])
    assert first_bad(files) == 2


def test_a_row_that_is_no_bytes_is_named(files: TrailFiles) -> None:
    harm(files, "UPDATE entries SET entry = 'text' WHERE idx = 3", "UPDATE entries SET body = 7 WHERE idx = 5")
    assert first_bad(files) == 3


@pytest.mark.bad_input(79)
def test_a_body_that_was_made_text_is_named(files: TrailFiles) -> None:
    harm(files, "UPDATE entries SET body = substr(body, 1, 20) || x'00' || substr(body, 22) WHERE idx = 5")
    assert first_bad(files) == 5


@pytest.mark.bad_input(79)
def test_a_row_slipped_in_before_the_first_is_noticed(files: TrailFiles) -> None:
    harm(files, "INSERT INTO entries SELECT -5, entry, body FROM entries WHERE idx = 6")
    assert first_bad(files) == 0


def test_an_entry_after_the_end_of_its_epoch_is_named(tmp_path: Path) -> None:
    assert first_bad_of(tmp_path, lambda epoch: [epoch.close(DAY), seal(epoch)]) == 2


def test_an_entry_later_than_its_epoch_is_named(tmp_path: Path) -> None:
    assert first_bad_of(tmp_path, lambda epoch: [seal(epoch), seal(epoch, DAY + 86400)]) == 2


def test_a_box_of_another_size_is_named(tmp_path: Path) -> None:
    def odd(epoch: OpenEpoch) -> list[tuple[bytes, bytes]]:
        entry, _ = seal(epoch)
        leaf = entry[:116] + sha256(bytes(1041)).digest()
        return [(leaf + epoch._signer.sign(leaf_prefix(ORIGIN) + leaf), bytes(1041))]

    assert first_bad_of(tmp_path, odd) == 1


def seal(epoch: OpenEpoch, seconds: int = DAY) -> tuple[bytes, bytes]:
    return epoch.seal(EntryType.QUERY, 0, seconds, b"{}", bytes(32))


def first_bad_of(folder: Path, entries: Callable[[OpenEpoch], list[tuple[bytes, bytes]]]) -> int:
    files = create_trail(folder, ORIGIN, now=NOON, months_ahead=0)
    epoch = opened(files)
    store(files, [(epoch.entry, epoch.body), *entries(epoch)])
    return first_bad(files)


def opened(files: TrailFiles, host: ciphers.Signer | None = None) -> OpenEpoch:
    known = load_host(files)
    return OpenEpoch(known.manifest, host or known.signer, DAY, DAY, NO_PREDECESSOR)


def test_an_epoch_by_a_host_that_is_not_enrolled_is_named(files: TrailFiles) -> None:
    epoch = opened(files, ciphers.Signer(ciphers.new_signing_key()))
    store(files, [*rows(files), (epoch.entry, epoch.body)])
    with pytest.raises(BrokenEntry, match=r"Entry 13: .*not enrolled"):
        verify_trail(files)


def test_an_epoch_with_a_changed_recipient_is_named(files: TrailFiles) -> None:
    changed = rows(files)
    entry, body = changed[0]
    body = body[:-200] + bytes([body[-200] ^ 1]) + body[-199:]
    leaf = entry[:116] + sha256(body).digest()
    changed[0] = (leaf + entry[148:], body)
    store(files, changed)
    with pytest.raises(BrokenEntry, match="Entry 0: A signature"):
        verify_trail(files)


def test_an_epoch_for_other_readers_than_the_manifests_is_named(files: TrailFiles, tmp_path: Path) -> None:
    epoch = opened(files)
    stranger = create_trail(tmp_path / "other", ORIGIN, now=NOON, months_ahead=0)
    for path in (files.manifest, *files.manifest.parent.glob("*.sig")):
        path.unlink()
    mixed = load_manifest(stranger.manifest).manifest.as_bytes()
    files.manifest.write_bytes(mixed)
    folder = files.store.parent
    sign_manifest(files.manifest, "auditor", (auditor_folder(folder) / "auditor" / founding.PARTY_KEY).read_bytes())
    sign_manifest(files.manifest, "custodian", (folder / "custodian" / founding.PARTY_KEY).read_bytes())
    store(files, [(epoch.entry, epoch.body)])
    with pytest.raises(BrokenEntry, match=r"Entry 0: .*another manifest"):
        verify_trail(files)


def test_a_manifest_that_a_named_party_did_not_sign_is_refused(files: TrailFiles) -> None:
    keys = [key for _, key in load_manifest(files.manifest).signed_by]
    verify_trail(files, parties=keys)
    with pytest.raises(UnsafeSetting):
        verify_trail(files, parties=[os.urandom(32)])


@pytest.mark.bad_input(79)
def test_an_older_copy_is_noticed_by_a_checkpoint_from_elsewhere(files: TrailFiles, tmp_path: Path) -> None:
    witness = tmp_path / "witness-checkpoint"
    witness.write_bytes(files.checkpoint.read_bytes())
    store(files, rows(files)[:7])
    verify_trail(files)
    with pytest.raises(BrokenEntry, match="Entry 7: is missing"):
        verify_trail(files, checkpoints=[witness])


def test_a_checkpoint_of_another_tree_is_noticed(files: TrailFiles, tmp_path: Path) -> None:
    split = tmp_path / "split-view"
    split.write_text(sign_checkpoint(Checkpoint(ORIGIN, 6, bytes(32)), load_log_key(files)[1]), encoding="utf-8")
    with pytest.raises(RecordBroken, match="first 6 entries"):
        verify_trail(files, checkpoints=[split])


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE head SET note = replace(note, 'trail', 'trial')", "note"),
        ("UPDATE head SET size = 5", "head"),
        ("UPDATE tiles SET hashes = zeroblob(384)", "stored tree"),
        ("DROP TABLE entries", "cannot be read"),
    ],
)
def test_a_damaged_head_tree_or_table_is_no_trail(files: TrailFiles, statement: str, reason: str) -> None:
    harm(files, statement)
    with pytest.raises(RecordBroken, match=reason):
        verify_trail(files)


def test_a_file_that_is_no_database_is_no_trail(files: TrailFiles) -> None:
    for name in ("audit.sqlite3-wal", "audit.sqlite3-shm"):
        files.store.with_name(name).unlink(missing_ok=True)
    files.store.write_bytes(b"nonsense" * 1000)
    with pytest.raises(RecordBroken, match="cannot be read"):
        verify_trail(files)
