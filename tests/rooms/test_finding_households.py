"""Who lives with whom: exact, symmetrical, and never about a restricted child."""

from __future__ import annotations

from lookup.finding import household_clues_held, household_clues_of, household_clues_sought
from lookup.model import Address, Broker, Child, HouseholdMember, Kind, Particulars, PersonName, Plan
from tests.rooms.finding_families import a_child, asked

SISTER = a_child("Rosamund", "Quixley", "2012-11-30", addresses=(Address(postcode="LN7 6JY"),))


def plan_listing(*children: Child, **more: object) -> Plan:
    members = tuple(
        HouseholdMember(
            name=PersonName(given_name=child.given_name, family_name=child.family_name),
            relationship="sister",
            birth_date=child.birth_date,
        )
        for child in children
    )
    return Plan(kind=Kind.CHILD_PROTECTION, household_members=members, **more)  # type: ignore[arg-type]


def test_a_child_who_is_not_held_finds_the_plan_that_lists_it() -> None:
    held = household_clues_held(a_child(), plan_listing(SISTER))
    assert household_clues_sought(asked(SISTER, postcode="")) & held
    shouted = Particulars(given_name="QUIXLEY", family_name="rosamund", birth_date="30/11/2012")
    assert household_clues_sought(shouted) & held


def test_a_child_with_the_same_family_name_at_the_same_postcode_is_of_the_household() -> None:
    held = household_clues_held(a_child(), plan_listing())
    brother = a_child("Peregrine", "THACKERAY", "2010-01-02")
    assert household_clues_sought(asked(brother)) & held
    assert not household_clues_sought(asked(brother, postcode="DN15 6HT")) & held
    assert not household_clues_sought(asked(brother, family_name="Thackery")) & held


def test_a_held_child_finds_its_sisters_plan_whichever_of_the_two_lists_the_other() -> None:
    listing, plain = plan_listing(SISTER), plan_listing()
    assert household_clues_of(a_child(), listing) & household_clues_held(SISTER, plain)
    assert household_clues_of(SISTER, plain) & household_clues_held(a_child(), listing)
    assert not household_clues_of(SISTER, plain) & household_clues_held(a_child(), plain)


def test_a_relative_whom_two_plans_list_does_not_join_them() -> None:
    uncle = a_child("Ptolemy", "Marchbanks", "1980-01-02")
    held = household_clues_held(SISTER, plan_listing(uncle))
    assert not household_clues_of(a_child(), plan_listing(uncle)) & held


def test_a_name_alike_or_without_a_birth_date_joins_nobody() -> None:
    held = household_clues_held(a_child(), plan_listing(SISTER))
    assert not household_clues_sought(asked(SISTER, given_name="Rosamunde")) & held
    assert not household_clues_sought(asked(SISTER, birth_date="2012", postcode="")) & held


def test_a_restricted_child_gives_no_clue_in_either_direction() -> None:
    plan = plan_listing(SISTER, broker=Broker(name="Desk", phone="01724 000000"))
    assert household_clues_held(a_child(), plan) == household_clues_of(a_child(), plan) == frozenset()
