"""Whether an enquiry fits a row that an authority sent and that could not be taken.

Promises: generous where it is safe to be: a fit means "could not check", so that no mistake in a feed becomes "no plan
found". A number that agrees fits, whatever else differs. Else a first name or birth date that differs says that it is
another child; without that, it fits when two things that are readable agree, and either nothing contradicts (a
different postcode does not, because families move) or the bits would leave a held child undecided.
"""

from __future__ import annotations

from lookup.finding.matching import Matching
from lookup.finding.weighing import weigh
from lookup.model import Agreement, Child, Evidence, Particulars

_ALONE = frozenset({"nhs_number", "mother_nhs_number"})
_TOGETHER = frozenset({"given_name", "family_name", "birth_date", "postcode"})
_ANOTHER_CHILD = frozenset({"given_name", "birth_date"})


def fits_reject(given: Particulars, readable: Child, matching: Matching) -> bool:
    """Whether the enquiry may be about the child of a rejected row, by the part of the row that could be read."""
    score = weigh(given, readable, matching, restricted=False)
    agreeing = {piece.field for piece in score.evidence if _speaks_for(piece)}
    differing = {piece.field for piece in score.evidence if piece.agreement is Agreement.DIFFERS}
    if agreeing & _ALONE:
        return True
    if differing & _ANOTHER_CHILD or len(agreeing & _TOGETHER) < 2:
        return False
    return differing <= {"postcode"} or score.bits >= matching.certain.undecided_from


def _speaks_for(piece: Evidence) -> bool:
    return piece.agreement in (Agreement.AGREES, Agreement.CLOSE) and piece.bits > 0
