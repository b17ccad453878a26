"""What may be said about what was found, at each moment: birthdays, ends, and what stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookup.demo.people import FENWICK, HARROW_GREEN
from lookup.model import Broker, Child, Found, Freshness, HeldPlan, Kind, Outcome, Plan, Verdict
from lookup.moments import LONDON, eighteenth_birthday
from lookup.outcome import Conclusion, conclude, ended_day, is_current

AT = datetime(2026, 6, 10, 12, tzinfo=UTC)
CERTAIN = Verdict(Found.CERTAIN)
NOBODY = Verdict(Found.NOBODY)
COUNCILS = {council.code: council for council in (HARROW_GREEN, FENWICK)}
FRESH = (Freshness("HGC", AT, 0, stale=False), Freshness("FWC", AT, 0, stale=False))
STALE = (FRESH[0], Freshness("FWC", AT - timedelta(hours=30), 30 * 3600, stale=True))


def held(ref: str = "CP-1", *, authority: str = "HGC", born: str | None = "2018-11-30", **said: Any) -> HeldPlan:
    absent = said.pop("absent_since", None)
    recorded = said.pop("recorded_at", AT - timedelta(days=100))
    plan = Plan(**{"kind": Kind.CHILD_PROTECTION, "started_on": date(2025, 9, 1), **said})
    return HeldPlan(ref.encode(), authority, ref, 1, recorded, Child(birth_date=born), plan, absent)


def concluded(*plans: HeldPlan, at: datetime = AT, **changed: Any) -> Conclusion:
    verdict = changed.pop("verdict", CERTAIN if plans else NOBODY)
    asked = {"freshness": FRESH, "rejecting": (), **changed}
    return conclude(verdict, plans, asked["freshness"], asked["rejecting"], COUNCILS, at)


def in_london(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


# ---- eighteen -------------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(50)
@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        ("2008-06-10", date(2026, 6, 10)),
        ("2008-12-31", date(2026, 12, 31)),
        ("2008-01-01", date(2026, 1, 1)),
        ("2008-02-29", date(2026, 3, 1)),
        ("2004-02-29", date(2022, 3, 1)),
        ("2008-02-28", date(2026, 2, 28)),
    ],
)
def test_a_plan_ends_at_midnight_in_london_on_the_eighteenth_birthday(born: str, of_age: date) -> None:
    plan = held(born=born)
    before, after = in_london(of_age - timedelta(days=1), 23, 59), in_london(of_age, 0, 0)
    assert (concluded(plan, at=before).outcome, concluded(plan, at=after).outcome) == (
        Outcome.ON_PLAN,
        Outcome.PLAN_ENDED,
    )
    assert ended_day(plan, of_age) == of_age


@pytest.mark.bad_input(50)
def test_in_summer_the_birthday_begins_an_hour_before_midnight_of_greenwich() -> None:
    plan = held(born="2008-06-10")
    moments = [datetime(2026, 6, 9, 22, 59, tzinfo=UTC), datetime(2026, 6, 9, 23, 0, tzinfo=UTC)]
    assert [is_current(plan, at) for at in moments] == [True, False]


@pytest.mark.bad_input(50)
@pytest.mark.parametrize(
    ("born", "last_day"),
    [("2008", date(2026, 12, 30)), ("2008-04", date(2026, 4, 29)), ("2008-02", date(2026, 2, 28))],
)
def test_a_birth_date_known_in_part_never_ends_a_plan_too_early(born: str, last_day: date) -> None:
    plan = held(born=born)
    assert is_current(plan, in_london(last_day, 12, 0))
    assert not is_current(plan, in_london(last_day + timedelta(days=1), 12, 0))


@pytest.mark.parametrize("born", [None, ""])
def test_a_plan_of_a_child_without_a_birth_date_does_not_end_by_age(born: str | None) -> None:
    assert concluded(held(born=born), at=AT + timedelta(days=20_000)).outcome is Outcome.ON_PLAN


@pytest.mark.bad_input(49, 72)
def test_a_pre_birth_plan_never_lapses_by_date() -> None:
    plan = held(kind=Kind.PRE_BIRTH, born=None, expected_birth_on=date(2025, 10, 1))
    assert concluded(plan, at=AT + timedelta(days=9_000)).outcome is Outcome.ON_PLAN
    assert concluded(held(kind=Kind.PRE_BIRTH, born="2000-01-01")).outcome is Outcome.ON_PLAN


@given(st.dates(date(1990, 1, 1), date(2020, 12, 31)))
def test_nobody_comes_of_age_before_the_day_that_is_eighteen_years_later(born: date) -> None:
    of_age = eighteenth_birthday(born)
    assert (of_age.year - born.year, (of_age.month, of_age.day) >= (born.month, born.day)) == (18, True)
    assert (of_age - date(born.year + 18, born.month, min(born.day, 28))).days <= 3


# ---- ends -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended_on", "outcome"),
    [
        (date(2026, 6, 11), Outcome.ON_PLAN),
        (date(2026, 6, 10), Outcome.PLAN_ENDED),
        (date(2025, 6, 10), Outcome.PLAN_ENDED),
        (date(2025, 6, 9), Outcome.NO_PLAN_FOUND),
    ],
)
def test_a_plan_has_ended_from_the_day_of_its_end_and_for_twelve_months(ended_on: date, outcome: Outcome) -> None:
    assert concluded(held(ended_on=ended_on)).outcome is outcome


def test_a_plan_that_a_snapshot_no_longer_had_ended_on_the_day_of_the_snapshot() -> None:
    absent = held(absent_since=AT - timedelta(days=3))
    assert (concluded(absent).outcome, ended_day(absent, AT.date())) == (Outcome.PLAN_ENDED, date(2026, 6, 7))


def test_the_end_of_being_looked_after_is_not_the_end_of_a_plan() -> None:
    assert concluded(held(kind=Kind.LOOKED_AFTER, ended_on=date(2026, 5, 1))).outcome is Outcome.NO_PLAN_FOUND


def test_on_the_leap_day_a_year_back_is_the_28th_of_february() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert concluded(held(ended_on=date(2027, 2, 28)), at=leap).outcome is Outcome.PLAN_ENDED
    assert concluded(held(ended_on=date(2027, 2, 27)), at=leap).outcome is Outcome.NO_PLAN_FOUND


# ---- several plans --------------------------------------------------------------------------------------------------

CARE = held("CLA-1", kind=Kind.LOOKED_AFTER)
OTHER = held("CP-2", authority="FWC", recorded_at=AT - timedelta(days=5))
ENDED = held("CP-3", authority="FWC", ended_on=date(2026, 3, 1))
HIDDEN = held("CP-4", authority="FWC", ended_on=date(2020, 3, 1), broker=Broker(name="Desk", phone="020 7946 0003"))


@pytest.mark.parametrize(
    ("plans", "outcome", "refs"),
    [
        ((CARE, held()), Outcome.ON_PLAN, ["CP-1", "CLA-1"]),
        ((held(), OTHER), Outcome.ON_PLAN, ["CP-2", "CP-1"]),
        ((ENDED, held()), Outcome.ON_PLAN, ["CP-1", "CP-3"]),
        ((ENDED, CARE), Outcome.LOOKED_AFTER, ["CLA-1", "CP-3"]),
        ((held(), HIDDEN), Outcome.ON_PLAN, ["CP-1", "CP-4"]),
        ((HIDDEN,), Outcome.NO_PLAN_FOUND, []),
    ],
)
def test_a_current_protection_plan_comes_first_and_a_restricted_one_is_never_lost(
    plans: tuple[HeldPlan, ...], outcome: Outcome, refs: list[str]
) -> None:
    conclusion = concluded(*plans)
    assert (conclusion.outcome, [plan.ref for plan in conclusion.plans]) == (outcome, refs)


# ---- doubts ---------------------------------------------------------------------------------------------------------

DOUBTS: list[dict[str, Any]] = [
    {"freshness": STALE},
    {"freshness": (FRESH[0], Freshness("FWC", None, 0, stale=True))},
    {"rejecting": ("HGC",)},
]


@pytest.mark.bad_input(64)
@pytest.mark.parametrize("doubt", DOUBTS)
@pytest.mark.parametrize("plans", [(), (ENDED,)])
def test_nothing_found_or_only_an_ended_plan_is_not_said_where_there_is_a_doubt(
    plans: tuple[HeldPlan, ...], doubt: dict[str, Any]
) -> None:
    conclusion = concluded(*plans, **doubt)
    assert (conclusion.outcome, conclusion.plans) == (Outcome.COULD_NOT_CHECK, ())
    assert conclusion.contact_authority in COUNCILS
    assert len(conclusion.reasons) == 1


@pytest.mark.parametrize("doubt", DOUBTS)
@pytest.mark.parametrize("plan", [held(), CARE])
def test_a_plan_that_stands_is_said_whatever_else_is_in_doubt(plan: HeldPlan, doubt: dict[str, Any]) -> None:
    assert concluded(plan, **doubt).plans == (plan,)


def test_every_doubt_is_said_once_and_the_first_is_whom_to_ring() -> None:
    conclusion = concluded(freshness=STALE, rejecting=("HGC", "HGC", "FWC"))
    assert conclusion.contact_authority == "FWC"
    assert conclusion.reasons == (
        "The register of Fenwick Council was last complete 30 hours ago, which is too old to rely on.",
        "Harrow Green Council sent a record we could not read, and it may be this child's.",
        "Fenwick Council sent a record we could not read, and it may be this child's.",
    )


def test_where_nothing_is_left_to_ask_it_could_not_be_checked() -> None:
    conclusion = concluded(verdict=Verdict(Found.UNDECIDABLE))
    assert conclusion.outcome is Outcome.COULD_NOT_CHECK
    assert conclusion.reasons == (
        "The details fit more than one child, and nothing else that you could give would decide.",
    )


def test_what_would_decide_is_passed_on_and_nothing_of_any_child() -> None:
    conclusion = concluded(verdict=Verdict(Found.UNDECIDED, (0,), wanted=("postcode",)), freshness=STALE)
    assert conclusion == Conclusion(Outcome.NEEDS_MORE_DETAIL, wanted=("postcode",))


plans_of_any_kind = st.builds(
    lambda kind, ended, born, absent: replace(
        held(kind=kind, ended_on=ended, born=born), absent_since=AT - timedelta(days=absent) if absent else None
    ),
    st.sampled_from(Kind),
    st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.sampled_from([None, "2008", "2008-02-29", "2008-06-10", "2018-11-30"]),
    st.sampled_from([0, 3, 500]),
)


@given(st.lists(plans_of_any_kind, max_size=4), st.sampled_from([{}, *DOUBTS]))
def test_no_doubt_ever_ends_in_nothing_found_and_no_current_plan_is_ever_kept_back(
    plans: list[HeldPlan], doubt: dict[str, Any]
) -> None:
    conclusion = concluded(*(replace(plan, child_id=bytes([n])) for n, plan in enumerate(plans)), **doubt)
    if doubt:
        assert conclusion.outcome not in (Outcome.NO_PLAN_FOUND, Outcome.PLAN_ENDED)
    current = [plan for plan in plans if is_current(plan, AT)]
    if any(plan.plan.kind is not Kind.LOOKED_AFTER for plan in current):
        assert conclusion.outcome is Outcome.ON_PLAN
    elif current:
        assert conclusion.outcome is Outcome.LOOKED_AFTER
    assert len([plan for plan in conclusion.plans if is_current(plan, AT)]) == len(current)
