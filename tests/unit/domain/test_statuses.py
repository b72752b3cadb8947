# SPDX-License-Identifier: Apache-2.0
"""The status algebra (Xray docs, Assessing the status of a Test Run)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES, Status, StatusTable, combine

OWN = Status(100, "BLOCKED", "", "#123456", final=True, requirement="NOK")
TABLE = StatusTable([*RUN_STATUSES, OWN])
some_statuses = st.lists(st.sampled_from(TABLE.all), min_size=1, max_size=12)


def names(*wanted: str) -> list[Status]:
    return [TABLE[n] for n in wanted]


@given(some_statuses, st.randoms())
def test_the_order_of_statuses_does_not_matter(statuses: list[Status], random: object) -> None:
    shuffled = sorted(statuses, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert combine(shuffled) == combine(statuses)


@given(some_statuses)
def test_repeating_statuses_does_not_matter(statuses: list[Status]) -> None:
    assert combine(statuses * 2) == combine(statuses)


@given(st.integers(1, 50))
def test_all_pass_is_pass(count: int) -> None:
    assert combine(names("PASS") * count) == TABLE["PASS"]


@given(some_statuses)
def test_fail_wins_over_all(statuses: list[Status]) -> None:
    assert combine([*statuses, TABLE["FAIL"]]) == TABLE["FAIL"]


@given(st.integers(1, 9), st.integers(1, 9))
def test_todo_with_pass_is_executing(passed: int, todo: int) -> None:
    assert combine(names("PASS") * passed + names("TODO") * todo) == TABLE["EXECUTING"]


@given(some_statuses)
def test_the_whole_is_one_of_its_parts_or_executing(statuses: list[Status]) -> None:
    assert combine(statuses) in [*statuses, TABLE["EXECUTING"]]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (["TODO"], "TODO"),
        (["TODO", "EXECUTING"], "EXECUTING"),
        (["PASS", "EXECUTING"], "EXECUTING"),
        (["PASS", "ABORTED"], "ABORTED"),
        (["TODO", "ABORTED"], "ABORTED"),
        (["EXECUTING", "ABORTED"], "ABORTED"),
        (["PASS", "BLOCKED"], "BLOCKED"),
        (["ABORTED", "BLOCKED"], "BLOCKED"),
        (["BLOCKED", "FAIL"], "FAIL"),
    ],
)
def test_the_algebra_by_example(parts: list[str], whole: str) -> None:
    assert combine(names(*parts)) == TABLE[whole]


def test_nothing_has_no_status() -> None:
    assert combine([]) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pass", "PASS"),
        ("Passed", "PASS"),
        ("FAILED", "FAIL"),
        ("to do", "TODO"),
        ("skipped", "TODO"),
        ("xfail", "TODO"),
        (" Blocked ", "BLOCKED"),
    ],
)
def test_names_ignore_case_and_aliases_are_known(written: str, meant: str) -> None:
    assert TABLE.find(written) == TABLE[meant]


def test_an_own_status_wins_over_an_alias() -> None:
    skipped = Status(101, "SKIPPED", "", "#000000", final=True, requirement="NOTRUN")
    assert StatusTable([*RUN_STATUSES, skipped]).find("skipped") == skipped


def test_unknown_names_are_not_found() -> None:
    assert TABLE.find("fixme") is None


def test_step_statuses_mean_run_statuses() -> None:
    assert all(TABLE.find(s.means) for s in STEP_STATUSES)
