# SPDX-License-Identifier: Apache-2.0
"""What parts add up to, and what a status means for a run's times."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.clock import Instant
from radiograph.domain.run_status import Times, all_positions, run_status_of_step, status_of_run, times_after
from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES, Status, StatusTable

RUNS = StatusTable(RUN_STATUSES)
BLOCKED = Status(5, "BLOCKED", "", "#000000", True, "NOK")
statuses = st.sampled_from([*RUN_STATUSES, BLOCKED])
parts = st.lists(statuses, max_size=6)
times = st.builds(Times, st.none() | st.builds(Instant, st.integers(1, 99)), st.none() | st.builds(Instant, st.integers(1, 99)))


@given(parts, parts, parts)
def test_it_does_not_matter_where_a_status_stands_or_in_which_order(one: list[Status], two: list[Status], three: list[Status]) -> None:
    whole = status_of_run(one, two, three)
    for order in itertools.permutations((one, two, three)):
        assert status_of_run(*(part[::-1] for part in order)) == whole
    assert (whole is not None) is bool(one or two or three)


@given(parts)
def test_fail_wins_over_all_and_pass_only_when_all_pass(given_parts: list[Status]) -> None:
    whole = status_of_run(given_parts, [], [])
    names = {s.name for s in given_parts}
    if "FAIL" in names:
        assert whole == RUNS["FAIL"]
    if whole is not None and whole.name == "PASS":
        assert names == {"PASS"}
    if names == {"PASS", "TODO"}:
        assert whole == RUNS["EXECUTING"]


@given(st.dictionaries(st.integers(0, 9), statuses), st.integers(0, 12))
def test_parts_without_a_result_are_todo_and_none_is_lost(results: dict[int, Status], count: int) -> None:
    found = all_positions(results, count, RUNS["TODO"])
    assert len(found) == max(count, max(results, default=-1) + 1)
    assert all(found[i] == s for i, s in results.items())
    assert sum(s != RUNS["TODO"] for s in found) == sum(s != RUNS["TODO"] for s in results.values())


def test_a_step_status_stands_for_the_run_status_that_it_means() -> None:
    assert [run_status_of_step(s, RUNS).name for s in STEP_STATUSES] == ["PASS", "TODO", "EXECUTING", "FAIL"]
    assert run_status_of_step(Status(9, "HALF", "", "", False, "", "step", "FAIL"), RUNS).name == "FAIL"
    assert run_status_of_step(Status(9, "ODD", "", "", False, "", "step"), RUNS).name == "TODO"


@given(statuses, statuses, times)
def test_a_run_has_started_unless_it_is_todo_and_has_finished_if_its_status_is_final(before: Status, after: Status, had: Times) -> None:
    now = times_after(before, after, had, 1000)
    assert (now.start is None) is (after.name == "TODO")
    assert (now.finish is None) is not after.final
    if had.start is not None and now.start is not None:
        assert now.start == had.start
    if before.final and after.final and had.finish is not None:
        assert now.finish == had.finish


@given(statuses, st.lists(statuses, min_size=1, max_size=5))
def test_a_run_that_ends_has_finished_now(first: Status, path: list[Status]) -> None:
    had, status = Times(None, None), RUNS["TODO"]
    for now, after in enumerate([first, *path], 1):
        was_final = status.final
        had, status = times_after(status, after, had, now), after
        if after.final and not was_final:
            assert had.finish == Instant(now)
