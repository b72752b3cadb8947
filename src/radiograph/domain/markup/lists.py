# SPDX-License-Identifier: Apache-2.0
"""Lists: lines with a depth each, made into entries with the lists below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.markup.inline import inline
from radiograph.domain.markup.tree import DEEPEST, Item, Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.markup.inline import Dialect


class Entry(Struct):
    """A line of a list: its depth from 1, whether it is numbered, and its lines."""

    depth: int
    ordered: bool
    lines: list[str]


def listings(entries: Sequence[Entry], dialect: Dialect) -> list[Listing]:
    """The lists that these lines are; a change of numbering at one depth begins another list."""
    return _Lists(entries, dialect).below(0)


class _Lists:
    """Lines of lists, read once from first to last."""

    def __init__(self, entries: Sequence[Entry], dialect: Dialect) -> None:
        self._entries, self._dialect, self._at = entries, dialect, 0

    def below(self, depth: int) -> list[Listing]:
        """The lists that are deeper than `depth`, from where the reading is."""
        found: list[Listing] = []
        while (entry := self._next(depth)) is not None:
            own, items = (min(entry.depth, DEEPEST), entry.ordered), list[Item]()
            while entry is not None and (min(entry.depth, DEEPEST), entry.ordered) == own:
                self._at += 1
                below = self.below(own[0]) if own[0] < DEEPEST else []
                items.append(Item(inline("\n".join(entry.lines), self._dialect), tuple(below)))
                entry = self._next(depth)
            found.append(Listing(own[1], tuple(items)))
        return found

    def _next(self, depth: int) -> Entry | None:
        entry = self._entries[self._at] if self._at < len(self._entries) else None
        return entry if entry is not None and entry.depth > depth else None
