"""Families: who lives with whom, and what an authority knows of each child.

A family is complete here (everybody has an NHS number and a whole birth date); `as_held` leaves out what an authority
typically lacks, and adds the names and addresses of before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from msgspec.structs import replace as altered

from lookup.demo.names import BornAs, Community, draw_community, draw_sex
from lookup.demo.places import Places
from lookup.model import Address, Child, HouseholdMember, PersonName

YEAR = 365.25
NEWBORN_DAYS, OLDEST_DAYS = 20, int(17.8 * YEAR)
SHARE_WITHOUT_NUMBER = 0.05
SHARE_WITH_FORMER_NAME = 0.09
SHARE_WITH_A_PARTIAL_BIRTH_DATE = 0.008
SHARE_THAT_MOVED = 0.3


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    nhs_number: str
    name: PersonName
    birth_date: date
    sex: BornAs

    def __repr__(self) -> str:
        return "Person(…)"


@dataclass(frozen=True, slots=True, repr=False)
class Family:
    """One home. `children` are all of them, in or out of scope; `partner` lives there, `other` must not.

    With a `carer` it is a placement: the mother and the partner live elsewhere.
    """

    community: Community
    address: Address
    former_address: Address | None
    mother: Person
    partner: PersonName | None
    other: str
    children: tuple[Person, ...]
    carer: PersonName | None = None

    def __repr__(self) -> str:
        return "Family(…)"


@dataclass(frozen=True, slots=True)
class Registry:
    """What making people draws on: the random numbers, the NHS numbers, the places, and today."""

    rng: Random
    numbers: Iterator[str]
    places: Places
    today: date


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 1 March in a year without one."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def age_on(day: date, birth_date: date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def make_family(registry: Registry, ages: tuple[int, ...], *, twins: bool = False, district: str = "") -> Family:
    """A family whose children were born these many days ago; with `twins` the last one has a twin."""
    community = draw_community(registry.rng)
    surname = community.family_name(registry.rng)
    births = [registry.today - timedelta(days=days) for days in sorted(ages, reverse=True)]
    children: tuple[Person, ...] = ()
    for born in [*births, births[-1]] if twins else births:
        children = (*children, _another(registry, community, surname, born, children))
    return family_around(registry, community, surname, children, district)


def family_around(
    registry: Registry, community: Community, surname: str, children: tuple[Person, ...], district: str = ""
) -> Family:
    """The home and the adults of these children."""
    rng = registry.rng
    return Family(
        community,
        registry.places.home(rng, district),
        registry.places.home(rng) if rng.random() < SHARE_THAT_MOVED else None,
        _mother(registry, community, surname, children),
        _man(rng, community, surname, children) if rng.random() < 0.4 else None,
        _other(rng, community, children),
        children,
    )


def _mother(registry: Registry, community: Community, surname: str, children: tuple[Person, ...]) -> Person:
    """A mother who was 17 to 36 when her eldest was born, or is so today."""
    rng = registry.rng
    eldest = min((child.birth_date for child in children), default=registry.today)
    born = eldest - timedelta(days=rng.randint(int(17.2 * YEAR), 36 * 365))
    given = _unlike(rng, community, "female", children)
    name = PersonName(family_name=_surname(rng, community, surname), given_name=given)
    return Person(next(registry.numbers), name, born, "female")


def _man(rng: Random, community: Community, surname: str, children: tuple[Person, ...]) -> PersonName:
    given = _unlike(rng, community, "male", children)
    return PersonName(family_name=_surname(rng, community, surname), given_name=given)


def _surname(rng: Random, community: Community, surname: str) -> str:
    return surname if rng.random() < 0.7 else community.family_name(rng)


def _another(
    registry: Registry, community: Community, surname: str, born: date, siblings: tuple[Person, ...]
) -> Person:
    """A child whose given name no brother or sister bears."""
    sex = draw_sex(registry.rng)
    given = _unlike(registry.rng, community, sex, siblings)
    return Person(next(registry.numbers), PersonName(family_name=surname, given_name=given), born, sex)


def _other(rng: Random, community: Community, children: tuple[Person, ...]) -> str:
    return f"{_unlike(rng, community, 'male', children)} {community.family_name(rng)}"


def _unlike(rng: Random, community: Community, sex: BornAs, children: tuple[Person, ...]) -> str:
    """A given name that none of these children bears."""
    taken = {child.name.given_name for child in children}
    return next(name for name in iter(lambda: community.given_name(rng, sex), "") if name not in taken)


def spaced_ages(rng: Random, number: int) -> tuple[int, ...]:
    """Days since the births of so many siblings: all under 18, a year or more apart."""
    days, ages = NEWBORN_DAYS + int(OLDEST_DAYS * rng.random() ** 1.15), []
    for _ in range(number):
        ages.append(max(days % OLDEST_DAYS, NEWBORN_DAYS))
        days += rng.randint(365, 4 * 365)
    return tuple(dict.fromkeys(ages))


def as_listed(person: Person, address: Address | None) -> Child:
    """The child as a practice's list has them: everything but former names."""
    return Child(
        nhs_number=person.nhs_number,
        family_name=person.name.family_name,
        given_name=person.name.given_name,
        birth_date=person.birth_date.isoformat(),
        sex=person.sex,
        addresses=(address,) if address else (),
    )


def as_held(rng: Random, person: Person, family: Family, *, complete: bool = False) -> Child:
    """The child as an authority holds them, with the addresses of before.

    Unless `complete`, a few lack the number or the day of birth, and some have a former name.
    """
    former = (family.former_address,) if family.former_address else ()
    child = altered(as_listed(person, family.address), addresses=(family.address, *former))
    if complete:
        return child
    if rng.random() < SHARE_WITHOUT_NUMBER:
        child = altered(child, nhs_number="")
    if rng.random() < SHARE_WITH_A_PARTIAL_BIRTH_DATE:
        child = altered(child, birth_date=f"{person.birth_date:%Y-%m}")
    if rng.random() < SHARE_WITH_FORMER_NAME:
        child = altered(child, other_names=(_former_name(rng, person, family),))
    return child


def _former_name(rng: Random, person: Person, family: Family) -> PersonName:
    if family.mother.name.family_name != person.name.family_name:
        return PersonName(family_name=family.mother.name.family_name, given_name=person.name.given_name)
    known_as = family.community.given_name(rng, person.sex)
    return PersonName(family_name=person.name.family_name, given_name=known_as)


def household_of(family: Family, person: Person | None) -> tuple[HouseholdMember, ...]:
    """Everybody else at the address, as this child would call them."""
    siblings = (
        HouseholdMember(
            name=other.name,
            relationship="brother" if other.sex == "male" else "sister",
            birth_date=other.birth_date.isoformat(),
        )
        for other in family.children
        if other is not person
    )
    return (*_adults(family), *siblings)


def _adults(family: Family) -> tuple[HouseholdMember, ...]:
    if family.carer:
        return (HouseholdMember(name=family.carer, relationship="carer"),)
    born = family.mother.birth_date.isoformat()
    mother = HouseholdMember(name=family.mother.name, relationship="mother", birth_date=born)
    if family.partner is None:
        return (mother,)
    same_name = any(child.name.family_name == family.partner.family_name for child in family.children)
    return mother, HouseholdMember(name=family.partner, relationship="father" if same_name else "mother's partner")
