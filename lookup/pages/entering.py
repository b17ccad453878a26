"""Signing in and out."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Response

from lookup.doors import Doors, Lock
from lookup.house import House
from lookup.pages.posted import read_form
from lookup.pages.rendering import Renderer
from lookup.pages.saying_no import SayingNo
from lookup.pages.sessions import Sessions
from lookup.signing_in import Credentials
from lookup.visit import Knock, Reply


def open_entering(doors: Doors, entering: Entering) -> None:
    """The doors of signing in and out."""
    doors.at("GET", "/", Lock.NONE)(entering.start)
    doors.at("GET", "/sign-in", Lock.NONE)(entering.sign_in_form)
    doors.at("POST", "/sign-in", Lock.NONE)(entering.sign_in)
    doors.at("POST", "/sign-out", Lock.SESSION)(entering.sign_out)


@dataclass(frozen=True, slots=True)
class Entering:
    """Signing in and out."""

    house: House
    renderer: Renderer
    sessions: Sessions
    no: SayingNo

    def start(self) -> Response:
        """To the search form, or to sign in first."""
        return _go_to("/check" if self.sessions.who() else "/sign-in")

    def sign_in_form(self) -> Response:
        """The form for user name and password."""
        return self.renderer.page("sign_in.html", None, title="Sign in")

    def sign_in(self) -> Response:
        """A new session for whoever knows their password; the same words to everybody who does not."""
        form, wrong = read_form()
        user_id = form.get("user_id", "").strip()
        given = Credentials(user_id, form.get("password", ""), self.sessions.secret())
        reply, begun = self.house.signing_in.sign_in(Knock(door="pages", unreadable=wrong), given)
        if begun is None:
            return self._refused(reply, user_id)
        self.sessions.begin(begun)
        return _go_to("/check")

    def sign_out(self) -> Response:
        """End the session, on the server first."""
        if self.sessions.who() is None:
            return self.no.sign_in_first()
        _, wrong = read_form()
        if wrong is not None:
            return self.no.refused(wrong)
        self.sessions.end()
        return _go_to("/sign-in")

    def _refused(self, reply: Reply, user_id: str) -> Response:
        if reply.status >= 500:
            return self.no.of(reply)
        said = json.loads(reply.body)
        facts = {"wrong": said.get("detail") or said["title"], "user_id": user_id}
        return self.renderer.page("sign_in.html", None, reply.status, title="Error: Sign in", **facts)


def _go_to(address: str) -> Response:
    return Response(status=303, headers={"Location": address})
