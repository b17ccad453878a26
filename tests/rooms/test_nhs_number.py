"""What is an NHS number, and what only looks like one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.nhs_number import NotAnNhsNumber, digits_held, nhs_number

EXAMPLE = "4010232137"  # the example of the NHS Data Dictionary
TEST_RANGE = "9990000018"


def refusal(typed: str, *, demo: bool = False) -> str:
    with pytest.raises(NotAnNhsNumber) as caught:
        nhs_number(typed, demo=demo)
    return str(caught.value)


@pytest.mark.parametrize("typed", [EXAMPLE, "401 023 2137", "401-023-2137", " 4010232137 ", "4 0 1 0 2 3 2 1 3 7"])
def test_spaces_and_hyphens_are_taken_out(typed: str) -> None:
    assert nhs_number(typed, demo=False) == EXAMPLE


@pytest.mark.bad_input(38)
@pytest.mark.parametrize("digit", "0123456789")
def test_ten_equal_digits_are_refused_though_their_check_digit_fits(digit: str) -> None:
    assert "equal digits" in refusal(digit * 10)
    assert "equal digits" in refusal(digit * 10, demo=True)


@pytest.mark.bad_input(39)
@pytest.mark.parametrize(
    "typed",
    ["４０１０２３２１３７", "٤٠١٠٢٣٢١٣٧", "४०१०२३२१३७", "401023213７", "401023213⁷", "4010232137①"],
)
def test_digits_of_other_scripts_are_refused_with_a_hint(typed: str) -> None:
    assert "digits 0 to 9" in refusal(typed)


@pytest.mark.bad_input(39)
@pytest.mark.parametrize("typed", [EXAMPLE + "\n", EXAMPLE + "\r\n", "\t" + EXAMPLE, "40102\n32137", EXAMPLE + "\x00"])
def test_a_line_break_a_tab_or_a_null_is_refused(typed: str) -> None:
    assert "line break" in refusal(typed)


@pytest.mark.bad_input(39)
@pytest.mark.parametrize(
    "typed", ["401\u00a0023\u00a02137", "401–023–2137", "401.023.2137", "401/023/2137", "NHS4010232137", ""]
)
def test_other_separators_and_letters_are_refused(typed: str) -> None:
    assert "ten digits" in refusal(typed)


@pytest.mark.bad_input(40)
def test_nine_digits_get_the_hint_that_a_spreadsheet_dropped_the_first() -> None:
    assert "nine" in refusal("401023213")


@pytest.mark.bad_input(40)
@pytest.mark.parametrize("typed", ["9.43E+09", "4.010232137E+09", "4e9", "4010232137.0", "9.43e+9"])
def test_a_number_that_a_spreadsheet_changed_gets_a_hint(typed: str) -> None:
    assert "spreadsheet" in refusal(typed)


@pytest.mark.bad_input(40)
@pytest.mark.parametrize("sent", [4010232137, 4010232137.0, None, True, ["4010232137"]])
def test_a_number_that_is_not_text_is_refused_with_a_hint(sent: object) -> None:
    assert "text" in refusal(sent)  # type: ignore[arg-type]


@pytest.mark.bad_input(41)
@pytest.mark.parametrize("typed", [TEST_RANGE, "9000000009"])
def test_a_test_number_is_refused_outside_the_demo_with_a_sentence_of_its_own(typed: str) -> None:
    assert "tests" in refusal(typed)
    assert nhs_number(typed, demo=True) == typed


@pytest.mark.bad_input(42)
def test_every_swap_of_two_neighbouring_digits_is_caught() -> None:
    for place in range(9):
        digits = list(EXAMPLE)
        digits[place : place + 2] = reversed(digits[place : place + 2])
        if digits != list(EXAMPLE):
            assert "swapped" in refusal("".join(digits))


@pytest.mark.bad_input(42)
@given(st.integers(0, 9), st.integers(0, 9))
def test_every_single_wrong_digit_is_caught(place: int, digit: int) -> None:
    wrong = EXAMPLE[:place] + str(digit) + EXAMPLE[place + 1 :]
    if wrong != EXAMPLE:
        refusal(wrong)


@given(st.text(min_size=4))
def test_any_text_gives_ten_ascii_digits_or_a_refusal_that_does_not_repeat_it(typed: str) -> None:
    digits = said = ""
    try:
        digits = nhs_number(typed, demo=True)
    except NotAnNhsNumber as refused:
        said = str(refused)
    assert typed not in said
    assert bool(said) is not bool(re.fullmatch(r"[0-9]{10}", digits))


@given(st.text(alphabet="0123456789 -eE.+\n٣３", max_size=14))
def test_what_is_accepted_is_read_back_from_the_register_as_it_was(typed: str) -> None:
    try:
        digits = nhs_number(typed, demo=True)
    except NotAnNhsNumber:
        return
    assert digits_held(typed) == digits
