"""The path of one enquiry, top to bottom. START READING HERE.

Somebody with a child in front of them asks one question. `Enquiries.ask` walks it down the house and back:

 1. who asks                    `lookup.identity`    or 401
 2. what, exactly               `lookup.questions`   or 400
 3. asked before?               `lookup.desk`        or 422
 4. may they, and which fields  `lookup.policy`      or 403; the register has not been touched
 5. who may be meant            `lookup.register`    by blind tokens
 6. the same child?             `lookup.finding`
 7. what may be said            `lookup.outcome`
 8. the permitted fields of it  `lookup.disclosure`
 9. the record                  `lookup.recorder`    or 503; entry, then history and notice, then the answer

Promises: no answer and no refusal leaves without its receipt; a failure never becomes `no_plan_found`. The doors (JSON,
pages) hand in a `Knock` and send back the `Reply`; they can leave no step out, because they do not see them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import Any

import msgspec
from ulid import ULID

from lookup import policy
from lookup.agreement import SharingAgreement
from lookup.audit_log import REPEAT, EntryType
from lookup.desk import Desk
from lookup.desk.history import Earlier, EnquiryNote, EnquiryRows, Notice, earlier, full_history_of, history_of
from lookup.disclosure import reveal
from lookup.gathering import Gathered, Gathering
from lookup.identity import Identity
from lookup.model import Decision, Facts, History, Particulars, Practitioner, Question
from lookup.moments import a_year_before, is_office_hour, iso, london_day, microseconds, now
from lookup.practice_list import is_on_list
from lookup.questions import read_question
from lookup.recorder import Recorder
from lookup.refusals import Field as WrongField
from lookup.refusals import Malformed, RequestIdReused
from lookup.visit import REQUEST_ID, Knock, Reply, Visit

TYPED = tuple(field.name for field in fields(Particulars) if field.name != "number_is_traced")
FOUND_BYTES = 1024
REPEAT_MICROSECONDS = 10 * 60 * 1_000_000


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """Which request of which client this is. A repeat has the id, and no other rows, of the one that came before."""

    enquiry: str
    body_mark: bytes
    earlier: Earlier | None


@dataclass(frozen=True, slots=True)
class Enquiries:
    """One enquiry after another, each down the whole path."""

    identity: Identity
    desk: Desk
    gathering: Gathering
    agreement: SharingAgreement
    recorder: Recorder
    demo: bool
    cannot_record: Reply

    def ask(self, knock: Knock) -> Reply:
        """The reply to one enquiry, after its record. What stops the record stops the answer."""
        visit = Visit(knock, now(), self.demo, self.recorder, EntryType.QUERY)
        return visit.serve(lambda: self._answer(visit), self.cannot_record)

    def _answer(self, visit: Visit) -> Reply:
        who = visit.is_by(self._who(visit))
        request = self._request(visit, who)
        question = self._question(visit)
        decision = self._decide(who, question)
        given = question.particulars
        if who.client in self.agreement.trusted_tracing:
            given = replace(given, number_is_traced=True)
        gathered = self.gathering.gather(given, visit.at, decision.own_authority)
        decision = self._narrowed(decision, who, question, gathered)
        subjects = self._subjects(gathered)
        history = self._history(visit, subjects, gathered, decision, request)
        facts = _facts(visit, who, question, gathered, history)
        body = reveal(decision, facts, self.gathering.authorities, is_office_hour(visit.at))
        _note(visit, request, decision, facts, gathered, body)
        rows = _rows(visit, who, request, decision, facts, self._subject(gathered))
        flags = REPEAT if request.earlier else 0
        return visit.answer({**body, "enquiry": request.enquiry}, flags=flags, rows=rows)

    # ---- who, what, may they

    def _who(self, visit: Visit) -> Practitioner:
        knock = visit.knock
        if knock.session:
            return self.identity.by_session(knock.session, visit.at)
        return self.identity.by_token(knock.bearer, visit.at)

    def _question(self, visit: Visit) -> Question:
        question = read_question(visit.knock.readable_body(), demo=self.demo)
        given = question.typed or question.particulars
        sought = {name: text for name in TYPED if (text := getattr(given, name)) not in ("", "unknown")}
        asked = {"purpose": question.purpose, "detail": question.detail, "sought": sought}
        asked |= {name: text for name in ("reason", "reference") if (text := getattr(question, name))}
        visit.facts |= asked | ({"removed": list(question.removed)} if question.removed else {})
        return question

    def _request(self, visit: Visit, who: Practitioner) -> Request:
        knock, key = visit.knock, self.desk.key
        _refuse_odd_ids(knock)
        enquiry = str(ULID(key.mark("request", who.client.encode(), knock.request_id.lower().encode())))
        body_mark = key.mark("body", who.user_id.encode(), sha256(knock.body).digest())
        with self.desk.looking() as look:
            before = earlier(look, enquiry)
        if before and (before.body_mark != body_mark or microseconds(visit.at) - before.at > REPEAT_MICROSECONDS):
            raise RequestIdReused
        visit.facts |= {"repeat": True} if before else {}
        return Request(enquiry, body_mark, before)

    def _decide(self, who: Practitioner, question: Question) -> Decision:
        """Policy's reply, before the register is read."""
        on_list = None
        if policy.needs_practice_list(self.agreement, who, question.purpose):
            on_list = is_on_list(self.desk, who.agency.code, question.particulars)
        return policy.decide(self.agreement, who, question, on_own_list=on_list)

    def _narrowed(self, decision: Decision, who: Practitioner, question: Question, gathered: Gathered) -> Decision:
        """Where the grant rests on the practice's list, the child who was found must be on it, not the words alone."""
        if not gathered.matched or not policy.needs_practice_list(self.agreement, who, question.purpose):
            return decision
        if any(is_on_list(self.desk, who.agency.code, held.child) for held in gathered.matched):
            return decision
        return policy.off_the_list(self.agreement, who, question)

    # ---- what is known, and what is kept of it

    def _subjects(self, gathered: Gathered) -> tuple[bytes, ...]:
        """What stands for the child in the history: for nobody who is held, something that will never be met again."""
        spoken_of = gathered.matched if gathered.conclusion.plans else ()
        return tuple(self.desk.key.mark("child", held.child_id) for held in spoken_of) or (os.urandom(16),)

    def _subject(self, gathered: Gathered) -> bytes:
        """For whom this enquiry is kept: the child who was meant for certain, even where nothing may be said now."""
        if gathered.certain:
            return self.desk.key.mark("child", gathered.matched[0].child_id)
        return os.urandom(16)

    def _history(
        self, visit: Visit, subjects: tuple[bytes, ...], gathered: Gathered, decision: Decision, request: Request
    ) -> History:
        since = a_year_before(london_day(visit.at)).isoformat()
        with self.desk.looking() as look:
            history = history_of(look, subjects, since, request.enquiry)
        if not any(held.authority == decision.own_authority for held in gathered.conclusion.plans):
            return history
        with self.desk.reading() as connection:
            return replace(history, full=full_history_of(connection, self.desk.key, subjects, since, request.enquiry))


def _facts(visit: Visit, who: Practitioner, question: Question, gathered: Gathered, history: History) -> Facts:
    conclusion = gathered.conclusion
    return Facts(
        outcome=conclusion.outcome,
        at=visit.at,
        particulars=question.particulars,
        removed=question.removed,
        score=gathered.score,
        plans=conclusion.plans,
        freshness=gathered.freshness,
        checked=tuple(fresh.authority for fresh in gathered.freshness),
        households=gathered.households,
        history=history,
        wanted=conclusion.wanted,
        reasons=conclusion.reasons,
        contact_authority=conclusion.contact_authority or who.agency.home_authority,
        rejects=tuple(reject.for_the_owner(visit.at) for reject in gathered.rejects),
        versions=gathered.versions,
    )


def _note(
    visit: Visit, request: Request, decision: Decision, facts: Facts, gathered: Gathered, body: dict[str, object]
) -> None:
    """What the entry says of this enquiry, beside who asked and what.

    What was found is filled up to the same size, so that the size of the box does not tell the outcome.
    """
    found = {
        "outcome": facts.outcome.value,
        "children": [held.child_id.hex() for held in gathered.matched],
        "plans": [f"{held.authority}/{held.ref}" for held in gathered.matched],
        "fields": sorted(released_fields(body)),
        "data_quality": list(gathered.data_quality),
    }
    filling = " " * (-len(msgspec.json.encode(found)) % FOUND_BYTES)
    asked = {"enquiry": request.enquiry, "withheld": sorted(decision.held_back), "agreement": decision.agreement}
    visit.facts |= {**found, **asked, "filling": filling}


def released_fields(body: dict[str, object]) -> set[str]:
    """The names of everything that an answer releases: its own keys and its plans'."""
    plans: Any = body.get("plans", ())
    return (set(body) | {key for plan in plans for key in plan}) - {"plans", "plan"}


def _rows(
    visit: Visit, who: Practitioner, request: Request, decision: Decision, facts: Facts, subject: bytes
) -> EnquiryRows:
    told = decision.tells_owner and bool(facts.plans)
    refs = tuple(f"{held.authority}/{held.ref}" for held in facts.plans)
    return EnquiryRows(
        id=request.enquiry,
        body_mark=request.body_mark,
        at=microseconds(visit.at),
        day=london_day(visit.at).isoformat(),
        subject=subject,
        agency_kind=who.agency.kind.value,
        site=who.agency.code,
        note=_note_of(visit, who, decision, facts),
        notice=Notice(request.enquiry, decision.purpose, refs, who.agency.code) if told else Notice(request.enquiry),
    )


def _note_of(visit: Visit, who: Practitioner, decision: Decision, facts: Facts) -> EnquiryNote:
    return EnquiryNote(
        at=iso(visit.at),
        user_id=who.user_id,
        name=who.name,
        role=who.role.value,
        agency=who.agency.code,
        agency_name=who.agency.name,
        client=who.client,
        purpose=decision.purpose,
        outcome=facts.outcome.value,
    )


def _refuse_odd_ids(knock: Knock) -> None:
    """X-Request-ID is a UUID, and required; both ids end in the record."""
    if not REQUEST_ID.fullmatch(knock.request_id):
        raise Malformed(
            "Every enquiry needs an id of its own.",
            [WrongField("X-Request-ID", "must be a UUID, new for each enquiry")],
        )
