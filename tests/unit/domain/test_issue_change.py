# SPDX-License-Identifier: Apache-2.0
"""What comes of the changes of an issue's fields."""

from __future__ import annotations

from typing import Any

import pytest

from radiograph.domain.issue_change import changed_definition, changed_list
from radiograph.domain.issues import Definition, Step, TestType

STEPS = (Step("Open"),)
MANUAL, GENERIC = Definition(TestType.MANUAL, steps=STEPS), Definition(TestType.GENERIC, "calc.adds")
CUCUMBER = Definition(TestType.CUCUMBER, "Given x", "Scenario Outline")


@pytest.mark.parametrize(
    ("operations", "after"),
    [
        ([], ["a", "b"]),
        ([("add", ["c", "a"])], ["a", "b", "c"]),
        ([("remove", ["a", "z"])], ["b"]),
        ([("set", ["c"]), ("add", ["d", "c"]), ("remove", ["c"])], ["d"]),
    ],
)
def test_operations_follow_one_another_and_a_value_stands_once(operations: Any, after: list[str]) -> None:
    assert changed_list(["a", "b"], operations) == after


@pytest.mark.parametrize(
    ("now", "given", "after"),
    [
        (None, {}, None),
        (None, {"summary": "x"}, None),
        (None, {"definition": None}, None),
        (None, {"definition": "a.b"}, Definition(TestType.GENERIC, "a.b")),
        (None, {"scenario": "Given x"}, Definition(TestType.CUCUMBER, "Given x", "Scenario")),
        (None, {"steps": STEPS}, MANUAL),
        (None, {"test_type": "Manual"}, Definition(TestType.MANUAL)),
        (MANUAL, {"summary": "x"}, None),
        (MANUAL, {"definition": "a.b"}, Definition(TestType.GENERIC, "a.b")),
        (MANUAL, {"definition": None}, MANUAL),
        (MANUAL, {"steps": ()}, Definition(TestType.MANUAL)),
        (GENERIC, {"definition": None}, Definition(TestType.GENERIC)),
        (GENERIC, {"test_type": "Generic"}, GENERIC),
        (GENERIC, {"test_type": "Cucumber"}, Definition(TestType.CUCUMBER, "", "Scenario")),
        (CUCUMBER, {"scenario_type": "Scenario"}, Definition(TestType.CUCUMBER, "Given x", "Scenario")),
        (CUCUMBER, {"scenario": "Given y"}, Definition(TestType.CUCUMBER, "Given y", "Scenario Outline")),
        (CUCUMBER, {"scenario": "Given y", "steps": STEPS}, Definition(TestType.CUCUMBER, "Given y", "Scenario Outline")),
    ],
)
def test_a_definition_keeps_what_is_not_given_and_starts_empty_with_another_type(
    now: Definition | None, given: dict[str, Any], after: Definition | None
) -> None:
    assert changed_definition(now, given) == after
