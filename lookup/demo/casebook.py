"""One council's casebook: the plans that it holds, each published as the council would publish it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from msgspec.structs import replace as altered

from lookup.demo.families import Family, Person, Registry, as_held, make_family, spaced_ages, years_before
from lookup.demo.names import draw_name
from lookup.demo.places import Places
from lookup.demo.plans import Case, open_case, recorded_at, write_plan
from lookup.demo.roster import Roster
from lookup.model import Broker, Child, Kind, Mother, Plan, Publication

ON_ONE_PLAN = (1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4)  # how many children of a family have a plan, as often as is usual
SHARE_MERGED = 0.01  # how many had a second NHS number, merged since by a trace
PLACED_TOGETHER = (1, 1, 1, 1, 2)


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One plan of one child; `person` is None for an unborn one."""

    authority: str
    ref: str
    person: Person | None
    family: Family
    publication: Publication

    @property
    def current(self) -> bool:
        return self.publication.plan.ended_on is None

    @property
    def restricted(self) -> bool:
        return self.publication.plan.broker is not None

    def __repr__(self) -> str:
        return f"Record({self.authority})"


@dataclass(slots=True, repr=False)
class Casebook:
    """Writes a council's plans one after another. `surgeries` by postcode district; `placements`: homes elsewhere."""

    authority: str
    registry: Registry
    roster: Roster
    surgeries: Mapping[str, str]
    broker: Broker
    placements: Places
    refs: Iterator[int]
    records: list[Record] = field(default_factory=list)

    @property
    def rng(self) -> Random:
        return self.registry.rng

    @property
    def today(self) -> date:
        return self.registry.today

    def count(self, *kinds: Kind, current: bool = True) -> int:
        return sum(record.publication.plan.kind in kinds and record.current is current for record in self.records)

    def open(self, family: Family, kind: Kind = Kind.CHILD_PROTECTION, day: date | None = None) -> Case:
        """A case about this family, as it stands today or stood on another day."""
        surgery = self.surgeries.get(family.address.postcode.split()[0], next(iter(self.surgeries.values())))
        return open_case(self.rng, family, self.roster, surgery, kind, day or self.today)

    def publish(self, case: Case, person: Person, *, complete: bool = False, restricted: bool = False) -> Record:
        """The plan of one child of a case; a restricted one has the broker's number."""
        plan = write_plan(self.rng, case, person)
        if restricted:
            plan = altered(plan, broker=self.broker)
        child = as_held(self.rng, person, case.family, complete=complete or restricted)
        if not (complete or restricted) and child.nhs_number and self.rng.random() < SHARE_MERGED:
            child = altered(child, merged_nhs_numbers=(next(self.registry.numbers),))
        started_on = plan.started_on or case.started_on
        return self._keep(person, case.family, child, plan, recorded_at(self.rng, started_on, self.today))

    def publish_unborn(self, family: Family, expected: date) -> Record:
        """The plan of a child who is expected: found by the mother's number with her birth date or postcode."""
        case = self.open(family, Kind.PRE_BIRTH)
        mother = Mother(
            nhs_number=family.mother.nhs_number,
            birth_date=family.mother.birth_date.isoformat(),
            postcode=family.address.postcode,
            name=family.mother.name,
        )
        child = Child(family_name=family.mother.name.family_name, addresses=(family.address,), mother=mother)
        plan = write_plan(self.rng, case, None, expected)
        return self._keep(None, family, child, plan, recorded_at(self.rng, case.started_on, self.today))

    def publish_ended(self, family: Family, person: Person, ended_on: date, *, complete: bool = False) -> Record:
        """A plan that ended on this day, as it stood then."""
        case = self.open(family, day=ended_on)
        plan = altered(write_plan(self.rng, case, person), ended_on=ended_on, next_review_on=None)
        noted = datetime.combine(ended_on, time(self.rng.randint(9, 17), self.rng.randint(0, 59)), UTC)
        return self._keep(person, family, as_held(self.rng, person, family, complete=complete), plan, noted)

    def _keep(self, person: Person | None, family: Family, child: Child, plan: Plan, noted: datetime) -> Record:
        publication = Publication(recorded_at=noted, child=child, plan=plan)
        record = Record(self.authority, f"CP-{next(self.refs)}", person, family, publication)
        self.records.append(record)
        return record

    # ---- in numbers -------------------------------------------------------------------------------------------------

    def publish_families(self, until: int) -> None:
        """Families with one child or several on plans, and some who are not, until so many have a current plan."""
        while (missing := until - self.count(Kind.CHILD_PROTECTION, Kind.PRE_BIRTH)) > 0:
            on_plan = min(self.rng.choice(ON_ONE_PLAN), missing)
            family = make_family(self.registry, spaced_ages(self.rng, on_plan + self.rng.choice((0, 0, 0, 1, 2))))
            case = self.open(family)
            for person in family.children[-on_plan:]:
                self.publish(case, person)

    def publish_expected(self, number: int) -> None:
        """Pre-birth plans; the first child is already born and the plan not yet converted."""
        for nth in range(number):
            older = spaced_ages(self.rng, self.rng.choice((0, 0, 1, 2)))
            days = -6 if nth == 0 else self.rng.randint(10, 150)
            self.publish_unborn(make_family(self.registry, older), self.today + timedelta(days=days))

    def publish_twins(self, pairs: int) -> None:
        for _ in range(pairs):
            family = make_family(self.registry, (self.rng.randint(200, 5000),), twins=True)
            case = self.open(family)
            for person in family.children:
                self.publish(case, person, complete=True)

    def publish_in_care(self, until: int) -> None:
        """Children in care, some placed with a brother or sister, some outside the borough; four soon turn 18."""
        for days in (3, 9, 17, 26):
            self._place(((self.today - years_before(self.today, 18)).days - days,))
        while (missing := until - self.count(Kind.LOOKED_AFTER)) > 0:
            together = min(self.rng.choice(PLACED_TOGETHER), missing)
            self._place(spaced_ages(self.rng, together))

    def _place(self, ages: tuple[int, ...]) -> None:
        family = self.placed(make_family(self.registry, ages))
        case = self.open(family, Kind.LOOKED_AFTER)
        for person in family.children:
            self.publish(case, person)

    def placed(self, family: Family) -> Family:
        """The same children with a carer, for one in four outside the borough."""
        carer, _ = draw_name(self.rng)
        places = self.placements if self.rng.random() < 0.25 else self.registry.places
        return replace(family, carer=carer, address=places.home(self.rng), former_address=family.address)

    def publish_in_care_and_on_a_plan(self, number: int, spare: int) -> None:
        """A second record, of care, for children with a plan, but for the first `spare`; linked by the NHS number."""
        on_plan = [record for record in self.records[spare:] if record.current and record.publication.child.nhs_number]
        possible = [(record.family, record.person) for record in on_plan if record.person and not record.restricted]
        for family, person in self.rng.sample(possible, number):
            placement = self.placed(replace(family, children=(person,)))
            self.publish(self.open(placement, Kind.LOOKED_AFTER), person, complete=True)

    def publish_past(self, until: int) -> None:
        """Plans that ended on any day of the last twelve months but the first and the last week."""
        ended = Kind.CHILD_PROTECTION
        while (missing := until - self.count(ended, current=False)) > 0:
            ages = tuple(
                400 + days * 9 // 10 for days in spaced_ages(self.rng, min(self.rng.choice(ON_ONE_PLAN), missing))
            )
            family = make_family(self.registry, ages)
            ended_on = self.today - timedelta(days=self.rng.randint(7, 357))
            for person in family.children:
                self.publish_ended(family, person, ended_on)
