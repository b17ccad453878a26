"""What is typed into the form, and the enquiry that it becomes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.pages.form import INPUTS, body_of, errors_of, read_typed
from lookup.pages.wristband import read_wristband

BAND = "801850508989996873072491RJC,44512,50552303,93ADEYINKA,Tamsin,09-Sep-2020,"


def body(**typed: str) -> dict[str, Any]:
    made = json.loads(body_of(read_typed(typed)))
    assert isinstance(made, dict)
    return made


def test_empty_boxes_are_left_out_of_the_body() -> None:
    assert body(family_name=" Adeyinka ", postcode="") == {"family_name": "Adeyinka"}


@pytest.mark.parametrize(
    ("day", "month", "year", "made"),
    [
        ("9", "3", "2021", "2021-03-09"),
        ("09", "03", "2021", "2021-03-09"),
        ("9", "march", "2021", "2021-03-09"),
        ("", "3", "2021", "2021-03"),
        ("", "", "2021", "2021"),
        ("9", "", "2021", "2021--09"),
        ("9", "3", "", "-03-09"),
        ("", "", "21", "21"),
    ],
)
def test_a_date_in_three_boxes_becomes_as_much_as_is_known(day: str, month: str, year: str, made: str) -> None:
    assert body(birth_day=day, birth_month=month, birth_year=year) == {"birth_date": made}


@pytest.mark.parametrize("sign", ["", "]d2", "]C1"])
@pytest.mark.parametrize("separator", ["", "\x1d"])
def test_one_scan_of_a_whole_wristband_fills_number_name_and_birth_date(sign: str, separator: str) -> None:
    band = BAND.replace("93ADEYINKA", f"{separator}93ADEYINKA")
    assert body(nhs_number=sign + band) == {
        "nhs_number": "9996873072",
        "family_name": "ADEYINKA",
        "given_name": "Tamsin",
        "birth_date": "2020-09-09",
    }


def test_a_scan_fills_nothing_that_somebody_typed() -> None:
    asked = body(nhs_number=BAND, family_name="Adeyinka")
    assert asked == {"nhs_number": "9996873072", "family_name": "Adeyinka"}


@pytest.mark.parametrize("scanned", ["9996873072", "]d29996873072", "80185050898" + "9996873072", " 9996873072\t"])
def test_a_band_with_the_number_alone_gives_the_number(scanned: str) -> None:
    assert body(nhs_number=scanned) == {"nhs_number": "9996873072"}


@pytest.mark.bad_input(39, 40)
@pytest.mark.parametrize(
    "typed", ["999 687 3072", "９９９６８７３０７２", "9.99E+09", "8018123456789996873072", "4412"]
)
def test_what_is_no_band_is_left_as_it_was_typed(typed: str) -> None:
    assert read_wristband(typed) == {"nhs_number": typed}


@given(st.text())
def test_a_scan_of_anything_gives_a_number_field_and_no_fault(scanned: str) -> None:
    assert "nhs_number" in read_wristband(scanned)


@given(st.dictionaries(st.sampled_from(INPUTS), st.text(st.characters(codec="utf-8"))))
def test_whatever_is_typed_makes_a_body_of_known_fields(typed: dict[str, str]) -> None:
    assert set(json.loads(body_of(read_typed(typed)))) <= {*INPUTS, "birth_date", "mother_birth_date"}


def problem(path: str, said: str) -> dict[str, Any]:
    return {"title": "No.", "fields": [{"path": path, "problem": said}]}


def test_an_error_leads_to_the_first_box_of_its_date() -> None:
    (error,) = errors_of(problem("$.birth_date", "Type a date like 2021-03-09, or as much of it as is known."))
    assert (error.field, error.input) == ("birth_date", "birth-birth_day")
    assert error.summary.startswith("Date of birth: Type a day, month and year")


def test_an_error_in_the_readers_own_words_is_put_in_plain_ones() -> None:
    (error,) = errors_of(problem("$.postcode", "Expected `str` of length <= 12"))
    assert error.summary == "Postcode: This is too long."


def test_an_error_of_no_box_is_said_of_the_whole_form() -> None:
    (error,) = errors_of({"title": "Give more.", "fields": [{"path": "X-Request-ID", "problem": "must be a UUID"}]})
    assert (error.field, error.summary) == ("", "Give more.")
