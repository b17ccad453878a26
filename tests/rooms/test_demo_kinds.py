"""Each child of `lookup demo child KIND`, looked for among everybody held, has the outcome that its kind promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from lookup import finding
from lookup.demo.borough import Borough, fresh_plan, make_borough
from lookup.model import Clue, Found, HeldPlan, Kind, Outcome, Particulars, Publication, Verdict
from lookup.outcome import conclude

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
POPULATION = 49_000
MATCHING = finding.load_matching(Path(__file__).parents[2] / "config" / "matching.toml")
OUTCOMES = {
    "on_plan": Outcome.ON_PLAN,
    "plan_ended": Outcome.PLAN_ENDED,
    "looked_after": Outcome.LOOKED_AFTER,
    "unborn": Outcome.ON_PLAN,
    "restricted": Outcome.ON_PLAN,
    "twin": Outcome.NEEDS_MORE_DETAIL,
    "namesake": Outcome.NO_PLAN_FOUND,
    "sibling_not_on_register": Outcome.NO_PLAN_FOUND,
    "not_on_register": Outcome.NO_PLAN_FOUND,
}


@dataclass(frozen=True)
class Shelf:
    """The borough's plans by the clues that find them, as the register keeps them, without its ciphers."""

    held: tuple[HeldPlan, ...]
    clues: tuple[frozenset[Clue], ...]
    households: tuple[frozenset[Clue], ...]

    def judged(self, given: Particulars) -> tuple[Verdict, list[HeldPlan]]:
        sought = finding.clues_sought(given, MATCHING)
        candidates = [plan for plan, clues in zip(self.held, self.clues, strict=True) if clues & sought]
        verdict = finding.judge(given, candidates, MATCHING, POPULATION)
        return verdict, [candidates[place] for place in verdict.positions]

    def outcome(self, given: Particulars) -> Outcome:
        verdict, linked = self.judged(given)
        return conclude(verdict, linked, (), (), {}, NOW).outcome

    def household(self, given: Particulars) -> list[HeldPlan]:
        sought = finding.household_clues_sought(given)
        return [plan for plan, clues in zip(self.held, self.households, strict=True) if clues & sought]


def shelf_of(publications: tuple[tuple[str, str, Publication], ...]) -> Shelf:
    held = tuple(
        HeldPlan(f"{authority} {ref}".encode(), authority, ref, 1, each.recorded_at, each.child, each.plan)
        for authority, ref, each in publications
    )
    return Shelf(
        held,
        tuple(finding.clues_held(plan.child, restricted=plan.restricted) for plan in held),
        tuple(finding.household_clues_held(plan.child, plan.plan) for plan in held),
    )


@pytest.fixture(scope="module", params=[2008, 1, 2, 3])
def borough(request: pytest.FixtureRequest) -> Borough:
    return make_borough(request.param, TODAY)


@pytest.fixture(scope="module")
def shelf(borough: Borough) -> Shelf:
    return shelf_of(borough.publications)


def asked(given: Any, *, without: tuple[str, ...] = ()) -> Particulars:
    return Particulars(**{key: value for key, value in given.items() if key not in without})


@pytest.mark.parametrize("kind", sorted(OUTCOMES))
def test_the_child_of_a_kind_has_the_outcome_that_its_kind_promises(borough: Borough, shelf: Shelf, kind: str) -> None:
    assert shelf.outcome(asked(borough.kinds[kind])) is OUTCOMES[kind]


@pytest.mark.parametrize("kind", ["on_plan", "plan_ended", "looked_after"])
def test_a_held_child_is_certain_without_the_nhs_number(borough: Borough, shelf: Shelf, kind: str) -> None:
    given = asked(borough.kinds[kind], without=("nhs_number",))
    assert shelf.judged(given)[0].found is Found.CERTAIN


def test_a_held_child_is_certain_by_number_and_birth_date_alone(borough: Borough, shelf: Shelf) -> None:
    given = borough.kinds["on_plan"]
    alone = Particulars(nhs_number=given["nhs_number"], birth_date=given["birth_date"])
    assert shelf.outcome(alone) is Outcome.ON_PLAN


def test_the_unborn_childs_plan_is_a_pre_birth_one(borough: Borough, shelf: Shelf) -> None:
    _, linked = shelf.judged(asked(borough.kinds["unborn"]))
    assert [plan.plan.kind for plan in linked] == [Kind.PRE_BIRTH]


def test_the_restricted_child_is_found_and_is_restricted(borough: Borough, shelf: Shelf) -> None:
    _, linked = shelf.judged(asked(borough.kinds["restricted"]))
    assert [plan.restricted for plan in linked] == [True]


def test_the_twin_is_asked_for_a_first_name_and_each_first_name_decides(borough: Borough, shelf: Shelf) -> None:
    given = borough.kinds["twin"]
    verdict, _ = shelf.judged(asked(given))
    assert "given_name" in verdict.wanted
    for first_name in ("Selin", "Nazli"):
        _, linked = shelf.judged(asked({**given, "given_name": first_name}))
        assert [plan.child.given_name for plan in linked] == [first_name]


@pytest.mark.parametrize(
    ("kind", "names"), [("sibling_not_on_register", ["Tamsin"]), ("not_on_register", []), ("namesake", [])]
)
def test_only_the_sibling_has_a_plan_in_the_household(
    borough: Borough, shelf: Shelf, kind: str, names: list[str]
) -> None:
    assert [plan.child.given_name for plan in shelf.household(asked(borough.kinds[kind]))] == names


def test_the_transferred_child_is_one_child_with_two_plans(borough: Borough, shelf: Shelf) -> None:
    ours = {plan.child.nhs_number: plan for plan in shelf.held if plan.authority == "HGC"}
    (theirs,) = [plan for plan in shelf.held if plan.authority == "FWC" and plan.child.nhs_number in set(ours) - {""}]
    given = Particulars(nhs_number=theirs.child.nhs_number, birth_date=theirs.child.birth_date or "")
    verdict, linked = shelf.judged(given)
    assert verdict.found is Found.CERTAIN
    assert sorted(plan.authority for plan in linked) == ["FWC", "HGC"]


@pytest.mark.parametrize("serial", range(5))
def test_the_demo_plan_is_found_once_it_is_published_and_not_before(
    borough: Borough, shelf: Shelf, serial: int
) -> None:
    plan = fresh_plan(2008, TODAY, serial)
    assert shelf.outcome(asked(plan["child"])) is Outcome.NO_PLAN_FOUND
    published = ("HGC", "fresh", convert(plan["body"], Publication))
    assert shelf_of((*borough.publications, published)).outcome(asked(plan["child"])) is Outcome.ON_PLAN


def test_nearly_every_child_with_a_number_is_certain_by_all_that_is_held(borough: Borough, shelf: Shelf) -> None:
    """Whoever tries any child of the borough finds that child: 99 in a hundred at least, and never another."""
    children = [plan for plan in shelf.held if plan.child.nhs_number and not plan.restricted]
    certain = 0
    for plan in children:
        child = plan.child
        _, linked = shelf.judged(
            Particulars(child.nhs_number, child.family_name, child.given_name, child.birth_date or "")
        )
        certain += any(found.child_id == plan.child_id for found in linked)
        assert {found.child.nhs_number for found in linked} <= {child.nhs_number, ""}
    assert certain >= 0.99 * len(children)
