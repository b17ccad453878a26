"""Keeps only the permitted fields. Pure.

Promises: a key is released only by a row of `ANSWER_ROWS` or `PLAN_ROWS` whose field the decision grants, or is one of
`ENVELOPE`, which repeats what the asker typed or says what to do. What is empty or not granted is absent, never null.
About a restricted child: the outcome, the broker's number, and what the asker typed. Does not promise that the facts
are true. Trusts that the directory holds every authority that owns plans.
"""

from lookup.disclosure.body import ENVELOPE, RELEASABLE, RESTRICTED_ANSWER, reveal

__all__ = ["ENVELOPE", "RELEASABLE", "RESTRICTED_ANSWER", "reveal"]
