# SPDX-License-Identifier: Apache-2.0
"""atlassian-python-api, unmodified: every method of its Xray class that is about Tests and their steps, in both versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from requests import HTTPError

if TYPE_CHECKING:
    from atlassian import Xray

TEST = "DEMO-1207"


def test_tests_are_read_by_their_keys(xray: Xray) -> None:
    found = xray.get_tests([TEST, "DEMO-6"])
    assert [(row["key"], row["type"]) for row in found] == [(TEST, "Manual"), ("DEMO-6", "Generic")]
    assert found[1]["definition"] == "com.acme.CalculatorTest.adds"
    assert len(found[0]["definition"]["steps"]) >= 2


def test_what_holds_a_test_is_listed(xray: Xray) -> None:
    assert [row["key"] for row in xray.get_test_preconditions(TEST)] == ["DEMO-102"]
    assert [row["key"] for row in xray.get_test_sets(TEST)] == ["DEMO-101"]
    assert [row["key"] for row in xray.get_test_plans(TEST)] == ["DEMO-100"]
    assert "DEMO-1206" in [row["key"] for row in xray.get_test_executions(TEST)]


def test_a_step_is_made_changed_and_removed(xray: Xray) -> None:
    v2 = xray.api_version == "2.0"

    def steps(**version: int) -> list[dict[str, object]]:
        found = xray.get_test_steps(TEST, **version)
        return found["steps"] if v2 else found  # type: ignore[no-any-return]

    before = steps()
    made = xray.create_test_step(TEST, "Leave the shop", "at night", "It is dark")
    number = made["step"]["id"] if v2 else made["id"]
    assert [s["id"] for s in steps()] == [*(s["id"] for s in before), number]
    xray.update_test_step(TEST, number, "Leave", "at noon", "It is bright")
    one = xray.get_test_step(TEST, number)
    texts = [one["step"]["fields"][n]["value"]["raw"] for n in ("Action", "Data", "Expected Result")] if v2 else [
        one[n]["raw"] for n in ("step", "data", "result")
    ]  # fmt: skip
    assert texts == ["Leave", "at noon", "It is bright"]
    xray.delete_test_step(TEST, number)
    assert steps() == before
    if v2:
        assert len(steps(test_version=1)) == 2


def test_an_error_is_told_in_the_servers_words(xray: Xray) -> None:
    with pytest.raises(HTTPError, match="has no step with the id 999999"):
        xray.get_test_step(TEST, 999999)
    with pytest.raises(HTTPError, match="DEMO-99999 does not exist"):
        xray.get_tests(["DEMO-99999"])
