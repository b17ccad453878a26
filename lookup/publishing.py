"""The path of one live publication: an authority saves a plan, and it is in the next answer.

 1. who publishes                     `lookup.identity`   or 401
 2. may they, and is it their own     `lookup.policy`     or 403
 3. what, exactly                     `lookup.publication` or 400
 4. into the register's transaction   `lookup.register`   or 409, 503
 5. the entry, then the commit        `lookup.recorder`   or 503

Promises: what was acknowledged is durable and recorded; a version that is not newer than the one held changes nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lookup import policy
from lookup.agreement import SharingAgreement
from lookup.audit_log import EntryType
from lookup.identity import Identity
from lookup.model import Authority, Publication
from lookup.moments import now
from lookup.publication import problems_of
from lookup.recorder import Recorder
from lookup.refusals import Malformed, NotPermitted, RegisterUnavailable, Superseded
from lookup.register import Batch, Fate, Put, Register, Taken
from lookup.strict_json import read_body
from lookup.trail.tree import Peaks, leaf_hash
from lookup.visit import Knock, Reply, Visit

LONGEST_REF = 64
LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Publishing:
    """One publication after another."""

    identity: Identity
    register: Register
    agreement: SharingAgreement
    recorder: Recorder
    authorities: Mapping[str, Authority]
    demo: bool
    cannot_record: Reply

    def put(self, knock: Knock, authority: str, ref: str) -> Reply:
        """The reply to one ``PUT /v1/plans/{authority}/{ref}``."""
        visit = Visit(knock, now(), self.demo, self.recorder, EntryType.FEED)
        return visit.serve(lambda: self._put(visit, authority, ref), self.cannot_record)

    def _put(self, visit: Visit, authority: str, ref: str) -> Reply:
        self._refuse_others(visit, authority)
        ref = _plain_ref(ref)
        visit.facts["purpose"] = "plan_ownership"
        publication = self._publication(visit)
        visit.facts |= {"plans": [f"{authority}/{ref}"], "authority": authority, "agreement": self.agreement.hash}
        recording = _Recording(visit, authority, ref)
        batch = Batch(authority, [Put(ref, publication)])
        try:
            self.register.take(batch, visit.at, recording)
        except RegisterUnavailable:
            recording.note_failure()
            raise
        return recording.reply

    def _refuse_others(self, visit: Visit, authority: str) -> None:
        """Only somebody of the very authority publishes its plans. Raises `NotSignedIn` or `NotPermitted`."""
        who = visit.is_by(self.identity.by_token(visit.knock.bearer, visit.at))
        policy.may(self.agreement, who, "plan_ownership")
        if who.agency.home_authority != authority or authority not in self.authorities:
            raise NotPermitted("An authority publishes its own plans only.")

    def _publication(self, visit: Visit) -> Publication:
        publication = read_body(visit.knock.readable_body(), Publication)
        problems = problems_of(publication, visit.at, demo=self.demo)
        if problems:
            raise Malformed("This plan cannot be taken as it is.", problems)
        return publication


@dataclass(slots=True)
class _Recording:
    """Records a live write between its place in the transaction and the commit, and keeps the reply."""

    visit: Visit
    authority: str
    ref: str
    replies: list[Reply] = field(default_factory=list)

    def __call__(self, taken: Taken) -> None:
        """Raises `Superseded` where the batch changed nothing because it is not newer: then nothing is committed."""
        fate = next(iter(taken.counts))
        if fate in (Fate.SUPERSEDED, Fate.CONTRADICTED):
            raise Superseded(CONFLICTS[Fate(fate)])
        self.visit.facts |= feed_facts(taken) | {"outcome": str(fate)}
        self.replies.append(self.visit.answer({"authority": self.authority, "ref": self.ref, "fate": str(fate)}))

    def note_failure(self) -> None:
        """The entry stands but the commit failed: the refusal that follows is the second entry, and says so."""
        if self.replies:
            self.visit.facts["commit"] = "failed"

    @property
    def reply(self) -> Reply:
        return self.replies[0]


CONFLICTS = {
    Fate.SUPERSEDED: "The register holds a newer version of this plan. Read it before you change it again.",
    Fate.CONTRADICTED: "The register holds another version of this plan with the same recorded_at. Send a later time.",
}


def feed_facts(taken: Taken) -> dict[str, Any]:
    """What a FEED entry says of a batch: counts, the Merkle root of the changed rows' hashes, and their list."""
    rows, tree = taken.row_hashes, Peaks()
    for row in rows:
        tree.add(leaf_hash(row))
    return {
        "counts": dict(taken.counts),
        "rows_root": tree.root().hex(),
        "rows": base64.b64encode(b"".join(rows)).decode(),
    }


def _plain_ref(ref: str) -> str:
    """The authority's own reference. Raises `Malformed` where it is long, holds control characters or is no UTF-8:
    then two references would read the same, and one plan take the other's place."""
    if len(ref) > LONGEST_REF or not ref.isprintable() or LOST in ref:
        raise Malformed("The reference of the plan is too long, or holds characters that cannot be shown.")
    return ref
