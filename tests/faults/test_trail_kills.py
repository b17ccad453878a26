"""Workers of the trail that are killed, frozen, forked or out of disk: what was acknowledged is there, and verifies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from lookup.audit_log import AuditLog, Draft, EntryType, TrailFiles, create_trail
from lookup.refusals import CannotRecord
from lookup.trail.tables import reading, rows_from
from lookup.trail.verification import verify_trail
from lookup.trail.writer import Writer

ORIGIN = "trail.example/2026"
WORKER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from lookup.audit_log import AuditLog, Draft, EntryType, trail_files
log = AuditLog(trail_files(Path(sys.argv[1])))
log.start_integrator()
for n in range(int(sys.argv[2])):
    drafts = [Draft(EntryType.QUERY, {"n": n}, datetime.now(UTC), answer=b"{}") for _ in range(n % 3 + 1)]
    for receipt in log.append(drafts):
        os.write(1, f"{receipt.index} {receipt.entry_id}\\n".encode())
log.close()
"""

HANGS = """
import fcntl, sys, time
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


def start(folder: Path, appends: int, output: Path) -> subprocess.Popen[bytes]:
    with output.open("ab") as file:
        return subprocess.Popen([sys.executable, "-c", WORKER, str(folder), str(appends)], stdout=file)


def acknowledged(output: Path) -> set[tuple[int, str]]:
    whole_lines = output.read_text().rpartition("\n")[0].splitlines()
    return {(int(index), entry) for index, entry in (line.split() for line in whole_lines)}


def stored(files: TrailFiles) -> list[tuple[int, str]]:
    with reading(files.store) as connection:
        return [
            (index, f"{entry[16:32].hex()}.{int.from_bytes(entry[32:40], 'big')}")
            for index, entry, _ in rows_from(connection, 0)
        ]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def check(files: TrailFiles, outputs: list[Path]) -> int:
    there = stored(files)
    known = set().union(*(acknowledged(output) for output in outputs))
    assert [index for index, _ in there] == list(range(len(there)))
    assert known <= set(there)
    verify_trail(files)
    return len(known)


def test_four_processes_at_once_make_one_dense_verified_trail(tmp_path: Path) -> None:
    files = create_trail(tmp_path, ORIGIN, months_ahead=0)
    outputs = [tmp_path / f"worker{n}" for n in range(4)]
    workers = [start(tmp_path, 60, output) for output in outputs]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    assert check(files, outputs) == 4 * 120
    assert len(stored(files)) == 4 * (120 + 2)


def test_a_trail_that_is_being_written_verifies_and_lets_new_workers_begin(tmp_path: Path) -> None:
    files = create_trail(tmp_path, ORIGIN, months_ahead=0)
    worker = start(tmp_path, 100_000, tmp_path / "worker")
    wait_until(files.checkpoint.exists)
    until = time.monotonic() + 2
    while time.monotonic() < until:
        verify_trail(files)
        Writer(files).close()
    worker.kill()
    worker.wait(10)
    assert check(files, [tmp_path / "worker"]) > 0


@pytest.mark.bad_input(78)
def test_nothing_acknowledged_is_lost_when_workers_are_killed_at_any_moment(tmp_path: Path) -> None:
    files = create_trail(tmp_path, ORIGIN, months_ahead=0)
    outputs = [tmp_path / f"worker{n}" for n in range(4)]
    chance = random.Random(7)
    for _ in range(2):
        known = [output.stat().st_size if output.exists() else 0 for output in outputs]
        workers = [start(tmp_path, 100_000, output) for output in outputs]
        wait_until(lambda: all(o.stat().st_size > size for o, size in zip(outputs, known, strict=True)))  # noqa: B023
        wait_until(files.checkpoint.exists)
        for worker in workers:
            time.sleep(chance.uniform(0, 0.15))
            worker.send_signal(signal.SIGKILL)
        for worker in workers:
            worker.wait(10)
        assert check(files, outputs) > 0


@pytest.mark.bad_input(75)
def test_a_process_that_hangs_with_the_lock_makes_others_refuse_in_time(tmp_path: Path) -> None:
    files = create_trail(tmp_path, ORIGIN, months_ahead=0)
    log = AuditLog(files)
    with subprocess.Popen([sys.executable, "-c", HANGS, str(files.lock)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        began = time.monotonic()
        with pytest.raises(CannotRecord):
            log.append([draft()])
        assert time.monotonic() - began < 2
        holder.kill()
    assert log.append([draft()])[0].index == 1
    log.close()


def test_a_child_of_fork_gives_no_key_and_nonce_a_second_use(tmp_path: Path) -> None:
    files = create_trail(tmp_path, ORIGIN, months_ahead=0)
    log = AuditLog(files)
    log.append([draft()])
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            log.append([draft(), draft()])
            log.close()
            os._exit(0)
        children.append(child)
    log.append([draft()])
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    log.close()
    there = stored(files)
    assert len({entry for _, entry in there}) == len(there) == 3 + 1 + 3 * 4
    verify_trail(files)


def draft() -> Draft:
    return Draft(EntryType.QUERY, {"outcome": "on_plan"}, datetime.now(UTC), answer=b"{}")


@pytest.mark.bad_input(74)
def test_a_full_disk_refuses_and_the_trail_goes_on_when_there_is_room(tmp_path: Path) -> None:
    files = create_trail(tmp_path, ORIGIN, months_ahead=0)
    log = AuditLog(files)
    log.append([draft()])
    writer = log._opened
    assert writer is not None
    limit_pages(writer, size_of(files) // 4096 + 2)
    with pytest.raises(CannotRecord):
        log.append([draft() for _ in range(30)])
    log.close()
    assert log.append([draft()])[0].index == 3
    log.close()
    verify_trail(files)


def limit_pages(writer: Writer, pages: int) -> None:
    """SQLite's own way to have a disk that is full."""
    writer.store._connection.driver_connection.execute(f"PRAGMA max_page_count={pages}")


def size_of(files: TrailFiles) -> int:
    connection = sqlite.connect(str(files.store))
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    return int(pages) * 4096


class FsyncFault(sqlite.OperationalError):  # type: ignore[misc]  # pysqlite3 has no types
    sqlite_errorname = "SQLITE_IOERR_FSYNC"


@pytest.mark.bad_input(74)
def test_after_a_failed_fsync_the_process_never_tries_again(tmp_path: Path) -> None:
    files = create_trail(tmp_path, ORIGIN, months_ahead=0)
    log = AuditLog(files)
    log.append([draft()])
    writer = log._opened
    assert writer is not None
    append = writer.store.append

    def fail(_rows: object) -> int:
        raise FsyncFault("disk I/O error")

    writer.store.append = fail  # type: ignore[method-assign, assignment]
    with pytest.raises(CannotRecord):
        log.append([draft()])
    writer.store.append = append  # type: ignore[method-assign]
    with pytest.raises(CannotRecord):
        log.append([draft()])
    with pytest.raises(CannotRecord):
        log.ready()
    assert len(stored(files)) == 2
    log.close()
