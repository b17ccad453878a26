"""Names as people write them, made comparable.

Promises: two ways of writing one name (capitals, accents, composed or decomposed, curly or straight apostrophes,
hyphens, ß, İ) give the same words; a name that stands for no name ("Baby", "Twin 2", "Unknown") gives none. What was
typed is never changed for showing: these words are for comparing and for clues only. Does not read other alphabets:
a Cyrillic letter that looks like a Latin one is told apart (`words`) and also folded (`looks`), so that such a name is
found, and never agrees in silence. Trusts nobody's text: any text gives an answer, and none raises.
The caches hold names in memory only, and are bounded.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from jellyfish import metaphone

MOST_WORDS = 6

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʻ`´′ʹʾʿ＇"))
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ĸ": "k"}
)
_LOOK_ALIKE = str.maketrans(
    "асеіјорѕухѵԁԛԝһкмтвгпбαεικνορτυχγηβζμ",
    "aceijopsuxvdqwhkmtbrnbaeikvoptuxynbzu",
)
_JOINED_ON = frozenset({"mc", "mac", "o"})
_PARTICLES = frozenset(
    {"al", "el", "ul", "ur", "de", "da", "di", "la", "le", "van", "von", "der", "dos", "das"}
    | {"bin", "bint", "binti", "ibn", "abu"}
)
_NO_NAME_BEGINS = frozenset({"baby", "babe", "infant", "newborn", "unborn", "twin", "triplet", "foetus", "fetus"})
_NO_NAME = frozenset(
    {"unknown", "unk", "unnamed", "fnu", "lnu", "nk", "tbc", "tba", "boy", "girl", "male", "female", "xx", "xxx"}
    | {
        "not known",
        "no name",
        "not given",
        "not stated",
        "not recorded",
        "not yet named",
        "name unknown",
        "to be named",
    }
    | {"son of", "daughter of", "no surname", "no first name", "no family name", "no given name"}
)
_SAME_SOUND = re.compile(r"ph|ck|c(?![ehiy])|ie|ee|ey|ei|ea|y")
_SILENT = re.compile(r"(?<=[aeiou])h(?![aeiou])|(?<=[^aeiou])e$")
_DOUBLED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Name:
    """One field of a name: its words (particles left out), the whole of it in one, and how that looks."""

    words: tuple[str, ...]
    joined: str
    looks: str
    look_words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.words)

    def __repr__(self) -> str:
        return "Name(…)"


def cleaned(text: str) -> tuple[str, bool]:
    """The text without direction marks, zero-width and control characters, and whether anything was removed.

    Line breaks and tabs become spaces; text that only needed its ends trimmed is not reported.
    """
    spaced = "".join(" " if character in "\t\n\r\v\f\x85\u2028\u2029" else character for character in text)
    kept = "".join(character for character in spaced if not _hidden(character))
    return " ".join(kept.split()), len(kept) < len(text) or spaced.strip() != text.strip()


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} or character in "\u034f\u115f\u1160\u3164\uffa0"


@lru_cache(maxsize=50_000)
def name(text: str) -> Name:
    """What one field of a name says; no words where it says nothing about who somebody is."""
    every = _all_words(text)
    if not every or _stands_for_no_name(every):
        return Name((), "", "", ())
    telling = tuple(word for word in every if word not in _PARTICLES) or every
    joined = "".join(every)
    return Name(
        telling[:MOST_WORDS],
        joined,
        joined.translate(_LOOK_ALIKE),
        tuple(word.translate(_LOOK_ALIKE) for word in telling[:MOST_WORDS]),
    )


def joined_name(words: tuple[str, ...]) -> Name:
    """The name that these words make: for a field that holds more than one part of a name."""
    return name(" ".join(words))


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """How an English reader would say the word, in at most five signs; the word itself in another alphabet."""
    return (metaphone(word) or word)[:5] if word.isascii() else word[:5]


@lru_cache(maxsize=50_000)
def spelt(word: str) -> str:
    """The word in one spelling of its sounds: doubled letters, i and y, c and k, a silent h or e do not matter."""
    return _DOUBLED.sub(r"\1", _SILENT.sub("", _SAME_SOUND.sub(_one_sign, word)))


def _one_sign(sounds: re.Match[str]) -> str:
    return {"p": "f", "c": "k"}.get(sounds[0][0], "i")


def _all_words(text: str) -> tuple[str, ...]:
    found = _WORD.findall(_folded(text))
    joined: list[str] = []
    for word in found:
        if joined and joined[-1] in _JOINED_ON and len(word) > 2:
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


def _folded(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.lower().translate(_APOSTROPHES)
    seen = cleaned(unicodedata.normalize("NFKC", text))[0].translate(_APOSTROPHES).casefold()
    apart = unicodedata.normalize("NFKD", seen)
    plain = "".join(character for character in apart if unicodedata.category(character) != "Mn")
    return unicodedata.normalize("NFC", plain).translate(_APOSTROPHES).translate(_LETTERS)


def _stands_for_no_name(words: tuple[str, ...]) -> bool:
    return (
        words[0] in _NO_NAME_BEGINS or " ".join(words) in _NO_NAME or " ".join(words[:2]) in {"son of", "daughter of"}
    )
