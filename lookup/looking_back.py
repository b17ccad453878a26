"""One's own enquiries again: outcome and receipt, never the child. And whether the service is ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lookup.audit_log import AuditLog, EntryType
from lookup.canonical import canonical
from lookup.desk import Desk
from lookup.desk.history import EnquiryNote, note_of
from lookup.identity import Identity
from lookup.model import Authority
from lookup.moments import now
from lookup.recorder import Recorder
from lookup.refusals import CannotRecord, NotFound, RecordBroken, Refusal, RegisterUnavailable
from lookup.register import Register
from lookup.visit import Knock, Reply, Visit, problem

OWN_ENQUIRY = "own_enquiry"


@dataclass(frozen=True, slots=True)
class LookingBack:
    """What the asker of an enquiry can fetch later. Somebody else's is answered as if there were none."""

    identity: Identity
    desk: Desk
    log: AuditLog
    recorder: Recorder
    demo: bool
    cannot_record: Reply

    def at_enquiry(self, knock: Knock, enquiry: str) -> Reply:
        """The outcome and the entry of one's own enquiry; recorded, because an outcome says something of a child."""
        visit = Visit(knock, now(), self.demo, self.recorder, EntryType.ADMIN)
        return visit.serve(lambda: self._enquiry(visit, enquiry), self.cannot_record)

    def at_receipt(self, knock: Knock, enquiry: str) -> Reply:
        """The proof that one's own enquiry was recorded; it says nothing of a child, and is not recorded."""
        try:
            note = self._own(knock, enquiry)
            proof = self.log.prove(note.index)
        except CannotRecord:
            return self.cannot_record
        except Refusal as refusal:
            return Reply(refusal.status, canonical(problem(refusal)), "application/problem+json")
        body = {"enquiry": enquiry, "entry": note.entry, "index": note.index} | ({"proof": proof} if proof else {})
        return Reply(200, canonical(body))

    def _enquiry(self, visit: Visit, enquiry: str) -> Reply:
        visit.facts |= {"purpose": OWN_ENQUIRY}
        note = self._own(visit.knock, enquiry, visit)
        visit.facts |= {"enquiry": enquiry, "outcome": note.outcome}
        kept = {"outcome": note.outcome, "at": note.at, "purpose": note.purpose, "entry": note.entry, "salt": note.salt}
        return visit.answer({"enquiry": enquiry, **kept})

    def _own(self, knock: Knock, enquiry: str, visit: Visit | None = None) -> EnquiryNote:
        who = self.identity.by_token(knock.bearer, now())
        if visit is not None:
            visit.is_by(who)
        with self.desk.reading() as connection:
            note = note_of(connection, self.desk.key, enquiry)
        if note is None or (note.user_id, note.client) != (who.user_id, who.client):
            raise NotFound
        return note


@dataclass(frozen=True, slots=True)
class Readiness:
    """Can an enquiry be answered now? Says what is wrong by name, and nothing of anybody."""

    register: Register
    desk: Desk
    log: AuditLog
    authorities: Mapping[str, Authority]

    def reply(self) -> Reply:
        """200 where an enquiry can be recorded and answered; 503 naming the part that is not ready."""
        parts = {"trail": self._trail(), "desk": self._desk(), "register": self._register()}
        ready = parts["trail"] == parts["desk"] == "ready"
        body = {"status": "ready" if ready else "not_ready", "parts": parts}
        return Reply(200 if ready else 503, canonical(body))

    def _trail(self) -> str:
        try:
            self.log.ready()
        except Refusal:
            return "cannot_record"
        return "ready"

    def _desk(self) -> str:
        try:
            with self.desk.reading() as connection:
                note_of(connection, self.desk.key, "")
        except CannotRecord:
            return "cannot_record"
        return "ready"

    def _register(self) -> str:
        try:
            with self.register.reading() as look:
                stale = [fresh for fresh in look.freshness(self.authorities, now()) if fresh.stale]
        except (RegisterUnavailable, RecordBroken):
            return "cannot_be_read"
        return "stale" if stale else "ready"
