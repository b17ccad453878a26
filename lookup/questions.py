"""What was asked: the strict body of an enquiry, and the question that it puts.

Promises: what passes is complete, of the right types and shapes, and small enough for its entry in the trail; what does
not is refused with the path of every field that is wrong, and without repeating what was typed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from msgspec import Meta, Struct

from lookup.finding import cleaned, has_minimum, particulars_problems
from lookup.model import Particulars, Question, Sex
from lookup.refusals import Field, Malformed, TooLittleGiven
from lookup.strict_json import read_body

NUMBER_PATHS = frozenset({"$.nhs_number", "$.mother_nhs_number"})
NAMES = ("family_name", "given_name")

GivenName = Annotated[str, Meta(max_length=200, description="As it is written or spoken; 200 characters at most.")]
GivenNumber = Annotated[str, Meta(max_length=40, description="Ten digits, in quotes; spaces and hyphens are allowed.")]
GivenDate = Annotated[str, Meta(max_length=20, description="2021-03-09, or part of it: 2021-03, 2021.")]
GivenPostcode = Annotated[str, Meta(max_length=12)]


class BreakGlass(Struct, frozen=True, forbid_unknown_fields=True):
    """Asking beyond one's grant, with a coded reason."""

    code: Literal["court_order", "statute", "vital_interests", "emergency", "other"]
    text: Annotated[str, Meta(min_length=1, max_length=1000)]


class EnquiryBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One enquiry about one child: everything that is known of the child, why it is asked, and in how much detail."""

    purpose: Annotated[str, Meta(max_length=40)] = ""
    detail: Literal["status", "plan"] = "status"
    nhs_number: GivenNumber | None = None
    family_name: GivenName | None = None
    given_name: GivenName | None = None
    birth_date: GivenDate | None = None
    postcode: GivenPostcode | None = None
    sex: Sex | None = None
    mother_nhs_number: GivenNumber | None = None
    mother_birth_date: GivenDate | None = None
    reason: Annotated[str, Meta(max_length=500)] | None = None
    reference: Annotated[str, Meta(max_length=64)] | None = None
    break_glass: BreakGlass | None = None

    def __repr__(self) -> str:
        return "EnquiryBody(…)"


def read_question(body: bytes, *, demo: bool) -> Question:
    """The question in this body. Raises `Malformed` or `TooLittleGiven`."""
    asked = _body(body)
    given = Particulars(
        nhs_number=asked.nhs_number or "",
        family_name=asked.family_name or "",
        given_name=asked.given_name or "",
        birth_date=asked.birth_date or "",
        postcode=asked.postcode or "",
        sex=asked.sex or "unknown",
        mother_nhs_number=asked.mother_nhs_number or "",
        mother_birth_date=asked.mother_birth_date or "",
    )
    problems = particulars_problems(given, demo=demo)
    if problems:
        raise Malformed("Some of the details cannot be right.", problems)
    if not has_minimum(given):
        raise TooLittleGiven
    removed = tuple(name for name in NAMES if _hides(getattr(given, name)))
    return Question(
        _without_hidden(given) if removed else given,
        asked.purpose,
        asked.detail,
        asked.reason or "",
        asked.reference or "",
        asked.break_glass is not None,
        typed=given,
        removed=removed,
    )


def _hides(text: str) -> bool:
    """Does it hold characters that cannot be seen?"""
    return cleaned(text)[1] or not text.isprintable()


def _without_hidden(given: Particulars) -> Particulars:
    """The names without direction marks, zero-width and control characters."""
    return replace(given, family_name=cleaned(given.family_name)[0], given_name=cleaned(given.given_name)[0])


def _body(body: bytes) -> EnquiryBody:
    try:
        return read_body(body, EnquiryBody)
    except Malformed as refusal:
        raise Malformed(refusal.detail, [_with_hint(field) for field in refusal.fields]) from None


def _with_hint(field: Field) -> Field:
    """An NHS number sent as a JSON number has lost its zeros, or may yet: say how to send it."""
    if field.path in NUMBER_PATHS and "got `" in field.problem:
        return Field(field.path, "must be ten digits as text, in quotes: a number loses its leading zeros")
    return field
