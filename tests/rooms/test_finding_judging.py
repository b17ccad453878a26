"""One child for certain, or what would decide: the rules that bits alone cannot express."""

from __future__ import annotations

import pytest

from lookup.finding import NUMBER_DISAGREES, judge, same_child
from lookup.model import Address, Broker, Child, Found, HeldPlan, Particulars, PersonName, Verdict
from tests.rooms.finding_families import MATCHING, NUMBERS, POPULATION, a_child, asked, held

CHILD = a_child(nhs_number=NUMBERS[0])
TWIN = a_child("Rosamund", nhs_number=NUMBERS[1])


def judged(typed: Particulars, *candidates: Child | HeldPlan) -> Verdict:
    plans = [each if isinstance(each, HeldPlan) else held(each) for each in candidates]
    return judge(typed, plans, MATCHING, POPULATION)


def test_name_birth_date_and_postcode_are_certain_and_explained() -> None:
    verdict = judged(asked(CHILD), CHILD)
    assert (verdict.found, verdict.positions, verdict.wanted) == (Found.CERTAIN, (0,), ())
    assert verdict.score is not None
    assert len(verdict.score.evidence) == 5


@pytest.mark.parametrize(
    "changed",
    [
        {"birth_date": "2016-05-28"},
        {"birth_date": "23/05/2016"},
        {"given_name": "THACKERAY", "family_name": "Aveline"},
        {"family_name": "Thackery"},
        {"postcode": "LN7 6JY"},
        {"postcode": "", "sex": "unknown"},
    ],
)
def test_one_slip_of_whoever_typed_is_no_hindrance(changed: dict[str, str]) -> None:
    assert judged(asked(CHILD, **changed), CHILD).found is Found.CERTAIN


def test_a_number_with_its_birth_date_is_certain() -> None:
    typed = Particulars(nhs_number=NUMBERS[0], birth_date="2016-05-23")
    assert judged(typed, CHILD).positions == (0,)


def test_a_typed_number_alone_wants_the_birth_date_held_or_not() -> None:
    typed = Particulars(nhs_number=NUMBERS[0])
    answers = {judged(typed, CHILD), judged(typed), judged(typed, TWIN)}
    assert answers == {Verdict(Found.UNDECIDED, wanted=("birth_date",))}


def test_a_number_with_a_name_alone_is_answered_the_same_held_or_not() -> None:
    typed = Particulars(nhs_number=NUMBERS[0], given_name="Aveline", family_name="Thackeray")
    assert judged(typed, CHILD) == judged(typed) == Verdict(Found.UNDECIDED, wanted=("birth_date",))


def test_a_traced_number_alone_is_certain_if_held() -> None:
    typed = Particulars(nhs_number=NUMBERS[0], number_is_traced=True)
    assert judged(typed, TWIN, CHILD).positions == (1,)
    assert judged(typed).found is Found.NOBODY


def test_a_traced_number_does_not_outweigh_another_first_name() -> None:
    typed = asked(TWIN, nhs_number=NUMBERS[0], number_is_traced=True)
    assert judged(typed, CHILD).found is not Found.CERTAIN


def test_a_number_whose_name_and_birth_date_are_another_childs_is_undecided_and_an_item_for_the_authority() -> None:
    other = a_child("Peregrine", "Quixley", "2009-11-02", sex="male", addresses=(Address(postcode="LN7 6JY"),))
    verdict = judged(asked(other, nhs_number=NUMBERS[0]), CHILD, other)
    assert verdict.found is Found.UNDECIDED
    assert verdict.data_quality == (NUMBER_DISAGREES,)
    assert verdict.wanted == ("birth_date", "given_name", "family_name")
    assert verdict.positions == (0,)


@pytest.mark.bad_input(48)
def test_a_twin_who_is_not_held_is_never_taken_for_the_one_who_is() -> None:
    for typed in (asked(TWIN), asked(TWIN, nhs_number=NUMBERS[0])):
        assert judged(typed, CHILD).found in (Found.UNDECIDED, Found.UNDECIDABLE)


@pytest.mark.bad_input(48)
def test_a_twin_with_a_number_of_its_own_is_somebody_else() -> None:
    assert judged(asked(TWIN, nhs_number=NUMBERS[1]), CHILD) == Verdict(Found.NOBODY)


@pytest.mark.bad_input(48)
def test_twins_without_a_first_name_want_one_also_when_only_one_is_held() -> None:
    typed = asked(CHILD, given_name="")
    for candidates in ((CHILD, TWIN), (CHILD,)):
        verdict = judged(typed, *candidates)
        assert verdict.found is Found.UNDECIDED
        assert "given_name" in verdict.wanted


@pytest.mark.bad_input(48)
def test_a_first_name_decides_between_twins_who_are_both_held() -> None:
    assert judged(asked(TWIN), CHILD, TWIN).positions == (1,)


def test_brothers_and_sisters_of_another_age_are_nobody() -> None:
    sister = a_child("Rosamund", born="2012-11-30")
    assert judged(asked(CHILD), sister).found is Found.NOBODY


def test_two_children_who_fit_alike_are_undecided_and_then_undecidable() -> None:
    homes = (Address(postcode="DN17 1BD"),), (Address(postcode="LN7 6JY"),)
    cousins = a_child(born="2016-05-23", addresses=homes[0]), a_child(born="2016-05-28", addresses=homes[1])
    typed = asked(CHILD, birth_date="2016-05-25")
    assert judged(typed, *cousins).found is Found.UNDECIDED
    assert judged(asked(CHILD, birth_date="2016-05-25", nhs_number=NUMBERS[2]), *cousins) == Verdict(Found.UNDECIDABLE)


def test_what_is_wanted_does_not_depend_on_what_is_held() -> None:
    weak = a_child("Olivia", "Smith")
    typed = asked(weak, postcode="")
    assert judged(typed, weak).wanted == judged(typed, a_child("Olivia", "Smith", nhs_number=NUMBERS[0])).wanted
    assert judged(typed, weak).wanted == ("postcode", "nhs_number")


@pytest.mark.bad_input(46)
@pytest.mark.parametrize("given_name", ["Baby", "Unknown", "Twin One", "-"])
def test_a_name_that_says_nothing_never_ends_in_nobody(given_name: str) -> None:
    typed = Particulars(given_name=given_name, birth_date="2016-05-23", postcode="DN15 6HJ")
    for candidates in ((), (CHILD,)):
        verdict = judged(typed, *candidates)
        assert verdict.found is Found.UNDECIDED
        assert {"given_name", "family_name"} <= set(verdict.wanted)


@pytest.mark.bad_input(45)
def test_a_name_in_look_alike_letters_is_never_certain_without_a_number() -> None:
    typed = asked(CHILD, given_name="Аvеlіnе")
    assert judged(typed, CHILD).found is Found.UNDECIDED


def test_a_changed_family_name_does_not_hide_a_child_whose_number_birth_date_and_first_name_agree() -> None:
    typed = asked(CHILD, family_name="Quixley", nhs_number=NUMBERS[0])
    assert judged(typed, CHILD).found is Found.CERTAIN
    assert judged(asked(CHILD, family_name="Quixley"), CHILD).found is not Found.CERTAIN


def test_a_different_number_needs_everything_else_to_be_exact() -> None:
    other_number = asked(CHILD, nhs_number=NUMBERS[1])
    assert judged(other_number, CHILD).found is Found.CERTAIN
    assert judged(asked(CHILD, nhs_number=NUMBERS[1], birth_date="2016-05-28"), CHILD).found is not Found.CERTAIN


def test_records_of_one_child_from_two_authorities_count_as_one() -> None:
    moved = a_child(nhs_number=NUMBERS[0], addresses=(Address(postcode="LN7 6JY"),))
    verdict = judged(asked(CHILD), CHILD, TWIN, moved)
    assert (verdict.found, verdict.positions) == (Found.CERTAIN, (0, 2))


def test_a_number_merged_by_a_trace_leads_to_the_current_record() -> None:
    current = a_child(nhs_number=NUMBERS[1], merged_nhs_numbers=(NUMBERS[0],))
    assert judged(Particulars(nhs_number=NUMBERS[0], birth_date="2016-05-23"), current).positions == (0,)
    assert same_child(CHILD, current, MATCHING, POPULATION)


def test_records_are_linked_by_number_and_birth_date_or_when_certain_for_each_other() -> None:
    renamed = a_child("Beatrix", "Quixley", nhs_number=NUMBERS[0])
    assert same_child(CHILD, renamed, MATCHING, POPULATION)
    assert not same_child(
        CHILD, a_child("Beatrix", "Quixley", "2009-01-02", nhs_number=NUMBERS[0]), MATCHING, POPULATION
    )
    assert same_child(a_child(), a_child(other_names=(PersonName(family_name="Quixley"),)), MATCHING, POPULATION)
    assert not same_child(CHILD, TWIN, MATCHING, POPULATION)


def test_a_restricted_child_is_found_without_its_place_and_no_place_helps() -> None:
    hidden = held(a_child("Olivia", "Smith"), broker=Broker(name="Desk", phone="01724 000000"))
    typed = asked(hidden.child)
    assert judged(typed, hidden) == judged(asked(hidden.child, postcode="LN7 6JY"), hidden)
    assert judged(typed, hidden).found is not Found.CERTAIN
    assert judged(typed, hidden.child).found is Found.CERTAIN


def test_the_larger_the_population_the_more_is_needed() -> None:
    typed = asked(CHILD, postcode="", sex="unknown")
    assert judge(typed, [held(CHILD)], MATCHING, 49_000).found is Found.CERTAIN
    assert judge(typed, [held(CHILD)], MATCHING, 12_000_000).found is Found.UNDECIDED


def test_nobody_among_the_candidates_or_nobody_who_fits_is_nobody() -> None:
    stranger = a_child("Peregrine", "Quixley", "2009-11-02")
    assert judged(asked(CHILD)) == judged(asked(CHILD), stranger) == Verdict(Found.NOBODY)
