# SPDX-License-Identifier: Apache-2.0
"""Changes by hand: what a conflict is, what the history calls a field, and what a pause takes off."""

from __future__ import annotations

from typing import Any

import pytest

from radiograph.domain.errors import Refused
from radiograph.domain.manual import ManualChange, ManualPlace, check, is_conflict, label, paused_ms, run_edit


def change(field: str = "comment", **more: Any) -> ManualChange:
    return ManualChange(id="change-0001", field=field, **more)


@pytest.mark.parametrize(
    ("was", "value", "now", "clash"),
    [
        ("a", "b", "a", False),
        ("a", "b", "c", True),
        ("a", "b", "b", False),
        (None, "b", "c", False),
        ("", "b", "", False),
        ("", "b", "c", True),
        ("a\nb", "c", "a\r\nb", False),
        (["x", "y"], ["x"], ["x", "y"], False),
        (["x"], ["y"], ["z"], True),
        ([], ["y"], None, False),
    ],
)
def test_a_conflict_is_a_value_that_is_neither_seen_nor_wanted(was: Any, value: Any, now: Any, *, clash: bool) -> None:
    assert is_conflict(change(was=was, value=value), now) is clash


def test_the_history_names_the_place() -> None:
    assert label(ManualPlace(), "status") == "status"
    assert label(ManualPlace(step=2), "actual") == "step 2 actual result"
    assert label(ManualPlace(step=2, iteration=3), "status") == "iteration 3 step 2 status"
    assert label(ManualPlace(example=4), "status") == "example 4 status"
    assert label(ManualPlace(), "custom", "Browser") == "field Browser"


def test_pauses_are_added_up_and_those_before_the_start_are_not() -> None:
    marks = [(5, "paused"), (8, "running"), (20, "paused"), (30, "running"), (40, "paused")]
    assert paused_ms(marks, 10, 50) == (20, True)
    assert paused_ms(marks[:-1], 10, 50) == (10, False)
    assert paused_ms(marks, None, 50) == (0, False)
    assert paused_ms([(20, "paused"), (25, "paused"), (30, "running")], 10, 50) == (10, False)


def test_marks_that_arrived_out_of_order_count_by_their_times() -> None:
    assert paused_ms([(30, "running"), (20, "paused")], 10, 50) == (10, False)


def test_an_edit_goes_where_the_change_was_made() -> None:
    edit = run_edit(change("actual", value="white", step=2, iteration=3))
    ((iteration,), steps) = (edit.iterations, edit.steps)
    assert (iteration.id, iteration.steps[0].id, iteration.steps[0].actual, steps) == (-3, -2, "white", [])
    assert edit.under_way
    assert run_edit(change("remove-file", value="7")).files.remove == [7]


@pytest.mark.parametrize("number", ["", "short", "x" * 65, "has space", "semi;colon"])
def test_an_id_that_could_be_anybodys_is_refused(number: str) -> None:
    with pytest.raises(Refused, match="8 to 64"):
        check(ManualChange(id=number, field="comment"))
