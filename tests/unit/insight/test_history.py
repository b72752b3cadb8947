# SPDX-License-Identifier: Apache-2.0
"""A Test's runs as a grid, and how long its passes took."""

from __future__ import annotations

from typing import Any

from radiograph.insight.history import durations, grid
from radiograph.store.executions import ExecutionRow
from radiograph.store.runs import RunRow

HOUR = 3_600_000


def run(number: int, when: int | None = None, took: int | None = None, status: int = 1) -> RunRow:
    values: dict[str, Any] = dict.fromkeys(RunRow.__struct_fields__, 0)
    values |= {"id": number, "execution_id": number, "status_id": status, "start_ms": when}
    return RunRow(**values | {"finish_ms": None if took is None or when is None else when + took})


def execution(number: int, revision: str, *environments: str) -> ExecutionRow:
    values: dict[str, Any] = dict.fromkeys(ExecutionRow.__struct_fields__, 0)
    return ExecutionRow(**values | {"id": number, "revision": revision, "environments": list(environments)})


def test_runs_of_one_revision_stand_in_one_column_newest_column_last() -> None:
    found = grid(
        [run(4), run(3), run(2), run(1)],
        {4: execution(4, "b", "iOS"), 3: execution(3, "b", "Android"), 2: execution(2, "a", "iOS"), 1: execution(1, "a", "Android", "x")},
    )
    assert found.rows == ["iOS", "Android", "Android + x"]
    assert [{name: r.id for name, r in c.runs.items()} for c in found.columns] == [{"iOS": 2, "Android + x": 1}, {"iOS": 4, "Android": 3}]


def test_two_runs_of_one_environment_are_two_columns_though_the_revision_is_one() -> None:
    found = grid([run(2), run(1)], {2: execution(2, "a", "iOS"), 1: execution(1, "a", "iOS")})
    assert [[r.id for r in c.runs.values()] for c in found.columns] == [[1], [2]]


def test_without_a_revision_runs_of_about_the_same_time_stand_together() -> None:
    runs = [run(3, 10 * HOUR), run(2, 10 * HOUR - 60_000), run(1, 8 * HOUR)]
    found = grid(runs, {i: execution(i, "", f"e{i}") for i in (1, 2, 3)})
    assert [sorted(r.id for r in c.runs.values()) for c in found.columns] == [[1], [2, 3]]
    assert len(grid([run(2), run(1)], {2: execution(2, "", "a"), 1: execution(1, "", "b")}).columns) == 2


def test_durations_are_those_of_passes_whose_both_ends_are_known() -> None:
    runs = [run(5, 5 * HOUR, 300), run(4, 4 * HOUR, 900, status=2), run(3, 3 * HOUR), run(2, 2 * HOUR, 100), run(1, HOUR, 200)]
    found = durations(grid(runs, {}), [1])
    assert found is not None
    assert [(i, r.id, took) for i, r, took in found.points] == [(0, 1, 200), (1, 2, 100), (4, 5, 300)]
    assert (found.median, found.shortest, found.longest) == (200, 100, 300)


def test_one_duration_is_no_trend() -> None:
    assert durations(grid([run(1, HOUR, 5)], {}), [1]) is None
    assert durations(grid([], {}), [1]) is None
