"""What a publication must be before the register takes it. Pure.

What the types cannot say: numbers with their check digit, dates that exist, an end after its beginning, a child who can
be found again. The same checks hold for a live write and for a row of a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lookup.finding import has_minimum, particulars_problems, says_a_name
from lookup.model import Child, Kind, Particulars, Publication
from lookup.refusals import Field

PLACES = {
    "$.postcode": "$.child.addresses[0].postcode",
    "$.mother_nhs_number": "$.child.mother.nhs_number",
    "$.mother_birth_date": "$.child.mother.birth_date",
}
CLOCK_SKEW = timedelta(minutes=5)
FIRST_YEAR, LAST_YEAR = 1900, 2199
DATES = ("started_on", "ended_on", "expected_birth_on", "next_review_on")


def problems_of(publication: Publication, at: datetime, *, demo: bool) -> list[Field]:
    """Everything that is wrong with it, by path; empty where the register may take it."""
    return [
        *_of_the_child(publication.child, demo=demo),
        *_of_being_found(publication),
        *_of_the_dates(publication, at),
    ]


def _of_the_child(child: Child, *, demo: bool) -> Iterator[Field]:
    for named in particulars_problems(_particulars(child), demo=demo):
        yield Field(PLACES.get(named.path) or named.path.replace("$.", "$.child."), named.problem)
    for position, number in enumerate(child.merged_nhs_numbers):
        for wrong in particulars_problems(Particulars(nhs_number=number), demo=demo):
            yield Field(f"$.child.merged_nhs_numbers[{position}]", wrong.problem)
    for position, address in enumerate(child.addresses[1:], start=1):
        for wrong in particulars_problems(Particulars(postcode=address.postcode), demo=demo):
            yield Field(f"$.child.addresses[{position}].postcode", wrong.problem)


def _particulars(child: Child) -> Particulars:
    mother = child.mother
    return Particulars(
        nhs_number=child.nhs_number,
        family_name=child.family_name,
        given_name=child.given_name,
        birth_date=child.birth_date or "",
        postcode=child.addresses[0].postcode if child.addresses else "",
        mother_nhs_number=mother.nhs_number if mother else "",
        mother_birth_date=(mother.birth_date or "") if mother else "",
    )


def _of_being_found(publication: Publication) -> Iterator[Field]:
    child = publication.child
    if publication.plan.kind is Kind.PRE_BIRTH:
        if not (child.mother and child.mother.nhs_number):
            yield Field("$.child.mother.nhs_number", "is missing: an unborn child is found by the mother's number")
    elif not child.nhs_number and not (has_minimum(_particulars(child)) and says_a_name(_particulars(child))):
        yield Field("$.child", "cannot be found: give a number, or a name with a birth date")


def _of_the_dates(publication: Publication, at: datetime) -> Iterator[Field]:
    plan, recorded = publication.plan, publication.recorded_at
    if recorded.tzinfo is None:
        yield Field("$.recorded_at", "has no time zone: end it with Z or an offset")
    elif recorded > at + CLOCK_SKEW:
        yield Field("$.recorded_at", "lies in the future")
    elif recorded.year < FIRST_YEAR:
        yield Field("$.recorded_at", f"lies before {FIRST_YEAR}")
    for name in DATES:
        day = getattr(plan, name)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Field(f"$.plan.{name}", f"lies before {FIRST_YEAR} or after {LAST_YEAR}")
    if plan.started_on and plan.ended_on and plan.ended_on < plan.started_on:
        yield Field("$.plan.ended_on", "lies before started_on")
