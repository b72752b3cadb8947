# SPDX-License-Identifier: Apache-2.0
"""What became of a Test between two executions or more: its change, in the order in which it wants a look."""

from __future__ import annotations

import enum

SLOWER_TIMES, SLOWER_MS = 2, 1000
"""A Test is slower when it takes more than so many times as long, and at least so many milliseconds more."""
MOST_EXECUTIONS = 8


class Change(enum.IntEnum):
    """What became of a Test; the number is its place among the others.

    With more than one execution beside the baseline it is the first of these that holds for any of them.
    """

    NEW_FAILURE = 0
    STILL_FAILING = 1
    FLAKY = 2
    FIXED = 3
    NOT_RUN = 4
    NEW_TEST = 5
    SLOWER = 6
    SAME = 7

    @property
    def word(self) -> str:
        """Its name in addresses and in JSON: `new_failure`."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS[self]


_LABELS = {
    Change.NEW_FAILURE: "New failure", Change.STILL_FAILING: "Still failing", Change.FLAKY: "Flaky", Change.FIXED: "Fixed",
    Change.NOT_RUN: "Not run", Change.NEW_TEST: "New Test", Change.SLOWER: "Slower", Change.SAME: "As before",
}  # fmt: skip


def change_of(word: str) -> Change | None:
    """The change of that name, or None."""
    return next((c for c in Change if c.word == word), None)
