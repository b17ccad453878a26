"""What every door has in common: its lock, its headers, and what a stranger is told.

Each address declares its lock where it is registered, "none" included (`Doors.at`); a test calls every one of them as a
stranger. In the demo nothing answers but loopback, whatever address the server was bound to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import Blueprint, Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from lookup.canonical import canonical
from lookup.journal import note_fault
from lookup.refusals import (
    Fault,
    Malformed,
    NotFound,
    NotPermitted,
    Refusal,
    SlowRequest,
    TooLarge,
    WrongMediaType,
    WrongMethod,
)
from lookup.settings import LOOPBACK, Settings
from lookup.visit import REQUEST_ID, Reply, problem

LARGEST_BODY = 256 * 1024
CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
COOKIELESS = ("/v1/", "/health/")
LOCKS = "lookup_locks"

CUT_SHORT = (OSError, ParseException)  # what reading a body raises that did not arrive whole, or in broken chunks

OF_STATUS: dict[int, type[Refusal]] = {
    kind.status: kind
    for kind in (Malformed, NotPermitted, NotFound, WrongMethod, SlowRequest, TooLarge, WrongMediaType)
}


class Lock(StrEnum):
    """What opens a door: nothing, a bearer token, or a session. What may be done inside is for policy to say."""

    NONE = "none"
    BEARER = "bearer token"
    SESSION = "session"


class Doors:
    """Registers addresses on a blueprint, each with its lock."""

    def __init__(self, blueprint: Blueprint) -> None:
        self._blueprint = blueprint
        self._locks: dict[tuple[str, str], Lock] = {}
        blueprint.record(lambda state: state.app.extensions.setdefault(LOCKS, {}).update(self._locks))

    def at(self, method: str, rule: str, lock: Lock) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Open this address for this method, behind this lock."""
        self._locks[method, rule] = lock
        return self._blueprint.route(rule, methods=[method])


def front(settings: Settings, session_key: bytes) -> Flask:
    """The bare application: limits, headers, refusals."""
    app = Flask("lookup", static_folder=None, template_folder=None)
    app.config.update(
        SECRET_KEY=session_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY + 1,  # a body in chunks is cut there in silence: whoever reads it, counts
        SESSION_COOKIE_NAME="lookup_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings.is_https,
        TRUSTED_HOSTS=None,
        PROVIDE_AUTOMATIC_OPTIONS=False,  # no door but those that are declared
    )
    app.session_interface = _PagesSessions()
    app.before_request(_name_the_rule)
    if settings.demo:
        app.before_request(_loopback_only)
    app.after_request(_set_headers)
    app.register_error_handler(HTTPException, _stranger_is_told)
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(Exception, _faulty)
    return app


class _PagesSessions(SecureCookieSessionInterface):
    """Cookies are for the pages: no address of the API reads one or sets one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None outside the pages: whatever then uses a session there is refused by Flask."""
        return None if request.path.startswith(COOKIELESS) else super().open_session(app, request)


def send(reply: Reply) -> Response:
    """A reply of the paths, as Flask sends it."""
    response = Response(reply.body, reply.status, content_type=reply.content_type)
    if reply.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def refused(refusal: Refusal) -> Response:
    """A refusal of an address that records nothing: there is nothing of anybody's behind it."""
    return send(Reply(refusal.status, canonical(problem(refusal)), "application/problem+json"))


def request_id() -> str:
    """The caller's X-Request-ID where it is a UUID in its usual form; else nothing."""
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else ""


def correlation_id() -> str:
    """The caller's X-Correlation-ID where it is short and plain; else nothing."""
    given = request.headers.get("X-Correlation-ID", "")
    return given if CORRELATION_ID.fullmatch(given) else ""


def _name_the_rule() -> None:
    """What the access log says of the address: its pattern, never what was filled in (config/gunicorn.py)."""
    request.environ["lookup.rule"] = request.url_rule.rule if request.url_rule else "none"


def _loopback_only() -> None:
    """The demo answers this machine alone: neither another address, nor another name for this one (DNS rebinding)."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    if request.remote_addr not in LOOPBACK or host not in LOOPBACK:
        raise NotPermitted("This is a demonstration. It answers on this machine's own address only.")


def _set_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    if mirrored := request_id():
        headers["X-Request-ID"] = mirrored
    if mirrored := correlation_id():
        headers["X-Correlation-ID"] = mirrored
    return response


def _stranger_is_told(fault: HTTPException) -> Response:
    kind = OF_STATUS.get(fault.code or 500)
    if kind is None and (fault.code or 500) < 500:
        kind = Malformed
    response = refused((kind or Fault)())
    if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods))
    return response


def _faulty(fault: Exception) -> Response:
    note_fault(fault)
    return refused(Fault())
