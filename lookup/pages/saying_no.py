"""Every way in which a page says no: sign in first, not permitted, too large, ring instead."""

from __future__ import annotations

import json

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from lookup.doors import OF_STATUS
from lookup.house import House
from lookup.journal import note_fault
from lookup.pages.rendering import Renderer
from lookup.pages.sessions import Sessions
from lookup.refusals import CannotRecord, Fault, Malformed, Refusal
from lookup.visit import Reply, problem

ENDED = (
    "Your session has ended: it lasts 15 minutes without use, 12 hours in all, and until you sign out. Sign in again."
)


class SayingNo:
    """Refusals as pages. The two for when all else fails are made at start."""

    def __init__(self, renderer: Renderer, sessions: Sessions, house: House) -> None:
        self._renderer = renderer
        self._sessions = sessions
        councils = list(house.settings.directory.authorities.values())
        self._ring = {
            kind.status: renderer.plain("telephone.html", title=title, detail=kind.title, telephone=councils)
            for kind, title in ((CannotRecord, "This service cannot answer now"), (Fault, "Something went wrong"))
        }

    def answer_for(self, blueprint: Blueprint) -> None:
        """Let whatever is raised in these pages end as a page."""
        blueprint.register_error_handler(Refusal, self.refused)
        blueprint.register_error_handler(HTTPException, self._stopped)
        blueprint.register_error_handler(Exception, self._faulty)

    def sign_in_first(self) -> Response:
        """The sign-in page in place of the one that was asked for."""
        message = ENDED if self._sessions.secret() else ""
        response = self._renderer.page("sign_in.html", None, 401, title="Sign in", message=message)
        response.headers["WWW-Authenticate"] = 'Session realm="Lookup"'
        return response

    def of(self, reply: Reply) -> Response:
        """A path's refusal as a page. It was recorded where it was decided."""
        if reply.status in self._ring:
            return self._ring_instead(reply.status)
        said = json.loads(reply.body)
        return self._page(reply.status, said["title"], said.get("detail", ""))

    def refused(self, refusal: Refusal) -> Response:
        """A refusal of these pages themselves."""
        if refusal.status in self._ring:
            return self._ring_instead(refusal.status)
        said = problem(refusal)
        return self._page(refusal.status, str(said["title"]), str(said.get("detail", "")))

    def _page(self, status: int, title: str, detail: str) -> Response:
        who = self._sessions.who()
        return self._renderer.page("said_no.html", who, status, title=title.rstrip("."), detail=detail)

    def _ring_instead(self, status: int) -> Response:
        return Response(self._ring[status], status, content_type="text/html; charset=utf-8")

    def _stopped(self, stopped: HTTPException) -> Response:
        return self.refused(OF_STATUS.get(stopped.code or 500, Malformed if (stopped.code or 500) < 500 else Fault)())

    def _faulty(self, fault: Exception) -> Response:
        note_fault(fault)
        return self._ring_instead(Fault.status)
