"""Clues: what a child is indexed under, and what an enquiry looks for. Each becomes a blind token elsewhere.

Promises: a clue never holds a single attribute of a person (NHS numbers apart, which are identifiers): a list of
birth dates or of postcodes cannot be read out of the index. Clues are free of order: either name may have been typed
first. What may have been written differently (short forms, spellings, day and month swapped) is widened on the asking
side alone, so that the index stays small. A restricted child has no clue of a place. A mother's number is indexed for
whatever child has one; `judging` takes it as evidence for an unborn child's plan alone.
Does not promise that whom a clue finds is the same child: it only fetches candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from lookup.finding.birth_dates import BirthDate, birth_date
from lookup.finding.matching import Matching
from lookup.finding.postcodes import postcode
from lookup.finding.spelling import MOST_WORDS, Name, name, sound
from lookup.model import Child, Clue, Particulars
from lookup.nhs_number import digits_held

CLUE_KINDS = (
    "number",  # the NHS number, or one merged into it
    "start_born",  # the first three letters of any name, and the birth date
    "sound_born",  # the sound of any name, and the birth date
    "start_postcode",
    "sound_postcode",
    "start_pair",  # the first three letters of two names, in the order of the alphabet
    "sound_pair_year",  # the sounds of two names, and the year of birth
    "sound_year_day",  # the sound of any name, the year and the day of birth: the month may be wrong
    "postcode_born",
    "mother",  # the NHS number of the mother of an unborn child
    "household_self",  # whose plan it is: name and birth date
    "household_lists",  # whom a plan lists as living there: name and birth date
    "household_place",  # a family name and a whole postcode
)

MOST_OTHER_WRITINGS = 4
MOST_PLACES = 3
MOST_WORDS_SOUGHT = 4


def clues_held(child: Child, *, restricted: bool) -> frozenset[Clue]:
    """What a held child, or the readable part of a rejected row, is indexed under."""
    places = () if restricted else places_of(child)
    born = birth_date(child.birth_date or "")
    clues = [*_of_numbers(child), *_of_person(_every_word(child), born, places)]
    return frozenset(chain(clues, _of_mother(child.mother.nhs_number if child.mother else "")))


def link_clues(child: Child) -> frozenset[Clue]:
    """What finds further records of a child who is known: its numbers, and its names with its birth date; no place."""
    person = _of_person(_every_word(child), birth_date(child.birth_date or ""), ())
    mother = child.mother.nhs_number if child.mother and not child.birth_date else ""
    return frozenset(chain(_of_numbers(child), person, _of_mother(mother)))


def clues_sought(given: Particulars, matching: Matching) -> frozenset[Clue]:
    """What an enquiry looks for: everything that was given, and the other ways in which it may be written."""
    places = tuple(filter(None, (postcode(given.postcode),)))
    born = birth_date(given.birth_date)
    named, other = name(given.given_name), name(given.family_name)
    words = _together(named, other)[:MOST_WORDS_SOUGHT]
    clues = [*_number(given.nhs_number), *_of_person(words, born, places)]
    clues += _of_other_writings(words, named, born, matching)
    if born and born.whole:
        clues += _of_other_dates(words, born, places)
    return frozenset(chain(clues, _of_mother(given.mother_nhs_number)))


def places_of(child: Child) -> tuple[str, ...]:
    """The postcodes of a child's addresses, the present one first."""
    known = dict.fromkeys(postcode(address.postcode) for address in child.addresses)
    return tuple(place for place in known if place)[:MOST_PLACES]


def _every_word(child: Child) -> tuple[str, ...]:
    others = (part for other in child.other_names for part in (other.given_name, other.family_name))
    return _together(*map(name, (child.given_name, child.family_name, *others)))


def _together(*names: Name) -> tuple[str, ...]:
    """The words of several names, the first of each first, so that a limit leaves out the least telling."""
    return tuple(
        dict.fromkeys(word for turn in range(MOST_WORDS) for each in names for word in each.look_words[turn : turn + 1])
    )[:MOST_WORDS]


def _of_person(words: tuple[str, ...], born: BirthDate | None, places: tuple[str, ...]) -> Iterator[Clue]:
    yield from _of_pairs(combinations(words, 2), born)
    for place in places:
        yield from _of_words("postcode", words, place)
    if born and born.whole:
        yield from _of_words("born", words, born.iso)
        yield from (Clue("sound_year_day", (sound(word), born.year, born.day)) for word in words)
        yield from (Clue("postcode_born", (place, born.iso)) for place in places)


def _of_words(what: str, words: Iterable[str], value: str) -> Iterator[Clue]:
    for word in words:
        yield Clue(f"start_{what}", (word[:3], value))
        yield Clue(f"sound_{what}", (sound(word), value))


def _of_pairs(pairs: Iterable[tuple[str, str]], born: BirthDate | None) -> Iterator[Clue]:
    for pair in pairs:
        yield Clue("start_pair", tuple(sorted(word[:3] for word in pair)))
        if born:
            yield Clue("sound_pair_year", (*sorted(map(sound, pair)), born.year))


def _of_other_writings(
    words: tuple[str, ...], named: Name, born: BirthDate | None, matching: Matching
) -> Iterator[Clue]:
    for word in words[:2]:
        others = matching.short_forms.get(word, ()) if word in named.look_words else ()
        writings = tuple(dict.fromkeys((*matching.spellings.get(word, ()), *others)))[:MOST_OTHER_WRITINGS]
        yield from _of_pairs(((writing, other) for writing in writings for other in words[:2] if other != word), born)
        if born and born.whole:
            yield from _of_words("born", writings, born.iso)


def _of_other_dates(words: tuple[str, ...], born: BirthDate, places: tuple[str, ...]) -> Iterator[Clue]:
    if turned := born.swapped():
        yield from _of_words("born", words[:3], turned.iso)
        yield from (Clue("postcode_born", (place, turned.iso)) for place in places)


def _of_numbers(child: Child) -> Iterator[Clue]:
    for number in (child.nhs_number, *child.merged_nhs_numbers):
        yield from _number(number)


def _number(typed: str) -> Iterator[Clue]:
    if digits := digits_held(typed):
        yield Clue("number", (digits,))


def _of_mother(number: str) -> Iterator[Clue]:
    if digits := digits_held(number):
        yield Clue("mother", (digits,))
