# SPDX-License-Identifier: Apache-2.0
"""How a Test Plan came along, day by day."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY_MS = 86_400_000


class Day(Struct, frozen=True):
    """The end of a day (days since 1970, UTC): how many Tests the plan's were made, have a final result, and passed, by then."""

    day: int
    tests: int
    done: int
    passed: int


def burn_up(runs: Iterable[tuple[int, int, int, int]], made: Iterable[int], final: frozenset[int], ok: frozenset[int]) -> list[Day]:
    """The days on which something changed, oldest first, from that of the first run; nothing without runs.

    `runs` are (Test, run id, status id, UTC milliseconds), `made` when each Test was made. Of a Test's runs until a day
    the one with the highest id counts, as in the plan itself: the last day says what the plan's own numbers say.
    """
    by_day: dict[int, list[tuple[int, int, int]]] = {}
    for test, run, status, at in runs:
        by_day.setdefault(at // DAY_MS, []).append((test, run, status))
    if not by_day:
        return []
    first, born = min(by_day), sorted(at // DAY_MS for at in made)
    state = _State(final, ok)
    found: list[Day] = []
    for day in sorted({*by_day, *(max(first, d) for d in born)}):
        state.add(by_day.get(day, ()))
        tests = max(bisect_right(born, day), len(state.latest))
        here = Day(day, tests, state.done, state.passed)
        if not found or (here.tests, here.done, here.passed) != (found[-1].tests, found[-1].done, found[-1].passed):
            found.append(here)
    return found


class _State:
    """The latest run of each Test so far, and what they add up to."""

    def __init__(self, final: frozenset[int], ok: frozenset[int]) -> None:
        self.final, self.ok = final, ok
        self.latest: dict[int, tuple[int, int]] = {}
        self.done = self.passed = 0

    def add(self, runs: Iterable[tuple[int, int, int]]) -> None:
        for test, run, status in runs:
            had = self.latest.get(test)
            if had is None or run > had[0]:
                self.done += (status in self.final) - (had is not None and had[1] in self.final)
                self.passed += (status in self.ok) - (had is not None and had[1] in self.ok)
                self.latest[test] = (run, status)
