"""Streets, postcodes and schools that do not exist.

Postcode areas ZH (Harrow Green) and ZF (Fenwick) were never allotted: only ZE begins with Z. Property reference numbers
begin with 9999, which nobody issues. A postcode is one side of a street, some twenty homes, as postcodes are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from lookup.demo.names import words
from lookup.model import Address

INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # a postcode's end never has C, I, K, M, O or V
STREETS_IN_A_DISTRICT = 26
FIRST_WORDS = words(
    "Linnet Heron Wheatsheaf Tannery Quarry Almond Kingfisher Cooper Mulberry Ferry Orchard Saltmarsh Bellfounder Ivy "
    "Hopfield Lantern Marigold Osier Palmerston Rushmead Sexton Thornbury Umber Verger Wainwright Yarrow Aldgrove "
    "Brindle Coldharbour Damson Eastmere Fulling Glebe Hazelmere Inkerman Juniper Kelmscote Lockkeeper Maltings Oxlip "
    "Northgate Pewter Quince Ropewalk Sorrel Turnpike Upfield Viaduct Waterside Farrier Chandler Bramble"
)
LAST_WORDS = words("Road Street Lane Avenue Close Gardens Terrace Way Grove Crescent Mews Walk")
BUILDINGS = words("Plover Sycamore Curlew Robeson Windrush Lapwing Seacole Juniper Teal Attlee")

NURSERIES = ("Little Herons Nursery", "Mulberry Tree Nursery", "Ferry Lane Children's Centre", "Bright Steps Nursery")
PRIMARIES = (
    "Wheatsheaf Primary School",
    "Saint Osyth Catholic Primary School",
    "Ropewalk Primary School",
    "Harrow Green Primary School",
    "Kingfisher Primary School",
    "Hopfield Infant and Junior School",
    "Coldharbour Church of England Primary School",
    "Turnpike Lane Primary School",
)
SECONDARIES = (
    "Ferrymead Academy",
    "Harrow Green School for Girls",
    "Northgate Park School",
    "Tannery Road Community School",
    "Viaduct Sixth Form and School",
)


@dataclass(frozen=True, slots=True)
class Street:
    name: str
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The streets of one council by postcode district; every home is given out once."""

    town: str
    districts: dict[str, tuple[Street, ...]]
    uprns: Iterator[int]
    taken: set[tuple[str, ...]]

    def home(self, rng: Random, district: str = "") -> Address:
        """A home that nobody else has, in any district or in this one."""
        while True:
            street = rng.choice(self.districts[district or rng.choice(list(self.districts))])
            lines = (*_house(rng, street), self.town)
            if lines not in self.taken:
                self.taken.add(lines)
                return Address(lines=lines, postcode=rng.choice(street.postcodes), uprn=f"9999{next(self.uprns):08d}")


def _house(rng: Random, street: Street) -> tuple[str, ...]:
    if rng.random() < 0.4:
        return f"Flat {rng.randint(1, 48)}, {rng.choice(BUILDINGS)} House", street.name
    letter = rng.choice(("", "", "", "", "A", "B"))
    return (f"{rng.randint(1, 140)}{letter} {street.name}",)


def make_places(rng: Random, town: str, area: str, districts: int) -> Places:
    """The streets of `town`, in the districts `area`1 to `area`N, each with two or three postcodes of its own."""
    names = [f"{first} {last}" for first in FIRST_WORDS for last in LAST_WORDS]
    rng.shuffle(names)
    codes = _inward_codes(rng)
    return Places(
        town,
        {f"{area}{number}": _streets(rng, f"{area}{number}", names, codes) for number in range(1, districts + 1)},
        count(1 if area == "ZH" else 50_000_000),
        set(),
    )


def _streets(rng: Random, district: str, names: list[str], codes: list[str]) -> tuple[Street, ...]:
    return tuple(
        Street(names.pop(), tuple(f"{district} {codes.pop()}" for _ in range(rng.randint(2, 3))))
        for _ in range(STREETS_IN_A_DISTRICT)
    )


def _inward_codes(rng: Random) -> list[str]:
    codes = [f"{digit}{one}{two}" for digit in range(1, 10) for one in INWARD_LETTERS for two in INWARD_LETTERS]
    rng.shuffle(codes)
    return codes


def school_for(rng: Random, age: int) -> str | None:
    """Where a child of this age goes by day: a nursery, a school, or nowhere yet."""
    if age < 2:
        return None
    return rng.choice(NURSERIES if age < 4 else PRIMARIES if age < 11 else SECONDARIES)
