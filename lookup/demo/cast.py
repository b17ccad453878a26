"""The children of `lookup demo child KIND`: each made so that an enquiry about them has the outcome its kind promises.

Their family names are nobody else's in the borough, save the namesake's, which are as common as names can be. All but
the namesake and the restricted child live in the district of Tidewell Practice (PG001), whose list they are on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from lookup.demo.casebook import Casebook, Record
from lookup.demo.families import Family, Person, Registry, as_listed, family_around, years_before
from lookup.demo.names import BANGLADESHI, BRITISH, GHANAIAN, IRISH, NIGERIAN, POLISH, TURKISH, BornAs, Community
from lookup.demo.places import Places
from lookup.demo.scenarios import SCENARIOS
from lookup.model import Child, Kind, PersonName

DISTRICT = "ZH1"
VIOLENCE_AT_HOME = SCENARIOS.titled("violence at home")
Details = dict[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Cast:
    """The details to ask with, by kind, and the family of whom nobody is held."""

    kinds: dict[str, Details]
    not_held: Family

    def __repr__(self) -> str:
        return "Cast(…)"


def _person(registry: Registry, surname: str, given: str, sex: BornAs, years: int, days: int) -> Person:
    """Somebody in particular, whose last birthday was so many days ago."""
    born = years_before(registry.today, years) - timedelta(days=days)
    return Person(next(registry.numbers), PersonName(family_name=surname, given_name=given), born, sex)


def _family(registry: Registry, community: Community, *children: Person, district: str = DISTRICT) -> Family:
    return family_around(registry, community, children[0].name.family_name, children, district)


def details(child: Child) -> Details:
    """What an enquiry about a held child gives when it gives everything."""
    given = {
        "nhs_number": child.nhs_number,
        "family_name": child.family_name,
        "given_name": child.given_name,
        "birth_date": child.birth_date or "",
        "sex": child.sex,
        "postcode": child.addresses[0].postcode if child.addresses else "",
    }
    return {key: value for key, value in given.items() if value}


def _without(given: Details, *keys: str) -> Details:
    return {key: value for key, value in given.items() if key not in keys}


def play(book: Casebook) -> Cast:
    """Publish the plans that the kinds need, and say what to ask with."""
    unheld = _family(book.registry, IRISH, _person(book.registry, "Tierney", "Oisin", "male", 7, 41))
    kinds = {
        **_on_plan_and_sibling(book),
        "plan_ended": _plan_ended(book),
        "looked_after": _looked_after(book),
        "unborn": _unborn(book),
        "restricted": _restricted(book),
        "twin": _twin(book),
        "not_on_register": details(as_listed(unheld.children[0], unheld.address)),
    }
    return Cast(kinds, unheld)


def _on_plan_and_sibling(book: Casebook) -> dict[str, Details]:
    """A girl with a full plan, and her brother, who lives with her, is named in her plan and has none."""
    girl = _person(book.registry, "Adeyinka", "Tamsin", "female", 6, 73)
    brother = _person(book.registry, "Adeyinka", "Joel", "male", 10, 167)
    family = _family(book.registry, NIGERIAN, brother, girl)
    case = book.open(family)
    team = {**case.team, "SW": book.roster.social_workers[0]}
    record = book.publish(replace(case, scenario=VIOLENCE_AT_HOME, team=team), girl, complete=True)
    sibling = _without(details(as_listed(brother, family.address)), "nhs_number")
    return {"on_plan": details(record.publication.child), "sibling_not_on_register": sibling}


def _plan_ended(book: Casebook) -> Details:
    family = _family(book.registry, TURKISH, _person(book.registry, "Karaca", "Leila", "female", 9, 112))
    ended_on = book.today - timedelta(days=130)
    return details(book.publish_ended(family, family.children[0], ended_on, complete=True).publication.child)


def _looked_after(book: Casebook) -> Details:
    family = _family(book.registry, POLISH, _person(book.registry, "Wrona", "Marek", "male", 12, 201))
    placement = replace(family, carer=PersonName(family_name="Bell", given_name="Josephine"))
    record = book.publish(book.open(placement, Kind.LOOKED_AFTER), placement.children[0], complete=True)
    return details(record.publication.child)


def _unborn(book: Casebook) -> Details:
    family = family_around(book.registry, GHANAIAN, "Quarshie", (), DISTRICT)
    name = PersonName(family_name="Quarshie", given_name="Grace")
    family = replace(family, mother=replace(family.mother, name=name))
    book.publish_unborn(family, book.today + timedelta(days=47))
    mother = family.mother
    return {"mother_nhs_number": mother.nhs_number, "mother_birth_date": mother.birth_date.isoformat()}


def _restricted(book: Casebook) -> Details:
    family = _family(
        book.registry, BRITISH, _person(book.registry, "Penhallow", "Isla", "female", 8, 58), district="ZH5"
    )
    record = book.publish(book.open(family), family.children[0], restricted=True)
    return _without(details(record.publication.child), "postcode")


def _twin(book: Casebook) -> Details:
    """Without the given name (and the sex, where twins differ) nothing tells one twin from the other."""
    selin = _person(book.registry, "Aydogan", "Selin", "female", 4, 96)
    nazli = replace(_person(book.registry, "Aydogan", "Nazli", "female", 4, 96), birth_date=selin.birth_date)
    family = _family(book.registry, TURKISH, selin, nazli)
    case = book.open(family)
    held = [book.publish(case, twin, complete=True) for twin in family.children]
    return _without(details(held[0].publication.child), "nhs_number", "given_name")


# ---- the namesake ---------------------------------------------------------------------------------------------------


def publish_namesake(book: Casebook) -> Record:
    """A boy with a plan and the commonest of names."""
    family = _family(
        book.registry, BANGLADESHI, _person(book.registry, "Ahmed", "Mohammed", "male", 7, 29), district="ZH3"
    )
    return book.publish(book.open(family), family.children[0], complete=True)


def namesake_of(record: Record, places: Places, registry: Registry, held: list[Record]) -> Details:
    """Another boy of the same name, elsewhere, whose birth date is like that of nobody held with a name like his."""
    child = record.publication.child
    alike = [other.person.birth_date for other in held if other.person and _sounds_like(other.person.name)]
    born = years_before(registry.today, 12) - timedelta(days=11)
    while any(near(born, date_held) for date_held in alike):
        born -= timedelta(days=1)
    elsewhere = {"birth_date": born.isoformat(), "postcode": places.home(registry.rng, "ZH6").postcode}
    return _without(details(child), "nhs_number") | elsewhere


def _sounds_like(name: PersonName) -> bool:
    return name.given_name[:2] in ("Mo", "Mu", "Ah") or name.family_name[:2] in ("Ah", "Mo")


def near(one: date, other: date) -> bool:
    """Whether two birth dates could be one with a slip: two parts equal, or day and month swapped."""
    equal = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return equal >= 2 or (one.year, one.month, one.day) == (other.year, other.day, other.month)
