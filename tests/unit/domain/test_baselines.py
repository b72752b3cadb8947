# SPDX-License-Identifier: Apache-2.0
"""Which execution another one is compared with, and which ones it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from radiograph.domain.baselines import Past, baseline, gate_baseline, last_on_main, main_branches, sequence

if TYPE_CHECKING:
    from collections.abc import Callable

ANDROID, IOS = ("Android",), ("iOS",)
MAIN = ("main", "master", "trunk")


def ran(
    number: int, branch: str = "main", on: tuple[str, ...] = ANDROID, revision: str = "", chosen: int | None = None, runs: int = 1
) -> Past:
    return Past(number, f"E-{number}", branch, revision or f"r{number}", on, chosen, runs, number)


def ids(past: list[Past]) -> list[int]:
    return [p.id for p in past]


PAST = [ran(9), ran(8, "fix"), ran(7, on=IOS), ran(6, "other"), ran(5, runs=0), ran(4, "fix"), ran(3), ran(2, on=IOS), ran(1)]
"""Newest first."""


@pytest.mark.parametrize(
    ("number", "branch", "on", "follows"),
    [
        (9, "main", ANDROID, [9, 3, 1]),
        (8, "fix", ANDROID, [8, 4, 3, 1]),
        (7, "main", IOS, [7, 2]),
        (6, "other", ANDROID, [6, 3, 1]),
        (10, "new", IOS, [10, 7, 2]),
        (10, "", ANDROID, [10]),
        (10, "main", ("Windows",), [10]),
    ],
)
def test_results_follow_those_of_the_same_environments_on_the_same_or_the_main_branch(
    number: int, branch: str, on: tuple[str, ...], follows: list[int]
) -> None:
    assert ids(sequence(ran(number, branch, on), PAST, MAIN)) == follows


def test_an_execution_without_results_is_followed_by_none_but_follows_others() -> None:
    assert ids(sequence(ran(5, runs=0), PAST, MAIN)) == [5, 3, 1]


@pytest.mark.parametrize(
    ("wanted", "found"), [(ran(9), 3), (ran(8, "fix"), 4), (ran(6, "other"), 3), (ran(10, "new", ("Windows",)), 9), (ran(1), None)]
)
def test_the_baseline_is_the_previous_one_of_its_branch_or_else_the_main_branchs_last(wanted: Past, found: int | None) -> None:
    measure = baseline(wanted, PAST, MAIN)
    assert (measure.id if measure else None) == found


def test_a_gate_measures_a_branch_by_the_main_one_so_that_pushing_again_makes_no_failure_old() -> None:
    fix = gate_baseline(ran(8, "fix"), PAST, MAIN)
    own = gate_baseline(ran(9), PAST, MAIN)
    assert (fix and fix.id, own and own.id) == (3, 3)


def test_a_second_run_of_one_revision_is_not_its_own_measure() -> None:
    past = [ran(3, revision="abc"), ran(2, revision="abc"), ran(1, revision="old")]
    found = baseline(past[0], past, MAIN)
    assert found is not None
    assert found.id == 1


def test_what_was_chosen_goes_before_every_rule() -> None:
    wanted = ran(9, chosen=2)
    assert [m and m.id for m in (baseline(wanted, PAST, MAIN), gate_baseline(wanted, PAST, MAIN))] == [2, 2]


def test_a_project_may_name_its_main_branch() -> None:
    assert (main_branches("trunk"), main_branches("")) == (("trunk",), MAIN)


@pytest.mark.parametrize("rule", [baseline, gate_baseline, last_on_main])
def test_a_branch_is_not_measured_by_its_own_revision_on_the_main_one(rule: Callable[..., Past | None]) -> None:
    past = [ran(3, "fix", revision="abc"), ran(2, revision="abc"), ran(1, revision="old")]
    found = rule(past[0], past, MAIN)
    assert found is not None
    assert found.id == 1
