"""Which records are of one child: several plans, a transfer from one authority to another, care and a plan.

Promises: records are linked when their NHS numbers are equal and their birth dates agree, or when each is certain for
the other; unborn children when the mother is the same and the pregnancy may be. Different numbers alone do not part
what everything else joins: a child may have been given two.
"""

from __future__ import annotations

from lookup.finding.birth_dates import AGREEING, birth_date, compared
from lookup.finding.certainty import settles
from lookup.finding.matching import Matching
from lookup.finding.unborn import one_pregnancy
from lookup.finding.weighing import sought, weighed
from lookup.model import Child, HeldPlan, Kind, Particulars
from lookup.nhs_number import digits_held


def same_child(a: Child, b: Child, matching: Matching, population: int, *, restricted: bool = False) -> bool:
    """Whether two records are of one child. `restricted`: one of them is, so that places do not count."""
    if not (a.birth_date and b.birth_date):
        return _same_unborn(a, b)
    if not _births_agree(a, b):
        return False
    if _numbers(a) & _numbers(b):
        return True
    return _certain_for(a, b, matching, population, restricted) and _certain_for(b, a, matching, population, restricted)


def same_child_held(a: HeldPlan, b: HeldPlan, matching: Matching, population: int) -> bool:
    """The same for two plans as they are held."""
    if a.plan.kind is b.plan.kind is Kind.PRE_BIRTH and not one_pregnancy(a, b):
        return False
    return same_child(a.child, b.child, matching, population, restricted=a.restricted or b.restricted)


def _births_agree(a: Child, b: Child) -> bool:
    one, other = birth_date(a.birth_date or ""), birth_date(b.birth_date or "")
    return one is not None and other is not None and compared(one, other) in AGREEING


def _numbers(child: Child) -> set[str]:
    return {digits for number in (child.nhs_number, *child.merged_nhs_numbers) if (digits := digits_held(number))}


def _same_unborn(a: Child, b: Child) -> bool:
    if a.birth_date or b.birth_date or not (a.mother and b.mother):
        return False
    number = digits_held(a.mother.nhs_number)
    return bool(number) and number == digits_held(b.mother.nhs_number)


def _certain_for(a: Child, b: Child, matching: Matching, population: int, restricted: bool) -> bool:
    wanted = sought(_described(a))
    return settles(weighed(wanted, b, matching, restricted=restricted, mother=None), wanted, matching, population)


def _described(child: Child) -> Particulars:
    return Particulars(
        nhs_number=child.nhs_number,
        family_name=child.family_name,
        given_name=child.given_name,
        birth_date=child.birth_date or "",
        postcode=child.addresses[0].postcode if child.addresses else "",
        sex=child.sex,
    )
