"""The search form, and the answer. The enquiry itself goes the path of `lookup.enquiry`; nothing is decided here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Response

from lookup.doors import Doors, Lock
from lookup.house import House
from lookup.model import Outcome, Practitioner
from lookup.moments import now
from lookup.pages.answers import view_of
from lookup.pages.choices import purposes_of
from lookup.pages.form import InputError, body_of, errors_of, read_typed
from lookup.pages.posted import read_form
from lookup.pages.rendering import Renderer
from lookup.pages.saying_no import SayingNo
from lookup.pages.sessions import Sessions
from lookup.visit import Knock, Reply

AGAIN = (400, 413, 422)
USED = "This form was sent once already. Check the details and press Check again."


def open_checking(doors: Doors, checking: Checking) -> None:
    """The doors of the search form."""
    doors.at("GET", "/check", Lock.SESSION)(checking.blank_form)
    doors.at("POST", "/check", Lock.SESSION)(checking.ask)


@dataclass(frozen=True, slots=True)
class Checking:
    """The search form and what becomes of it."""

    house: House
    renderer: Renderer
    sessions: Sessions
    no: SayingNo

    def blank_form(self) -> Response:
        """The form, with nothing in it."""
        who = self.sessions.who()
        if who is None:
            return self.no.sign_in_first()
        return self._form(who, read_typed({}), [])

    def ask(self) -> Response:
        """One enquiry: knock, and show what comes back."""
        who = self.sessions.who()
        form, wrong = read_form()
        typed = read_typed(form)
        knock = Knock(
            door="pages",
            body=body_of(typed),
            session=self.sessions.secret(),
            request_id=form.get("request_id", "") or str(uuid4()),
            unreadable=wrong,
        )
        reply = self.house.enquiries.ask(knock)
        if who is None or reply.status == 401:
            return self.no.sign_in_first()
        return self._shown(who, reply, typed)

    def _shown(self, who: Practitioner, reply: Reply, typed: Mapping[str, str]) -> Response:
        said = json.loads(reply.body)
        if reply.status == 200:
            return self._answer(who, said, typed)
        if reply.status in AGAIN:
            return self._form(who, typed, _what_to_mend(said), reply.status)
        return self.no.of(reply)

    def _form(
        self, who: Practitioner, typed: Mapping[str, str], errors: list[InputError], status: int = 200
    ) -> Response:
        title = "Error: Check a child" if errors else "Check a child"
        facts = self._form_facts(who, typed, errors, ())
        return self.renderer.page("check.html", who, status, title=title, errors=errors, **facts)

    def _answer(self, who: Practitioner, answer: Mapping[str, Any], typed: Mapping[str, str]) -> Response:
        at = now()
        view = view_of(answer, typed, at)
        again = answer["outcome"] == Outcome.NEEDS_MORE_DETAIL
        facts = self._form_facts(who, typed, [], tuple(answer.get("wanted", ()))) if again else {"typed": typed}
        shown = {name: getattr(view, name) for name in view.__slots__}
        facts |= {"answer": answer, "answered_at": at, "form_again": again, "home": None, **shown}
        return self.renderer.page("answer.html", who, title=view.outcome.heading, **facts)

    def _form_facts(
        self, who: Practitioner, typed: Mapping[str, str], errors: list[InputError], wanted: tuple[str, ...]
    ) -> dict[str, Any]:
        wrong = {error.field: error.text for error in errors if error.field}
        return {
            "typed": typed,
            "wrong": wrong,
            "wanted": wanted,
            "purposes": purposes_of(self.house.agreement, who),
            "request_id": str(uuid4()),
            "focus": "" if errors else _first(wanted),
        }


def _first(wanted: tuple[str, ...]) -> str:
    """Where the cursor waits: in the first field that is wanted, else where the scanner types."""
    return wanted[0] if wanted else "nhs_number"


def _what_to_mend(said: Mapping[str, Any]) -> list[InputError]:
    if said["code"] == "request_id_reused":
        return [InputError("", "nhs_number", USED)]
    return errors_of(said)
