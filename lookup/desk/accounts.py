"""Accounts, bearer tokens and sessions as rows. Who somebody *is* by them is `lookup.identity`'s business."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, literal, select, update

from lookup.desk.tables import clients, people, practice_lists, sessions, tokens
from lookup.statements import Prepared, Transaction


@dataclass(frozen=True, slots=True)
class Account:
    """A person's row, with the agency of the client they come through where they come through one."""

    user_id: str
    name: str
    role: str
    agency: str
    disabled: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A bearer token's row, with its person's and its client's."""

    account: Account
    client: str
    client_agency: str
    client_disabled: bool
    expires_at: int
    revoked: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session's row, with its person's."""

    account: Account
    started_at: int
    seen_at: int
    ended: bool


_ACCOUNT = (people.c.user_id, people.c.name, people.c.role, people.c.agency, people.c.disabled)


_token = Prepared(
    select(
        *_ACCOUNT,
        tokens.c.client,
        clients.c.agency.label("client_agency"),
        clients.c.disabled.label("client_disabled"),
        tokens.c.expires_at,
        tokens.c.revoked,
    )
    .join(people, people.c.user_id == tokens.c.user_id)
    .join(clients, clients.c.id == tokens.c.client)
    .where(tokens.c.fingerprint == bindparam("fingerprint"))
)


def token_row(look: Transaction, fingerprint: bytes) -> TokenRow | None:
    """The token with this fingerprint, live or not; None where there is none."""
    row = look.row(_token, fingerprint)
    return None if row is None else TokenRow(Account(*row[:5]), *row[5:])


def session_row(connection: Connection, fingerprint: bytes) -> SessionRow | None:
    """The session with this fingerprint, live or not; None where there is none."""
    columns = (*_ACCOUNT, sessions.c.started_at, sessions.c.seen_at, sessions.c.ended)
    statement = select(*columns).join(people, people.c.user_id == sessions.c.user_id)
    row = connection.execute(statement.where(sessions.c.fingerprint == fingerprint)).one_or_none()
    return None if row is None else SessionRow(Account(*row[:5]), *row[5:])


def password_row(connection: Connection, user_id: str) -> tuple[Account, str] | None:
    """A person's account and password hash; None for an unknown person."""
    row = connection.execute(select(*_ACCOUNT, people.c.password_hash).where(people.c.user_id == user_id)).one_or_none()
    return None if row is None else (Account(*row[:5]), row.password_hash)


def add_person(connection: Connection, account: Account, password_hash: str) -> None:
    """A new account."""
    row = {"user_id": account.user_id, "name": account.name, "role": account.role, "agency": account.agency}
    connection.execute(insert(people), row | {"password_hash": password_hash, "disabled": account.disabled})


def set_disabled(connection: Connection, user_id: str, disabled: bool) -> None:
    """Close or open an account; its sessions and tokens stop at their next request."""
    connection.execute(update(people).where(people.c.user_id == user_id).values(disabled=disabled))


def set_role(connection: Connection, user_id: str, role: str) -> None:
    """Give a person another role, from their next request on."""
    connection.execute(update(people).where(people.c.user_id == user_id).values(role=role))


def add_client(connection: Connection, client: str, agency: str) -> None:
    """Register a system or device of an agency."""
    connection.execute(insert(clients), {"id": client, "agency": agency, "disabled": False})


def has_client(connection: Connection, client: str) -> bool:
    """Is this system registered?"""
    return connection.scalar(select(literal(1)).where(clients.c.id == client)) is not None


def add_token(connection: Connection, fingerprint: bytes, client: str, user_id: str, expires_at: int) -> None:
    """A new bearer token of one client and one person."""
    row = {"fingerprint": fingerprint, "client": client, "user_id": user_id}
    connection.execute(insert(tokens), row | {"expires_at": expires_at, "revoked": False})


def revoke_token(connection: Connection, fingerprint: bytes) -> None:
    """Stop a bearer token at once."""
    connection.execute(update(tokens).where(tokens.c.fingerprint == fingerprint).values(revoked=True))


def add_session(connection: Connection, fingerprint: bytes, user_id: str, at: int) -> None:
    """A new session."""
    row = {"fingerprint": fingerprint, "user_id": user_id, "started_at": at, "seen_at": at, "ended": False}
    connection.execute(insert(sessions), row)


def touch_session(connection: Connection, fingerprint: bytes, at: int) -> None:
    """The session was used at this moment."""
    connection.execute(update(sessions).where(sessions.c.fingerprint == fingerprint).values(seen_at=at))


def end_session(connection: Connection, fingerprint: bytes) -> None:
    """The session is over: its cookie opens nothing any more."""
    connection.execute(update(sessions).where(sessions.c.fingerprint == fingerprint).values(ended=True))


def replace_practice_list(connection: Connection, agency: str, marks: Iterable[bytes]) -> None:
    """The practice's whole list of registered children, as marks."""
    connection.execute(delete(practice_lists).where(practice_lists.c.agency == agency))
    rows = [{"agency": agency, "mark": mark} for mark in set(marks)]
    if rows:
        connection.execute(insert(practice_lists), rows)


def on_practice_list(connection: Connection, agency: str, marks: Iterable[bytes]) -> bool:
    """Does the practice's list hold one of these marks?"""
    where = (practice_lists.c.agency == agency) & practice_lists.c.mark.in_(tuple(marks))
    return connection.scalar(select(literal(1)).where(where).limit(1)) is not None
