"""The matching model: weights, bands and tables of names, read once from ``config/matching.toml``.

Promises: what is returned is complete and of the right signs; anything unknown, missing or senseless in the file is an
UnsafeSetting that names the line, and the service does not start. Trusts the file's author for the numbers themselves:
their source is in the file. Compared by identity, so that caches of comparisons can be keyed on it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import msgspec

from lookup.finding.spelling import name
from lookup.refusals import UnsafeSetting

For = Annotated[float, msgspec.Meta(ge=0, le=64)]  # speaks for the same child
Against = Annotated[float, msgspec.Meta(ge=-64, lt=0)]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class _Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: every line is needed, none may be more."""


class Learnt(_Lines, frozen=True):
    how: Text
    names: Text
    on: Text


class Certain(_Lines, frozen=True):
    above_population: For
    margin: For
    undecided_from: For


class NumberBits(_Lines, frozen=True):
    equal: For
    different: Against


class MotherBits(_Lines, frozen=True):
    number_equal: For
    number_different: Against


class DateBits(_Lines, frozen=True):
    equal: For
    first_of_january: For
    swapped: For
    slip: For
    two_parts: For
    year_and_month: For
    year: For
    different: Against


class PostcodeBits(_Lines, frozen=True):
    equal: For
    former: For
    sector: For
    slip: For
    different: Against


class SexBits(_Lines, frozen=True):
    equal: For
    different: Against


class NameBits(_Lines, frozen=True):
    spelling_at_most: For
    nickname_at_most: For
    slip_less: For
    two_slips_less: For
    sound_at_most: For
    beginning_at_most: For
    look_alike: For
    initial: For
    part_less: For
    middle_less: For
    alike: For
    different: Against
    swapped_less: For
    former_less: For
    most: For


class Bits(_Lines, frozen=True):
    nhs_number: NumberBits
    mother: MotherBits
    birth_date: DateBits
    postcode: PostcodeBits
    sex: SexBits
    name: NameBits


class NameClass(_Lines, frozen=True):
    bits: For
    names: Text


class NameTable(_Lines, frozen=True, rename={"classes": "class"}):
    shared: str
    unlisted: For
    two_letters: For
    one_letter: For
    classes: Annotated[tuple[NameClass, ...], msgspec.Meta(min_length=1)]


class Groups(_Lines, frozen=True):
    groups: Text


class _File(_Lines, frozen=True):
    version: Text
    learnt: Learnt
    certain: Certain
    bits: Bits
    given_names: NameTable
    family_names: NameTable
    spellings: Groups
    short_forms: Groups


@dataclass(frozen=True, slots=True, eq=False)
class Rarity:
    """How much the agreement of a name says: the rarer, the more. `shared`: says little without another beside it."""

    listed: Mapping[str, float]
    shared: frozenset[str]
    unlisted: float
    two_letters: float
    one_letter: float

    def of(self, word: str) -> float:
        if (bits := self.listed.get(word)) is not None:
            return bits
        if len(word) > 2:
            return self.unlisted
        return self.two_letters if len(word) == 2 else self.one_letter


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """The model as the rooms use it. `spellings` and `short_forms`: every other writing of a word."""

    version: str
    learnt: Learnt
    certain: Certain
    bits: Bits
    given_names: Rarity
    family_names: Rarity
    spellings: Mapping[str, tuple[str, ...]]
    short_forms: Mapping[str, tuple[str, ...]]


def load_matching(path: Path) -> Matching:
    """The model in a TOML file. Raises UnsafeSetting, with the line and what to do."""
    try:
        lines = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File, strict=True)
    except OSError as fault:
        raise UnsafeSetting(f"{path.name} cannot be read: {fault.strerror}. Set its path, or restore it.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        raise UnsafeSetting(f"{path.name} is not a matching model: {fault}. Mend this line, or restore it.") from fault
    return _matching(lines)


def _matching(lines: _File) -> Matching:
    return Matching(
        version=lines.version,
        learnt=lines.learnt,
        certain=lines.certain,
        bits=lines.bits,
        given_names=_rarity(lines.given_names),
        family_names=_rarity(lines.family_names),
        spellings=_spellings(lines.spellings),
        short_forms=_short_forms(lines.short_forms),
    )


def _rarity(table: NameTable) -> Rarity:
    """The first class that lists a name counts: the commonest, which says least."""
    listed: dict[str, float] = {}
    for each in sorted(table.classes, key=lambda names: names.bits):
        for word in each.names.split():
            listed.setdefault(_one_word(word), each.bits)
    shared = frozenset(map(_one_word, table.shared.split()))
    return Rarity(MappingProxyType(listed), shared, table.unlisted, table.two_letters, table.one_letter)


def _spellings(table: Groups) -> Mapping[str, tuple[str, ...]]:
    """Every word of a group is another writing of every other."""
    return _others(pair for group in _groups(table) for pair in permutations(group, 2))


def _short_forms(table: Groups) -> Mapping[str, tuple[str, ...]]:
    """Each short form is one of its full name, and not of the other short forms."""
    pairs = ((group[0], short) for group in _groups(table) for short in group[1:])
    return _others(pair for full, short in pairs for pair in ((full, short), (short, full)))


def _groups(table: Groups) -> list[list[str]]:
    return [[_one_word(word) for word in line.split()] for line in table.groups.splitlines() if line.strip()]


def _others(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    others: dict[str, dict[str, None]] = {}
    for word, other in pairs:
        if word != other:
            others.setdefault(word, {})[other] = None
    return MappingProxyType({word: tuple(found) for word, found in others.items()})


def _one_word(word: str) -> str:
    normal = name(word).joined
    if not normal:
        raise UnsafeSetting(f"The matching model lists {word!r}, which is no name. Take it out.")
    return normal
