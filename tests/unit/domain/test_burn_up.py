# SPDX-License-Identifier: Apache-2.0
"""How a plan came along."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.burn_up import DAY_MS, Day, burn_up

FINAL, OK = frozenset({0, 3}), frozenset({0})
_RUN = st.tuples(st.integers(1, 5), st.integers(1, 1000), st.sampled_from([0, 1, 3]), st.integers(-5, 40).map(lambda d: d * DAY_MS + 7))


def test_only_days_on_which_something_changed_are_told() -> None:
    runs = [(1, 1, 0, DAY_MS), (2, 2, 3, DAY_MS), (1, 3, 0, 5 * DAY_MS), (2, 4, 0, 9 * DAY_MS)]
    assert burn_up(runs, [0, 0, 9 * DAY_MS], FINAL, OK) == [Day(1, 2, 2, 1), Day(9, 3, 2, 2)]


def test_without_runs_there_are_no_days() -> None:
    assert burn_up([], [DAY_MS], FINAL, OK) == []


def test_a_run_dated_thousands_of_years_away_costs_one_day() -> None:
    assert len(burn_up([(1, 1, 0, 0), (2, 2, 0, 253_402_300_799_000)], [0, 0], FINAL, OK)) == 2


@given(st.lists(_RUN, min_size=1, unique_by=lambda r: r[1]))
def test_the_last_day_says_what_the_latest_run_of_each_test_says(runs: list[tuple[int, int, int, int]]) -> None:
    latest: dict[int, tuple[int, int]] = {}
    for test, run, status, _ in runs:
        latest[test] = max(latest.get(test, (0, 0)), (run, status))
    days = burn_up(runs, [0] * len(latest), FINAL, OK)
    statuses = [status for _, status in latest.values()]
    assert (days[-1].done, days[-1].passed) == (sum(s in FINAL for s in statuses), sum(s in OK for s in statuses))
    assert [d.day for d in days] == sorted({d.day for d in days})
    assert all(d.passed <= d.done <= d.tests for d in days)
