"""One child, for certain, or which details would decide.

Promises: a child is certain when a record settles who it is (`certainty`) with a margin over the next child; several
records of one child count as one. What speaks for several children, or weakly for one, is undecided, and says which
kinds of detail would decide; undecidable when there is nothing left to ask. Where too little was given, the candidates
are not even looked at. Does not know whether the register is fresh: nobody here is not yet "no plan found".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lookup.finding.certainty import another_child, certain_from, number_of_another, settles
from lookup.finding.linking import same_child_held
from lookup.finding.matching import Matching
from lookup.finding.unborn import mother_of_unborn
from lookup.finding.wanting import finds_by_name, too_little, wanted_details
from lookup.finding.weighing import Sought, Weighed, sought, weighed
from lookup.model import Agreement, Found, HeldPlan, Particulars, Verdict

NUMBER_DISAGREES = "nhs_number_disagrees_with_name_and_birth_date"
NOBODY = Verdict(Found.NOBODY)


@dataclass(frozen=True, slots=True)
class _Record:
    """A candidate, where it stood among them, and how it compares with what was given."""

    position: int
    held: HeldPlan
    weighed: Weighed

    @property
    def bits(self) -> float:
        return self.weighed.score.bits


def judge(given: Particulars, candidates: Sequence[HeldPlan], matching: Matching, population: int) -> Verdict:
    """Which of the candidates is the child, by position; all of the child's records.

    Positions are given for a certain child, and with `data_quality` for the records it is about: never to be shown.
    """
    wanted = sought(given)
    if lacking := too_little(wanted):
        return Verdict(Found.UNDECIDED, wanted=lacking)
    records = [_Record(place, held, _weighed(wanted, held, matching)) for place, held in enumerate(candidates)]
    if wrong := tuple(record.position for record in records if number_of_another(record.weighed)):
        return _number_disagrees(wanted, wrong)
    fitting = sorted(
        (record for record in records if not another_child(record.weighed)), key=lambda record: -record.bits
    )
    if not fitting or (fitting[0].bits < matching.certain.undecided_from and not fitting[0].weighed.number_equal):
        return _nobody(wanted, matching)
    return _judged(wanted, fitting, matching, population)


def _nobody(wanted: Sought, matching: Matching) -> Verdict:
    """Nobody fits; but details that would not have found somebody who is held exclude nobody."""
    if wanted.number or wanted.mother_number or finds_by_name(wanted):
        return NOBODY
    details = wanted_details(wanted, matching, short=float("inf"))
    return Verdict(Found.UNDECIDED, wanted=details) if details else Verdict(Found.UNDECIDABLE)


def _weighed(wanted: Sought, held: HeldPlan, matching: Matching) -> Weighed:
    mother = mother_of_unborn(held, wanted.born)
    return weighed(wanted, held.child, matching, restricted=held.restricted, mother=mother)


def _judged(wanted: Sought, fitting: list[_Record], matching: Matching, population: int) -> Verdict:
    first = fitting[0]
    same = _records_of(first, fitting[1:], matching, population)
    others = [_against(first, record) for record in fitting if record.position not in same]
    margin = first.bits - max(others, default=float("-inf"))
    if margin >= matching.certain.margin and settles(first.weighed, wanted, matching, population):
        return Verdict(Found.CERTAIN, tuple(sorted(same)), first.weighed.score)
    short = max(certain_from(matching, population) - first.bits, matching.certain.margin - margin)
    details = wanted_details(wanted, matching, short)
    return Verdict(Found.UNDECIDED, wanted=details) if details else Verdict(Found.UNDECIDABLE)


def _against(first: _Record, other: _Record) -> float:
    """What speaks for another child: a name that only resembles says nothing beside one that is exactly the same."""
    exact, alike = first.weighed.names, other.weighed.names
    if exact is None or alike is None or exact.first.agreement is not Agreement.AGREES:
        return other.bits
    return other.bits - (max(alike.first.bits, 0.0) if alike.first.agreement is Agreement.CLOSE else 0.0)


def _records_of(first: _Record, others: list[_Record], matching: Matching, population: int) -> set[int]:
    """The positions of all records of one child: those linked to the first, and those linked to these."""
    linked, left = [first], list(others)
    for known in linked:
        found = [record for record in left if same_child_held(known.held, record.held, matching, population)]
        left = [record for record in left if record not in found]
        linked += found
    return {record.position for record in linked}


def _number_disagrees(wanted: Sought, wrong: tuple[int, ...]) -> Verdict:
    """Whoever typed it looks again at name and birth date; the authority gets an item of data quality."""
    named = ("given_name", "family_name") if wanted.has_given else ("family_name",)
    return Verdict(Found.UNDECIDED, wrong, wanted=("birth_date", *named), data_quality=(NUMBER_DISAGREES,))
