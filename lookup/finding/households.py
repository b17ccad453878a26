"""Who lives with whom: the clues that find the plans of other children of a household.

*Household*: the listed members of a plan's household, or the same family name at the same whole postcode. Promises:
exact words only, no likeness, because a wrong answer says something about another child; a restricted child gives no
clue in either direction. Does not promise that whom a clue finds is another child: the caller leaves out the child's
own plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from lookup.finding.birth_dates import birth_date
from lookup.finding.postcodes import has_british_shape, postcode
from lookup.finding.spelling import name
from lookup.model import Child, Clue, Particulars, Plan

_NOBODY: frozenset[Clue] = frozenset()


def household_clues_held(child: Child, plan: Plan) -> frozenset[Clue]:
    """What a plan is indexed under: whose it is, whom it lists, and where they live."""
    if plan.broker is not None:
        return _NOBODY
    return frozenset(chain(_self("household_self", child), _listed("household_lists", plan), _place_of(child)))


def household_clues_sought(given: Particulars) -> frozenset[Clue]:
    """What finds the plans that list the child who was asked about, or share family name and postcode, held or not."""
    listed = _person("household_lists", given.given_name, given.family_name, given.birth_date)
    return frozenset(chain(listed, _place(given.family_name, given.postcode)))


def household_clues_of(child: Child, plan: Plan) -> frozenset[Clue]:
    """What finds the plans of the brothers and sisters of a child who is held."""
    if plan.broker is not None:
        return _NOBODY
    return frozenset(chain(_self("household_lists", child), _listed("household_self", plan), _place_of(child)))


def _self(kind: str, child: Child) -> Iterator[Clue]:
    return _person(kind, child.given_name, child.family_name, child.birth_date or "")


def _listed(kind: str, plan: Plan) -> Iterator[Clue]:
    for member in plan.household_members:
        yield from _person(kind, member.name.given_name, member.name.family_name, member.birth_date or "")


def _person(kind: str, given: str, family: str, born: str) -> Iterator[Clue]:
    """Given and family name in the order of the alphabet, so that it does not matter which was written first."""
    names, when = sorted((name(given).joined, name(family).joined)), birth_date(born)
    if all(names) and when and when.whole:
        yield Clue(kind, (*names, when.iso))


def _place_of(child: Child) -> Iterator[Clue]:
    return _place(child.family_name, child.addresses[0].postcode) if child.addresses else iter(())


def _place(family: str, code: str) -> Iterator[Clue]:
    who, where = name(family).joined, postcode(code)
    if who and where and has_british_shape(where):
        yield Clue("household_place", (who, where))
