"""Names, dates and postcodes as people write them, made comparable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.finding.birth_dates import Dates, birth_date, compared
from lookup.finding.postcodes import Postcodes, has_british_shape, postcode
from lookup.finding.postcodes import compared as postcodes_compared
from lookup.finding.spelling import cleaned, name, sound


@pytest.mark.bad_input(43)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (unicodedata.normalize("NFC", "Zoë Čapek"), unicodedata.normalize("NFD", "Zoë Čapek")),
        ("O’Hara", "O'Hara"),
        ("O'HARA", "Ohara"),
        ("O Hara", "OHARA"),
        ("Strauß", "STRAUSS"),
        ("İbrahim", "ibrahim"),
        ("IŞIK", "Işık"),
        ("Sheikh-Hassan", "sheikh hassan"),
        ("Sheikh‑Hassan", "SHEIKH–HASSAN"),
        ("McEWEN", "Mc Ewen"),
        ("Mac Donald", "MACDONALD"),
        ("Łukasz", "Lukasz"),
        ("Søren", "SOREN"),
        ("Ｊａｎｅ", "Jane"),
        ("St. John", "st john"),
        ("  Ann   Marie ", "Ann-Marie"),
    ],
)
def test_two_ways_of_writing_one_name_give_the_same_words(one: str, other: str) -> None:
    assert name(one).joined == name(other).joined != ""


@pytest.mark.bad_input(44)
@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\x07", "\x1b", "\u061c"]
)
def test_hidden_characters_are_removed_and_reported(hidden: str) -> None:
    assert cleaned(f"Ann{hidden}abel") == ("Annabel", True)
    assert name(f"Ann{hidden}abel").joined == name("Annabel").joined


def test_line_breaks_become_spaces_and_are_reported() -> None:
    assert cleaned("Mary\r\nAnn") == ("Mary Ann", True)


@pytest.mark.parametrize("text", ["Siân", "  Ann ", "O’Hara", "محمد", "李 小龙", "Наталья"])
def test_what_is_in_plain_sight_is_kept_and_not_reported(text: str) -> None:
    assert cleaned(text) == (text.strip(), False)


@pytest.mark.bad_input(46)
@pytest.mark.parametrize(
    "text", ["Null", "Test", "O'Brien", "X", "Å", "a" * 200, "None", "True", "NaN", "Undefined", "Li"]
)
def test_strange_names_are_names(text: str) -> None:
    assert name(text)


@pytest.mark.bad_input(46)
@pytest.mark.parametrize(
    "text",
    [
        "Baby",
        "BABY BOY",
        "Baby of Sarah",
        "Infant of Jones",
        "Twin One",
        "Twin 2",
        "Unknown",
        "Not known",
        "Unborn baby",
        "-",
        "",
        ".",
    ],
)
def test_what_stands_for_no_name_says_nothing(text: str) -> None:
    assert not name(text)


@pytest.mark.bad_input(45)
def test_cyrillic_look_alikes_are_told_apart_and_look_the_same() -> None:
    disguised, plain = name("Сосо"), name("Coco")
    assert disguised.joined != plain.joined
    assert disguised.looks == plain.looks


@given(st.text())
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    read = name(text)
    assert name(read.joined).joined == read.joined or not name(read.joined)
    assert all(sound(word) for word in read.look_words)
    assert read.joined == read.joined.casefold()


@given(st.text())
def test_a_name_composed_or_decomposed_is_one_name(text: str) -> None:
    assert name(unicodedata.normalize("NFC", text)).joined == name(unicodedata.normalize("NFD", text)).joined


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once, _ = cleaned(text)
    assert cleaned(once) == (once, False)


@given(st.dates())
def test_a_date_is_read_in_both_forms_as_the_same(day) -> None:  # type: ignore[no-untyped-def]
    iso, british = day.isoformat(), f"{day.day}/{day.month}/{day.year:04}"
    assert birth_date(iso) == birth_date(british)
    assert birth_date(iso).iso == iso  # type: ignore[union-attr]


@given(st.text(alphabet="0123456789-/. ٣", max_size=12))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    read = birth_date(text)
    assert read is None or (read.iso.isascii() and compared(read, read) is not Dates.DIFFERENT)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("2016-05-23", "2016-05-23", Dates.EQUAL),
        ("2016-01-01", "2016-01-01", Dates.FIRST_OF_JANUARY),
        ("2016-05-09", "2016-09-05", Dates.SWAPPED),
        ("2016-05-23", "2016-05-28", Dates.SLIP),
        ("2016-05-23", "2061-05-23", Dates.SLIP),
        ("2016-05-23", "2016-05-01", Dates.TWO_PARTS),
        ("2016-05-23", "2016-05", Dates.YEAR_AND_MONTH),
        ("2016-05-23", "2016", Dates.YEAR),
        ("2016-05-23", "2017", Dates.DIFFERENT),
        ("2016-05-23", "2011-11-02", Dates.DIFFERENT),
        ("2016-05-23", "2017-06-24", Dates.DIFFERENT),
    ],
)
def test_how_two_dates_compare_does_not_depend_on_their_order(one: str, other: str, how: Dates) -> None:
    first, second = birth_date(one), birth_date(other)
    assert first
    assert second
    assert compared(first, second) is compared(second, first) is how


@pytest.mark.parametrize("text", ["DN15 6HJ", "dn156hj", "M1 1AA", "EC1A 1BB", "GIR 0AA", " W1A 0AX "])
def test_british_postcodes_are_known_by_their_shape(text: str) -> None:
    assert has_british_shape(text)
    assert postcode(text) == text.upper().replace(" ", "")


@pytest.mark.parametrize("text", ["DN15", "DN15 6H", "15 6HJ", "DN15 6HJX", "DN15*", "ＤＮ15 6HJ", ""])
def test_what_is_no_whole_postcode_has_not_the_shape(text: str) -> None:
    assert not has_british_shape(text)


def test_the_pseudo_postcode_of_no_fixed_abode_says_nothing() -> None:
    assert postcode("ZZ99 3VZ") == ""


@pytest.mark.parametrize(
    ("held", "how"),
    [
        (("DN15 6HJ", "DN16 1AA"), Postcodes.EQUAL),
        (("DN16 1AA", "DN15 6HJ"), Postcodes.FORMER),
        (("DN15 6HT",), Postcodes.SECTOR),
        (("DN15 5HJ",), Postcodes.SLIP),
        (("DN51 6HJ",), Postcodes.SLIP),
        (("LN7 6JY",), Postcodes.DIFFERENT),
        (("", "ZZ99 3VZ"), None),
        ((), None),
    ],
)
def test_how_a_postcode_compares_with_those_held(held: tuple[str, ...], how: Postcodes | None) -> None:
    assert postcodes_compared("DN156HJ", held) is how
