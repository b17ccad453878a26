"""Facts and a decision in, the body of an answer out."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from lookup.disclosure.answer_rows import ANSWER_ROWS
from lookup.disclosure.plan_rows import PLAN_ROWS
from lookup.disclosure.scene import Scene, filled, present
from lookup.disclosure.sentences import advice
from lookup.model import Agreement, Authority, Decision, Facts, Outcome
from lookup.moments import a_year_before, london_day
from lookup.refusals import NotPermitted

RELEASABLE = frozenset(field for field, _, _ in ANSWER_ROWS) | frozenset(field for field, _, _ in PLAN_ROWS)
ENVELOPE = frozenset({"child", "advice", "plans", "plan", "checked", "wanted", "reasons", "not_for_family"})
# The design: a restricted child "gets a true outcome and the brokering number, nothing else". That holds for the social
# worker of its own authority too, who has the authority's own system, and for plans linked to the restricted one.
RESTRICTED_ANSWER = frozenset({"outcome", "contact", "child", "advice", "not_for_family"})
TYPED = (
    "nhs_number",
    "family_name",
    "given_name",
    "birth_date",
    "postcode",
    "sex",
    "mother_nhs_number",
    "mother_birth_date",
)


def reveal(
    decision: Decision, facts: Facts, directory: Mapping[str, Authority], at_office_hours: bool
) -> dict[str, object]:
    """The body of the answer, ready for canonical JSON, without its enquiry's id and receipt.

    `directory` maps an authority's code to whom to ring there; every code in `facts` is in it. Raises `NotPermitted`
    for a decision that grants a field without a row.
    """
    _refuse_unknown_fields(decision)
    scene = Scene(decision, facts, directory, at_office_hours)
    body = _envelope(scene) | filled(ANSWER_ROWS, scene.fields, scene)
    if scene.restricted:
        return _as_json({key: value for key, value in body.items() if key in RESTRICTED_ANSWER})
    return _as_json(body | _plans(scene))


def _as_json(body: dict[str, object]) -> dict[str, object]:
    """`body` in the values that JSON has: dates as text, tuples as lists, structs as objects."""
    return msgspec.json.decode(msgspec.json.encode(body), type=dict[str, object])


def _refuse_unknown_fields(decision: Decision) -> None:
    if unknown := (decision.fields | decision.own_fields) - RELEASABLE:
        raise NotPermitted(f"The decision grants a field that is not known: {', '.join(sorted(unknown))}.")


def _plans(scene: Scene) -> dict[str, object]:
    plans = [filled(PLAN_ROWS, view.fields, view) for view in scene.plans]
    return {"plans": plans, "plan": plans[0]} if plans else {}


def _envelope(scene: Scene) -> dict[str, object]:
    facts = scene.facts
    return {"child": _child(scene)} | present(
        {
            "advice": advice(facts.outcome, restricted=scene.restricted, baby=_is_baby(facts)),
            "checked": [scene.directory[code].name for code in facts.checked],
            "wanted": facts.wanted if facts.outcome is Outcome.NEEDS_MORE_DETAIL else (),
            "reasons": facts.reasons if facts.outcome is Outcome.COULD_NOT_CHECK else (),
            "not_for_family": bool(scene.plans) or scene.household > 0,
        }
    )


def _is_baby(facts: Facts) -> bool:
    """Under one year of age, and asked about without the mother's number."""
    typed = facts.particulars
    return not typed.mother_nhs_number and typed.birth_date > a_year_before(london_day(facts.at)).isoformat()


def _child(scene: Scene) -> dict[str, object]:
    """Enough to confirm that it is the same child, and nothing that they did not type."""
    typed = scene.facts.particulars
    return present(
        {
            "family_name": typed.family_name,
            "given_name": typed.given_name,
            "birth_date": typed.birth_date,
            "nhs_number": typed.nhs_number,
            "agreed": _agreed(scene),
            "removed_characters": scene.facts.removed,
        }
    )


def _agreed(scene: Scene) -> list[str]:
    """Which typed fields agreed, once the child is certain: before that it would be a hint about somebody else."""
    facts = scene.facts
    if facts.score is None or not scene.certain:
        return []
    agreed = {evidence.field for evidence in facts.score.evidence if evidence.agreement is Agreement.AGREES}
    if scene.restricted:
        agreed.discard("postcode")
    return [field for field in TYPED if field in agreed and getattr(facts.particulars, field) not in ("", "unknown")]
