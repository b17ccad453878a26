"""Whole families: the council's children are all found, and no brother, sister, twin or namesake is ever shown.

The families are made up with a seed that no weight was tuned on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from lookup.finding import clues_held, clues_sought, judge
from lookup.model import Address, Child, Clue, Found, HeldPlan, Particulars, Verdict
from tests.rooms.finding_families import MATCHING, POPULATION, a_child, asked, held, the_councils_children

SEED = 20260105
FAMILIES = 400
ALIKE = (
    ("Jayden", "Hayden"),
    ("Mia", "Tia"),
    ("Hassan", "Hussain"),
    ("Ella", "Bella"),
    ("Kaylen", "Jaylen"),
    ("Muhammad Ali", "Muhammad Umar"),
    ("Harpreet Kaur", "Manpreet Kaur"),
    ("Alfie", "Freddie"),
    ("Zaynab", "Zayna"),
    ("Lily-Mae", "Ellie-Mae"),
    ("Shanelle", "Chanelle"),
    ("Jack", "John"),
    ("Aleeza", "Aleena"),
)
GIVEN = [*sorted(MATCHING.given_names.listed), "aveline", "peregrine", "lettice", "tarquin", "ottoline", "evander"]
FAMILY = [*sorted(MATCHING.family_names.listed), "thackeray", "quixley", "marchbanks", "aldersey", "ormerod"]


class Register:
    """Children held, found by their clues as the real register finds them."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.plans = [held(child) for child in children]
        self._places: dict[Clue, list[int]] = defaultdict(list)
        for place, child in enumerate(children):
            for clue in clues_held(child, restricted=False):
                self._places[clue].append(place)

    def ask(self, typed: Particulars) -> tuple[Verdict, list[HeldPlan]]:
        places = sorted({place for clue in clues_sought(typed, MATCHING) for place in self._places.get(clue, ())})
        candidates = [self.plans[place] for place in places]
        return judge(typed, candidates, MATCHING, POPULATION), candidates

    def shown(self, typed: Particulars) -> list[Child]:
        verdict, candidates = self.ask(typed)
        return [candidates[place].child for place in verdict.positions] if verdict.found is Found.CERTAIN else []


def a_family(chance: Random) -> list[Child]:
    """Three of different ages, twins with names alike, and a cousin who is a namesake of the first."""
    name, home = chance.choice(FAMILY), f"DN{chance.randint(15, 40)} {chance.randint(1, 9)}{chance.choice('ABDE')}H"
    given = [*chance.sample(GIVEN, 3), *chance.choice(ALIKE)]
    born = [date(2008, 1, 1) + timedelta(days=chance.randrange(6500)) for _ in range(4)]
    days = [*born[:3], born[3], born[3]]
    family = [_member(one, name, day, home, chance) for one, day in zip(given, days, strict=True)]
    elsewhere = f"LN{chance.randint(1, 9)} {chance.randint(1, 9)}JY"
    return [
        *family,
        _member(given[0], name, date(2008, 1, 1) + timedelta(days=chance.randrange(6500)), elsewhere, chance),
    ]


def _member(given: str, family: str, born: date, home: str, chance: Random) -> Child:
    sex = chance.choice(("female", "male"))
    return a_child(given, family, born.isoformat(), sex=sex, addresses=(Address(postcode=home),))


def mistyped(child: Child, chance: Random) -> Particulars:
    """What somebody may type who means this child: at times without postcode or sex, or with a slip of one kind."""
    born, given = child.birth_date or "", child.given_name
    place = chance.randrange(len(given))
    slips: list[dict[str, str]] = [
        {},
        {"postcode": ""},
        {"sex": "unknown"},
        {"given_name": given[:place] + chance.choice("qwx") + given[place + 1 :]},
        {"given_name": given.split()[0].split("-")[0]},
        {"birth_date": born[:-1] + chance.choice("0123456789")},
        {"birth_date": f"{born[:4]}-{born[8:]}-{born[5:7]}"},
        {"given_name": child.family_name, "family_name": given},
        {"family_name": ""},
        {"given_name": ""},
        {"given_name": given[:1]},
    ]
    return asked(child, **chance.choice(slips))


@pytest.mark.bad_input(48)
@pytest.mark.parametrize("missing", range(6))
def test_no_wrong_child_is_ever_shown_for_one_of_a_family_who_is_not_held(missing: int) -> None:
    chance = Random(SEED + missing)
    families = [a_family(chance) for _ in range(FAMILIES)]
    register = Register([child for family in families for child in family if child is not family[missing]])
    wrong = [shown for family in families for shown in register.shown(mistyped(family[missing], chance))]
    assert wrong == []


@pytest.mark.bad_input(48)
def test_a_child_who_is_held_is_never_shown_as_another_and_mostly_found() -> None:
    chance = Random(SEED + 100)
    families = [a_family(chance) for _ in range(FAMILIES)]
    register = Register([child for family in families for child in family])
    asks = [(child, register.shown(mistyped(child, chance))) for family in families for child in family]
    assert [shown for child, shown in asks if any(one is not child for one in shown)] == []
    assert sum(bool(shown) for _, shown in asks) > 0.5 * len(asks)


COUNCIL = Register(the_councils_children())


def test_every_readable_row_of_the_councils_file_is_there() -> None:
    assert len(the_councils_children()) == 299


@pytest.mark.parametrize("child", the_councils_children(), ids=range(1, 300))
def test_every_child_of_the_council_is_certain_by_name_birth_date_and_postcode(child: Child) -> None:
    typed = asked(child, sex="unknown")
    assert clues_sought(typed, MATCHING) & clues_held(child, restricted=False)
    assert COUNCIL.shown(typed) == [child]


def test_most_of_the_councils_children_are_certain_by_name_and_birth_date_and_the_rest_wants_more() -> None:
    verdicts = [COUNCIL.ask(asked(child, postcode="", sex="unknown"))[0] for child in the_councils_children()]
    assert {verdict.found for verdict in verdicts} == {Found.CERTAIN, Found.UNDECIDED}
    assert sum(verdict.found is Found.CERTAIN for verdict in verdicts) >= 0.9 * len(verdicts)


def test_a_child_of_the_council_is_found_by_its_family_name_first_or_in_small_letters() -> None:
    for child in the_councils_children():
        typed = asked(child, given_name=child.family_name.lower(), family_name=child.given_name.upper(), sex="unknown")
        assert COUNCIL.shown(typed) == [child]
