"""The history of enquiries and the outbox: what is written with every enquiry, the same rows whatever its outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from lookup.desk.tables import enquiries, outbox
from lookup.keys.keyring import DeskKey
from lookup.model import History, Outcome
from lookup.statements import Prepared, Transaction

SEALED_BYTES = 512
LONGEST_OUTCOME = max(len(outcome) for outcome in Outcome)


class EnquiryNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept, sealed, of one enquiry: enough for its asker's receipt and for the child's owner."""

    at: str
    user_id: str
    name: str
    role: str
    agency: str
    agency_name: str
    client: str
    purpose: str
    outcome: str
    entry: str = ""
    index: int = 0
    salt: str = ""


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an owner must be told about an enquiry; `why` is empty where there is nothing to tell."""

    enquiry: str
    why: str = ""
    plans: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class EnquiryRows:
    """The rows of one enquiry, before its receipt is known. `subject` marks the child."""

    id: str
    body_mark: bytes
    at: int
    day: str
    subject: bytes
    agency_kind: str
    site: str
    note: EnquiryNote
    notice: Notice


_note = msgspec.json.Decoder(EnquiryNote)
encode = msgspec.json.Encoder().encode


def padded(plain: bytes, outcome: int = 0) -> bytes:
    """Filled with spaces so that the size tells nothing: to a multiple of 512 bytes, and as if every outcome, of which
    this one has that many letters, were as long as the longest."""
    level = plain + b" " * (LONGEST_OUTCOME - outcome if outcome else 0)
    return level + b" " * (-len(level) % SEALED_BYTES)


_INSERTS = {
    name: (
        Prepared(kind.insert(enquiries).on_conflict_do_nothing(index_elements=["id"])),
        Prepared(kind.insert(outbox)),
    )
    for name, kind in (("sqlite", sqlite), ("postgresql", postgresql))
}
_body_mark = Prepared(select(enquiries.c.body_mark).where(enquiries.c.id == bindparam("id")))


@dataclass(frozen=True, slots=True, repr=False)
class SealedRows:
    """The rows of one enquiry as they are written."""

    history: tuple[object, ...]
    notice: tuple[object, ...]


def seal_enquiry(key: DeskKey, rows: EnquiryRows) -> SealedRows:
    """Seal what names anybody."""
    row_id = rows.id.encode()
    note = key.seal(padded(encode(rows.note), len(rows.note.outcome)), "enquiries", row_id)
    told = key.seal(padded(encode(rows.notice)), "outbox", row_id)
    marks = (rows.id, rows.body_mark, rows.at, rows.subject, rows.day, rows.agency_kind, rows.site)
    return SealedRows((*marks, note), (None, rows.id, rows.at, told))


def write_enquiry(change: Transaction, rows: SealedRows) -> bool:
    """Insert the history and the outbox row, once for each request; False where its id stands for another body."""
    history, notices = _INSERTS[change.dialect_name]
    if change.change(history, *rows.history):
        change.change(notices, *rows.notice)
        return True
    return change.row(_body_mark, rows.history[0]) == (rows.history[1],)


_earlier = Prepared(select(enquiries.c.body_mark, enquiries.c.at).where(enquiries.c.id == bindparam("id")))


@dataclass(frozen=True, slots=True, repr=False)
class Earlier:
    """An enquiry that came before under the same request id."""

    body_mark: bytes
    at: int


def earlier(look: Transaction, enquiry: str) -> Earlier | None:
    """The enquiry that came before under this id, if any."""
    row = look.row(_earlier, enquiry)
    return None if row is None else Earlier(*row)


def note_of(connection: Connection, key: DeskKey, enquiry: str) -> EnquiryNote | None:
    """What is kept of one enquiry; None where there is none of this id."""
    sealed = connection.scalar(select(enquiries.c.sealed).where(enquiries.c.id == enquiry))
    return None if sealed is None else _note.decode(key.open(sealed, "enquiries", enquiry.encode()))


@lru_cache(maxsize=16)
def _days(subjects: int) -> Prepared:
    wanted: list[ColumnElement[bytes]] = [bindparam(f"subject_{position}") for position in range(subjects)]
    since, own = enquiries.c.day >= bindparam("since"), enquiries.c.id != bindparam("own")
    columns = (enquiries.c.day, enquiries.c.agency_kind, enquiries.c.site)
    grouped = select(*columns, func.count()).where(enquiries.c.subject.in_(wanted) & since & own).group_by(*columns)
    return Prepared(grouped.order_by(*columns))


def history_of(look: Transaction, subjects: Sequence[bytes], since: str, own: str) -> History:
    """What kind of agency asked on which day since then, and from how many sites; without the enquiry `own`."""
    if not subjects:
        return History()
    rows = look.rows(_days(len(subjects)), *subjects, since, own)
    days: dict[tuple[str, str], int] = {}
    for day, kind, _site, count in rows:
        days[day, kind] = days.get((day, kind), 0) + count
    return History(tuple((*day, count) for day, count in days.items()), len({row[2] for row in rows}))


def full_history_of(
    connection: Connection, key: DeskKey, subjects: Sequence[bytes], since: str, own: str
) -> tuple[Mapping[str, str], ...]:
    """Who asked, where and why: for the owner of the plan."""
    where = enquiries.c.subject.in_(subjects) & (enquiries.c.day >= since) & (enquiries.c.id != own)
    rows = connection.execute(select(enquiries.c.id, enquiries.c.sealed).where(where).order_by(enquiries.c.at))
    notes = (_note.decode(key.open(row.sealed, "enquiries", row.id.encode())) for row in rows)
    return tuple(_for_the_owner(note) for note in notes)


def _for_the_owner(note: EnquiryNote) -> Mapping[str, str]:
    told = ("at", "name", "role", "agency_name", "purpose", "outcome")
    return {field: getattr(note, field) for field in told}
