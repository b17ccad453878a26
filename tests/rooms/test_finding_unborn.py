"""The unborn child, found by the mother's number: and never a born brother or sister by it."""

from __future__ import annotations

from datetime import date

import pytest

from lookup.finding import clues_held, clues_sought, judge
from lookup.model import Address, Child, Found, HeldPlan, Kind, Mother, Particulars, Verdict
from tests.rooms.finding_families import MATCHING, NUMBERS, POPULATION, a_child, held

MOTHER = Mother(nhs_number=NUMBERS[0], birth_date="1998-02-14", postcode="DN15 6HJ")
UNBORN = held(
    Child(given_name="Unborn baby", family_name="Thackeray", mother=MOTHER),
    Kind.PRE_BIRTH,
    started_on=date(2025, 11, 3),
    expected_birth_on=date(2026, 2, 20),
)
BY_HER_BIRTH_DATE = Particulars(mother_nhs_number=NUMBERS[0], mother_birth_date="1998-02-14")


def judged(typed: Particulars, *plans: HeldPlan) -> Verdict:
    return judge(typed, plans, MATCHING, POPULATION)


@pytest.mark.bad_input(49)
@pytest.mark.parametrize(
    "typed",
    [
        BY_HER_BIRTH_DATE,
        Particulars(mother_nhs_number=NUMBERS[0], mother_birth_date="1998-02-15"),
        Particulars(mother_nhs_number=NUMBERS[0], postcode="DN15 6HJ"),
        Particulars(mother_nhs_number=NUMBERS[0], mother_birth_date="1998-02-14", birth_date="2026-02-11"),
        Particulars(mother_nhs_number=NUMBERS[0], postcode="DN15 6HJ", given_name="Lettice", birth_date="2026-02-11"),
    ],
)
def test_an_unborn_child_is_found_by_the_mothers_number_with_her_birth_date_or_a_postcode(typed: Particulars) -> None:
    assert clues_sought(typed, MATCHING) & clues_held(UNBORN.child, restricted=False)
    assert judged(typed, UNBORN).positions == (0,)


@pytest.mark.bad_input(49)
def test_a_mothers_number_alone_wants_more_held_or_not() -> None:
    typed = Particulars(mother_nhs_number=NUMBERS[0])
    assert judged(typed, UNBORN) == judged(typed)
    assert judged(typed).wanted == ("mother_birth_date", "postcode")


@pytest.mark.bad_input(49)
def test_a_wrong_birth_date_of_the_mother_is_no_false_nobody() -> None:
    typed = Particulars(mother_nhs_number=NUMBERS[0], mother_birth_date="1990-11-30")
    assert judged(typed, UNBORN).found is Found.UNDECIDED


def test_a_mothers_number_never_lists_her_born_children() -> None:
    born = held(a_child(mother=MOTHER))
    assert judged(BY_HER_BIRTH_DATE, born) == Verdict(Found.NOBODY)
    assert judged(BY_HER_BIRTH_DATE, born, UNBORN).positions == (1,)


@pytest.mark.parametrize(
    "older",
    [
        {"birth_date": "2018-03-09"},
        {"birth_date": "2018"},
        {"birth_date": "2018-03-09", "given_name": "Cressida", "family_name": "Thackeray", "postcode": "DN15 6HJ"},
    ],
)
def test_an_older_child_of_the_mother_is_not_taken_for_the_unborn(older: dict[str, str]) -> None:
    typed = Particulars(mother_nhs_number=NUMBERS[0], mother_birth_date="1998-02-14", **older)  # type: ignore[arg-type]
    assert judged(typed, UNBORN).found is not Found.CERTAIN


def test_a_named_child_without_a_birth_date_is_not_taken_for_the_unborn() -> None:
    typed = Particulars(mother_nhs_number=NUMBERS[0], mother_birth_date="1998-02-14", given_name="Cressida")
    verdict = judged(typed, UNBORN)
    assert verdict.found is Found.UNDECIDED
    assert "birth_date" in verdict.wanted


def test_a_newborn_whose_plan_is_still_the_pre_birth_one_is_also_found_by_its_own_name() -> None:
    newborn = held(
        a_child("Lettice", born="2026-02-11", mother=MOTHER, nhs_number=NUMBERS[1]),
        Kind.PRE_BIRTH,
        expected_birth_on=date(2026, 2, 20),
    )
    own = Particulars(given_name="Lettice", family_name="Thackeray", birth_date="2026-02-11", postcode="DN15 6HJ")
    for typed in (own, Particulars(nhs_number=NUMBERS[1], birth_date="2026-02-11"), BY_HER_BIRTH_DATE):
        assert judged(typed, newborn).positions == (0,)


def test_the_plans_of_two_authorities_for_one_unborn_child_are_one_and_of_two_pregnancies_two() -> None:
    elsewhere = held(Child(mother=MOTHER), Kind.PRE_BIRTH, expected_birth_on=date(2026, 3, 1))
    assert judged(BY_HER_BIRTH_DATE, UNBORN, elsewhere).positions == (0, 1)
    earlier = held(Child(mother=MOTHER), Kind.PRE_BIRTH, expected_birth_on=date(2024, 12, 1))
    assert judged(BY_HER_BIRTH_DATE, UNBORN, earlier).found is not Found.CERTAIN


def test_a_mothers_postcode_elsewhere_does_not_settle_it() -> None:
    typed = Particulars(mother_nhs_number=NUMBERS[0], postcode="LN7 6JY")
    assert judged(typed, UNBORN).found is Found.UNDECIDED
    child = Child(mother=Mother(nhs_number=NUMBERS[0]), addresses=(Address(postcode="LN7 6JY"),))
    assert judged(typed, held(child, Kind.PRE_BIRTH)).found is Found.CERTAIN
