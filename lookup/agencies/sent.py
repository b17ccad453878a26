"""One row that an agency sent, understood: a publication, or what is wrong with it and what is readable all the same.

Promises: a row is whole or rejected, never taken in part; what counts as readable of a rejected row passed every
check, so that an enquiry about that child is not turned away by a wrong date. Whatever the shape of the file, its rows
are held to the very checks of a live publication.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from lookup.model import Child, Kind, Plan, Publication
from lookup.publication import problems_of
from lookup.refusals import Field, Malformed
from lookup.register import RejectedRow
from lookup.register.sealed import without_place
from lookup.strict_json import convert

LONGEST_REF = 64
LOST = "\ufffd"
LOST_LETTER = f"holds {LOST}: a letter was lost before the file was sent"
CANNOT_BE_FOUND = "$.child"
NOTHING_READABLE = Child()


@dataclass(frozen=True, slots=True)
class Feed:
    """What is known of a file before it is read: whose it is, as at when, and when it came.

    `row_ref` makes a reference for a row that has none of its own, from what its text hashes to.
    """

    authority: str
    as_at: datetime
    at: datetime
    demo: bool
    row_ref: Callable[[str], str]


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """What a shape reads in a row: its value as JSON has it, the reference, and what it could not read.

    `restricted`: the row speaks of a restricted child, even where it could not be read how.
    """

    line: int
    text: str
    ref: str
    value: Mapping[str, Any]
    problems: tuple[Field, ...] = ()
    restricted: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class SentRow:
    """One row. It has a publication or problems; `readable` is what a rejected row is found by."""

    line: int
    text: str
    ref: str
    publication: Publication | None
    problems: tuple[Field, ...] = ()
    readable: Child = NOTHING_READABLE
    restricted: bool = False

    def rejected(self, *further: Field) -> RejectedRow:
        """The row as it is kept in quarantine, `further` being wrong with it besides."""
        problems = tuple((wrong.path, wrong.problem) for wrong in (*self.problems, *further))
        return RejectedRow(f"line {self.line}", problems, self.readable, self.ref, self.text, self.restricted)

    def __repr__(self) -> str:
        return f"SentRow(line {self.line})"


def hash_of(text: str) -> str:
    """What stands for a row's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def understood(words: Words, feed: Feed) -> SentRow:
    """The row, taken by its words. Every problem is named, not the first alone."""
    problems = [*words.problems, *_of_the_ref(words.ref)]
    publication = None
    try:
        publication = convert(words.value, Publication)
        problems += _of_the_publication(publication, feed, already=bool(problems))
    except Malformed as refusal:
        problems += refusal.fields
    if publication is None or problems:
        readable = readable_of(words, feed)
        ref = words.ref if not _of_the_ref(words.ref) else ""
        return SentRow(words.line, words.text, ref, None, tuple(problems), readable, _is_restricted(words))
    found = _findable(publication)
    return SentRow(words.line, words.text, words.ref, publication, (), found, publication.plan.broker is not None)


def readable_of(words: Words, feed: Feed) -> Child:
    """As much of the child as passes every check; of a restricted child no place."""
    fitting = dict(_fitting(words.value.get("child")))
    if _is_restricted(words):
        fitting.pop("addresses", None)
    guess = Publication(recorded_at=feed.at, child=convert(fitting, Child), plan=Plan(kind=Kind.CHILD_PROTECTION))
    for wrong in problems_of(guess, feed.at, demo=feed.demo):
        field = re.split(r"[.\[]", wrong.path.removeprefix("$.child."), maxsplit=1)[0]
        fitting.pop("addresses" if field == "postcode" else field, None)
    return convert(fitting, Child)


def _fitting(told: object) -> Iterator[tuple[str, Any]]:
    """The fields of the child that are of their kind, and whose letters are all there."""
    if isinstance(told, Mapping):
        for field in msgspec.structs.fields(Child):
            if field.name in told and _fits(told[field.name], field.type) and LOST not in str(told[field.name]):
                yield field.name, told[field.name]


def _findable(publication: Publication) -> Child:
    return without_place(publication.child) if publication.plan.broker is not None else publication.child


def _of_the_ref(ref: str) -> list[Field]:
    if not ref:
        return [Field("$.ref", "is missing")]
    if len(ref) > LONGEST_REF or not ref.isprintable():
        return [Field("$.ref", f"is longer than {LONGEST_REF} characters, or cannot be shown")]
    return []


def _of_the_publication(publication: Publication, feed: Feed, *, already: bool) -> list[Field]:
    """That a child cannot be found goes without saying where something in the row was unreadable."""
    found = problems_of(publication, feed.at, demo=feed.demo)
    return [wrong for wrong in found if not (already and wrong.path == CANNOT_BE_FOUND)]


def _fits(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _is_restricted(words: Words) -> bool:
    """Whether the row speaks of a restricted child; where its plan cannot be read, it may."""
    plan = words.value.get("plan")
    return words.restricted or not isinstance(plan, Mapping) or plan.get("broker") is not None
