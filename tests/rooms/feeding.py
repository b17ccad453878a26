"""An office of its own for the tests of feeds: a register with its trail, two councils, and somebody who asks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from lookup.audit_log import AuditLog, create_trail, trail_files
from lookup.desk import Desk
from lookup.feed_entries import Operator
from lookup.finding import Matching, load_matching
from lookup.gathering import Gathered, Gathering
from lookup.importing import Importing, Report, Sent
from lookup.keys.keyring import ServerKeys, make_server_keys
from lookup.model import Authority, Child, HeldPlan, Kind, Outcome, Particulars, Plan, Publication
from lookup.recorder import Recorder
from lookup.register import Batch, Put, Register, RejectedRow, Taken
from lookup.settings import shipped_config
from lookup.trail.reading import Wanted, load_auditor, read_trail

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AUTHORITIES = {
    "NLC": Authority("NLC", "North Council", "01632 960010", "01632 960011", 26 * 3600),
    "FWC": Authority("FWC", "Fenwick Council", "01632 960001", "01632 960002", 26 * 3600),
}
POPULATION = 49_000
BY = Operator("samira.naqvi", "hgc-operations")
EXPORT = Path(__file__).parents[1] / "data" / "sui" / "children_300.csv"
HEADER = "DOB,Surname,GivenName,Gender,PostCode,"
MARIGOLD = {"family_name": "Quill", "given_name": "Marigold", "birth_date": "2016-11-30", "postcode": "DN16 3UJ"}


@dataclass(slots=True)
class Office:
    """Register, trail and search of one installation."""

    folder: Path
    keys: ServerKeys
    register: Register
    recorder: Recorder
    log: AuditLog
    matching: Matching

    @property
    def importing(self) -> Importing:
        return Importing(self.register, self.recorder, self.keys.blinder, AUTHORITIES, "agreement", demo=True)

    def send(
        self,
        text: str | bytes,
        as_at: datetime = NOON,
        *,
        authority: str = "NLC",
        at: datetime | None = None,
        shape: str = "",
    ) -> Report:
        """Import a file's text as a snapshot; it comes at its as-at unless it is said otherwise."""
        raw = text if isinstance(text, bytes) else text.encode()
        return self.importing.take(Sent(io.BytesIO(raw), authority, as_at, shape), BY, at or as_at)

    def take(self, batch: Batch, at: datetime = NOON) -> Taken:
        return self.register.take(batch, at, lambda _taken: None)

    def publish(self, ref: str, publication: Publication, authority: str = "NLC") -> Taken:
        """A live write."""
        return self.take(Batch(authority, [Put(ref, publication)]), publication.recorded_at)

    def snapshot(
        self,
        puts: Mapping[str, Publication],
        as_at: datetime,
        rejected: Sequence[RejectedRow] = (),
        authority: str = "NLC",
    ) -> Taken:
        rows = [Put(ref, publication) for ref, publication in puts.items()]
        return self.take(Batch(authority, rows, rejected, as_at), as_at)

    def ask(self, details: Mapping[str, str], at: datetime = NOON, *, beat: bool = True) -> Gathered:
        """An enquiry; every register is said to be complete at that moment, unless `beat` is false."""
        if beat:
            for code in AUTHORITIES:
                self.register.heartbeat(code, at)
        gathering = Gathering(self.register, self.keys.blinder, self.matching, AUTHORITIES, POPULATION)
        given: dict[str, Any] = dict(details)
        return gathering.gather(Particulars(**given), at)

    def outcome(self, details: Mapping[str, str], at: datetime = NOON, *, beat: bool = True) -> Outcome:
        return self.ask(details, at, beat=beat).conclusion.outcome

    def held(self, details: Mapping[str, str] = MARIGOLD) -> tuple[HeldPlan, ...]:
        return self.ask(details).matched

    def counts(self, authority: str = "NLC") -> Mapping[str, int]:
        with self.register.reading() as look:
            return look.counts().get(authority, {})

    def rejects(self, authority: str = "NLC") -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        with self.register.reading() as look:
            return [(reject.row.where, reject.row.problems) for reject in look.rejects_of(authority)]

    def records(self) -> list[dict[str, Any]]:
        """What the trail says, opened with the auditor's and the custodian's keys."""
        _, found = read_trail(trail_files(self.folder), load_auditor(self.folder), Wanted(), "a test looks", (0, 2**40))
        return [{**seen.record, "flags": seen.header.flags} for seen in found if seen.record.get("door") == "command"]

    def contents(self) -> list[str]:
        """The register as rows, to see that nothing of it changed."""
        with self.register.engine.connect() as connection:
            names = ("children", "versions", "rejects", "clues", "feeds")
            return [
                repr(row)
                for name in names
                for row in connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2")  # noqa: S608 - fixed words
            ]


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """The office in this folder, made where it is not there yet."""
    if not (folder / "keys").exists():
        make_server_keys(folder / "keys")
        create_trail(folder, "trail.example/2026", now=NOON, months_ahead=36)
    keys = ServerKeys.read(folder / "keys")
    register, desk = Register.open(folder / "register.sqlite3", keys), Desk.open(folder / "desk.sqlite3", keys.desk)
    log = AuditLog(trail_files(folder))
    recorder = Recorder(log, desk)
    try:
        yield Office(folder, keys, register, recorder, log, load_matching(shipped_config() / "matching.toml"))
    finally:
        recorder.close()
        log.close()
        register.engine.dispose()
        desk.engine.dispose()


def publication(recorded_at: datetime = NOON, *, child: Mapping[str, str] = MARIGOLD, **plan: Any) -> Publication:
    """A girl's current plan."""
    told = {name: value for name, value in child.items() if name != "postcode"}
    addresses = [{"postcode": child["postcode"]}] if "postcode" in child else []
    told_child: dict[str, Any] = {**told, "addresses": addresses}
    held = msgspec.convert(told_child, Child)
    return Publication(recorded_at=recorded_at, child=held, plan=Plan(**{"kind": Kind.CHILD_PROTECTION, **plan}))


def csv_of(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows)) + "\n"


def jsonl_of(*rows: Mapping[str, Any], header: Mapping[str, Any] | None = None, count: int | None = None) -> str:
    """A file of our own shape with its last line."""
    told = [*([header] if header else []), *rows, {"rows": len(rows) if count is None else count}]
    return "".join(json.dumps(line) + "\n" for line in told)


def row_of(
    ref: str, recorded_at: datetime = NOON, *, child: Mapping[str, str] = MARIGOLD, **plan: Any
) -> dict[str, Any]:
    """A row of our own shape."""
    told: dict[str, Any] = msgspec.to_builtins(publication(recorded_at, child=child, **plan))
    return {"ref": ref, **told}


def child_called(given: str, number: int = 0) -> dict[str, str]:
    """Somebody else than Marigold."""
    return {
        "family_name": "Ostrander",
        "given_name": given,
        "birth_date": f"2014-05-{number % 27 + 1:02}",
        "postcode": "DN15 6HJ",
    }
