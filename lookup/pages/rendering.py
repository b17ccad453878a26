"""Makes pages out of templates: everything escaped, one nonce for each page, nothing from anywhere else.

Promises: every template, NHS.UK's too, escapes what it is given (Flask alone would not: theirs are called ``.jinja``);
each response has a content security policy of its own. Does not promise that a template says the right thing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, g
from flask_wtf.csrf import generate_csrf
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from lookup.model import AgencyKind, Authority, Practitioner
from lookup.pages import words

HEALTH = frozenset({AgencyKind.HOSPITAL, AgencyKind.GP_PRACTICE})
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'nonce-{nonce}'; img-src 'self'; font-src 'none'; "
    "connect-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILTERS = ("day", "day_of", "clock", "clock_of", "as_at", "age", "number", "dialled", "outcome_words")


class Renderer:
    """The pages' own templates, apart from Flask's."""

    def __init__(self, authorities: Mapping[str, Authority], *, demo: bool) -> None:
        self._authorities = authorities
        loaders = [PackageLoader("lookup.pages"), PackageLoader("nhsuk_frontend_jinja")]
        self._templates = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=ChainableUndefined,  # NHS.UK's templates need it
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {name: getattr(words, name) for name in FILTERS}
        self._templates.globals |= {"words": words, "demo": demo}

    def page(self, template: str, who: Practitioner | None, status: int = 200, **facts: Any) -> Response:
        """One page, for this person or for a stranger, with a token for its forms."""
        home = self._authorities.get(who.agency.home_authority) if who else None
        facts = {
            "home": home,
            **facts,
            "htmlLang": "en-GB",
            "who": who,
            "health": who is not None and who.agency.kind in HEALTH,
        }
        text = self._templates.get_template(template).render(facts, cspNonce=nonce(), csrf_token=generate_csrf())
        return _html(text, status)

    def plain(self, template: str, **facts: Any) -> str:
        """The text of a page for nobody in particular, without scripts, forms or sessions: for when all else fails."""
        return self._templates.get_template(template).render(facts)


def nonce() -> str:
    """This response's nonce."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def set_policy(response: Response) -> Response:
    """The content security policy of a page. To be called after each request of these pages."""
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
    return response


def _html(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/html; charset=utf-8")
