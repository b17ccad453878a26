"""Clues: never one attribute alone, free of order, and wide enough on the asking side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.finding import CLUE_KINDS, clues_held, clues_sought, fits_reject, link_clues
from lookup.model import Address, Child, Clue, Mother, Particulars, PersonName
from tests.rooms.finding_families import MATCHING, NUMBERS, a_child, asked

IDENTIFIERS = {"number", "mother"}
CHILD = a_child(nhs_number=NUMBERS[0], mother=Mother(nhs_number=NUMBERS[1]))


def found(typed: Particulars, child: Child = CHILD, *, restricted: bool = False) -> bool:
    return bool(clues_sought(typed, MATCHING) & clues_held(child, restricted=restricted))


def test_no_clue_holds_a_single_attribute_but_an_identifier() -> None:
    clues = clues_held(CHILD, restricted=False) | clues_sought(asked(CHILD, nhs_number=NUMBERS[0]), MATCHING)
    assert {clue.kind for clue in clues} <= set(CLUE_KINDS)
    assert {clue.kind for clue in clues if len(clue.fields) < 2} == IDENTIFIERS


@pytest.mark.parametrize(
    "child",
    [
        Child(),
        Child(birth_date="2016-05-23"),
        Child(addresses=(Address(postcode="DN15 6HJ"),)),
        Child(given_name="Aveline"),
        Child(given_name="Baby", birth_date="2016-05-23"),
    ],
)
def test_one_attribute_alone_gives_no_clue(child: Child) -> None:
    assert clues_held(child, restricted=False) == frozenset()


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"given_name": "Thackeray", "family_name": "Aveline"},
        {"given_name": "Avelyne", "postcode": "", "birth_date": "2016-05-23"},
        {"family_name": "Quixley", "postcode": ""},
        {"birth_date": "2011-11-02", "postcode": ""},
        {"birth_date": "2016-05", "postcode": ""},
        {"given_name": "", "family_name": "Quixley"},
        {"birth_date": "2016", "family_name": "Quixley"},
    ],
)
def test_an_enquiry_finds_a_child_though_one_thing_is_wrong_or_missing(changed: dict[str, str]) -> None:
    assert found(asked(CHILD, **changed))


@pytest.mark.parametrize(
    ("typed", "held"),
    [("Bill", "William"), ("William", "Bill"), ("Ayesha", "Aisha"), ("Muhammad", "Mohamed"), ("Kate", "Catherine")],
)
def test_short_forms_and_other_spellings_are_widened_on_the_asking_side(typed: str, held: str) -> None:
    child = a_child(held, "Thackeray", addresses=())
    assert found(asked(a_child(typed, "Quixley"), postcode=""), child)


def test_day_and_month_swapped_find_the_child() -> None:
    child = a_child(born="2016-05-09", addresses=())
    assert found(asked(child, birth_date="2016-09-05", family_name="Quixley"), child)


def test_a_former_name_and_a_former_address_are_found_too() -> None:
    child = a_child(
        family="Quixley",
        other_names=(PersonName(family_name="Thackeray"),),
        addresses=(Address(postcode="LN7 6JY"), Address(postcode="DN15 6HJ")),
    )
    assert found(Particulars(family_name="Thackeray", birth_date="2016-05-23"), child)
    assert found(Particulars(family_name="Thackeray", birth_date="2016", postcode="DN15 6HJ"), child)


def test_a_restricted_child_has_no_clue_of_a_place() -> None:
    clues = clues_held(CHILD, restricted=True)
    assert not [clue for clue in clues if "DN156HJ" in clue.fields]
    assert clues < clues_held(CHILD, restricted=False)


def test_links_are_looked_for_by_number_name_and_birth_date_and_never_by_place() -> None:
    clues = link_clues(CHILD)
    assert Clue("number", (NUMBERS[0],)) in clues
    assert clues & clues_held(a_child(addresses=()), restricted=False)
    assert not [clue for clue in clues if "DN156HJ" in clue.fields or clue.kind == "mother"]


def test_an_unborn_childs_records_are_linked_by_the_mother() -> None:
    assert link_clues(Child(mother=Mother(nhs_number=NUMBERS[1]))) == {Clue("mother", (NUMBERS[1],))}


def test_counts_are_modest() -> None:
    full = asked(a_child("Elizabeth", "Mohammed"), nhs_number=NUMBERS[0], mother_nhs_number=NUMBERS[1])
    assert len(clues_sought(full, MATCHING)) <= 40
    assert len(clues_held(CHILD, restricted=False)) <= 25


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=40), st.text(max_size=12))
def test_no_text_breaks_the_clues_nor_makes_many(given_name: str, family: str, number: str, code: str) -> None:
    child = Child(given_name=given_name, family_name=family, nhs_number=number, birth_date="2016-05-09")
    typed = Particulars(given_name=given_name, family_name=family, birth_date="2016-05-09", postcode=code)
    assert len(clues_held(child, restricted=False)) < 60
    assert len(clues_sought(typed, MATCHING)) < 100


@pytest.mark.parametrize(
    ("readable", "fits"),
    [
        (a_child(), True),
        (Child(family_name="Thackeray", birth_date="2016-05-23"), True),
        (Child(nhs_number=NUMBERS[0]), True),
        (Child(given_name="Avelyne", addresses=(Address(postcode="DN15 6HJ"),)), True),
        (a_child(addresses=(Address(postcode="LN7 6JY"),)), True),
        (Child(family_name="Thackeray"), False),
        (Child(birth_date="2016-05-23"), False),
        (a_child("Rosamund"), False),
        (a_child(born="2012-11-30"), False),
        (a_child(nhs_number=NUMBERS[1]), True),
        (a_child("Rosamund", nhs_number=NUMBERS[1]), False),
        (a_child("Rosamund", nhs_number=NUMBERS[0]), True),
        (a_child(born="2012-11-30", nhs_number=NUMBERS[0]), True),
        (Child(), False),
    ],
)
def test_an_enquiry_fits_a_rejected_row_when_what_is_readable_agrees_and_nothing_contradicts(
    readable: Child, fits: bool
) -> None:
    assert fits_reject(asked(a_child(), nhs_number=NUMBERS[0]), readable, MATCHING) is fits
