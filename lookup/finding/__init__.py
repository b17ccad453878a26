"""Is this the same child? START READING HERE: `judging.judge` from the top, then `certainty`, then `weighing`.

The one matching model, pure: nothing is read but the model itself, once. An enquiry's path is
`particulars_problems` and `has_minimum` (typed) → `clues_sought` (clues) → candidates, fetched elsewhere by blind
tokens of these clues → `judge`. Promises that whatever it says of a child it can explain field by field. Does not
promise that a register is complete. Trusts the weights in ``config/matching.toml``, and no text that anybody typed.

  typed       is what was typed enough, and of the right form?
  spelling, birth_dates, postcodes    the fields of a person, made comparable
  words, names                        how names compare
  matching    the model: weights, bands, tables of names
  weighing    bits for and against, field by field
  certainty   the rules that bits cannot express: twins, contradictions, unborn children (unborn)
  linking     which records are of one child
  judging     one child for certain, or what would decide (wanting)
  clues, households    what becomes a blind token
  rejects     does an enquiry fit a row that could not be taken?
"""

from lookup.finding.clues import CLUE_KINDS, clues_held, clues_sought, link_clues
from lookup.finding.households import household_clues_held, household_clues_of, household_clues_sought
from lookup.finding.judging import NUMBER_DISAGREES, judge
from lookup.finding.linking import same_child, same_child_held
from lookup.finding.matching import Matching, load_matching
from lookup.finding.rejects import fits_reject
from lookup.finding.spelling import cleaned
from lookup.finding.typed import has_minimum, particulars_problems
from lookup.finding.wanting import names_find, says_a_name
from lookup.finding.weighing import weigh

__all__ = [
    "CLUE_KINDS",
    "NUMBER_DISAGREES",
    "Matching",
    "cleaned",
    "clues_held",
    "clues_sought",
    "fits_reject",
    "has_minimum",
    "household_clues_held",
    "household_clues_of",
    "household_clues_sought",
    "judge",
    "link_clues",
    "load_matching",
    "names_find",
    "particulars_problems",
    "same_child",
    "same_child_held",
    "says_a_name",
    "weigh",
]
