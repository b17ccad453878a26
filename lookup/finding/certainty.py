"""When one record is certainly of the child described, apart from the margin over the next child.

Promises: a record settles who it is only when
  1. its bits reach log2 of the population asked about and a reserve;
  2. a birth date (one slip allowed) or a postcode agrees; for an unborn child the mother's birth date or a postcode;
  3. no name contradicts: not the first name; nor the family name, unless number, birth date and first name all agree
     (children's family names change), or the mother's number does;
  4. a first name tells it from its brothers and sisters, or an equal NHS number does, or an unborn child's mother's;
  5. where a different NHS number is held, first name and birth date are exactly the same.
A number that a trusted system has traced settles it alone, unless a birth date or a first name contradicts.
"""

from __future__ import annotations

from math import log2

from lookup.finding.birth_dates import AGREEING, Dates
from lookup.finding.matching import Matching
from lookup.finding.postcodes import Postcodes
from lookup.finding.weighing import Sought, Weighed
from lookup.model import Agreement


def certain_from(matching: Matching, population: int) -> float:
    """The bits from which a record may be certain, among so many children that one might ask about."""
    return log2(max(population, 2)) + matching.certain.above_population


def settles(found: Weighed, wanted: Sought, matching: Matching, population: int) -> bool:
    """Whether this record is certain, were it the only one."""
    if wanted.number_is_traced and found.number_equal:
        return found.dates is not Dates.DIFFERENT and not _first_differs(found)
    if found.score.bits < certain_from(matching, population):
        return False
    if found.mother_equal:
        return _unborn_settles(found, wanted)
    if found.number_equal is False and not _exactly_the_same(found):
        return False
    return _anchored(found) and not contradicted(found) and (_told_apart(found) or bool(found.number_equal))


def another_child(found: Weighed) -> bool:
    """A different number, and a different first name or birth date: whatever else agrees, a brother or sister."""
    return found.number_equal is False and (_first_differs(found) or found.dates is Dates.DIFFERENT)


def number_of_another(found: Weighed) -> bool:
    """The number is this child's, and birth date and name both say that it is somebody else."""
    wrong_name = found.names is not None and found.names.bits < 0
    return bool(found.number_equal) and found.dates is Dates.DIFFERENT and wrong_name


def contradicted(found: Weighed) -> bool:
    """Whether a name says that it is somebody else."""
    if found.names is None:
        return False
    if _first_differs(found):
        return True
    changed_name = found.number_equal and found.dates in AGREEING and found.names.first.agreement is Agreement.AGREES
    return _family_differs(found) and not changed_name


def _unborn_settles(found: Weighed, wanted: Sought) -> bool:
    """The mother's number and another of her details; what only a born child has needs a birth date that fits."""
    if _first_differs(found) or not (found.mother_dates in AGREEING or _place_agrees(found)):
        return False
    told_as_born = wanted.has_given or wanted.number
    return not told_as_born or wanted.born is not None or _told_apart(found)


def _anchored(found: Weighed) -> bool:
    return found.dates in AGREEING or _place_agrees(found)


def _exactly_the_same(found: Weighed) -> bool:
    first_name = found.names is not None and found.names.first.agreement is Agreement.AGREES
    return first_name and found.dates in (Dates.EQUAL, Dates.FIRST_OF_JANUARY)


def _place_agrees(found: Weighed) -> bool:
    return found.postcodes in (Postcodes.EQUAL, Postcodes.FORMER)


def _told_apart(found: Weighed) -> bool:
    """By a first name: the same, or a firm likeness. Charlie is not short for a sister Charlotte."""
    if found.names is None or not found.names.first.firm or found.names.first.bits <= 0:
        return False
    return found.names.first.agreement is Agreement.AGREES or not found.sex_differs


def _first_differs(found: Weighed) -> bool:
    return found.names is not None and found.names.first.differs


def _family_differs(found: Weighed) -> bool:
    return found.names is not None and (found.names.family.differs or found.names.given.differs)
