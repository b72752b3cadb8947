# SPDX-License-Identifier: Apache-2.0
"""How a Test Plan came along, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAY_MS = 86_400_000


class Day(Struct, frozen=True):
    """The end of a day (days since 1970, UTC): how many Tests the plan's were made, have a final result, and passed, by then."""

    day: int
    tests: int
    done: int
    passed: int


def burn_up(
    runs: Iterable[tuple[int, int, int, int]], made: Iterable[int], final: frozenset[int], ok: frozenset[int], today: int
) -> list[Day]:
    """Every day from that of the first run until `today` (or the last run's, where that is later); nothing without runs.

    `runs` are (Test, run id, status id, UTC milliseconds), `made` when each Test was made. Of a Test's runs until a day
    the one with the highest id counts, as in the plan itself: the last day says what the plan's own numbers say.
    """
    by_day: dict[int, list[tuple[int, int, int]]] = {}
    for test, run, status, at in runs:
        by_day.setdefault(at // DAY_MS, []).append((test, run, status))
    if not by_day:
        return []
    born = sorted(at // DAY_MS for at in made)
    latest: dict[int, tuple[int, int]] = {}
    found, done, passed, tests = [], 0, 0, 0
    for day in range(min(by_day), max(today, *by_day) + 1):
        for test, run, status in by_day.get(day, ()):
            had = latest.get(test)
            if had is None or run > had[0]:
                done += (status in final) - (had is not None and had[1] in final)
                passed += (status in ok) - (had is not None and had[1] in ok)
                latest[test] = (run, status)
        while tests < len(born) and born[tests] <= day:
            tests += 1
        found.append(Day(day, max(tests, len(latest)), done, passed))
    return found


def thinned(days: Sequence[Day], most: int) -> list[Day]:
    """At most so many of the days, evenly, the first and the last among them."""
    if len(days) <= most:
        return list(days)
    return [days[round(i * (len(days) - 1) / (most - 1))] for i in range(most)]
