"""How the name that was given compares with the names a child is known by.

Promises: given and family name are compared as wholes and word by word, also the other way round, also with former and
other names, also where everything was written into one field; the likeliest reading counts, and says how it was read.
Does not decide who it is: `judging` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lookup.finding.matching import Matching
from lookup.finding.spelling import Name, joined_name, name
from lookup.finding.words import Likeness, family_words, given_words
from lookup.model import Agreement, Child

_CACHED = 50_000
_UNKNOWN = Likeness(Agreement.UNKNOWN, 0.0, "not known", False)


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """One way in which somebody is called: given and family name, either may be empty."""

    given: Name
    family: Name


class NamesCompared(NamedTuple):
    """`given` and `family` belong to the fields as typed; `first` is the likeness that tells brothers apart."""

    given: Likeness
    family: Likeness
    first: Likeness

    @property
    def bits(self) -> float:
        return self.given.bits + self.family.bits


@lru_cache(maxsize=_CACHED)
def called(given: str, family: str) -> tuple[Called, ...]:
    """The ways to read two fields of a name; a whole name in one field is also read as given and family name."""
    one = Called(name(given), name(family))
    whole = one.given or one.family
    if (one.given and one.family) or len(whole.words) < 2:
        return (one,)
    return (one, Called(joined_name(whole.words[:-1]), joined_name(whole.words[-1:])))


@lru_cache(maxsize=_CACHED)
def _known_as(given: str, family: str, others: tuple[tuple[str, str], ...]) -> tuple[tuple[Called, ...], ...]:
    former = {reading for one, two in others for reading in called(one or given, two or family)}
    return called(given, family), tuple(former)


def known_as(child: Child) -> tuple[tuple[Called, ...], ...]:
    """The ways in which a child is called now, and those it was or is also called."""
    others = tuple((other.given_name, other.family_name) for other in child.other_names)
    return _known_as(child.given_name, child.family_name, others)


def names_compared(matching: Matching, sought: tuple[Called, ...], child: Child) -> NamesCompared:
    """The likeliest reading of a name beside the names of a child."""
    now, former = known_as(child)
    best = straight(matching, sought[0], now[0])
    if best.given.agreement is best.family.agreement is Agreement.AGREES:
        return best
    readings = [reading for one in sought for other in now for reading in _readings(matching, one, other)]
    less = matching.bits.name.former_less
    readings += [
        _weaker(reading, less, "as a former or other name")
        for one in sought
        for other in former
        for reading in _readings(matching, one, other)
    ]
    return max(readings, key=lambda reading: reading.bits)


def _readings(matching: Matching, one: Called, other: Called) -> tuple[NamesCompared, ...]:
    best = straight(matching, one, other)
    if _one_agrees(best) or not _may_be_crossed(one, other):
        return (best,)
    crossed = _crossed(matching, one, other)
    return (best, _weaker(crossed, matching.bits.name.swapped_less, "given and family name the other way round"))


def _one_agrees(best: NamesCompared) -> bool:
    return best.given.agreement is Agreement.AGREES or best.family.agreement is Agreement.AGREES


def _may_be_crossed(one: Called, other: Called) -> bool:
    """Names the other way round begin alike, one at least: asked first because it is quick."""
    return one.given.looks[:1] == other.family.looks[:1] or one.family.looks[:1] == other.given.looks[:1]


def straight(matching: Matching, one: Called, other: Called) -> NamesCompared:
    given = given_compared(matching, one.given, other.given)
    return NamesCompared(given, family_compared(matching, one.family, other.family), given)


def _crossed(matching: Matching, one: Called, other: Called) -> NamesCompared:
    first = given_compared(matching, one.family, other.given)
    return NamesCompared(family_compared(matching, one.given, other.family), first, first)


def _weaker(compared: NamesCompared, less: float, how: str) -> NamesCompared:
    given, family, first = compared.given, compared.family, compared.first
    turned = _marked(first, less, how)
    if first is given:
        return NamesCompared(turned, _marked(family, less, how), turned)
    return NamesCompared(_marked(given, less, how), turned, turned)


def _marked(likeness: Likeness, less: float, how: str) -> Likeness:
    return likeness.less(less, f"{likeness.how}, {how}") if likeness.bits > 0 else likeness


def given_compared(matching: Matching, one: Name, other: Name) -> Likeness:
    """How two given names compare: the first words count most, a middle name alone never decides."""
    if not one.words or not other.words:
        return _UNKNOWN
    if one.looks == other.looks:
        return _the_same(one, matching, given=True) if one.joined == other.joined else _look_alike(matching)
    first = given_words(matching, one.words[0], other.words[0])
    if len(one.words) == len(other.words) == 1:
        return first
    if first.bits > matching.bits.name.initial:
        return _with_the_rest(matching, first, one, other)
    return _by_a_middle_name(matching, one, other) or first


def _with_the_rest(matching: Matching, first: Likeness, one: Name, other: Name) -> Likeness:
    """A middle name that one side lacks takes nothing away; two that differ do, and part two Muhammads."""
    rest, others = one.words[1:], other.words[1:]
    tells = first.firm and not {one.words[0], other.words[0]} & matching.given_names.shared
    if not (rest and others):
        return Likeness(first.agreement, first.bits, first.how, tells)
    if any(given_words(matching, a, b).bits > 0 for a in rest for b in others):
        return first
    return first.less(matching.bits.name.part_less, "the first given name agrees, another differs", firm=tells)


def _by_a_middle_name(matching: Matching, one: Name, other: Name) -> Likeness | None:
    if len(one.words) > 1 and len(other.words) > 1 and set(one.words) != set(other.words):
        return None
    best = _best([given_words(matching, a, b) for a in one.words for b in other.words])
    less = matching.bits.name.middle_less
    return best.less(less, "the same as another of the given names", firm=False) if best.bits > less else None


def family_compared(matching: Matching, one: Name, other: Name) -> Likeness:
    """How two family names compare; one half of a double-barrelled name agrees in part."""
    if not one.words or not other.words:
        return _UNKNOWN
    if one.looks == other.looks:
        return _the_same(one, matching, given=False) if one.joined == other.joined else _look_alike(matching)
    if len(one.words) == len(other.words) == 1:
        return family_words(matching, one.words[0], other.words[0])
    if set(one.words) == set(other.words):
        return _the_same(one, matching, given=False)
    best = _best([family_words(matching, a, b) for a in one.words for b in other.words])
    return best.less(matching.bits.name.part_less, f"one part of it: {best.how}") if best.bits > 0 else best


def _best(likenesses: list[Likeness]) -> Likeness:
    return max(likenesses, key=lambda likeness: likeness.bits)


def _the_same(one: Name, matching: Matching, *, given: bool) -> Likeness:
    return _same_given(matching, one.words) if given else _same_family(matching, one.words)


@lru_cache(maxsize=_CACHED)
def _same_given(matching: Matching, words: tuple[str, ...]) -> Likeness:
    bits = sum(map(matching.given_names.of, words))
    firm = max(map(len, words)) > 1
    return Likeness(Agreement.AGREES, min(bits, matching.bits.name.most), "the same", firm)


@lru_cache(maxsize=_CACHED)
def _same_family(matching: Matching, words: tuple[str, ...]) -> Likeness:
    bits = sum(map(matching.family_names.of, words))
    return Likeness(Agreement.AGREES, min(bits, matching.bits.name.most), "the same", True)


def _look_alike(matching: Matching) -> Likeness:
    how = "looks the same, but has letters of another alphabet"
    return Likeness(Agreement.CLOSE, matching.bits.name.look_alike, how, False)
