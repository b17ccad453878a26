"""What was typed: is it enough, and is it as it must be?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.finding import has_minimum, particulars_problems
from lookup.model import Particulars
from tests.rooms.finding_families import NUMBERS

TODAY = date(2026, 1, 5)
TEXT = st.text(st.characters(codec=None), max_size=30)


def problems(**typed: str) -> list[str]:
    found = particulars_problems(Particulars(**typed), demo=True, today=TODAY)  # type: ignore[arg-type]
    return [field.path for field in found]


@pytest.mark.parametrize(
    "typed",
    [
        {"given_name": "Aveline", "birth_date": "2016-05-23"},
        {"family_name": "Thackeray", "birth_date": "23/05/2016"},
        {"family_name": "Thackeray", "birth_date": "2016", "postcode": "DN15 6HJ"},
        {"nhs_number": NUMBERS[0]},
        {"mother_nhs_number": NUMBERS[0]},
    ],
)
def test_these_are_enough_to_search(typed: dict[str, str]) -> None:
    assert has_minimum(Particulars(**typed))  # type: ignore[arg-type]


@pytest.mark.bad_input(34)
@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"given_name": "Aveline", "family_name": "Thackeray"},
        {"given_name": "Aveline", "family_name": "Thackeray", "postcode": "DN15 6HJ", "sex": "female"},
        {"family_name": "Thackeray", "birth_date": "2016"},
        {"birth_date": "2016-05-23", "postcode": "DN15 6HJ"},
        {"postcode": "DN15 6HJ"},
        {"mother_birth_date": "1998-02-14", "postcode": "DN15 6HJ"},
        {"given_name": " ", "family_name": "\t", "birth_date": "2016-05-23"},
        {"given_name": "Aveline", "birth_date": "last spring"},
    ],
)
def test_these_are_too_little(typed: dict[str, str]) -> None:
    assert not has_minimum(Particulars(**typed))  # type: ignore[arg-type]


@pytest.mark.bad_input(34)
@pytest.mark.parametrize("typed", ["*", "%", "?", "_", "Sm*", "*ith", "Sm%th", "S_ith", "A?", "** **", "Ann Sm*"])
def test_wildcards_are_refused(typed: str) -> None:
    assert problems(family_name=typed) == ["$.family_name"]


@pytest.mark.bad_input(46)
@pytest.mark.parametrize(
    "typed",
    [
        "Null",
        "Test",
        "O'Brien",
        "O’Brien",
        "X",
        "a" * 200,
        "Baby",
        "Unknown",
        "{{7*7}}",
        "<b>Ann</b>",
        "李",
        "Ann-Marie",
    ],
)
def test_a_name_may_be_anything_that_people_are_called(typed: str) -> None:
    assert problems(family_name=typed, birth_date="2016-05-23") == []


@pytest.mark.parametrize("typed", ["a" * 201, "Ann\x00", "Ann\ud800"])
def test_a_name_that_cannot_be_written_down_is_refused(typed: str) -> None:
    assert problems(given_name=typed) == ["$.given_name"]


@pytest.mark.parametrize(
    "typed", ["2016-05-23", "2016-05", "2016", "23/5/2016", "29.02.2024", "2026-01-05", "2026", "1900"]
)
def test_a_date_may_be_whole_or_in_part(typed: str) -> None:
    assert problems(birth_date=typed, mother_birth_date=typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-06",
        "2026-02",
        "2027",
        "1899-12-31",
        "2023-02-29",
        "31/04/2020",
        "2016-13",
        "16-05-23",
        "tomorrow",
        "２０１６",
    ],
)
def test_a_date_that_cannot_be_a_birth_date_is_refused(typed: str) -> None:
    assert problems(birth_date=typed) == ["$.birth_date"]
    assert problems(mother_birth_date=typed) == ["$.mother_birth_date"]


@pytest.mark.bad_input(38, 39, 40)
@pytest.mark.parametrize("typed", ["1111111111", "９９９１２３４００４", "999123400", "9.99E+09", "9991234004\n"])
def test_what_is_no_nhs_number_is_named_by_its_path(typed: str) -> None:
    assert problems(nhs_number=typed, mother_nhs_number=typed) == ["$.nhs_number", "$.mother_nhs_number"]


@pytest.mark.bad_input(41)
def test_a_test_number_is_refused_outside_the_demo() -> None:
    typed = Particulars(nhs_number=NUMBERS[0])
    assert particulars_problems(typed, demo=True, today=TODAY) == []
    assert [field.path for field in particulars_problems(typed, demo=False, today=TODAY)] == ["$.nhs_number"]


@pytest.mark.parametrize("typed", ["DN15", "DN15*", "DN15 6H%", "nowhere"])
def test_a_postcode_must_be_whole(typed: str) -> None:
    assert problems(postcode=typed) == ["$.postcode"]


@given(TEXT, TEXT, TEXT, TEXT, TEXT)
def test_no_text_breaks_the_checks_and_none_is_repeated(
    number: str, family: str, given_name: str, born: str, code: str
) -> None:
    typed = Particulars(nhs_number=number, family_name=family, given_name=given_name, birth_date=born, postcode=code)
    has_minimum(typed)
    for field in particulars_problems(typed, demo=False, today=TODAY):
        text = getattr(typed, field.path.removeprefix("$."))
        assert len(text) < 8 or text not in field.problem
