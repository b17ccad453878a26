"""Who is asking? Passwords, sessions on the server, bearer tokens.

Promises: an unknown user and a wrong password look and last the same; a session or token stops at the next request
after it ended, was revoked, or its person was disabled, because every request reads the desk; the agency of somebody
behind a token is that of the token's client, never a claim. Does not promise that somebody may do anything: that is
policy. Trusts the desk's rows.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from lookup.desk import Desk
from lookup.desk.accounts import (
    Account,
    SessionRow,
    TokenRow,
    add_session,
    add_token,
    end_session,
    password_row,
    revoke_token,
    session_row,
    token_row,
    touch_session,
)
from lookup.keys.keyring import fingerprint
from lookup.model import Agency, Practitioner, Role
from lookup.moments import microseconds
from lookup.refusals import NotSignedIn, TooLarge

LONGEST_PASSWORD = 1024
SECRET_BYTES = 32
IDLE_LIMIT = timedelta(minutes=15)
WHOLE_LIMIT = timedelta(hours=12)
TOUCH_EVERY = timedelta(seconds=30)
TOKEN_LIFE = timedelta(minutes=60)

# RFC 9106, section 4, second recommended option: 64 MiB, three passes.
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_NOBODY = _hasher.hash(secrets.token_urlsafe(SECRET_BYTES))


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """A fresh session: `secret` goes into the cookie and is kept nowhere."""

    secret: str
    practitioner: Practitioner


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


class Identity:
    """Answers one question: who is this?"""

    def __init__(self, desk: Desk, agencies: Mapping[str, Agency]) -> None:
        self._desk = desk
        self._agencies = agencies

    def check_password(self, user_id: str, password: str) -> Practitioner:
        """The person whose password this is. Raises `NotSignedIn`, or `TooLarge` before any hashing."""
        if len(password) > LONGEST_PASSWORD or len(user_id) > LONGEST_PASSWORD:
            raise TooLarge("A password has at most 1,024 characters.")
        with self._desk.reading() as connection:
            found = password_row(connection, user_id)
        account, kept = found if found else (None, _NOBODY)
        if not _is_right(kept, password) or account is None or account.disabled:
            raise NotSignedIn("The user name or the password is not right.")
        return self._practitioner(account, account.agency, "pages")

    def start_session(self, practitioner: Practitioner, at: datetime, *, instead_of: str = "") -> SignedIn:
        """A new session for somebody whose password was right; the one that the browser came with is ended."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        with self._desk.writing() as connection:
            if instead_of:
                end_session(connection, fingerprint(instead_of))
            add_session(connection, fingerprint(secret), practitioner.user_id, microseconds(at))
        return SignedIn(secret, practitioner)

    def end_session(self, secret: str) -> None:
        """Sign out: the old cookie opens nothing any more."""
        with self._desk.writing() as connection:
            end_session(connection, fingerprint(secret))

    def by_session(self, secret: str, at: datetime) -> Practitioner:
        """Whose session this is. Raises `NotSignedIn` when it is over, idle for 15 minutes or 12 hours old."""
        mark = fingerprint(secret)
        with self._desk.reading() as connection:
            row = session_row(connection, mark)
        if row is None or not _session_is_live(row, at):
            raise NotSignedIn("Your session has ended. Sign in again.")
        if microseconds(at - TOUCH_EVERY) > row.seen_at:
            with self._desk.writing() as connection:
                touch_session(connection, mark, microseconds(at))
        return self._practitioner(row.account, row.account.agency, "pages")

    def by_token(self, bearer: str, at: datetime) -> Practitioner:
        """Whose token this is, and through which client. Raises `NotSignedIn`."""
        with self._desk.looking() as look:
            row = token_row(look, fingerprint(bearer)) if bearer else None
        if row is None or not _token_is_live(row, at):
            raise NotSignedIn("This address takes a bearer token that is valid now.")
        return self._practitioner(row.account, row.client_agency, row.client)

    def issue_token(self, client: str, user_id: str, at: datetime, life: timedelta = TOKEN_LIFE) -> str:
        """A new bearer token of this client and person; it is shown once and kept as a hash."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        with self._desk.writing() as connection:
            add_token(connection, fingerprint(secret), client, user_id, microseconds(at + life))
        return secret

    def revoke_token(self, bearer: str) -> None:
        """Stop a token at once."""
        with self._desk.writing() as connection:
            revoke_token(connection, fingerprint(bearer))

    def _practitioner(self, account: Account, agency: str, client: str) -> Practitioner:
        if agency not in self._agencies:
            raise NotSignedIn("Your organisation is not served here.")
        return Practitioner(account.user_id, account.name, Role(account.role), self._agencies[agency], client)


def _is_right(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except VerifyMismatchError:
        return False


def _session_is_live(row: SessionRow, at: datetime) -> bool:
    idle = microseconds(at - IDLE_LIMIT) > row.seen_at
    old = microseconds(at - WHOLE_LIMIT) > row.started_at
    return not (row.ended or row.account.disabled or idle or old)


def _token_is_live(row: TokenRow, at: datetime) -> bool:
    in_time = microseconds(at) < row.expires_at
    own = row.account.agency == row.client_agency
    return in_time and own and not (row.revoked or row.account.disabled or row.client_disabled)
