"""How names compare: what counts, how much, and what may tell one child from its twin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.finding import weigh
from lookup.finding.names import called, names_compared
from lookup.finding.words import family_words, given_words
from lookup.model import Agreement, Child, Evidence, Particulars, PersonName
from tests.rooms.finding_families import MATCHING, a_child, asked

WORDS = st.text(alphabet="abcdehiknorsy", min_size=1, max_size=9)


def evidence(field: str, typed: Particulars, child: Child) -> Evidence:
    found = weigh(typed, child, MATCHING, restricted=False).evidence
    return next(piece for piece in found if piece.field == field)


def first_name(typed: str, held: str) -> Evidence:
    return evidence("given_name", Particulars(given_name=typed), a_child(held))


@pytest.mark.parametrize(
    ("typed", "held", "how"),
    [
        ("Bill", "William", "a short form of the same name"),
        ("Ossie", "Oscar", "a short form of the same name"),
        ("Mohammed", "Muhammad", "another spelling of the same name"),
        ("Aysha", "Ayesha", "another spelling of the same name"),
        ("Avelyne", "Aveline", "one letter differs"),
        ("Aveilne", "Aveline", "one letter differs"),
        ("Thackery", "Thackeray", "one letter differs"),
        ("A", "Aveline", "the same initial"),
        ("Avel", "Aveline", "begins alike"),
        ("Rose", "Aveline Rose", "the same as another of the given names"),
    ],
)
def test_a_likeness_says_in_words_why_it_counts(typed: str, held: str, how: str) -> None:
    piece = first_name(typed, held)
    assert (piece.agreement, piece.how) == (Agreement.CLOSE, how)
    assert piece.bits > 0


@pytest.mark.parametrize(
    ("typed", "held"),
    [("AVELINE", "Aveline"), ("Aveline Rose", "Aveline-Rose"), ("Aveline", "Aveline Rose"), ("Zoë", "ZOE")],
)
def test_the_same_name_agrees_however_it_is_written(typed: str, held: str) -> None:
    assert first_name(typed, held).agreement is Agreement.AGREES


@pytest.mark.bad_input(48)
@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("Hayden", "Jayden"),
        ("Mia", "Maia"),
        ("Hassan", "Hussain"),
        ("Alfie", "Freddie"),
        ("Ella", "Emma"),
        ("Thomas", "Peter"),
        ("Harpreet Kaur", "Manpreet Kaur"),
    ],
)
def test_two_well_known_names_never_tell_for_each_other_however_alike(typed: str, held: str) -> None:
    compared = names_compared(MATCHING, called(typed, ""), a_child(held))
    assert not compared.first.firm
    assert first_name(typed, held).bits <= MATCHING.bits.name.alike or "Kaur" in typed


@pytest.mark.parametrize(("typed", "held"), [("Muhammad", "Muhammad Hassan"), ("Muhammad Ali", "Muhammad Hassan")])
def test_a_first_name_that_brothers_share_does_not_tell_them_apart(typed: str, held: str) -> None:
    assert not names_compared(MATCHING, called(typed, ""), a_child(held)).first.firm


@pytest.mark.bad_input(45)
@pytest.mark.parametrize("typed", ["Аveline", "Аvеlіnе"])  # Cyrillic letters among them
def test_letters_of_another_alphabet_are_close_and_never_the_same(typed: str) -> None:
    piece = first_name(typed, "Aveline")
    assert piece.agreement is Agreement.CLOSE
    assert "another alphabet" in piece.how
    assert not names_compared(MATCHING, called(typed, ""), a_child("Aveline")).first.firm


def test_a_rare_name_says_more_than_a_common_one() -> None:
    assert first_name("Olivia", "Olivia").bits < first_name("Juliet", "Juliet").bits + 1
    assert first_name("Olivia", "Olivia").bits + 4 <= first_name("Aveline", "Aveline").bits


@pytest.mark.bad_input(43)
@pytest.mark.parametrize(("typed", "held"), [("Smyth", "Smyth-Thackeray"), ("Thackeray", "SMYTH THACKERAY")])
def test_half_of_a_double_barrelled_name_agrees_in_part(typed: str, held: str) -> None:
    piece = evidence("family_name", Particulars(family_name=typed), a_child(family=held))
    assert piece.agreement is Agreement.CLOSE
    assert piece.how.startswith("one part of it")


def test_given_and_family_name_the_other_way_round_are_found_and_said() -> None:
    pieces = weigh(
        asked(a_child(), given_name="THACKERAY", family_name="Aveline"), a_child(), MATCHING, restricted=False
    )
    assert [piece.how for piece in pieces.evidence[:2]] == ["the same, given and family name the other way round"] * 2


@pytest.mark.bad_input(43, 46)
@pytest.mark.parametrize(
    ("given_name", "family_name", "child"),
    [
        ("Aveline Thackeray", "", {}),
        ("", "Aveline Thackeray", {}),
        ("Sukarno", "", {"given": "", "family": "Sukarno"}),
        ("Aveline", "Thackeray", {"given": "", "family": "Aveline Thackeray"}),
    ],
)
def test_a_whole_name_in_one_field_or_one_word_is_read(
    given_name: str, family_name: str, child: dict[str, str]
) -> None:
    compared = names_compared(MATCHING, called(given_name, family_name), a_child(**child))  # type: ignore[arg-type]
    assert compared.bits > 8


def test_a_former_name_counts_a_little_less_and_says_so() -> None:
    child = a_child(family="Newname", other_names=(PersonName(family_name="Thackeray"),))
    piece = evidence("family_name", asked(a_child()), child)
    assert piece.how == "the same, as a former or other name"
    assert 0 < piece.bits < MATCHING.family_names.of("thackeray")


@pytest.mark.bad_input(46)
@pytest.mark.parametrize("typed", ["Baby", "Twin One", "Infant of Sarah", "Unknown"])
def test_what_stands_for_no_name_carries_no_evidence(typed: str) -> None:
    held_so = evidence("given_name", asked(a_child()), a_child(typed))
    assert (held_so.agreement, held_so.bits) == (Agreement.UNKNOWN, 0.0)
    fields = {
        piece.field
        for piece in weigh(asked(a_child(), given_name=typed), a_child(), MATCHING, restricted=False).evidence
    }
    assert "given_name" not in fields


@given(WORDS, WORDS)
def test_words_compare_the_same_in_both_directions(one: str, other: str) -> None:
    for compare in (given_words, family_words):
        first, second = compare(MATCHING, one, other), compare(MATCHING, other, one)
        assert (first.agreement, first.bits, first.how, first.firm) == (
            second.agreement,
            second.bits,
            second.how,
            second.firm,
        )


@given(WORDS, WORDS)
def test_only_the_same_word_agrees_and_says_the_most(one: str, other: str) -> None:
    for compare in (given_words, family_words):
        likeness = compare(MATCHING, one, other)
        assert (likeness.agreement is Agreement.AGREES) is (one == other)
        assert likeness.bits <= compare(MATCHING, one, one).bits
