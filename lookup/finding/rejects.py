"""Whether an enquiry fits a row that an authority sent and that could not be taken.

Promises: generous where it is safe to be: a fit means "could not check", so that no mistake in a feed becomes "no plan
found". It fits when two things that are readable agree, or a number does, and nothing readable contradicts; a different
postcode does not, because families move.
"""

from __future__ import annotations

from lookup.finding.matching import Matching
from lookup.finding.weighing import weigh
from lookup.model import Agreement, Child, Evidence, Particulars

_ALONE = frozenset({"nhs_number", "mother_nhs_number"})
_TOGETHER = frozenset({"given_name", "family_name", "birth_date", "postcode"})


def fits_reject(given: Particulars, readable: Child, matching: Matching) -> bool:
    """Whether the enquiry may be about the child of a rejected row, by the part of the row that could be read."""
    evidence = weigh(given, readable, matching, restricted=False).evidence
    if any(piece.agreement is Agreement.DIFFERS and piece.field != "postcode" for piece in evidence):
        return False
    agreeing = {piece.field for piece in evidence if _speaks_for(piece)}
    return bool(agreeing & _ALONE) or len(agreeing & _TOGETHER) > 1


def _speaks_for(piece: Evidence) -> bool:
    return piece.agreement in (Agreement.AGREES, Agreement.CLOSE) and piece.bits > 0
