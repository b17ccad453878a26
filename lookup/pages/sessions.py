"""Who is signed in on these pages: Flask-Login over the desk's session table. The only user of Flask-Login.

Promises: the cookie holds the secret of a row of the desk, and nothing about anybody; every request reads that row, so
that a session which ended, or whose person was disabled, opens nothing; signing out ends the row itself. Does not
promise that the cookie stays secret: SameSite=Strict, HttpOnly and HTTPS do. Trusts `lookup.identity`.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user

from lookup.identity import Identity, SignedIn
from lookup.model import Practitioner
from lookup.moments import now
from lookup.refusals import NotSignedIn

SECRET = "_user_id"  # noqa: S105 - the name under which Flask-Login keeps it


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a live session: what Flask-Login calls a user. Its id is the secret, never the person's."""

    secret: str
    practitioner: Practitioner
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.secret


class Sessions:
    """The sessions of these pages."""

    def __init__(self, app: Flask, identity: Identity) -> None:
        self._identity = identity
        manager = LoginManager()
        manager.session_protection = None  # it would believe X-Forwarded-For
        manager.user_loader(self._holder)
        manager.init_app(app, add_context_processor=False)

    def who(self) -> Practitioner | None:
        """Who is signed in; None for a stranger. Raises `CannotRecord` when the desk cannot be read."""
        return current_user.practitioner if current_user.is_authenticated else None

    def secret(self) -> str:
        """The secret that the browser came with, live or not; empty where it came with none."""
        return str(session.get(SECRET, ""))

    def begin(self, signed_in: SignedIn) -> None:
        """Give the browser its new session; nothing of what it came with is kept."""
        session.clear()
        login_user(Holder(signed_in.secret, signed_in.practitioner))
        for unused in ("_id", "_fresh"):
            session.pop(unused, None)

    def end(self) -> None:
        """End the session on the server, then in the browser."""
        if secret := self.secret():
            self._identity.end_session(secret)
        logout_user()
        session.clear()

    def _holder(self, secret: str) -> Holder | None:
        try:
            return Holder(secret, self._identity.by_session(secret, now()))
        except NotSignedIn:
            return None
