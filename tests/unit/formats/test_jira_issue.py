# SPDX-License-Identifier: Apache-2.0
"""Jira's body of any issue, with Xray's fields."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import Refused
from radiograph.domain.issues import BUILT_IN_FIELDS, Definition, IssueType, Step, TestType
from radiograph.formats.jira_issue import read_issue

FIELDS = {f.key: f for f in BUILT_IN_FIELDS}
KEY = {f.meaning: f.key for f in BUILT_IN_FIELDS}


def definition(**meanings: Any) -> Definition | None:
    return read_issue({"fields": {KEY[name]: value for name, value in meanings.items()}}, FIELDS).definition


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, None),
        ({"definition": ""}, None),
        ({"definition": "a.b"}, Definition(TestType.GENERIC, "a.b")),
        ({"scenario": "Given x"}, Definition(TestType.CUCUMBER, "Given x", "Scenario")),
        ({"scenario": "x", "scenario_type": {"value": "Scenario Outline"}}, Definition(TestType.CUCUMBER, "x", "Scenario Outline")),
        ({"test_type": {"value": "generic"}, "definition": "d"}, Definition(TestType.GENERIC, "d")),
        ({"test_type": "Manual"}, Definition(TestType.MANUAL)),
        ({"steps": {"steps": [{"step": "a", "data": "d", "result": "r"}]}}, Definition(TestType.MANUAL, steps=(Step("a", "d", "r"),))),
        ({"steps": [{"fields": {"Action": {"raw": "a"}, "Expected Result": 5}}]}, Definition(TestType.MANUAL, steps=(Step("a", "", "5"),))),
        ({"steps": {"steps": "x"}}, Definition(TestType.MANUAL)),
    ],
)
def test_what_a_test_does_is_read_in_each_of_the_vendors_ways(given: dict[str, Any], found: Definition | None) -> None:
    assert definition(**given) == found


@pytest.mark.parametrize("body", [None, 5, "x", [], [1], {"fields": 5}, {"fields": []}, {"fields": "x"}])
def test_a_body_that_is_no_object_with_fields_is_refused(body: Any) -> None:
    with pytest.raises(Refused) as caught:
        read_issue(body, FIELDS)
    assert [p.path for p in caught.value.details] == ["fields"]


@pytest.mark.parametrize("steps", [[5], {"steps": [None]}, {"steps": [{"fields": 5}]}, {"steps": [{"fields": None}]}])
def test_a_step_that_is_no_object_is_refused(steps: Any) -> None:
    with pytest.raises(Refused) as caught:
        definition(steps=steps)
    assert [p.path for p in caught.value.details] == ["Manual Test Steps"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [({"name": "bug"}, IssueType.BUG), ({"id": "10002"}, IssueType.BUG), ("Pre-Condition", IssueType.PRECONDITION), (None, None)],
)
def test_a_type_is_named_or_numbered(given: Any, kind: IssueType | None) -> None:
    assert read_issue({"fields": {"issuetype": given}}, FIELDS).type is kind


@pytest.mark.parametrize("given", [{"name": "Odd"}, {"id": "9" * 5000}, {"id": 1}, [1], 7])
def test_an_unknown_type_is_refused_with_those_there_are(given: Any) -> None:
    with pytest.raises(Refused) as caught:
        read_issue({"fields": {"issuetype": given}}, FIELDS)
    assert "Test Execution" in caught.value.details[0].problem
    assert len(caught.value.message) < 400


def test_updates_set_add_and_remove() -> None:
    body = {"update": {"summary": [{"set": "new"}], "labels": [{"add": "a"}, {"remove": "b"}, 5], "x": 5}}
    found = read_issue(body, FIELDS)
    assert (found.fields.summary, found.label_changes) == ("new", [("add", "a"), ("remove", "b")])


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda i: (
        st.lists(i, max_size=3)
        | st.dictionaries(st.sampled_from(["steps", "fields", "Action", "raw", "value", "name", "set", "add"]), i, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "project", "issuetype", "summary", "labels"]), _ANY, max_size=4), _ANY)
def test_any_body_is_read_or_refused(fields: dict[str, Any], update: Any) -> None:
    try:
        found = read_issue({"fields": fields, "update": update}, FIELDS)
    except Refused:
        return
    assert found.type is None or found.type in IssueType
