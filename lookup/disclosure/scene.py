"""What the rows of an answer read: the decision and the facts together, and who owns which plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from lookup.model import Audience, Authority, Decision, Facts, HeldPlan, Outcome, Plan

ABOUT_ONE_CHILD = frozenset({Outcome.ON_PLAN, Outcome.LOOKED_AFTER, Outcome.PLAN_ENDED})


@dataclass(frozen=True, slots=True)
class Scene:
    """One answer in the making. Plans count only for an outcome that is about one child for certain."""

    decision: Decision
    facts: Facts
    directory: Mapping[str, Authority]
    at_office_hours: bool

    @property
    def certain(self) -> bool:
        return self.facts.outcome in ABOUT_ONE_CHILD

    @property
    def checked(self) -> bool:
        """Whether the search was made: else nothing is said of this child or of any other."""
        return self.certain or self.facts.outcome is Outcome.NO_PLAN_FOUND

    @property
    def plans(self) -> tuple[PlanView, ...]:
        return tuple(PlanView(self, held) for held in self.facts.plans) if self.certain else ()

    @property
    def restricted(self) -> bool:
        """One restricted plan restricts the answer, whatever else is linked and whoever asks."""
        return any(view.held.restricted for view in self.plans)

    @property
    def household(self) -> int:
        """How many other children of the household have a plan, where that may be said."""
        return self.facts.households if self.checked else 0

    @property
    def fields(self) -> frozenset[str]:
        """What may be shown beside the plans: the owner of one of them sees what an owner sees."""
        return self.decision.fields.union(*(view.fields for view in self.plans))


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan as this asker may see it."""

    scene: Scene
    held: HeldPlan

    @property
    def plan(self) -> Plan:
        return self.held.plan

    @property
    def owned(self) -> bool:
        return self.held.authority == self.scene.decision.own_authority != ""

    @property
    def fields(self) -> frozenset[str]:
        decision = self.scene.decision
        return decision.fields | decision.own_fields if self.owned else decision.fields

    @property
    def audiences(self) -> frozenset[Audience]:
        decision = self.scene.decision
        return decision.audiences | decision.own_audiences if self.owned else decision.audiences


View = TypeVar("View", Scene, PlanView)
Row: TypeAlias = tuple[str, str, Callable[[View], object]]


def filled(rows: Iterable[Row[View]], fields: frozenset[str], view: View) -> dict[str, object]:
    """The keys of those rows whose field is granted and whose value is there."""
    return present({key: value(view) for field, key, value in rows if field in fields})


def present(parts: Mapping[str, object]) -> dict[str, object]:
    """What is there: no null, no empty text or list, no false, no nought."""
    return {key: value for key, value in parts.items() if value}
