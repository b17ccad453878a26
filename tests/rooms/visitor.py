"""Somebody at the pages without a browser: keeps cookies, finds the form's hidden fields, and says what a page says."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from lookup.demo.passwords import demo_password

BIRTH = ("birth_year", "birth_month", "birth_day")
MOTHER = ("mother_birth_year", "mother_birth_month", "mother_birth_day")


class Visitor:
    """One browser, as far as a test client is one."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def sign_in(self, user_id: str, password: str | None = None) -> TestResponse:
        """What follows on the sign-in form."""
        given = {"user_id": user_id, "password": demo_password(user_id) if password is None else password}
        return self.client.post("/sign-in", data=given | {"csrf_token": self.hidden("/sign-in", "csrf_token")})

    def sign_out(self) -> TestResponse:
        """What follows on the button at the top."""
        return self.client.post("/sign-out", data={"csrf_token": self.hidden("/check", "csrf_token")})

    def ask(self, **typed: Any) -> TestResponse:
        """What follows on the search form, with the purpose of a triage nurse where none is given."""
        form = {"csrf_token": self.hidden("/check", "csrf_token"), "request_id": str(uuid4())}
        return self.client.post("/check", data={**form, "purpose": "unscheduled_care", **typed})

    def hidden(self, address: str, name: str) -> str:
        """A hidden field of the first form at this address."""
        return hidden(self.client.get(address).text, name)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"there is no hidden field {name}"
    return found[1]


def typed_of(details: dict[str, str]) -> dict[str, str]:
    """An enquiry's details as the form has them: a date in three boxes."""
    typed = {name: text for name, text in details.items() if not name.endswith("birth_date")}
    for field, boxes in (("birth_date", BIRTH), ("mother_birth_date", MOTHER)):
        if field in details:
            typed |= dict(zip(boxes, details[field].split("-"), strict=True))
    return typed


def words_of(page: str) -> str:
    """What somebody reads: the page without its tags and scripts."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def heading_of(page: str) -> str:
    """The page's one heading of the first level."""
    (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return words_of(heading)
