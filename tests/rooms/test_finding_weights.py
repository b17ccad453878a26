"""The file of weights: complete, strict, and of the right signs; the score is the sum of its evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from lookup.finding import load_matching, weigh
from lookup.model import Address, Agreement
from lookup.refusals import UnsafeSetting
from tests.rooms.finding_families import MATCHING, MODEL, NUMBERS, a_child, asked

SHIPPED = MODEL.read_text(encoding="utf-8")


def test_the_shipped_model_says_how_it_was_learnt() -> None:
    assert MATCHING.version
    assert MATCHING.learnt.how
    assert MATCHING.learnt.names


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("margin = 5.0", ""),
        ("margin = 5.0", "margin = 5.0\nlenient = true"),
        ("margin = 5.0", 'margin = "5"'),
        ("margin = 5.0", "margin = -5.0"),
        ("margin = 5.0", "margin = nan"),
        ("[bits.sex]", "[bits.gender]"),
        ("different = -8.0", "different = 8.0"),
        ("\n[learnt]", "\n[learnt"),
        ("muhammad mohammed mohammad mohamed oliver", "muhammad baby oliver"),
    ],
)
def test_a_line_missing_unknown_or_senseless_is_no_start(tmp_path: Path, line: str, instead: str) -> None:
    assert line in SHIPPED
    path = tmp_path / "matching.toml"
    path.write_text(SHIPPED.replace(line, instead, 1), encoding="utf-8")
    with pytest.raises(UnsafeSetting):
        load_matching(path)


def test_a_file_that_is_not_there_is_no_start_and_says_which(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSetting, match=r"matching\.toml"):
        load_matching(tmp_path / "matching.toml")


def test_the_score_is_the_sum_of_its_evidence_field_by_field() -> None:
    child = a_child(nhs_number=NUMBERS[0])
    score = weigh(asked(child, nhs_number=NUMBERS[0]), child, MATCHING, restricted=False)
    assert [piece.field for piece in score.evidence] == [
        "nhs_number",
        "given_name",
        "family_name",
        "birth_date",
        "postcode",
        "sex",
    ]
    assert {piece.agreement for piece in score.evidence} == {Agreement.AGREES}
    assert score.bits == sum(piece.bits for piece in score.evidence)


def test_what_was_not_given_is_no_evidence_and_what_is_not_held_counts_nothing() -> None:
    score = weigh(asked(a_child(), sex="unknown", postcode=""), a_child(), MATCHING, restricted=False)
    assert {piece.field for piece in score.evidence} == {"given_name", "family_name", "birth_date"}
    unknown = weigh(asked(a_child()), a_child(born=None, addresses=()), MATCHING, restricted=False)
    assert {p.field: p.bits for p in unknown.evidence if p.agreement is Agreement.UNKNOWN} == {
        "birth_date": 0,
        "postcode": 0,
    }


def test_the_places_of_a_restricted_child_are_not_compared() -> None:
    elsewhere = weigh(asked(a_child(), postcode="LN7 6JY"), a_child(), MATCHING, restricted=True)
    there = weigh(asked(a_child()), a_child(), MATCHING, restricted=True)
    assert there == elsewhere
    assert [piece.agreement for piece in there.evidence if piece.field == "postcode"] == [Agreement.UNKNOWN]


def test_a_merged_number_and_a_former_address_agree() -> None:
    child = a_child(
        nhs_number=NUMBERS[0],
        merged_nhs_numbers=(NUMBERS[1],),
        addresses=(Address(postcode="LN7 6JY"), Address(postcode="DN15 6HJ")),
    )
    found = weigh(asked(a_child(), nhs_number=NUMBERS[1]), child, MATCHING, restricted=False).evidence
    assert [(p.field, p.how) for p in found if p.field in ("nhs_number", "postcode")] == [
        ("nhs_number", "the same"),
        ("postcode", "the same as a former address"),
    ]


def test_nothing_that_is_said_of_a_score_holds_what_was_typed() -> None:
    child = a_child(nhs_number=NUMBERS[0])
    said = repr(weigh(asked(child, nhs_number=NUMBERS[0]), child, MATCHING, restricted=False)).casefold()
    assert not [word for word in ("aveline", "thackeray", "2016", "dn15", NUMBERS[0]) if word in said]
