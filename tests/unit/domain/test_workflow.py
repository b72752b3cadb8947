# SPDX-License-Identifier: Apache-2.0
"""Workflows that an administrator writes."""

from __future__ import annotations

from typing import Any

import pytest

from radiograph.domain.errors import Refused
from radiograph.domain.workflow import Transition, WorkflowStatus, possible_transitions, read_workflow

OPEN, DOING = {"name": "Open"}, {"name": "Doing", "category": "indeterminate"}


def test_ids_are_made_and_transitions_without_from_start_anywhere() -> None:
    found = read_workflow(
        {"statuses": [OPEN, DOING], "transitions": [{"name": "Start", "from": "Open", "to": "Doing"}, {"name": "Stop", "to": "Open"}]}
    )
    assert found.statuses == (WorkflowStatus(10100, "Open", "new"), WorkflowStatus(10101, "Doing", "indeterminate"))
    assert found.transitions == (Transition(11, "Start", 10101, 10100), Transition(21, "Stop", 10100))
    assert [w.name for w in possible_transitions(found, "Open")] == ["Start", "Stop"]
    assert [w.name for w in possible_transitions(found, "Doing")] == ["Stop"]


def test_without_transitions_there_is_one_to_each_status_and_known_statuses_keep_their_ids() -> None:
    found = read_workflow({"statuses": [{"name": "To Do"}, {"name": "Done", "category": "done", "id": 7}]})
    assert [(s.id, s.name) for s in found.statuses] == [(10000, "To Do"), (7, "Done")]
    assert [(w.id, w.name, w.from_id) for w in found.transitions] == [(11, "To Do", None), (21, "Done", None)]


@pytest.mark.parametrize(
    "given",
    [
        None, 5, [], {}, {"statuses": []}, {"statuses": [{"name": " "}]}, {"statuses": [OPEN, {"name": "open"}]},
        {"statuses": [{"name": "x", "category": "odd"}]}, {"statuses": [OPEN], "transitions": [{"name": "x", "to": "Nowhere"}]},
        {"statuses": [OPEN | {"id": 1}, DOING | {"id": 1}]}, {"statuses": [OPEN | {"id": 0}]}, {"statuses": [OPEN] * 101},
        {"statuses": [OPEN], "transitions": [{"name": "x", "to": "Open", "from": "Nowhere"}]}, {"statuses": [{"name": 5}]},
    ],
)  # fmt: skip
def test_a_wrong_workflow_is_refused(given: Any) -> None:
    with pytest.raises(Refused):
        read_workflow(given)
