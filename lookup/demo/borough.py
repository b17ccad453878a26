"""The whole synthetic borough, from a seed: the size of Haringey in 2008, and a second council beside it.

Promises: the same seed and day give the same borough to the byte; every publication is valid; the counts below are
exact. Of the 49,000 people under 20 who may be asked about, only children in scope are made, and the lists of four
practices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, count
from random import Random
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace as altered

from lookup.demo.casebook import Casebook
from lookup.demo.cast import details, namesake_of, play, publish_namesake
from lookup.demo.families import Family, Person, Registry, make_family, years_before
from lookup.demo.names import RESERVED_FAMILIES
from lookup.demo.numbers import fresh_number, nhs_numbers
from lookup.demo.people import AGENCIES, AUTHORITIES, FENWICK_COUNCIL, HARROW_GREEN_COUNCIL, PRACTICES, PRACTITIONERS
from lookup.demo.places import Places, make_places
from lookup.demo.practices import make_lists
from lookup.demo.roster import OTHER_SURGERIES, make_roster
from lookup.model import Agency, Authority, Broker, Child, Kind, PersonName, Practitioner, Publication

WITH_A_PLAN = 191  # pre-birth plans among them
EXPECTED = 7  # pre-birth plans, the one of `lookup demo child unborn` besides
LOOKED_AFTER = 450
IN_CARE_AND_ON_A_PLAN = 6
ENDED = 160
FENWICK_WITH_A_PLAN, FENWICK_ENDED = 60, 12  # the one who was transferred among the ended
TRANSFERRED_DAYS_AGO = 20

FENWICK_DISTRICTS = ("Fenwick Road Surgery", "The Levels Practice", "Saltern Medical Centre")
HARROW_GREEN_DISTRICTS = (*(practice.name for practice in PRACTICES), *OTHER_SURGERIES)
BROKERS = {
    "HGC": Broker(name="Protected records desk", phone="020 7946 0003"),
    "FWC": Broker(name="Protected records line", phone="01632 960003"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Borough:
    """`publications` are (authority, ref, publication); `practice_lists` by agency; `kinds` as in `demo child KIND`."""

    authorities: tuple[Authority, ...]
    agencies: tuple[Agency, ...]
    practitioners: tuple[Practitioner, ...]
    publications: tuple[tuple[str, str, Publication], ...]
    practice_lists: Mapping[str, tuple[Child, ...]]
    kinds: Mapping[str, Mapping[str, str]]
    demo_plan: Mapping[str, Any]

    def __repr__(self) -> str:
        return "Borough(…)"


def make_borough(seed: int, today: date) -> Borough:
    """The borough of this seed as it is on this day, in well under a second."""
    harrow_green, fenwick = _open_books(seed, today)
    cast = play(harrow_green)
    namesake = publish_namesake(harrow_green)
    _transfer(fenwick, harrow_green)
    _fill_harrow_green(harrow_green)
    _fill_fenwick(fenwick)
    held = [*harrow_green.records, *fenwick.records]
    homes = harrow_green.registry
    return Borough(
        AUTHORITIES,
        AGENCIES,
        PRACTITIONERS,
        tuple((record.authority, record.ref, record.publication) for record in held),
        make_lists(homes, harrow_green.records, (cast.not_held,)),
        {**cast.kinds, "namesake": namesake_of(namesake, homes.places, homes, held)},
        fresh_plan(seed, today),
    )


def _open_books(seed: int, today: date) -> tuple[Casebook, Casebook]:
    rng = Random(f"borough {seed}")  # noqa: S311 - invented people need to be the same again, not hard to guess
    numbers = nhs_numbers(rng)
    near = make_places(rng, "Harrow Green", "ZH", len(HARROW_GREEN_DISTRICTS))
    far = make_places(rng, "Fenwick", "ZF", len(FENWICK_DISTRICTS))
    return (
        _open_book(HARROW_GREEN_COUNCIL, Registry(rng, numbers, near, today), far),
        _open_book(FENWICK_COUNCIL, Registry(rng, numbers, far, today), near),
    )


def _open_book(council: Agency, registry: Registry, elsewhere: Places) -> Casebook:
    ours = council is HARROW_GREEN_COUNCIL
    surgeries = HARROW_GREEN_DISTRICTS if ours else FENWICK_DISTRICTS
    steps = (registry.rng.randint(1, 9) for _ in count())
    return Casebook(
        council.code,
        registry,
        make_roster(registry.rng, registry.places.town, council, surgeries),
        dict(zip(registry.places.districts, surgeries, strict=True)),
        BROKERS[council.code],
        elsewhere,
        accumulate(steps, initial=41_300 if ours else 7_200),
    )


def _transfer(former: Casebook, present: Casebook) -> None:
    """A child who moved from one council to the other: held by both, the earlier plan ended."""
    moved_on = present.today - timedelta(days=TRANSFERRED_DAYS_AGO)
    family = make_family(present.registry, (9 * 365 + 120,), district="ZH2")
    before = replace(family, address=former.registry.places.home(present.rng), former_address=None)
    child = family.children[0]
    former.publish_ended(before, child, moved_on, complete=True)
    case = replace(present.open(family), started_on=moved_on)
    present.publish(replace(case, family=replace(family, former_address=before.address)), child, complete=True)


def _fill_harrow_green(book: Casebook) -> None:
    spare = len(book.records)
    book.publish_expected(EXPECTED)
    book.publish_twins(2)
    _publish_restricted(book)
    _publish_namesakes(book)
    _publish_nearly_grown(book)
    book.publish_families(WITH_A_PLAN)
    book.publish_in_care_and_on_a_plan(IN_CARE_AND_ON_A_PLAN, spare)
    book.publish_in_care(LOOKED_AFTER)
    book.publish_past(ENDED)


def _fill_fenwick(book: Casebook) -> None:
    book.publish_expected(2)
    book.publish_families(FENWICK_WITH_A_PLAN)
    book.publish_past(FENWICK_ENDED)


def _publish_restricted(book: Casebook) -> None:
    """Three on a plan and one in care, besides the one of `demo child restricted`."""
    for years, district in ((3, "ZH1"), (6, "ZH2"), (11, "ZH7")):
        family = make_family(book.registry, (years * 365,), district=district)
        book.publish(book.open(family), family.children[0], restricted=True)
    family = make_family(book.registry, (5 * 365,))
    book.publish(book.open(book.placed(family), Kind.LOOKED_AFTER), family.children[0], restricted=True)


def _publish_namesakes(book: Casebook) -> None:
    """Two pairs of children with one name and nothing else in common."""
    for name in (
        PersonName(family_name="Hassan", given_name="Amina"),
        PersonName(family_name="Smith", given_name="Grace"),
    ):
        for days in (1300, 4100):
            family = make_family(book.registry, (days,))
            girl = replace(family.children[0], name=name, sex="female")
            family = replace(family, children=(girl,))
            book.publish(book.open(family), girl, complete=True)


def _publish_nearly_grown(book: Casebook) -> None:
    """Two with a plan who turn 18 within three weeks."""
    for days in (5, 19):
        family = make_family(book.registry, ((book.today - years_before(book.today, 18)).days - days,))
        book.publish(book.open(family), family.children[0])


# ---- `lookup demo plan` ---------------------------------------------------------------------------------------------


def fresh_plan(seed: int, today: date, serial: int = 0) -> dict[str, Any]:
    """A plan to publish and how to find it: `path` and `body` of a PUT, `child` for the enquiry.

    Its child is not in the borough. Another `serial` (up to 9,000) gives another child and another reference.
    """
    book, _ = _open_books(seed, today)
    rng = Random(f"fresh plan {seed} {serial}")  # noqa: S311 - as above
    registry = Registry(rng, book.registry.numbers, book.registry.places, today)
    family = _fresh_family(registry, serial)
    fresh = replace(book, registry=registry, refs=iter([90_000 + serial]), records=[])
    record = fresh.publish(fresh.open(family), family.children[0], complete=True)
    return {
        "path": f"/v1/plans/{record.authority}/{record.ref}",
        "body": to_builtins(altered(record.publication, recorded_at=_yesterday_evening(today))),
        "child": details(record.publication.child),
    }


def _yesterday_evening(today: date) -> datetime:
    return datetime.combine(today - timedelta(days=1), time(17, 30), UTC)


def _fresh_family(registry: Registry, serial: int) -> Family:
    rng = registry.rng
    family = make_family(registry, (rng.randint(900, 5500),), district="ZH1")
    born = family.children[0]
    name = PersonName(family_name=rng.choice(RESERVED_FAMILIES), given_name=born.name.given_name)
    return replace(family, children=(Person(fresh_number(serial), name, born.birth_date, born.sex),))
