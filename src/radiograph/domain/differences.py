# SPDX-License-Identifier: Apache-2.0
"""How two definitions of a Test differ: line by line, and in a line that changed word by word. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from radiograph.domain.issues import Definition, Step

Kind: TypeAlias = Literal["same", "removed", "added"]
_Cells: TypeAlias = tuple[str, ...]
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_LINES, _STRETCH, _LONG = 2_000, 200, 20_000
"""Longer definitions, stretches of changed lines, and lines (in characters) are compared as wholes."""
_WORK = 2_000_000
"""So many pairs of words are compared at most: it takes a second."""
_ALIKE = 0.3
"""Lines that have less than this in common are two lines, not one that changed."""


class Piece(Struct, frozen=True):
    """A part of a text, and whether both have it."""

    kind: Kind
    text: str


class Line(Struct, frozen=True):
    """A line of both, or of one; `cells` are its texts: one, or the action, data and expected result of a step.

    `before` and `after` count the lines of each definition from 1; 0: it isn't there.
    """

    before: int
    after: int
    cells: tuple[tuple[Piece, ...], ...]

    @property
    def kind(self) -> str:
        """`same`, `changed`, `removed` or `added`."""
        if not self.after:
            return "removed"
        if not self.before:
            return "added"
        return "changed" if any(p.kind != "same" for cell in self.cells for p in cell) else "same"


def differences(before: Definition, after: Definition) -> list[Line]:
    """The lines, or the steps, of both definitions in order."""
    if before.steps or after.steps:
        return list(_Comparing().lines(list(map(_cells, before.steps)), list(map(_cells, after.steps))))
    return list(_Comparing().lines([(line,) for line in before.text.splitlines()], [(line,) for line in after.text.splitlines()]))


def _cells(step: Step) -> tuple[str, ...]:
    return (step.action, step.data, step.result)


def words(before: str, after: str) -> list[Piece]:
    """The words of both texts in order, those that only one has marked."""
    return list(_Comparing().words(before, after))


class _Comparing:
    """A comparison under way, that takes so much work at most."""

    def __init__(self) -> None:
        self.left = _WORK

    def lines(self, old: Sequence[_Cells], new: Sequence[_Cells]) -> Iterator[Line]:
        if len(old) + len(new) > _LINES:
            blocks = [("equal" if old == new else "replace", 0, len(old), 0, len(new))]
        else:
            blocks = [(b[0], b[1], b[2], b[3], b[4]) for b in SequenceMatcher(None, old, new).get_opcodes()]
        for tag, a, b, c, d in blocks:
            if tag == "equal":
                yield from (Line(a + i + 1, c + i + 1, tuple(_whole("same", text) for text in old[a + i])) for i in range(b - a))
            else:
                yield from self.changed(old[a:b], new[c:d], (a, c))

    def changed(self, old: Sequence[_Cells], new: Sequence[_Cells], at: tuple[int, int]) -> Iterator[Line]:
        """The lines of a stretch that differs: pairs that are alike as one line each, what lies between them as removed and added."""
        long = len(old) + len(new) > _STRETCH
        paired = [] if long else [i for i in range(min(len(old), len(new))) if self.alike(old[i], new[i])]
        start = 0
        for i in (*paired, max(len(old), len(new))):
            yield from (Line(at[0] + j + 1, 0, tuple(_whole("removed", t) for t in old[j])) for j in range(start, min(i, len(old))))
            yield from (Line(0, at[1] + j + 1, tuple(_whole("added", t) for t in new[j])) for j in range(start, min(i, len(new))))
            if i in paired:
                yield Line(at[0] + i + 1, at[1] + i + 1, tuple(tuple(self.words(a, b)) for a, b in zip(old[i], new[i], strict=True)))
            start = i + 1

    def alike(self, old: _Cells, new: _Cells) -> bool:
        if any(a and a == b for a, b in zip(old, new, strict=True)):
            return True
        one, other = "\n".join(old), "\n".join(new)
        return self.may_compare(one, other) and SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio() >= _ALIKE

    def words(self, before: str, after: str) -> Iterator[Piece]:
        if not self.may_compare(before, after):
            yield from (*_whole("removed", before), *_whole("added", after))
            return
        old, new = _words(before), _words(after)
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                yield Piece("same", "".join(old[a:b]))
                continue
            yield from (*_whole("removed", "".join(old[a:b])), *_whole("added", "".join(new[c:d])))

    def may_compare(self, before: str, after: str) -> bool:
        """Whether there is time for the words of two texts."""
        if max(len(before), len(after)) > _LONG:
            return False
        self.left -= len(_words(before)) * len(_words(after))
        return self.left > 0


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _whole(kind: Kind, text: str) -> tuple[Piece, ...]:
    return (Piece(kind, text),) if text else ()
