"""Plans as a core group writes them: who does what by when, whom to keep away, what happens if.

One case is one family: brothers and sisters share the situation, the lead worker, the start and the next review; each
has a nurse, a school and actions of their own. Lengths vary as they do in life.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from lookup.demo.families import Family, Person, age_on, household_of
from lookup.demo.places import school_for
from lookup.demo.roster import Roster
from lookup.demo.scenarios import SCENARIOS, Scenario
from lookup.model import (
    Action,
    Audience,
    FreeText,
    Kind,
    LeadWorker,
    NoContactPerson,
    Plan,
    Professional,
)

SHARE_OF_UNKNOWN_CATEGORY = 0.02
IN_THE_CORE_GROUP = {"GP", "HV", "SN", "SC", "MW"}


@dataclass(frozen=True, slots=True)
class Case:
    """What the plans of one family have in common."""

    family: Family
    scenario: Scenario
    team: Mapping[str, Professional]
    schools: Mapping[str, Professional]
    kind: Kind
    started_on: date
    next_review_on: date
    today: date


def open_case(rng: Random, family: Family, roster: Roster, surgery: str, kind: Kind, today: date) -> Case:
    """A case that began within the last two years (care: nine), reviewed every three to six months."""
    longest = {Kind.LOOKED_AFTER: 9 * 365, Kind.PRE_BIRTH: 100}.get(kind, 700)
    ago = int(longest * rng.random() ** 1.6) + 4
    return Case(
        family,
        _situation(rng, family, kind, today),
        roster.team(rng, surgery),
        roster.schools,
        kind,
        today - timedelta(days=ago),
        today + timedelta(days=rng.randint(3, 170)),
        today,
    )


def _situation(rng: Random, family: Family, kind: Kind, today: date) -> Scenario:
    ages = [age_on(today, person.birth_date) for person in family.children]
    fitting = [scenario for scenario in SCENARIOS.by_kind[kind] if all(age in scenario.ages for age in ages)]
    unknown = [scenario for scenario in fitting if scenario.category is None]
    known = [scenario for scenario in fitting if scenario.category]
    return rng.choice(unknown if not known or (unknown and rng.random() < SHARE_OF_UNKNOWN_CATEGORY) else known)


def write_plan(rng: Random, case: Case, person: Person | None, expected: date | None = None) -> Plan:
    """The plan for one child of the case; for an unborn one `person` is None and `expected` the day of birth."""
    pen = _Pen(rng, case, person)
    scenario, lead = case.scenario, case.team["SW"]
    return Plan(
        kind=case.kind,
        started_on=max(case.started_on, person.birth_date) if person else case.started_on,
        expected_birth_on=expected,
        category=scenario.category,
        lead_worker=LeadWorker(name=lead.name, work_phone=lead.work_phone),
        safety_actions=pen.actions(scenario.safety, 3, Audience.ALL) + pen.owners_note(),
        no_contact_people=pen.no_contact(),
        risk_summary=FreeText(text=pen.fill(rng.choice(scenario.risk)), audience=Audience.ALL),
        health_actions=pen.actions(scenario.health, 4, Audience.HEALTH),
        medical_monitoring=FreeText(text=pen.fill(rng.choice(scenario.monitoring)), audience=Audience.HEALTH),
        police_actions=pen.actions(scenario.police, 2, Audience.POLICE),
        core_group=pen.core_group(),
        next_review_on=case.next_review_on,
        contingency=FreeText(text=pen.fill(scenario.contingency), audience=Audience.ALL),
        household_members=household_of(case.family, person),
        school=pen.school,
    )


class _Pen:
    """Writes one child's plan: puts names into a scenario's sentences and gives every action an owner and a day."""

    def __init__(self, rng: Random, case: Case, person: Person | None) -> None:
        self._rng, self._case = rng, case
        age = -1 if person is None else age_on(case.today, person.birth_date)
        self.school = None if case.kind is Kind.PRE_BIRTH else school_for(rng, age)
        self._team = dict(case.team) | {"NU": case.team["HV" if age < 5 else "SN"]}
        if self.school:
            self._team["SC"] = case.schools[self.school]
        if case.kind is not Kind.PRE_BIRTH:
            del self._team["MW"]
        del self._team["SN" if age < 5 else "HV"]
        mother = case.family.mother.name
        self._names = {
            "child": "the baby" if person is None else person.name.given_name,
            "mother": _mother(case.kind, mother.given_name),
            "other": case.family.other,
        }
        self._named: list[str] = []

    def fill(self, text: str) -> str:
        filled = text.format_map(self._names)
        return filled[0].upper() + filled[1:]

    def actions(self, pool: tuple[str, ...], most: int, audience: Audience) -> tuple[Action, ...]:
        possible = [line for line in pool if line[:2] in self._team]
        chosen = self._rng.sample(possible, min(len(possible), self._rng.randint(max(1, most - 2), most)))
        return tuple(self._action(line, audience) for line in chosen)

    def owners_note(self) -> tuple[Action, ...]:
        """For one plan in eight, an action that only its owner may read."""
        if self._rng.random() > 0.125:
            return ()
        return (self._action(self._rng.choice(SCENARIOS.owner_notes), Audience.OWNER),)

    def _action(self, line: str, audience: Audience) -> Action:
        code, text = line.split(": ", 1)
        owner = self._team[code]
        self._named.append(code)
        due = self._case.today + timedelta(days=round(self._rng.triangular(-6, 60, 12)))
        return Action(action=self.fill(text), owner=f"{owner.name}, {owner.role}", due_on=due, audience=audience)

    def no_contact(self) -> tuple[NoContactPerson, ...]:
        return tuple(
            NoContactPerson(name=self._names["other"], relationship=relationship, rule=rule, audience=Audience.ALL)
            for relationship, rule in self._case.scenario.no_contact
        )

    def core_group(self) -> tuple[Professional, ...]:
        """Whoever has an action, and those who are always there for a child of this age."""
        wanted = IN_THE_CORE_GROUP | set(self._named) | ({"HO"} if self._rng.random() < 0.3 else set())
        members = [person for code, person in self._team.items() if code in wanted - {"SW"}]
        return tuple(dict.fromkeys(members))


def _mother(kind: Kind, given_name: str) -> str:
    return "the mother" if kind is Kind.LOOKED_AFTER else given_name


def recorded_at(rng: Random, started_on: date, today: date) -> datetime:
    """When the authority last changed the plan: in office hours, after it began and before today."""
    latest = today - timedelta(days=1)
    day = max(started_on, latest - timedelta(days=int(90 * rng.random() ** 2)))
    return datetime.combine(min(day, latest), time(rng.randint(8, 16), rng.randint(0, 59)), UTC)
