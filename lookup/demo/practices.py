"""Each practice's list: the children who are registered with it, most of whom no authority has ever heard of."""

from __future__ import annotations

from collections.abc import Iterable

from lookup.demo.casebook import Record
from lookup.demo.families import Family, Registry, as_listed, make_family, spaced_ages
from lookup.demo.people import PRACTICE_DISTRICTS
from lookup.model import Child

LIST_SIZES = {"PG001": 520, "PG002": 440, "PG003": 610, "PG004": 380}


def make_lists(registry: Registry, held: list[Record], others: Iterable[Family]) -> dict[str, tuple[Child, ...]]:
    """By practice, its children: those of its district who are held, their brothers and sisters, and others.

    A restricted child is listed without an address, as practices do.
    """
    seen: set[str] = set()
    return {
        practice: tuple(_list(registry, district, LIST_SIZES[practice], held, others, seen))
        for practice, district in PRACTICE_DISTRICTS.items()
    }


def _list(
    registry: Registry, district: str, size: int, held: list[Record], others: Iterable[Family], seen: set[str]
) -> Iterable[Child]:
    hidden = {child.nhs_number for record in held if record.restricted for child in record.family.children}
    families = [record.family for record in held] + list(others)
    listed = [child for family in families if _lives_in(family, district) for child in _unseen(family, seen, hidden)]
    while len(listed) < size:
        family = make_family(
            registry, spaced_ages(registry.rng, registry.rng.choice((1, 1, 2, 2, 3))), district=district
        )
        listed.extend(_unseen(family, seen, hidden))
    return sorted(listed, key=lambda child: (child.family_name, child.given_name, child.nhs_number))


def _lives_in(family: Family, district: str) -> bool:
    return family.address.postcode.split()[0] == district


def _unseen(family: Family, seen: set[str], hidden: set[str]) -> Iterable[Child]:
    for person in family.children:
        if person.nhs_number not in seen:
            seen.add(person.nhs_number)
            yield as_listed(person, None if person.nhs_number in hidden else family.address)
