"""One request on its way to the record: whoever knocks, whatever is asked, the same line to the trail.

Promises: a `Reply` to somebody who asked for something cannot be made without the receipt of its entry; refusals take
the same line as answers. When the record cannot be made there is one reply, the same to the byte every time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from lookup.audit_log import REFUSED, Draft, EntryType, Receipt
from lookup.canonical import canonical
from lookup.desk.history import EnquiryRows
from lookup.journal import note_fault
from lookup.model import Authority, Practitioner
from lookup.moments import iso, microseconds
from lookup.recorder import Recorder
from lookup.refusals import CannotRecord, Fault, Refusal

REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
PROBLEM_TYPE = "/v1/problems/"


@dataclass(frozen=True, slots=True, repr=False)
class Knock:
    """What a door hands in: how the caller says who they are, and what they sent. The door adds nothing of its own."""

    door: str
    body: bytes = b""
    bearer: str = ""
    session: str = ""
    request_id: str = ""
    correlation_id: str = ""
    unreadable: Refusal | None = None

    def readable_body(self) -> bytes:
        """The body. Raises what the door found wrong with it: too large, or not JSON."""
        if self.unreadable is not None:
            raise self.unreadable
        return self.body

    def __repr__(self) -> str:
        return f"Knock({self.door})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is released: the canonical body, and the receipt of the entry that was made durable before it."""

    body: bytes
    receipt: Receipt

    def with_receipt(self) -> bytes:
        """The bytes that are sent."""
        return self.body[:-1] + b',"receipt":' + receipt_json(self.receipt) + b"}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the door sends back."""

    status: int
    body: bytes
    content_type: str = "application/json"


@dataclass(slots=True, repr=False)
class Visit:
    """One request being served. `facts` is what its entry will say; the rooms add to it as they learn."""

    knock: Knock
    at: datetime
    demo: bool
    recorder: Recorder
    type: EntryType
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts |= {"at": iso(self.at), "clock": microseconds(self.at), "door": self.knock.door}
        if self.knock.request_id:
            self.facts["request_id"] = self.knock.request_id
        if self.knock.correlation_id:
            self.facts["correlation_id"] = self.knock.correlation_id

    def serve(self, path: Callable[[], Reply], cannot_record: Reply) -> Reply:
        """Walk the path, and make sure that whatever comes of it is recorded; else `cannot_record` is the reply."""
        try:
            try:
                return path()
            except CannotRecord:
                raise
            except Refusal as refusal:
                return self.refuse(refusal)
            except Exception as fault:  # noqa: BLE001 - a fault is recorded and refused like anything else, never carried on
                note_fault(fault)
                return self.refuse(Fault())
        except CannotRecord:
            return cannot_record

    def is_by(self, who: Practitioner) -> Practitioner:
        """Note who it is, as they are now."""
        self.facts |= {
            "user_id": who.user_id,
            "name": who.name,
            "role": who.role.value,
            "agency": who.agency.code,
            "agency_name": who.agency.name,
            "agency_kind": who.agency.kind.value,
            "client": who.client,
        }
        return who

    def answer(
        self, body: Mapping[str, object], *, status: int = 200, flags: int = 0, rows: EnquiryRows | None = None
    ) -> Reply:
        """Record, then reply. Raises `CannotRecord` when it cannot be recorded: then nothing of the body leaves."""
        return Reply(status, self._recorded(body, flags, rows).with_receipt())

    def refuse(self, refusal: Refusal) -> Reply:
        """Record that the service said no, and say so."""
        self.facts |= {"outcome": "refused", "refusal": refusal.code}
        if refusal.fields:
            self.facts["refused_fields"] = [f.path for f in refusal.fields]
        answer = self._recorded(problem(refusal), REFUSED, None)
        return Reply(refusal.status, answer.with_receipt(), "application/problem+json")

    def _recorded(self, body: Mapping[str, object], flags: int, rows: EnquiryRows | None) -> Answer:
        sent = canonical({**body, "demo": True} if self.demo else body)
        return Answer(sent, self.recorder.record(Draft(self.type, self.facts, self.at, flags, sent), rows))


def problem(refusal: Refusal) -> dict[str, object]:
    """A refusal as problem details (RFC 9457), without nulls or empty members."""
    body: dict[str, object] = {"type": PROBLEM_TYPE + refusal.code, "title": refusal.title, "status": refusal.status}
    body["code"] = refusal.code
    if refusal.detail and refusal.detail != refusal.title:
        body["detail"] = refusal.detail
    if refusal.fields:
        body["fields"] = [{"path": wrong.path, "problem": wrong.problem} for wrong in refusal.fields]
    return body


def cannot_record_reply(authorities: Mapping[str, Authority], *, demo: bool) -> Reply:
    """The one reply of a service that cannot record: whom to ring instead. Made once, at start."""
    numbers = [
        {"authority": a.name, "office_phone": a.office_phone, "out_of_hours_phone": a.out_of_hours_phone}
        for a in authorities.values()
    ]
    body = problem(CannotRecord()) | {"telephone": numbers} | ({"demo": True} if demo else {})
    return Reply(CannotRecord.status, canonical(body), "application/problem+json")


def receipt_json(receipt: Receipt) -> bytes:
    """The receipt as docs/trail.md has it."""
    return msgspec.json.encode(receipt.as_json())
