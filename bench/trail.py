"""How close the trail comes to what its own parts cost: every figure beside its floor, measured in the same run.

Run it with ``python -m bench.trail [ENTRIES]`` on a quiet machine; it works in a folder of its own and removes it.
Floors are made of the same calls without the trail around them: a commit of the same bytes, a sealing of the same
record, as many hashes, as many signatures.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

from lookup.audit_log import AuditLog, Draft, EntryType, TrailFiles, create_trail
from lookup.canonical import canonical
from lookup.keys import ciphers
from lookup.trail.integrator import Integrator
from lookup.trail.manifest import load_manifest
from lookup.trail.proving import Prover
from lookup.trail.tables import reading, rows_from
from lookup.trail.tree import Peaks, leaf_hash
from lookup.trail.verification import SIGNATURES_A_JOB, verify_trail
from lookup.trail.walking import Walk
from lookup.trail.writer import Writer

ROUNDS = 400
RECORD = {
    "at": "2026-03-10T12:00:00Z", "clock": 1773144000000000, "door": "page", "user_id": "nurse.one",
    "name": "Asha Example", "role": "triage_nurse", "agency": "RXX01", "agency_name": "The General Hospital",
    "agency_kind": "hospital", "client": "browser", "purpose": "unscheduled_care", "reason": "Fell from a wall.",
    "detail": "status", "outcome": "on_plan", "enquiry": "01J0XW9T1GQ4V1QX0M2Y5ZB7NE",
    "sought": {"given_name": "Ada", "family_name": "Example", "birth_date": "2019-05-01", "postcode": "ZZ99 3CZ"},
    "children": ["00112233445566778899aabbccddeeff"], "plans": ["NTH/17"],
    "fields": ["outcome", "kind", "started_on", "authority", "contact", "lead_worker", "as_at"], "withheld": [],
    "agreement": "ab" * 32, "request_id": "0b8b1c1e-2f65-4a4b-9a53-7e1b8d6a2f10",
}  # fmt: skip
ANSWER = canonical({"outcome": "on_plan", "plans": [{"authority": "NTH", "kind": "protection"}], "text": "x" * 900})


def draft() -> Draft:
    return Draft(EntryType.QUERY, RECORD, datetime.now(UTC), answer=ANSWER)


def microseconds(call: Callable[[], object], times: int = ROUNDS) -> float:
    """The median of one call."""
    return statistics.median(timed(call) for _ in range(times)) * 1e6


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def line(what: str, value: float, floor: float, unit: str, goal: str) -> None:
    print(f"{what:<58}{value:>12.1f} {unit:<4}{floor:>12.1f} {unit:<4}{value / floor:>7.2f} ×   {goal}")


def alone(what: str, value: float, unit: str, goal: str) -> None:
    print(f"{what:<58}{value:>12.1f} {unit:<4}{'':>27}{goal}")


def medians(*calls: Callable[[], object]) -> list[float]:
    """Microseconds of each call, made in turn, so that all of them meet the same machine."""
    rounds = [[timed(call) for call in calls] for _ in range(ROUNDS * 5)]
    return [statistics.median(column) * 1e6 for column in zip(*rounds, strict=True)]


def appending(files: TrailFiles) -> None:
    """Sealing alone, then an append beside a commit of the same bytes and a sealing that follows a commit."""
    log, writer = AuditLog(files), Writer(files)
    log.append([draft()])
    writer.append([draft()])
    epoch, signer = writer._epoch, ciphers.Signer(ciphers.new_signing_key())
    assert epoch is not None

    def floor() -> None:
        ciphers.seal(os.urandom(32), bytes(12), canonical(RECORD).ljust(1024), bytes(180))
        signer.sign(bytes(180))

    ours, theirs = medians(lambda: epoch.seal_draft(draft()), floor)
    line("seal an entry, draft included", ours, theirs, "µs", "≤ 1.5 ×")
    with closing(floor_store(files.store.with_name("floor.sqlite3"))) as store:
        ours, commit, sealed = medians(
            lambda: log.append([draft()]), lambda: commit_row(store), lambda: epoch.seal_draft(draft())
        )
    line("one append; its own commit and its own sealing", ours, commit + sealed, "µs", "")
    alone("… more than both", ours - commit - sealed, "µs", "≤ 30 µs")
    writer.forget_secrets()
    writer.close()
    log.close()


def floor_store(path: Path) -> Any:
    connection = sqlite.connect(str(path), isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON"):
        connection.execute(statement)
    connection.execute("CREATE TABLE entries (idx INTEGER PRIMARY KEY, entry BLOB, body BLOB)")
    return connection


def commit_row(store: Any) -> None:
    store.execute("BEGIN IMMEDIATE")
    store.execute("INSERT INTO entries (entry, body) VALUES (?, ?)", (bytes(212), bytes(1040)))
    store.execute("COMMIT")


def fill(files: TrailFiles, entries: int) -> None:
    log = AuditLog(files)
    for _ in range(entries // 500):
        log.append([draft() for _ in range(500)])
    log.close()
    integrator = Integrator(files)
    began = time.perf_counter()
    while integrator.round():
        pass
    alone("integrate an entry", (time.perf_counter() - began) / entries * 1e6, "µs", "")
    integrator.close()


def verifying(files: TrailFiles) -> None:
    manifest = load_manifest(files.manifest)

    def walking() -> None:
        walk = Walk(manifest)
        with reading(files.store) as connection:
            for row in rows_from(connection, 0):
                walk.step(*row)

    def hashes_and_tree() -> None:
        peaks = Peaks()
        for _, entry, body in rows:
            sha256(body).digest()
            peaks.add(leaf_hash(entry))

    with reading(files.store) as connection:
        rows = list(rows_from(connection, 0))
    hashing = timed(lambda: [sha256(body).digest() for _, _, body in rows])
    line(f"{len(rows)} entries: hashes and tree", timed(hashes_and_tree) * 1e3, hashing * 1e3, "ms", "≤ 2.2 ×")
    alone("… read and walked, without signatures", timed(walking) * 1e3, "ms", "")
    floor = timed(lambda: verify_alone(len(rows)))
    line(
        "verify the whole trail, every signature, all cores", timed(lambda: verify_trail(files)), floor, "s", "≤ 1.2 ×"
    )


def verify_alone(count: int) -> None:
    """As many signatures, on all cores, and nothing else."""
    signer = ciphers.Signer(ciphers.new_signing_key())
    signature = signer.sign(bytes(200))

    def some(_job: int) -> None:
        for _ in range(SIGNATURES_A_JOB):
            ciphers.verify_signature(signer.public, signature, bytes(200))

    with ThreadPoolExecutor() as pool:
        list(pool.map(some, range(count // SIGNATURES_A_JOB)))


def proving(files: TrailFiles, entries: int) -> None:
    prover, places = Prover(files.store), iter(range(0, entries, entries // ROUNDS))
    alone("a proof that nobody asked for before", microseconds(lambda: prover.proof(next(places))), "µs", "≤ 1000 µs")
    alone("a proof that was asked for before", microseconds(lambda: prover.proof(0)), "µs", "≤ 50 µs")
    prover.close()
    integrator = Integrator(files)
    alone("an integrator begins again (head only)", timed(integrator.round) * 1e3, "ms", "≤ 100 ms")
    integrator.close()
    log = AuditLog(files)
    alone("a new process's first append, with its epoch", timed(lambda: log.append([draft()])) * 1e3, "ms", "≤ 100 ms")
    log.close()


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"{'':<58}{'ours':>12}     {'floor':>12}     {'ratio':>7}     goal")
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        files = create_trail(Path(folder), "trail.example/bench", months_ahead=1)
        appending(files)
        fill(files, entries)
        verifying(files)
        proving(files, entries)


if __name__ == "__main__":
    main()
