"""Which kinds of detail would decide, asked for in the order in which they help.

Promises: what is wanted depends on what was given, never on what is held about anybody: the answer to a number alone is
the same whether the number is held or not, and a name that says nothing ("Baby") never ends in "nobody".
"""

from __future__ import annotations

from lookup.finding.matching import Matching
from lookup.finding.weighing import Sought


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
