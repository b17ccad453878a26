"""What agencies send us: a module for each shape of file, how its words map to ours, and what is wrong with a row.

A shape is a function from the lines of a file to its rows (`sent.SentRow`); a fault of the file raises `FileRefused`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from lookup.agencies import council_csv, own_jsonl
from lookup.agencies.sent import Feed, SentRow
from lookup.agencies.text_lines import TextLines
from lookup.refusals import FileRefused

Shape = Callable[[TextLines, Feed], Iterator[SentRow]]
SHAPES: Mapping[str, Shape] = {council_csv.NAME: council_csv.rows, own_jsonl.NAME: own_jsonl.rows}


def guess_shape(stream: BinaryIO) -> str:
    """The shape that the first line looks like. Raises `FileRefused` for an empty file, or one that is not UTF-8."""
    stream.seek(0)
    first = next((line for line in TextLines(stream) if line.strip()), None)
    if first is None:
        raise FileRefused("The file is empty. An authority that has no plans sends a heartbeat.")
    return own_jsonl.NAME if first.lstrip().startswith("{") else council_csv.NAME
