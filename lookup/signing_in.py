"""Signing in with a password: the record first, then the session.

Promises: every try is in the trail, refused or not, before anything is said about it; a session exists only after its
entry; the session that the browser came with is ended, so that a planted one is worth nothing. Does not promise to slow
anybody down who guesses. Trusts `lookup.identity` to say the same about an unknown user and a wrong password.
"""

from __future__ import annotations

from dataclasses import dataclass

from lookup.audit_log import EntryType
from lookup.identity import Identity, SignedIn
from lookup.moments import now
from lookup.recorder import Recorder
from lookup.visit import Knock, Reply, Visit

LONGEST_NOTED_ID = 64


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What somebody typed to say who they are, and the secret of the session that their browser came with."""

    user_id: str
    password: str
    came_with: str = ""

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The door's desk for passwords."""

    identity: Identity
    recorder: Recorder
    demo: bool
    cannot_record: Reply

    def sign_in(self, knock: Knock, given: Credentials) -> tuple[Reply, SignedIn | None]:
        """The reply, after its record; the new session where the password was right."""
        visit = Visit(knock, now(), self.demo, self.recorder, EntryType.ADMIN)
        visit.facts |= {"purpose": "sign_in", "user_id": given.user_id[:LONGEST_NOTED_ID]}
        begun: list[SignedIn] = []
        reply = visit.serve(lambda: self._begin(visit, given, begun), self.cannot_record)
        return reply, begun[0] if begun else None

    def _begin(self, visit: Visit, given: Credentials, begun: list[SignedIn]) -> Reply:
        visit.knock.readable_body()
        who = visit.is_by(self.identity.check_password(given.user_id, given.password))
        visit.facts |= {"outcome": "signed_in"}
        reply = visit.answer({"outcome": "signed_in"})
        begun.append(self.identity.start_session(who, visit.at, instead_of=given.came_with))
        return reply
