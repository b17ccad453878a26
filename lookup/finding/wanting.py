"""Which kinds of detail would decide, asked for in the order in which they help.

Promises: what is wanted depends on what was given, never on what is held about anybody: the answer to a number alone is
the same whether the number is held or not, and a name that says nothing ("Baby") never ends in "nobody".
"""

from __future__ import annotations

from lookup.finding.matching import Matching
from lookup.finding.weighing import Sought, sought
from lookup.model import Particulars


def too_little(wanted: Sought) -> tuple[str, ...]:
    """What is wanted before the candidates are even looked at; nothing where enough was given to decide."""
    if wanted.mother_number:
        return _too_little_of_mother(wanted)
    if wanted.number:
        enough = wanted.number_is_traced or wanted.born or wanted.postcode
        return () if enough else ("birth_date",)
    if not wanted.named:
        return _missing(wanted)
    return () if wanted.born or wanted.postcode else ("birth_date", "postcode")


def says_a_name(given: Particulars) -> bool:
    """Whether a name was given that says who somebody is: "Baby" and "Unknown" do not."""
    return sought(given).named


def names_find(given: Particulars) -> bool:
    """The same as `finds_by_name`, of what was typed or is held."""
    return finds_by_name(sought(given))


def finds_by_name(wanted: Sought) -> bool:
    """Whether the names that were given find a child who is held under them, wherever it is said to live.

    Every clue of a name holds a whole birth date, a second name or a place (`clues`), and families move. An initial is
    no name, and letters of another alphabet meet nothing that is held in ours.
    """
    called = wanted.names[0]
    words = {word for word in (*called.given.look_words, *called.family.look_words) if word.isascii() and len(word) > 1}
    whole_date = wanted.born is not None and wanted.born.whole
    return len(words) > (0 if whole_date else 1)


def wanted_details(wanted: Sought, matching: Matching, short: float) -> tuple[str, ...]:
    """What would decide, `short` bits being lacking; nothing where there is nothing left to ask."""
    if missing := _missing(wanted):
        return missing
    sex = matching.bits.sex
    return ("sex",) if wanted.sex == "unknown" and short <= sex.equal - sex.different else ()


def _too_little_of_mother(wanted: Sought) -> tuple[str, ...]:
    by_child = wanted.born and (wanted.named or wanted.number)
    return () if wanted.mother_born or wanted.postcode or by_child else ("mother_birth_date", "postcode")


def _missing(wanted: Sought) -> tuple[str, ...]:
    whole_name = len(wanted.names) > 1
    whole_date = wanted.born is not None and wanted.born.whole
    given = {
        "mother_birth_date": bool(wanted.mother_born) or not wanted.mother_number,
        "birth_date": whole_date or (bool(wanted.mother_number) and not wanted.named),
        "given_name": wanted.has_given or whole_name or bool(wanted.mother_number),
        "family_name": wanted.has_family or whole_name or bool(wanted.mother_number),
        "postcode": bool(wanted.postcode),
        "nhs_number": bool(wanted.number or wanted.mother_number),
        "mother_nhs_number": bool(wanted.mother_number) or wanted.has_given or whole_name,
    }
    return tuple(kind for kind, known in given.items() if not known)
