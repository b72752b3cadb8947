# SPDX-License-Identifier: Apache-2.0
"""The colours of a terminal in a log: escape sequences read into styles, and taken out of the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
# Parameters and intermediates are bounded: a sequence that never ends is text.
_SEQUENCE = re.compile(
    r"\x1b(?:\[([0-9;:<=>?]{0,64})[ -/]{0,4}([@-~])|\]([^\x07\x1b]{0,2000})(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[=>78cDEHMNOZ])"
)
_PLAIN, _EXTENDED, _BY_NUMBER, _BY_PARTS = 0, (38, 48), "5", "2"


class Look(Struct, frozen=True):
    """How a piece of a log stood in the terminal; `colour` is one of eight names, or ""."""

    colour: str = ""
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underlined: bool = False


PLAIN = Look()


def looks(text: str, look: Look = PLAIN) -> Iterator[tuple[str, Look]]:
    """The text in pieces, each with its look, without escape sequences; `look` is that of its beginning."""
    at = 0
    for found in _SEQUENCE.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], look
        if found[2] == "m":
            look = _after(look, found[1])
        at = found.end()
    if at < len(text):
        yield text[at:], look


def without_looks(text: str) -> str:
    """The text without escape sequences."""
    return _SEQUENCE.sub("", text) if "\x1b" in text else text


def _after(look: Look, parameters: str) -> Look:
    """The look after a sequence such as `1;31`; what it doesn't know changes nothing."""
    numbers = parameters.replace(":", ";").split(";")
    at = 0
    while at < len(numbers):
        number = int(numbers[at] or 0) if (numbers[at] or "0").isdigit() else -1
        if number in _EXTENDED:
            look, at = _extended(look, number, numbers, at)
        else:
            look = _one(look, number)
        at += 1
    return look


def _extended(look: Look, number: int, numbers: list[str], at: int) -> tuple[Look, int]:
    """One of 256 colours (`38;5;n`), or one of its parts (`38;2;r;g;b`); only the first sixteen have a name here."""
    kind = numbers[at + 1] if at + 1 < len(numbers) else ""
    if kind == _BY_NUMBER and at + 2 < len(numbers):
        named = numbers[at + 2].isdigit() and int(numbers[at + 2]) < 2 * len(_COLOURS)
        colour = _COLOURS[int(numbers[at + 2]) % len(_COLOURS)] if named else ""
        return (replace(look, colour=colour) if number == _EXTENDED[0] else look), at + 2
    return look, at + (4 if kind == _BY_PARTS else 1)


def _one(look: Look, number: int) -> Look:
    changes: dict[int, dict[str, str | bool]] = {
        1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underlined": True}, 22: {"bold": False, "dim": False},
        23: {"italic": False}, 24: {"underlined": False}, 39: {"colour": ""},
    }  # fmt: skip
    if number == _PLAIN:
        return PLAIN
    for first in (30, 90):
        if first <= number < first + len(_COLOURS):
            return replace(look, colour=_COLOURS[number - first])
    return replace(look, **changes[number]) if number in changes else look
