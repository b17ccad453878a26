"""A posted form, read with suspicion: whose page it came from, and whether it came whole.

What is wrong with it is handed to the path as a refusal, and not raised: so that it is recorded like any other.
"""

from __future__ import annotations

from flask import request
from flask_wtf.csrf import ValidationError, validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge

from lookup.doors import CUT_SHORT
from lookup.identity import WHOLE_LIMIT
from lookup.refusals import Malformed, Refusal, TooLarge

OLD_PAGE = "This page was open for too long, or did not come from here. Try again."


def read_form() -> tuple[dict[str, str], Refusal | None]:
    """The form, and what is wrong with it as a whole: too large, cut short, a field twice, or not from our own page."""
    if request.content_length is None:  # in chunks: no browser sends a form so, and it would be cut in silence
        return {}, Malformed("The form did not arrive whole.")
    try:
        form = request.form
    except RequestEntityTooLarge:
        return {}, TooLarge()
    except CUT_SHORT:
        return {}, Malformed("The form did not arrive whole.")
    if any(len(form.getlist(name)) > 1 for name in form):
        return {}, Malformed("A field of the form is given twice.")
    return form.to_dict(), _forgery(form.get("csrf_token", ""))


def _forgery(token: str) -> Refusal | None:
    """Against requests that another site makes in somebody's name (cross-site request forgery)."""
    try:
        validate_csrf(token, time_limit=int(WHOLE_LIMIT.total_seconds()))
    except ValidationError:
        return Malformed(OLD_PAGE)
    return None
