# SPDX-License-Identifier: Apache-2.0
"""Jira's body of any issue, with Xray's fields."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.clock import Instant
from radiograph.domain.errors import Refused
from radiograph.domain.issue_change import CommentOperation, IssueChange, ListOperation, NewLink
from radiograph.domain.issues import BUILT_IN_FIELDS, CustomField, IssueType, Step
from radiograph.formats.jira_issue import read_change

OWN = (CustomField(11000, "Severity", "option"), CustomField(11001, "Effort", "number"), CustomField(11002, "Areas", "labels"))
FIELDS = {f.key: f for f in (*BUILT_IN_FIELDS, *OWN)}
KEY = {f.meaning: f.key for f in BUILT_IN_FIELDS}


def read(**fields: Any) -> IssueChange:
    return read_change({"fields": {KEY.get(name, name): value for name, value in fields.items()}}, FIELDS)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {}),
        ({"summary": " Adds \n two "}, {"summary": "Adds   two"}),
        ({"description": None}, {"description": None}),
        ({"description": ""}, {"description": None}),
        ({"assignee": {"name": "ana"}}, {"assignee": "ana"}),
        ({"assignee": {"name": None}}, {"assignee": None}),
        ({"assignee": None, "reporter": "ben"}, {"assignee": None, "reporter": "ben"}),
        ({"priority": {"name": "high"}}, {"priority": 2}),
        ({"priority": {"id": "5"}}, {"priority": 5}),
        ({"parent": {"key": "DEMO-1"}}, {"parent": "DEMO-1"}),
        ({"duedate": "2026-12-24"}, {"duedate": "2026-12-24"}),
        ({"definition": "a.b"}, {"definition": "a.b"}),
        ({"test_type": {"value": "generic"}}, {"test_type": "Generic"}),
        ({"test_type": {"id": "101050"}}, {"test_type": "Manual"}),
        ({"test_type": "Cucumber"}, {"test_type": "Cucumber"}),
        ({"begin": "2014-08-30T11:47:35+01:00"}, {"begin": Instant(1409395655000, 60)}),
        ({"begin": None}, {"begin": None}),
        ({"steps": {"steps": [{"step": "a", "data": "d", "result": "r"}]}}, {"steps": (Step("a", "d", "r"),)}),
        ({"steps": [{"fields": {"Action": {"raw": "a"}, "Expected Result": 5}}]}, {"steps": (Step("a", "", "5"),)}),
        ({"steps": None}, {"steps": ()}),
        ({"customfield_11000": {"value": "high"}}, {"customfield_11000": {"value": "high"}}),
        ({"customfield_11001": 2.5}, {"customfield_11001": 2.5}),
        ({"timetracking": {"originalEstimate": "1d"}}, {"timetracking": {"originalEstimate": "1d"}}),
    ],
)
def test_each_field_is_read_in_the_shapes_that_clients_send(given: dict[str, Any], found: dict[str, Any]) -> None:
    assert read(**given).values == found


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ({"labels": ["a", "b"]}, {"labels": ("a", "b")}),
        ({"labels": []}, {"labels": ()}),
        ({"components": [{"name": "c"}, {"id": "7"}]}, {"components": ("c", 7)}),
        ({"fixVersions": None}, {"fixVersions": ()}),
        ({"test_plan": ["demo-1", {"key": "DEMO-2"}]}, {"test_plan": ("DEMO-1", "DEMO-2")}),
        ({"test_plan": "DEMO-1, DEMO-2"}, {"test_plan": ("DEMO-1", "DEMO-2")}),
        ({"test_environments": "iOS"}, {"test_environments": ("iOS",)}),
        ({"test_environments": [{"value": "iOS"}]}, {"test_environments": ("iOS",)}),
        ({"customfield_11002": ["x"]}, {"customfield_11002": ("x",)}),
    ],
)
def test_lists_are_read_with_names_keys_and_ids(given: dict[str, Any], items: dict[str, Any]) -> None:
    assert read(**given).lists == {name: [ListOperation("set", found)] for name, found in items.items()}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("summary", None), ("summary", " "), ("summary", "x" * 256), ("description", 5), ("labels", "x"), ("labels", [5]),
        ("components", [{"id": "x"}]), ("assignee", 5), ("assignee", []), ("assignee", {"name": 5}), ("priority", {"name": "Odd"}),
        ("priority", [1]), ("duedate", "tomorrow"), ("parent", 1.5), ("no_such", 1), ("customfield_99999", "x"),
        ("customfield_11001", "x"), ("test_type", "Odd"), ("begin", "yesterday"), ("begin", 5), ("definition", 5), ("revision", ["x"]),
        ("steps", {"steps": "x"}), ("steps", [5]), ("steps", {"steps": [None]}), ("steps", {"steps": [{"fields": 5}]}),
        ("steps", {"steps": [{"fields": {"Action": []}}]}), ("test_plan", [5]), ("test_environments", ["x" * 300]),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_under_the_fields_name(name: str, value: Any) -> None:
    with pytest.raises(Refused) as caught:
        read(**{name: value})
    assert [p.path for p in caught.value.details] == [KEY.get(name, name)]
    assert len(caught.value.message) < 500


@pytest.mark.parametrize("body", [None, 5, "x", [], [1], {"fields": 5}, {"fields": []}, {"fields": "x"}])
def test_a_body_that_is_no_object_with_fields_is_refused(body: Any) -> None:
    with pytest.raises(Refused) as caught:
        read_change(body, FIELDS)
    assert [p.path for p in caught.value.details] == ["fields"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [({"name": "bug"}, IssueType.BUG), ({"id": "10002"}, IssueType.BUG), ("Pre-Condition", IssueType.PRECONDITION), (None, None)],
)
def test_a_type_is_named_or_numbered(given: Any, kind: IssueType | None) -> None:
    assert read(issuetype=given).type is kind


@pytest.mark.parametrize("given", [{"name": "Odd"}, {"id": "9" * 5000}, {"id": 1}, [1], 7])
def test_an_unknown_type_is_refused_with_those_there_are(given: Any) -> None:
    with pytest.raises(Refused) as caught:
        read(issuetype=given)
    assert "Test Execution" in caught.value.details[0].problem
    assert len(caught.value.message) < 400


def test_updates_come_after_the_fields_and_in_their_order() -> None:
    update = {
        "summary": [{"set": "new"}], "labels": [{"add": "a"}, {"remove": "b"}], "comment": [{"add": {"body": "hi"}}],
        "issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "DEMO-2"}}}], "components": [{"set": [{"name": "c"}]}],
    }  # fmt: skip
    found = read_change({"fields": {"labels": ["z"]}, "update": update, "transition": {"id": 31}}, FIELDS)
    assert found.values == {"summary": "new"}
    assert found.lists == {
        "labels": [ListOperation("set", ("z",)), ListOperation("add", ("a",)), ListOperation("remove", ("b",))],
        "components": [ListOperation("set", ("c",))],
    }
    assert (found.comments, found.links) == ([CommentOperation("add", "", "hi")], [NewLink("Blocks", "", "DEMO-2")])
    assert found.transition == "31"


@pytest.mark.parametrize(
    ("update", "path"),
    [
        (5, "update"), ({"labels": 5}, "labels"), ({"labels": [5]}, "labels"), ({"labels": [{"copy": "x"}]}, "labels"),
        ({"summary": [{"add": "x"}]}, "summary"), ({"x": [{"set": 1}]}, "x"), ({"comment": [{"set": {"body": "x"}}]}, "comment"),
        ({"comment": [{"add": {"body": " "}}]}, "comment"), ({"comment": [{"add": "x"}]}, "comment"), ({"issuelinks": [{"set": []}]}, "issuelinks"),
        ({"issuelinks": [{"add": {"outwardIssue": {"key": "X-1"}}}]}, "type"), ({KEY["definition"]: [{"remove": "x"}]}, KEY["definition"]),
    ],
)  # fmt: skip
def test_an_operation_that_is_not_possible_is_refused_under_the_fields_name(update: Any, path: str) -> None:
    with pytest.raises(Refused) as caught:
        read_change({"update": update}, FIELDS)
    assert [p.path for p in caught.value.details] == [path]


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda i: (
        st.lists(i, max_size=3)
        | st.dictionaries(
            st.sampled_from(["steps", "fields", "Action", "raw", "value", "name", "set", "add", "key", "id", "body"]), i, max_size=3
        )
    ),
    max_leaves=8,
)
_NAMES = [*FIELDS, "project", "issuetype", "summary", "labels", "components", "assignee", "priority", "parent", "comment", "issuelinks"]


@given(st.dictionaries(st.sampled_from(_NAMES), _ANY, max_size=4), _ANY | st.dictionaries(st.sampled_from(_NAMES), _ANY, max_size=3), _ANY)
def test_any_body_is_read_or_refused(fields: dict[str, Any], update: Any, transition: Any) -> None:
    try:
        found = read_change({"fields": fields, "update": update, "transition": transition}, FIELDS)
    except Refused as error:
        assert error.details  # noqa: PT017  (either is right)
        return
    assert found.type is None or found.type in IssueType
