"""The lines of a file that an agency sent: UTF-8 or nothing.

Promises: what is given out is the file's own text, never a guess at it (a file in UTF-16 or a Windows code page is
refused with the line); memory does not grow with the file. Trusts nothing of the file, its size least of all.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from lookup.refusals import Field, FileRefused

LARGEST_FILE = 512 * 1024 * 1024
LONGEST_LINE = 256 * 1024
SAVE_AS = 'Save it as UTF-8 (in a spreadsheet: "CSV UTF-8") and send it again.'


def refuse_line(line: int, problem: str) -> NoReturn:
    """Refuse the whole file for what is wrong on this line."""
    raise FileRefused("This file was refused, and nothing of it was taken.", [Field(f"line {line}", problem)])


class TextLines:
    """The lines of a stream as text, each with its line end; `number` is that of the line given last.

    `digest` is the SHA-256 of all that was read, `read` how many bytes. Raises `FileRefused`.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0
        self.read = 0
        self._stream = stream
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> bytes:
        return self._hash.digest()

    def __iter__(self) -> Iterator[str]:
        while raw := self._stream.readline(LONGEST_LINE + 1):
            self.number += 1
            self.read += len(raw)
            self._hash.update(raw)
            if self.read > LARGEST_FILE:
                raise FileRefused(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
            yield self._text(raw)

    def _text(self, raw: bytes) -> str:
        if self.number == 1:
            raw = self._without_mark(raw)
        if len(raw) > LONGEST_LINE:
            refuse_line(self.number, f"is longer than {LONGEST_LINE // 1024} KB")
        if b"\0" in raw:
            refuse_line(self.number, f"holds a NUL character: the file is damaged, or is UTF-16. {SAVE_AS}")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            refuse_line(self.number, f"is not UTF-8: it may be in a Windows code page (cp1252). {SAVE_AS}")

    def _without_mark(self, raw: bytes) -> bytes:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            refuse_line(1, f"begins as UTF-16 does. {SAVE_AS}")
        return raw.removeprefix(codecs.BOM_UTF8)
