"""How two words of a name compare.

Promises: a comparison is symmetrical, and says in words why it counts. `firm` is whether it may decide between
brothers and sisters: twins are called Jayden and Hayden, so that two different names that are both well known are two
names however alike they look, and a letter more or less is firm only where it is clearly a slip of writing. Trusts the
tables of the matching model, and the `nicknames` library for a weaker kind of likeness that is never firm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nicknames import NickNamer, name_triplets
from rapidfuzz.distance import OSA, JaroWinkler

from lookup.finding.matching import Matching, Rarity
from lookup.finding.spelling import sound, spelt
from lookup.model import Agreement

_ALIKE = 0.80  # Jaro-Winkler
_NICKNAMES = NickNamer()
_LIBRARY_NAMES = frozenset(name for triplet in name_triplets() for name in (triplet.name1, triplet.name2))


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """What a comparison of names gives: `firm` where it may decide which child it is, `how` for people to read."""

    agreement: Agreement
    bits: float
    how: str
    firm: bool

    def less(self, bits: float, how: str, *, firm: bool | None = None) -> Likeness:
        """The same likeness, weaker: in `bits`, with another reason."""
        weaker = max(self.bits - bits, 0.0)
        return Likeness(Agreement.CLOSE, weaker, how, self.firm if firm is None else firm)

    @property
    def differs(self) -> bool:
        return self.agreement is Agreement.DIFFERS


@lru_cache(maxsize=100_000)
def given_words(matching: Matching, one: str, other: str) -> Likeness:
    """How two words of given names compare."""
    rarity = matching.given_names
    return (
        _same_or_known(matching, rarity, one, other)
        or _short_form(matching, one, other)
        or (_two_names(matching) if _well_known(matching, one) and _well_known(matching, other) else None)
        or _library_nickname(matching, one, other)
        or _written_alike(matching, rarity, one, other)
    )


@lru_cache(maxsize=100_000)
def family_words(matching: Matching, one: str, other: str) -> Likeness:
    """How two words of family names compare."""
    rarity = matching.family_names
    if likeness := _same_or_known(matching, rarity, one, other):
        return likeness
    if one in rarity.listed and other in rarity.listed:
        return _two_names(matching)
    return _written_alike(matching, rarity, one, other)


def _same_or_known(matching: Matching, rarity: Rarity, one: str, other: str) -> Likeness | None:
    if one == other:
        return Likeness(Agreement.AGREES, rarity.of(one), "the same", len(one) > 1)
    if other in matching.spellings.get(one, ()):
        most = matching.bits.name.spelling_at_most
        return _no_more_than(most, rarity, one, other, "another spelling of the same name", firm=True)
    return None


def _short_form(matching: Matching, one: str, other: str) -> Likeness | None:
    if other not in matching.short_forms.get(one, ()):
        return None
    most = matching.bits.name.spelling_at_most
    return _no_more_than(most, matching.given_names, one, other, "a short form of the same name", firm=True)


def _library_nickname(matching: Matching, one: str, other: str) -> Likeness | None:
    if not (_short_for(one, other) or _short_for(other, one)):
        return None
    most = matching.bits.name.nickname_at_most
    return _no_more_than(most, matching.given_names, one, other, "perhaps a short form of the same name", firm=False)


def _short_for(short: str, full: str) -> bool:
    return short in _nicknames_of(full)


@lru_cache(maxsize=20_000)
def _nicknames_of(full: str) -> frozenset[str]:
    return frozenset(_NICKNAMES.nicknames_of(full))


def _well_known(matching: Matching, word: str) -> bool:
    tables = (matching.given_names.listed, matching.spellings, matching.short_forms, _LIBRARY_NAMES)
    return any(word in table for table in tables)


def _two_names(matching: Matching) -> Likeness:
    return Likeness(Agreement.DIFFERS, matching.bits.name.different, "another name", False)


def _written_alike(matching: Matching, rarity: Rarity, one: str, other: str) -> Likeness:
    bits, shorter = matching.bits.name, min(len(one), len(other))
    if shorter == 1:
        return _initial(matching, one, other)
    slips = OSA.distance(one, other, score_cutoff=2)
    least = min(rarity.of(one), rarity.of(other))
    if slips == 1 and shorter > 2:
        return Likeness(Agreement.CLOSE, max(least - bits.slip_less, 0.0), "one letter differs", _a_slip(one, other))
    if slips == 2 and shorter > 5:
        return Likeness(Agreement.CLOSE, max(least - bits.two_slips_less, 0.0), "two letters differ", False)
    if sound(one) == sound(other):
        return _no_more_than(bits.sound_at_most, rarity, one, other, "sounds alike", firm=_a_slip(one, other))
    return _faintly_alike(matching, rarity, one, other)


def _a_slip(one: str, other: str) -> bool:
    """Two neighbours swapped, or another way to write the same sounds: not how two children are named apart."""
    if sorted(one) == sorted(other):
        return min(len(one), len(other)) > 3 or one[0] == other[0]
    return one[0] == other[0] and spelt(one) == spelt(other)


def _initial(matching: Matching, one: str, other: str) -> Likeness:
    if one[0] == other[0]:
        return Likeness(Agreement.CLOSE, matching.bits.name.initial, "the same initial", False)
    return _two_names(matching)


def _faintly_alike(matching: Matching, rarity: Rarity, one: str, other: str) -> Likeness:
    bits = matching.bits.name
    if min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one)):
        return _no_more_than(bits.beginning_at_most, rarity, one, other, "begins alike", firm=False)
    if JaroWinkler.similarity(one, other, score_cutoff=_ALIKE):
        return Likeness(Agreement.CLOSE, bits.alike, "somewhat alike", False)
    return _two_names(matching)


def _no_more_than(most: float, rarity: Rarity, one: str, other: str, how: str, *, firm: bool) -> Likeness:
    return Likeness(Agreement.CLOSE, min(most, rarity.of(one), rarity.of(other)), how, firm)
