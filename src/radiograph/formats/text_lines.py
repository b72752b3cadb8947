# SPDX-License-Identifier: Apache-2.0
"""The lines of a text report, one at a time, however it was written down: in little memory, without colours."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 1 << 18
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_COLOUR = re.compile(r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_MARK = "\ufffd"


class TextLines:
    """A text's lines; after they have been read, `notes` say what was mended in them."""

    def __init__(self, data: memoryview) -> None:
        """Take the bytes: UTF-8, or UTF-16 with a byte order mark, as PowerShell redirects into a file."""
        self._data = data
        head = bytes(data[:3])
        self._wide = _WIDE.get(head[:2], "")
        self._at = 2 if self._wide else 3 if head == codecs.BOM_UTF8 else 0
        self._undecodable, self._first = 0, 0
        self._controls = 0

    @property
    def notes(self) -> list[str]:
        """What was mended."""
        found = []
        if self._undecodable:
            found.append(
                f"{self._undecodable} lines, the first is line {self._first}, are not UTF-8; what can't be read was replaced by U+FFFD"
            )
        if self._controls:
            found.append(f"{self._controls} control characters were replaced by U+FFFD")
        return found

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Each line with its number, without its end and colours."""
        for number, line in enumerate(self._lines(), 1):
            yield number, self._decoded(line, number)

    def _lines(self) -> Iterator[bytes]:
        end = "\n".encode(self._wide or "utf-8")
        kept: list[bytes] = []
        for piece in self._pieces():
            lines = _split(piece, end)
            lines[0] = b"".join([*kept, lines[0]]) if len(lines) > 1 else lines[0]
            kept = [lines.pop()] if len(lines) > 1 else [*kept, lines.pop()]
            yield from lines
        last = b"".join(kept)
        if last:
            yield last

    def _pieces(self) -> Iterator[bytes]:
        return (bytes(self._data[at : at + _PIECE]) for at in range(self._at, len(self._data), _PIECE))

    def _decoded(self, line: bytes, number: int) -> str:
        encoding = self._wide or "utf-8"
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            text = line.decode(encoding, "replace")
            self._undecodable += 1
            self._first = self._first or number
        text = text.removesuffix("\r")
        if "\x1b" in text:
            text = without_colours(text)
        if not text.isprintable() and _CONTROL.search(text):
            text, found = _CONTROL.subn(_MARK, text)
            self._controls += found
        return text


def without_colours(text: str) -> str:
    """A text without the escapes that colour it, or link it, in a terminal."""
    return _COLOUR.sub("", text)


def _split(piece: bytes, end: bytes) -> list[bytes]:
    """A piece at its line ends; those of UTF-16 only where a character begins."""
    if len(end) == 1:
        return piece.split(end)
    lines, at, start = [], piece.find(end), 0
    while at >= 0:
        if at % 2 == 0:
            lines.append(piece[start:at])
            start = at + 2
            at = piece.find(end, start)
        else:
            at = piece.find(end, at + 1)
    return [*lines, piece[start:]]
