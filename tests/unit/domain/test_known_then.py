# SPDX-License-Identifier: Apache-2.0
"""The status of a run at an earlier time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.known_then import Came, Changed, status_then

PASS, TODO, FAIL = 0, 1, 3


@pytest.mark.parametrize(("at", "status"), [(9, None), (10, FAIL), (19, FAIL), (20, PASS), (99, PASS)])
def test_a_second_result_counts_from_when_it_came(at: int, status: int | None) -> None:
    assert status_then([Came(10, FAIL), Came(20, PASS)], [], at) == status


@pytest.mark.parametrize(("at", "status"), [(10, FAIL), (14, FAIL), (15, PASS), (17, PASS), (18, TODO), (20, FAIL), (40, FAIL)])
def test_changes_by_hand_are_undone_and_done_again_within_their_result(at: int, status: int) -> None:
    changes = [Changed(15, FAIL, PASS), Changed(18, PASS, TODO)]
    assert status_then([Came(10, TODO), Came(20, FAIL)], changes, at) == status


def test_of_a_result_that_was_not_kept_the_changes_are_known() -> None:
    results, changes = [Came(20, PASS)], [Changed(10, TODO, 2)]
    assert [status_then(results, changes, at) for at in (9, 10, 19, 20)] == [None, 2, 2, PASS]


_STEP = st.tuples(st.booleans(), st.integers(0, 4), st.integers(1, 5))


@given(st.lists(_STEP, min_size=1))
def test_playing_a_runs_life_again_gives_what_it_was_at_every_time(steps: list[tuple[bool, int, int]]) -> None:
    now, status, life = 0, None, list[tuple[int, int]]()
    results, changes = list[Came](), list[Changed]()
    for imported, wanted, later in steps:
        now += later
        if imported or status is None:
            results.append(Came(now, wanted))
        elif wanted != status:
            changes.append(Changed(now, status, wanted))
            results[-1] = Came(results[-1].at_ms, wanted)
        status = wanted
        life.append((now, wanted))
    for at in range(now + 2):
        then = [s for when, s in life if when <= at]
        assert status_then(results, changes, at) == (then[-1] if then else None)
