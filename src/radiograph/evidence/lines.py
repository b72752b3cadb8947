# SPDX-License-Identifier: Apache-2.0
"""Lines of a text file, read by ranges: windows of them, and those that have a text in them.

Whatever a file holds, no more than a few pieces of it are in memory, and of a line no more than is shown. An index
(how many lines end before each MiB) makes any line of a big file as near as the first.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import IO, TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 1024 * 1024
_SMALL = 64 * 1024


class Line(Struct, frozen=True):
    """A line: its number from 1, its text without its end, and how many bytes of it were left out before and after."""

    number: int
    text: str
    before: int = 0
    after: int = 0


class Index(Struct, frozen=True):
    """How many lines end before each piece of `PIECE` bytes, and how many lines there are."""

    before: tuple[int, ...]
    lines: int


class Found(Struct, frozen=True):
    """How many lines have the text in them, and some of these."""

    count: int
    lines: list[Line]


def index_of(file: IO[bytes]) -> Index:
    """The index of a file, read from its beginning to its end."""
    before, ends, last = [0], 0, b"\n"
    while piece := file.read(PIECE):
        ends += piece.count(b"\n")
        before.append(ends)
        last = piece[-1:]
    return Index(tuple(before), ends + (last != b"\n"))


def window(file: IO[bytes], index: Index | None, first: int, count: int, longest: int) -> list[Line]:
    """Up to `count` lines from number `first` on, at most `longest` bytes of each; without an index they are counted from the start."""
    at = 0 if index is None else max(0, bisect_left(index.before, first - 1) - 1)
    file.seek(at * PIECE)
    number = 1 if index is None else index.before[at] + 1
    found: list[Line] = []
    for line in _lines(file, number, first, longest):
        found.append(line)
        if len(found) == count:
            break
    return found


def _lines(file: IO[bytes], number: int, first: int, longest: int) -> Iterator[Line]:
    """The lines from `first` on; the file is at the beginning of line `number`, or inside it when that comes before `first`."""
    kept, left_out, begun = b"", 0, False
    while piece := file.read(_SMALL):
        ends = piece.count(b"\n")
        if number + ends < first:
            number += ends
            continue
        at = 0
        while at < len(piece):
            end = piece.find(b"\n", at)
            part = piece[at : end if end >= 0 else len(piece)]
            room = longest - len(kept)
            kept, left_out, begun = kept + part[:room], left_out + max(0, len(part) - room), True
            if end < 0:
                break
            if number >= first:
                yield Line(number, _text(kept), 0, left_out)
            kept, left_out, begun = b"", 0, False
            number, at = number + 1, end + 1
    if begun and number >= first:
        yield Line(number, _text(kept), 0, left_out)


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "replace")


def lines_with(file: IO[bytes], text: str, after: int, limit: int, around: int) -> Found:
    """The lines with a text in them (case ignored for A to Z): how many, and `limit` of those whose number is above `after`.

    `around` is how many bytes on each side of the text are given of a long line.
    """
    places: list[tuple[int, int]] = []
    count = 0
    for number, place in _places(file, text.lower().encode()):
        count += 1
        if number > after and len(places) < limit:
            places.append((number, place))
    return Found(count, [_around(file, number, place, around) for number, place in places])


def _places(file: IO[bytes], needle: bytes) -> Iterator[tuple[int, int]]:
    """Each line with the needle in it, once: its number, and where the needle is in the file."""
    file.seek(0)
    number, last, start, kept = 1, 0, 0, b""
    while piece := file.read(PIECE):
        text = (kept + piece).lower()
        at = counted = 0
        while (place := text.find(needle, at)) >= 0:
            number += text.count(b"\n", counted, place)
            counted = place
            if number > last:
                yield number, start + place
                last = number
            end = text.find(b"\n", place)
            at = end if end >= 0 else len(text)
        kept = text[max(counted, len(text) - len(needle) + 1) :] if len(needle) > 1 else b""
        number += text.count(b"\n", counted, len(text) - len(kept))
        start += len(text) - len(kept)


def _around(file: IO[bytes], number: int, place: int, around: int) -> Line:
    """A line by a place in it."""
    begin = max(0, place - around)
    file.seek(begin)
    text = file.read(place - begin + around)
    left = text.rfind(b"\n", 0, place - begin) + 1
    right = text.find(b"\n", place - begin)
    cut_before = 0 if left or not begin else 1
    cut_after = 1 if right < 0 and file.read(1) not in {b"", b"\n"} else 0
    return Line(number, _text(text[left : right if right >= 0 else len(text)]), cut_before, cut_after)
