"""What an answer advises, in plain words: one sentence or three for each outcome."""

from __future__ import annotations

from lookup.model import Outcome

ADVICE = {
    Outcome.ON_PLAN: (
        "There is a current child protection plan. Telephone the council named here, "
        "and do not show this answer to the family."
    ),
    Outcome.LOOKED_AFTER: (
        "This child is in the care of a council. Being in care is not being on a child protection plan. "
        "Telephone the council named here if you are worried, and do not show this answer to the family."
    ),
    Outcome.PLAN_ENDED: (
        "A plan for this child ended within the last 12 months. It may have moved to another council. "
        "Telephone the council named here if you are worried, and do not show this answer to the family."
    ),
    Outcome.NO_PLAN_FOUND: (
        "No plan was found in the registers that were checked. This does not mean that there are no concerns. "
        "If you are worried about this child, telephone children's services."
    ),
    Outcome.NEEDS_MORE_DETAIL: (
        "Nothing can be said yet. Add the details that are asked for and ask again. "
        "If it cannot wait, telephone children's services."
    ),
    Outcome.COULD_NOT_CHECK: (
        "The check could not be made, so this says nothing about the child. Telephone children's services now."
    ),
}

RESTRICTED_ADVICE = {
    Outcome.ON_PLAN: "There is a current child protection plan.",
    Outcome.LOOKED_AFTER: "This child is in care. Being in care is not being on a child protection plan.",
    Outcome.PLAN_ENDED: "A plan for this child ended within the last 12 months.",
}
BROKERED = "Telephone the person named here, and nobody else, about this child. Do not show this answer to the family."


BEFORE_BIRTH = (
    "A plan that was made before the birth is found by the mother's NHS number: ask again with it, "
    "and with her date of birth."
)


def advice(outcome: Outcome, *, restricted: bool, baby: bool = False) -> str:
    """What to do now; about a restricted child it names no council, only the person who answers for the child.

    `baby`: somebody under one year of age was asked about without the mother's number.
    """
    if restricted:
        return f"{RESTRICTED_ADVICE[outcome]} {BROKERED}"
    return f"{ADVICE[outcome]} {BEFORE_BIRTH}" if baby and outcome is Outcome.NO_PLAN_FOUND else ADVICE[outcome]
