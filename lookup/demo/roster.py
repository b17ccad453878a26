"""The professionals of a council's area, whom plans name: each with an agency, a role and a work telephone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from lookup.demo.names import draw_name
from lookup.demo.numbers import FENWICK, LONDON, telephones
from lookup.demo.people import HARROW_GREEN_COUNCIL, PRACTITIONERS
from lookup.demo.places import NURSERIES, PRIMARIES, SECONDARIES
from lookup.model import Agency, Professional, Role

# code: (role, agency, how many); {} is the council's town
POSTS = {
    "HV": ("health visitor", "{} Community Health", 12),
    "SN": ("school nurse", "{} Community Health", 8),
    "PA": ("paediatrician", "North Green Hospital", 5),
    "MW": ("specialist midwife", "North Green Hospital", 4),
    "CA": ("child and adolescent therapist", "{} Mental Health Service", 6),
    "CP": ("community psychiatric nurse", "{} Mental Health Service", 5),
    "DR": ("substance misuse worker", "Fresh Ground Recovery Service", 4),
    "DV": ("domestic abuse adviser", "Safe Harbour Advice", 5),
    "PO": ("detective, child abuse team", "Northern Metropolitan Police", 8),
    "NO": ("neighbourhood officer", "Northern Metropolitan Police", 8),
    "PR": ("probation officer", "{} Probation Office", 4),
    "HO": ("housing officer", "{} Housing", 6),
}
SOCIAL_WORKERS = 30
OTHER_SURGERIES = (
    "Ferry Lane Health Centre",
    "The Maltings Surgery",
    "Northgate Medical Centre",
    "Quince Road Practice",
)


@dataclass(frozen=True, slots=True)
class Roster:
    """By code, everybody who may be named; `gps` by practice, `schools` by school."""

    social_workers: tuple[Professional, ...]
    by_code: dict[str, tuple[Professional, ...]]
    gps: dict[str, Professional]
    schools: dict[str, Professional]

    def team(self, rng: Random, surgery: str) -> dict[str, Professional]:
        """One professional for each code, with the family's own GP and lead worker."""
        team = {code: rng.choice(people) for code, people in self.by_code.items()}
        return team | {"SW": rng.choice(self.social_workers), "GP": self.gps[surgery]}


def make_roster(rng: Random, town: str, council: Agency, surgeries: tuple[str, ...]) -> Roster:
    """Everybody whom this council's plans may name; its practitioners who sign in are among them."""
    phones = (
        telephones(LONDON, 100, 899) if council.code == HARROW_GREEN_COUNCIL.code else telephones(FENWICK, 100, 899)
    )
    return Roster(
        _social_workers(rng, council, phones),
        {code: _holders(rng, post, town, phones) for code, post in POSTS.items()},
        {surgery: _gp(rng, surgery, phones) for surgery in surgeries},
        {
            school: _professional(rng, school, "designated safeguarding lead", phones)
            for school in (*NURSERIES, *PRIMARIES, *SECONDARIES)
        },
    )


def _social_workers(rng: Random, council: Agency, phones: Iterator[str]) -> tuple[Professional, ...]:
    known = [person.name for person in PRACTITIONERS if person.role is Role.SOCIAL_WORKER and person.agency is council]
    named = [
        Professional(name=name, agency=council.name, role="lead worker", work_phone=next(phones)) for name in known
    ]
    others = [_professional(rng, council.name, "lead worker", phones) for _ in range(SOCIAL_WORKERS - len(known))]
    return (*named, *others)


def _holders(rng: Random, post: tuple[str, str, int], town: str, phones: Iterator[str]) -> tuple[Professional, ...]:
    role, agency, number = post
    return tuple(_professional(rng, agency.format(town), role, phones) for _ in range(number))


def _gp(rng: Random, surgery: str, phones: Iterator[str]) -> Professional:
    for person in PRACTITIONERS:
        if person.role is Role.GP and person.agency.name == surgery:
            return Professional(name=person.name, agency=surgery, role="GP", work_phone=next(phones))
    return _professional(rng, surgery, "GP", phones)


def _professional(rng: Random, agency: str, role: str, phones: Iterator[str]) -> Professional:
    name, _ = draw_name(rng)
    return Professional(name=f"{name.given_name} {name.family_name}", agency=agency, role=role, work_phone=next(phones))
