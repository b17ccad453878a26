"""An answer of the enquiry's path, made ready for its page: words beside what it says, and nothing besides. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lookup.model import Outcome
from lookup.moments import london_day
from lookup.pages import timeline, words
from lookup.pages.form import LABELS
from lookup.pages.timeline import Timeline
from lookup.pages.words import OutcomeWords

RING = {
    Outcome.ON_PLAN: "Ring now",
    Outcome.LOOKED_AFTER: "If you are worried, ring",
    Outcome.PLAN_ENDED: "If you are worried, ring",
    Outcome.NO_PLAN_FOUND: "If you are worried, ring",
    Outcome.NEEDS_MORE_DETAIL: "If it cannot wait, ring",
    Outcome.COULD_NOT_CHECK: "Ring now",
}


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the page of an answer shows, beside the answer itself."""

    outcome: OutcomeWords
    means: str
    child: tuple[str, ...]
    ring: str
    titles: tuple[str, ...]
    agreed: tuple[str, ...]
    wanted_words: tuple[str, ...]
    timeline: Timeline | None


def view_of(answer: Mapping[str, Any], at: datetime) -> AnswerView:
    """The words and the picture that go with this answer."""
    outcome = Outcome(answer["outcome"])
    earlier = answer.get("enquiries")
    return AnswerView(
        outcome=words.OUTCOMES[outcome],
        means=_means(outcome, answer),
        child=_child(answer["child"]),
        ring=RING[outcome],
        titles=tuple(_title(plan) for plan in answer.get("plans", ())),
        agreed=tuple(LABELS[field] for field in answer["child"].get("agreed", ())),
        wanted_words=tuple(_in_a_sentence(field) for field in answer.get("wanted", ())),
        timeline=timeline.draw(earlier, london_day(at)) if earlier else None,
    )


def _means(outcome: Outcome, answer: Mapping[str, Any]) -> str:
    """The line under the heading: when and whose, where the answer says so."""
    plan = answer.get("plan", {})
    council = plan.get("authority", {}).get("name", "")
    if outcome is Outcome.PLAN_ENDED and plan:
        ended = f"on {words.day(plan['ended_on'])}" if "ended_on" in plan else "on a day that is not known"
        return f"{council}, {ended}"
    if outcome is Outcome.ON_PLAN and council:
        before = ", a plan made before birth" if plan.get("kind") == "pre_birth" else ""
        return f"{council}{before}"
    return words.OUTCOMES[outcome].means


def _child(child: Mapping[str, Any]) -> tuple[str, ...]:
    """Who was asked about, as it was typed: so that nobody reads one child's answer for another's."""
    name = " ".join(child[part] for part in ("given_name", "family_name") if part in child)
    born = f"born {words.day(child['birth_date'])}" if "birth_date" in child else ""
    number = f"NHS number {words.number(child['nhs_number'])}" if "nhs_number" in child else ""
    return tuple(part for part in (name, born, number) if part) or ("an unborn or newborn child",)


def _title(plan: Mapping[str, Any]) -> str:
    council = plan.get("authority", {}).get("name", "")
    kind = words.PLAN_KINDS.get(plan.get("kind", ""), "Plan")
    return f"{kind}: {council}" if council else kind


def _in_a_sentence(field: str) -> str:
    label = LABELS[field]
    return label if label.startswith("NHS") else label[0].lower() + label[1:]
