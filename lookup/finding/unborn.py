"""The child who is not yet born, or whose plan is still the pre-birth one: found by the mother's number.

Promises: the mother's details are evidence for a pre-birth plan alone, so that her number never lists her born
children, nor finds the plan of an unborn brother for a child who was born before it was made.
"""

from __future__ import annotations

from datetime import date, timedelta

from lookup.finding.birth_dates import BirthDate, birth_date
from lookup.model import HeldPlan, Kind, Mother

EARLIEST = timedelta(days=140)  # before the date expected: born after 20 of 40 weeks
LATEST = timedelta(days=42)
ONE_PREGNANCY = timedelta(days=120)  # between two estimates of when one child is expected


def mother_of_unborn(held: HeldPlan, born: BirthDate | None) -> Mother | None:
    """The mother whose details may find this plan; None where it is not of an unborn child, or not of one born then."""
    if held.plan.kind is not Kind.PRE_BIRTH or (born is not None and not may_be_born(held, born)):
        return None
    return held.child.mother


def may_be_born(held: HeldPlan, born: BirthDate) -> bool:
    """Whether the child of a pre-birth plan can have been born then; what is not known does not exclude it."""
    if birth_date(held.child.birth_date or ""):
        return True
    since, until = _born_between(held)
    length = len(born.iso)
    return (since is None or since.isoformat()[:length] <= born.iso) and (
        until is None or born.iso <= until.isoformat()[:length]
    )


def one_pregnancy(one: HeldPlan, other: HeldPlan) -> bool:
    """Whether two pre-birth plans of one mother can be of the same pregnancy."""
    if not (one.plan.expected_birth_on and other.plan.expected_birth_on):
        return True
    return abs(one.plan.expected_birth_on - other.plan.expected_birth_on) <= ONE_PREGNANCY


def _born_between(held: HeldPlan) -> tuple[date | None, date | None]:
    if (expected := held.plan.expected_birth_on) is not None:
        return expected - EARLIEST, expected + LATEST
    return held.plan.started_on, None
