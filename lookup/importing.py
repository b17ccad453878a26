"""The path of one file: a whole snapshot of one authority's register, checked first, then taken whole or not at all.

 1. read it all and check it          `lookup.agencies`  or the file is refused: nothing of it was touched
 2. rows told twice, or in conflict   `lookup.surveying` or quarantined, each by its line
 3. into the register's transaction   `lookup.register`  or refused: out of order, empty, shrunk
 4. the entries, then the commit      `lookup.recorder`  or refused; a commit that failed gets a second entry

Promises: a file that is refused, or whose import is killed at any moment, leaves the register as it was; what is said
of a row names its line, its column and what is wrong, never what it holds. The file is read twice instead of kept, so
that memory does not grow with it; one that changes in between is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from os import SEEK_END
from typing import BinaryIO

from lookup.agencies import SHAPES, guess_shape
from lookup.agencies.sent import Feed, SentRow
from lookup.agencies.text_lines import LARGEST_FILE, TextLines
from lookup.feed_entries import FeedEntries, Operator
from lookup.journal import note
from lookup.keys.keyring import Blinder
from lookup.model import Authority
from lookup.moments import iso
from lookup.recorder import Recorder
from lookup.refusals import FileRefused, Malformed, NotFound
from lookup.register import Batch, Put, Register, Taken
from lookup.surveying import Survey, survey

Progress = Callable[[str, int, int], None]
CHECKING, TAKING = "Checking", "Taking"


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """For whoever does not watch."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: a stream that can be read twice, whose it is, as at when, and its shape where it is known."""

    stream: BinaryIO
    authority: str
    as_at: datetime
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file: what the register did with it, and what was noticed in it."""

    shape: str
    rows: int
    taken: Taken
    doubles: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Importing:
    """One file after another."""

    register: Register
    recorder: Recorder
    blinder: Blinder
    authorities: Mapping[str, Authority]
    agreement: str
    demo: bool

    def take(self, sent: Sent, by: Operator, at: datetime, progress: Progress = no_progress) -> Report:
        """Take a snapshot. Raises `FileRefused`, or `NotFound` for an unknown authority; the refusal is recorded."""
        facts = {"agreement": self.agreement, "authority": sent.authority, "as_at": iso_or_text(sent.as_at)}
        entries = FeedEntries(self.recorder, by, at, facts)
        try:
            return self._take(sent, at, entries, progress)
        except BaseException as stopped:
            entries.note_refused(stopped)
            if isinstance(stopped, FileRefused):
                note("feed_refused", authority=sent.authority, code=stopped.code, why=str(stopped))
            raise

    def heartbeat(self, authority: str, up_to: datetime, by: Operator, at: datetime) -> None:
        """Nothing of this authority is outstanding up to then. Raises `Malformed` for a moment in the future."""
        facts = {"agreement": self.agreement, "authority": authority, "as_at": iso_or_text(up_to)}
        entries = FeedEntries(self.recorder, by, at, facts)
        try:
            self._refuse_unknown(authority)
            refuse_future(up_to, at)
            self.register.heartbeat(authority, up_to, record=lambda: entries.note("heartbeat"))
        except BaseException as stopped:
            entries.note_refused(stopped)
            raise

    def _take(self, sent: Sent, at: datetime, entries: FeedEntries, progress: Progress) -> Report:
        self._refuse_unknown(sent.authority)
        if sent.as_at.tzinfo is None:
            raise FileRefused("The snapshot's as-at has no time zone: end it with Z or an offset.")
        size = _size(sent.stream)
        shape = sent.shape or guess_shape(sent.stream)
        reading = _Reading(sent, shape, self._feed(sent, at), size, progress)
        found = reading.survey()
        entries.facts |= {"shape": shape, "file": found.digest.hex(), "file_rows": found.rows}
        batch = Batch(sent.authority, reading.puts(found), found.rejected, sent.as_at, found.digest)
        taken = self.register.take(batch, at, entries.note_taken)
        doubles = tuple(f"line {line} repeats line {first}" for line, first in found.doubles)
        return Report(shape, found.rows, taken, doubles, tuple(found.notices))

    def _feed(self, sent: Sent, at: datetime) -> Feed:
        def row_ref(text: str) -> str:
            return self.blinder.token("row-ref", (sent.authority, text)).hex()

        return Feed(sent.authority, sent.as_at, at, self.demo, row_ref)

    def _refuse_unknown(self, authority: str) -> None:
        if authority not in self.authorities:
            raise NotFound(f"There is no such authority here. Known are: {', '.join(self.authorities)}.")


@dataclass(frozen=True, slots=True)
class _Reading:
    """The two readings of one file."""

    sent: Sent
    shape: str
    feed: Feed
    size: int
    progress: Progress
    _watched: list[TextLines] = field(default_factory=list)

    def survey(self) -> Survey:
        """The first reading: what the file holds. Raises `FileRefused`."""
        return survey(lambda: self._rows(CHECKING), lambda: self._watched[-1].digest)

    def puts(self, found: Survey) -> Iterator[Put]:
        """The second reading: the rows that may be taken. Raises `FileRefused` where the file has changed since."""
        for row in self._rows(TAKING):
            if row.publication is not None and row.line not in found.left_out:
                yield Put(row.ref, row.publication, f"line {row.line}")
        if self._watched[-1].digest != found.digest:
            raise FileRefused("The file changed while it was read. Send it again.")

    def _rows(self, stage: str) -> Iterator[SentRow]:
        self.sent.stream.seek(0)
        lines = TextLines(self.sent.stream)
        self._watched[:] = [lines]
        for row in SHAPES[self.shape](lines, self.feed):
            yield row
            self.progress(stage, lines.read, self.size)
        self.progress(stage, self.size, self.size)


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, SEEK_END)
    if size > LARGEST_FILE:
        raise FileRefused(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    return size


def refuse_future(moment: datetime, at: datetime) -> None:
    """Raises `Malformed` for a moment without its zone, or one that has not come yet."""
    if moment.tzinfo is None:
        raise Malformed("The moment has no time zone: end it with Z or an offset.")
    if moment > at:
        raise Malformed("The moment lies in the future: nothing can be complete up to then.")


def iso_or_text(moment: datetime) -> str:
    """The moment for the record, whether or not it is one that can be taken."""
    return iso(moment) if moment.tzinfo else moment.isoformat()
