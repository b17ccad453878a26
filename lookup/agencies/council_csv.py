"""The council's own export as CSV, and the same with the plan columns of our documented extension.

``DOB,Surname,GivenName,Gender,PostCode,`` as the council writes it: dates day first, capitals as they are, an empty
column at the end. Without plan columns a row is a current plan whose details are unknown, and its reference is a keyed
hash of the row, so that the same row the next night is the same plan. With any of them the file ends with a line that
counts its rows (``#rows,300``). docs/feeds.md describes both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lookup.agencies.columns import BY_NAME, EXPORT, EXTENSION, Column, Unreadable, column_of
from lookup.agencies.sent import LOST, LOST_LETTER, Feed, SentRow, Words, hash_of, understood
from lookup.agencies.text_lines import TextLines, refuse_line
from lookup.refusals import Field, FileRefused

NAME = "council-csv"
TRAILER = "#rows"
KIND_WITHOUT_PLAN_COLUMNS = "child_protection"
FAULTS = {
    "field larger": "has a field of more than 131,072 characters, or a quotation mark that is never closed",
    "unexpected end": "opens a quotation mark that is never closed",
    "new-line": "has a line end that is neither LF nor CR LF",
    "expected after": "has a quotation mark in the wrong place, or one further up was never closed",
}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The columns of this file, in its order."""

    columns: Sequence[Column]

    @property
    def extended(self) -> bool:
        return any(column in EXTENSION for column in self.columns)

    def has(self, name: str) -> bool:
        return BY_NAME[name] in self.columns


def rows(lines: TextLines, feed: Feed) -> Iterator[SentRow]:
    """Every row. Raises `FileRefused` for a fault of the file."""
    records = _records(lines)
    sheet = _sheet(next(records, (1, []))[1])
    counted, trailer = 0, ""
    for line, cells in records:
        if not any(cells):
            continue
        if trailer:
            refuse_line(line, "comes after the line that counts the rows")
        if cells[0] == TRAILER:
            trailer = cells[1] if len(cells) > 1 else "?"
            continue
        counted += 1
        yield _row(line, cells, sheet, feed)
    _refuse_cut_short(sheet, counted, trailer)


def _records(lines: TextLines) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins on, its cells without spaces around them."""
    reader = csv.reader(lines, strict=True)
    while True:
        line = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            refuse_line(line, next((say for mark, say in FAULTS.items() if mark in str(fault)), "is not CSV"))
        if cells is None:
            return
        yield line, [cell.strip() for cell in cells]


def _sheet(header: Sequence[str]) -> _Sheet:
    """The columns that the first line names. Raises `FileRefused`; it never repeats a word of that line."""
    if len(header) < 2 and any(mark in "".join(header) for mark in ";\t"):
        refuse_line(1, "is separated by semicolons or tabs: save the file with commas and send it again")
    names = list(header)
    while names and not names[-1]:
        names.pop()
    for position, name in enumerate(names, 1):
        if name not in BY_NAME or name in names[: position - 1]:
            refuse_line(1, f"must name the columns, and column {position} is not one of docs/feeds.md, or comes twice")
    missing = [column.name for column in EXPORT if column.name not in names]
    if missing:
        refuse_line(1, f"lacks the column {', '.join(missing)}")
    return _Sheet([BY_NAME[name] for name in names])


def _row(line: int, cells: list[str], sheet: _Sheet, feed: Feed) -> SentRow:
    told, problems = _told(cells, sheet)
    text = hash_of("\0".join(cells).rstrip("\0"))
    ref = str(told.pop("ref", "")) if sheet.has("Reference") else feed.row_ref(text)
    restricted = any(cell and column.name == "Broker" for column, cell in zip(sheet.columns, cells, strict=False))
    row = understood(Words(line, text, ref, _value(told, sheet, feed), tuple(problems), restricted), feed)
    named = tuple(Field(column_of(wrong.path), wrong.problem) for wrong in row.problems)
    if named and not sheet.has("Reference"):
        ref = ""  # a faulty row's hash is not the reference of the plan that it may be
    return SentRow(line, text, ref if row.ref else "", row.publication, named, row.readable, row.restricted)


def _told(cells: Sequence[str], sheet: _Sheet) -> tuple[dict[str, Any], list[Field]]:
    """What each cell says, by its column's place, and what could not be read."""
    told: dict[str, Any] = {}
    problems = []
    named = len(sheet.columns)
    if len(cells) < named or any(cells[named:]):
        problems.append(Field("row", f"has {len(cells)} columns, and the first line names {named}"))
    for column, cell in zip(sheet.columns, cells, strict=False):
        try:
            if LOST in cell:
                raise Unreadable(LOST_LETTER)
            if cell:
                told[column.place] = column.read(cell)
        except Unreadable as fault:
            problems.append(Field(column.name, str(fault)))
    return told, problems


def _value(told: dict[str, Any], sheet: _Sheet, feed: Feed) -> dict[str, Any]:
    """The row as a publication in JSON has it."""
    value: dict[str, Any] = {
        "recorded_at": told.pop("recorded_at", None) or feed.as_at.isoformat(),
        "child": {},
        "plan": {},
    }
    former = told.pop("former", [])
    nested: dict[str, dict[str, Any]] = {"child": value["child"], "plan": value["plan"], "home": {}, "mother": {}}
    for place, said in told.items():
        where, _, name = place.partition(".")
        nested[where][name] = said
    if nested["home"] or former:
        value["child"]["addresses"] = [nested["home"], *former]
    if nested["mother"]:
        value["child"]["mother"] = nested["mother"]
    if not sheet.has("Kind"):
        value["plan"]["kind"] = KIND_WITHOUT_PLAN_COLUMNS
    return value


def _refuse_cut_short(sheet: _Sheet, counted: int, trailer: str) -> None:
    if not trailer and sheet.extended:
        raise FileRefused(f"The file is cut short: its last line, {TRAILER},<number of rows>, is missing.")
    if trailer and trailer != str(counted):
        raise FileRefused(f"The file is cut short: it has {counted} rows, and its last line counts another number.")
