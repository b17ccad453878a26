"""What may be said about what was found: one of six outcomes, and why. Pure.

Never falsely reassuring: `no_plan_found` and `plan_ended` need every register fresh and no rejected row that fits. A
plan that stands is said even from a stale register, with its age.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lookup.model import Authority, Found, Freshness, HeldPlan, Kind, Outcome, Verdict
from lookup.moments import a_year_before, eighteenth_birthday, london_day

YEAR_ONLY, YEAR_AND_MONTH = 4, 7


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The outcome; the linked child's plans that may be spoken of, a current one first; why it could not be checked."""

    outcome: Outcome
    plans: tuple[HeldPlan, ...] = ()
    wanted: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    contact_authority: str = ""


def conclude(
    verdict: Verdict,
    linked: Sequence[HeldPlan],
    freshness: Sequence[Freshness],
    rejecting: Sequence[str],
    authorities: Mapping[str, Authority],
    at: datetime,
) -> Conclusion:
    """The outcome. `linked` are the certain child's records; `rejecting`: whose rejected row fits, empty
    where nobody is to be named, because the child is restricted."""
    if verdict.found is Found.UNDECIDED:
        return Conclusion(Outcome.NEEDS_MORE_DETAIL, wanted=verdict.wanted)
    doubts = _doubts(verdict, freshness, rejecting, authorities)
    return _of_a_child(linked, doubts, london_day(at)) or _without_a_plan(doubts)


def _of_a_child(linked: Sequence[HeldPlan], doubts: Sequence[tuple[str, str]], today: date) -> Conclusion | None:
    """What a certain child's plans say; None where none of them may be spoken of any more."""
    current = [held for held in linked if ended_day(held, today) is None]
    restricted = tuple(held for held in linked if held.restricted)
    protecting = [held for held in current if held.plan.kind is not Kind.LOOKED_AFTER]
    lately = [held for held in linked if held not in current and _ended_lately(held, today)]
    if protecting:
        return Conclusion(Outcome.ON_PLAN, _once(_newest(protecting), _newest(current), _newest(lately), restricted))
    if current:
        return Conclusion(Outcome.LOOKED_AFTER, _once(_newest(current), _newest(lately), restricted))
    if lately and not doubts:
        return Conclusion(Outcome.PLAN_ENDED, _once(_newest(lately), restricted))
    return None


def _without_a_plan(doubts: Sequence[tuple[str, str]]) -> Conclusion:
    if not doubts:
        return Conclusion(Outcome.NO_PLAN_FOUND)
    reasons = tuple(dict.fromkeys(reason for _, reason in doubts))
    return Conclusion(Outcome.COULD_NOT_CHECK, reasons=reasons, contact_authority=doubts[0][0])


def _doubts(
    verdict: Verdict, freshness: Sequence[Freshness], rejecting: Sequence[str], authorities: Mapping[str, Authority]
) -> list[tuple[str, str]]:
    """Whatever stands against saying that there is nothing: the authority to ring, and the reason in plain words."""
    doubts = [(fresh.authority, _stale(authorities[fresh.authority], fresh)) for fresh in freshness if fresh.stale]
    doubts += [(code, _unreadable(authorities[code].name if code else "A council")) for code in rejecting]
    if verdict.found is Found.UNDECIDABLE:
        doubts.append(("", "The details fit more than one child, and nothing else that you could give would decide."))
    return doubts


def _unreadable(name: str) -> str:
    return f"{name} sent a record we could not read, and it may be this child's."


def _stale(authority: Authority, fresh: Freshness) -> str:
    if fresh.as_at is None:
        return f"{authority.name} has not sent its register yet."
    if fresh.age_seconds == 0:
        return f"The register of {authority.name} is said to be complete up to a time that has not come yet."
    minutes = fresh.age_seconds // 60
    age = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
    return f"The register of {authority.name} was last complete {age} ago, which is too old to rely on."


def _newest(plans: Sequence[HeldPlan]) -> tuple[HeldPlan, ...]:
    return tuple(sorted(plans, key=lambda held: held.recorded_at, reverse=True))


def _once(*groups: Sequence[HeldPlan]) -> tuple[HeldPlan, ...]:
    """Each plan once, in the order of the groups; the restricted among them, so that disclosure sees them."""
    return tuple({held.child_id: held for group in groups for held in group}.values())


def _ended_lately(held: HeldPlan, today: date) -> bool:
    """Did a protection plan end within 12 months? The end of being looked after is not the end of a plan."""
    ended = ended_day(held, today)
    return ended is not None and held.plan.kind is not Kind.LOOKED_AFTER and ended >= a_year_before(today)


def is_current(held: HeldPlan, at: datetime) -> bool:
    """Does this plan stand at this moment?"""
    return ended_day(held, london_day(at)) is None


def ended_day(held: HeldPlan, today: date) -> date | None:
    """The day on which this plan ended, in London; None while it stands.

    For a plan that a snapshot no longer had, the day of the snapshot (the true date is unknown). A pre-birth plan
    never lapses by date, and stays until its owner converts it.
    """
    if held.plan.ended_on is not None and held.plan.ended_on <= today:
        return held.plan.ended_on
    if held.absent_since is not None:
        return london_day(held.absent_since)
    adult = None if held.plan.kind is Kind.PRE_BIRTH else _adult_on(held.child.birth_date)
    return adult if adult is not None and adult <= today else None


def _adult_on(birth_date: str | None) -> date | None:
    """The eighteenth birthday; of a date known in part, the latest that it can be, so that no plan ends too early."""
    if not birth_date:
        return None
    if len(birth_date) == YEAR_ONLY:
        return eighteenth_birthday(date(int(birth_date), 12, 31))
    if len(birth_date) == YEAR_AND_MONTH:
        year, month = int(birth_date[:4]), int(birth_date[5:])
        return eighteenth_birthday(date(year, month, monthrange(year, month)[1]))
    return eighteenth_birthday(date.fromisoformat(birth_date))
