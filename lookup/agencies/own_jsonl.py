"""Our own shape: JSON lines, one publication with its reference a line, and a last line that counts them.

    {"lookup_snapshot": 1, "authority": "HGC", "as_at": "2026-11-20T22:00:00Z"}      (may be left out)
    {"ref": "HG-41312", "recorded_at": "…", "child": {…}, "plan": {…}}
    {"rows": 1}

docs/feeds.md describes it. A line that cannot be read is rejected; the file is refused where its first or its last line
is not as it must be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from lookup.agencies.sent import LOST, LOST_LETTER, Feed, SentRow, Words, hash_of, understood
from lookup.agencies.text_lines import TextLines, refuse_line
from lookup.refusals import Field, FileRefused, Malformed
from lookup.strict_json import convert, parse

NAME = "lookup-jsonl"


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line, where there is one: whose snapshot, as at when."""

    lookup_snapshot: Literal[1]
    authority: str
    as_at: datetime


class Trailer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line: how many rows came before it, so that a file that was cut short shows."""

    rows: int


def rows(lines: TextLines, feed: Feed) -> Iterator[SentRow]:
    """Every row. Raises `FileRefused` for a fault of the file."""
    counted, trailer = 0, None
    for text in lines:
        if not text.strip():
            continue
        if trailer is not None:
            refuse_line(lines.number, "comes after the line that counts the rows")
        value, problems = _value(text)
        if "lookup_snapshot" in value and not counted:
            _refuse_other(_special(value, Header, lines.number), feed, lines.number)
        elif value.keys() == {"rows"}:
            trailer = _special(value, Trailer, lines.number)
        else:
            counted += 1
            yield _row(text, value, problems, lines.number, feed)
    if trailer is None:
        raise FileRefused('The file is cut short: its last line, {"rows": …}, is missing.')
    if trailer.rows != counted:
        raise FileRefused(f"The file is cut short: it has {counted} rows, and its last line counts {trailer.rows}.")


def _value(text: str) -> tuple[Mapping[str, Any], tuple[Field, ...]]:
    """The line as an object; an empty one where it cannot be read, and why."""
    try:
        value = parse(text.encode())
    except Malformed as refusal:
        return {}, refusal.fields or (Field("$", "is not JSON that can be read"),)
    if "\\u0000" in text:
        return {}, (Field("$", "holds a NUL character"),)
    if not isinstance(value, dict):
        return {}, (Field("$", "is not an object"),)
    return value, ()


def _row(text: str, value: Mapping[str, Any], problems: tuple[Field, ...], line: int, feed: Feed) -> SentRow:
    named = value.get("ref", "")
    ref = named.strip() if isinstance(named, str) else ""
    if problems:
        return SentRow(line, hash_of(text.strip()), "", None, problems)
    rest = {name: part for name, part in value.items() if name != "ref"}
    lost = (Field("$", LOST_LETTER),) if LOST in text or "\\ufffd" in text.lower() else ()
    return understood(Words(line, hash_of(text.strip()), ref, rest, lost), feed)


def _special(value: Mapping[str, Any], kind: type[Any], line: int) -> Any:
    try:
        return convert(value, kind)
    except Malformed:
        refuse_line(line, f"is not the {kind.__name__.lower()} line that docs/feeds.md describes")


def _refuse_other(header: Header, feed: Feed, line: int) -> None:
    if header.authority != feed.authority:
        refuse_line(line, f"names another authority than {feed.authority}")
    if header.as_at.tzinfo is None or header.as_at != feed.as_at:
        refuse_line(line, "names another as-at than the one given with the file")
