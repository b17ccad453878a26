"""How much speaks for and against two descriptions being of one child, in bits, field by field.

Promises: the sum of the evidence is the score; every piece says in words how the fields compare and which way it
counts; what one side lacks counts nothing. A restricted child's places are not compared. Bits add up only as far as
fields are independent: the rules that bits cannot express (twins, contradictions) are in `judging`.
Trusts the weights of the matching model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from lookup.finding.birth_dates import BirthDate, Dates, birth_date
from lookup.finding.birth_dates import compared as dates_compared
from lookup.finding.matching import Matching
from lookup.finding.names import Called, NamesCompared, called, names_compared
from lookup.finding.postcodes import Postcodes, postcode
from lookup.finding.postcodes import compared as postcodes_compared
from lookup.finding.words import Likeness
from lookup.model import Agreement, Child, Evidence, Mother, Particulars, Score, Sex
from lookup.nhs_number import digits_held

_HOW_DATES = {
    Dates.EQUAL: (Agreement.AGREES, "the same"),
    Dates.FIRST_OF_JANUARY: (
        Agreement.AGREES,
        "the same, but 1 January is often written where a birth date is not known",
    ),
    Dates.SWAPPED: (Agreement.CLOSE, "day and month swapped"),
    Dates.SLIP: (Agreement.CLOSE, "one digit differs, or two are swapped"),
    Dates.TWO_PARTS: (Agreement.CLOSE, "two of day, month and year are the same"),
    Dates.YEAR_AND_MONTH: (Agreement.CLOSE, "the month and year are the same, the day is not known"),
    Dates.YEAR: (Agreement.CLOSE, "the year is the same, the rest is not known"),
    Dates.DIFFERENT: (Agreement.DIFFERS, "different"),
}
_HOW_POSTCODES = {
    Postcodes.EQUAL: (Agreement.AGREES, "the same"),
    Postcodes.FORMER: (Agreement.AGREES, "the same as a former address"),
    Postcodes.SECTOR: (Agreement.CLOSE, "the same but for the last two letters"),
    Postcodes.SLIP: (Agreement.CLOSE, "one character differs, or two are swapped"),
    Postcodes.DIFFERENT: (Agreement.DIFFERS, "different"),
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Sought:
    """What was given, read once for all the children it is compared with."""

    number: str
    names: tuple[Called, ...]
    has_given: bool
    has_family: bool
    born: BirthDate | None
    postcode: str
    sex: Sex
    mother_number: str
    mother_born: BirthDate | None
    number_is_traced: bool

    @property
    def named(self) -> bool:
        return self.has_given or self.has_family


class Weighed(NamedTuple):
    """A score, and what the rules of `judging` ask of it; each is how one part compared, None where it could not be."""

    score: Score
    names: NamesCompared | None
    dates: Dates | None
    postcodes: Postcodes | None
    number_equal: bool | None
    mother_equal: bool | None
    mother_dates: Dates | None
    sex_differs: bool


class _Equal(Protocol):
    """The weights of a field that agrees or does not."""

    @property
    def equal(self) -> float: ...
    @property
    def different(self) -> float: ...


@lru_cache(maxsize=16)
def sought(given: Particulars) -> Sought:
    """What was given, made comparable."""
    names = called(given.given_name, given.family_name)
    return Sought(
        number=digits_held(given.nhs_number),
        names=names,
        has_given=bool(names[0].given),
        has_family=bool(names[0].family),
        born=birth_date(given.birth_date),
        postcode=postcode(given.postcode),
        sex=given.sex,
        mother_number=digits_held(given.mother_nhs_number),
        mother_born=birth_date(given.mother_birth_date),
        number_is_traced=given.number_is_traced,
    )


def weigh(given: Particulars, child: Child, matching: Matching, *, restricted: bool) -> Score:
    """Bits for the child being the one described, with the evidence for each field that was given.

    Where the child has a `mother`, it is taken for one who is not yet born, or whose plan is still the pre-birth one.
    """
    return weighed(sought(given), child, matching, restricted=restricted, mother=child.mother).score


def weighed(wanted: Sought, child: Child, matching: Matching, *, restricted: bool, mother: Mother | None) -> Weighed:
    """The score with what the rules need. `mother` is given where her details may find the child."""
    evidence: list[Evidence] = []
    number = _number(wanted.number, child, matching, evidence) if wanted.number else None
    names = _names(wanted, child, matching, evidence) if wanted.named else None
    dates = _born(wanted.born, child, matching, evidence) if wanted.born else None
    places = _places(wanted.postcode, child, matching, evidence, restricted, mother) if wanted.postcode else None
    sex = _sex(matching, wanted.sex, child.sex)
    if wanted.sex in ("female", "male"):
        evidence.append(sex)
    hers, her_dates = _mother(wanted, mother, matching, evidence) if wanted.mother_number else (None, None)
    score = Score(sum(piece.bits for piece in evidence), tuple(evidence))
    return Weighed(score, names, dates, places, number, hers, her_dates, sex.agreement is Agreement.DIFFERS)


def _number(number: str, child: Child, matching: Matching, evidence: list[Evidence]) -> bool | None:
    held = digits_held(child.nhs_number)
    if not held:
        evidence.append(_not_held("nhs_number"))
        return None
    equal = number == held or number in map(digits_held, child.merged_nhs_numbers)
    evidence.append(_equal_or_not("nhs_number", matching.bits.nhs_number, equal=equal))
    return equal


def _names(wanted: Sought, child: Child, matching: Matching, evidence: list[Evidence]) -> NamesCompared:
    names = names_compared(matching, wanted.names, child)
    if wanted.has_given:
        evidence.append(_likeness("given_name", names.given))
    if wanted.has_family:
        evidence.append(_likeness("family_name", names.family))
    return names


def _born(born: BirthDate, child: Child, matching: Matching, evidence: list[Evidence]) -> Dates | None:
    held = birth_date(child.birth_date or "")
    if held is None:
        evidence.append(_not_held("birth_date"))
        return None
    dates = dates_compared(born, held)
    evidence.append(_date_evidence(matching, "birth_date", dates))
    return dates


def _places(
    code: str, child: Child, matching: Matching, evidence: list[Evidence], restricted: bool, mother: Mother | None
) -> Postcodes | None:
    held = tuple(address.postcode for address in child.addresses)
    if mother and mother.postcode:
        held = (mother.postcode, *held)
    places = None if restricted else postcodes_compared(code, held)
    evidence.append(_not_held("postcode") if places is None else _postcode_evidence(matching, places))
    return places


def _mother(
    wanted: Sought, mother: Mother | None, matching: Matching, evidence: list[Evidence]
) -> tuple[bool | None, Dates | None]:
    """Her birth date counts beside her number only: on its own it would be somebody else's."""
    held = digits_held(mother.nhs_number) if mother else ""
    if not mother or not held:
        evidence.append(_not_held("mother_nhs_number"))
        return None, None
    equal, born = wanted.mother_number == held, birth_date(mother.birth_date or "")
    evidence.append(_mother_evidence(matching, equal))
    if not (equal and born and wanted.mother_born):
        return equal, None
    dates = dates_compared(wanted.mother_born, born)
    evidence.append(_date_evidence(matching, "mother_birth_date", dates))
    return equal, dates


@lru_cache(maxsize=16)
def _not_held(field: str) -> Evidence:
    return Evidence(field, Agreement.UNKNOWN, 0.0, "not known here")


@lru_cache(maxsize=10_000)
def _likeness(field: str, likeness: Likeness) -> Evidence:
    return Evidence(field, likeness.agreement, likeness.bits, likeness.how)


@lru_cache(maxsize=64)
def _equal_or_not(field: str, bits: _Equal, *, equal: bool) -> Evidence:
    if equal:
        return Evidence(field, Agreement.AGREES, bits.equal, "the same")
    return Evidence(field, Agreement.DIFFERS, bits.different, "different")


@lru_cache(maxsize=64)
def _date_evidence(matching: Matching, field: str, dates: Dates) -> Evidence:
    agreement, how = _HOW_DATES[dates]
    return Evidence(field, agreement, getattr(matching.bits.birth_date, dates), how)


@lru_cache(maxsize=64)
def _postcode_evidence(matching: Matching, places: Postcodes) -> Evidence:
    agreement, how = _HOW_POSTCODES[places]
    return Evidence("postcode", agreement, getattr(matching.bits.postcode, places), how)


@lru_cache(maxsize=64)
def _sex(matching: Matching, given: Sex, held: Sex) -> Evidence:
    if held not in ("female", "male") or given not in ("female", "male"):
        return _not_held("sex")
    return _equal_or_not("sex", matching.bits.sex, equal=given == held)


@lru_cache(maxsize=64)
def _mother_evidence(matching: Matching, equal: bool) -> Evidence:
    if equal:
        return Evidence("mother_nhs_number", Agreement.AGREES, matching.bits.mother.number_equal, "the same")
    return Evidence("mother_nhs_number", Agreement.DIFFERS, matching.bits.mother.number_different, "different")
