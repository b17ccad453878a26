"""An answer of the enquiry's path, made ready for its page: words beside what it says, and nothing besides. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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
class Title:
    """The heading of one plan; `ended` lest its safety actions be read as standing."""

    text: str
    ended: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the page of an answer shows, beside the answer itself."""

    outcome: OutcomeWords
    means: str
    child: tuple[str, ...]
    ring: str
    titles: tuple[Title, ...]
    agreed: tuple[str, ...]
    removed: tuple[str, ...]
    wanted_words: tuple[str, ...]
    timeline: Timeline | None


def view_of(answer: Mapping[str, Any], typed: Mapping[str, str], at: datetime) -> AnswerView:
    """The words and the picture that go with this answer."""
    outcome = Outcome(answer["outcome"])
    earlier = answer.get("enquiries")
    today = london_day(at)
    return AnswerView(
        outcome=words.OUTCOMES[outcome],
        means=_means(outcome, answer),
        child=_child(answer["child"], typed),
        ring=RING[outcome],
        titles=tuple(_title(plan, today) for plan in answer.get("plans", ())),
        agreed=tuple(LABELS[field] for field in answer["child"].get("agreed", ())),
        removed=tuple(LABELS[field] for field in answer["child"].get("removed_characters", ())),
        wanted_words=tuple(_in_a_sentence(field) for field in answer.get("wanted", ())),
        timeline=timeline.draw(earlier, today) if earlier else None,
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


def _child(child: Mapping[str, Any], typed: Mapping[str, str]) -> tuple[str, ...]:
    """Who was asked about, as it was typed: so that nobody reads one child's answer for another's."""
    name = " ".join(child[part] for part in ("given_name", "family_name") if part in child)
    born = f"born {words.day(child['birth_date'])}" if "birth_date" in child else ""
    number = f"NHS number {words.number(child['nhs_number'])}" if "nhs_number" in child else ""
    mother = typed.get("mother_nhs_number", "")
    of_mother = f"the child of the mother with NHS number {words.number(mother)}" if mother else ""
    return tuple(part for part in (name, born, number, of_mother) if part)


def _title(plan: Mapping[str, Any], today: date) -> Title:
    ended = "ended_on_unknown" in plan or plan.get("ended_on", "9999") <= today.isoformat()
    kind = words.PLAN_KINDS.get(plan.get("kind", ""), "Plan")
    kind = f"Ended: {kind[0].lower()}{kind[1:]}" if ended else kind
    council = plan.get("authority", {}).get("name", "")
    return Title(f"{kind}, {council}" if council else kind, ended)


def _in_a_sentence(field: str) -> str:
    label = LABELS[field]
    return label if label.startswith("NHS") else label[0].lower() + label[1:]
