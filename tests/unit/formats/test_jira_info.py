# SPDX-License-Identifier: Apache-2.0
"""The `info` part of a form: Jira's body of an issue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import Refused, UnreadableReport
from radiograph.domain.issues import BUILT_IN_FIELDS
from radiograph.formats.jira_info import read_info

if TYPE_CHECKING:
    from radiograph.domain.report import ExecutionInfo

FIELDS = {f.key: f for f in BUILT_IN_FIELDS}
BY_MEANING = {f.meaning: f.key for f in BUILT_IN_FIELDS}


def read(fields: Any, **root: Any) -> tuple[ExecutionInfo, list[str]]:
    return read_info(json.dumps({"fields": fields} | root).encode(), FIELDS)


def test_every_field_arrives() -> None:
    info, notes = read(
        {
            "project": {"key": "DEMO"}, "summary": "s", "description": "d", "issuetype": {"name": "Test Execution"}, "labels": ["a"],
            "components": [{"name": "c"}], "fixVersions": [{"name": "v"}], "assignee": {"name": "ana"}, "priority": {"name": "High"},
            BY_MEANING["test_plan"]: ["DEMO-1"], BY_MEANING["test_environments"]: [{"value": "iOS"}], BY_MEANING["revision"]: 7,
            BY_MEANING["begin"]: "2014-08-30T11:47:35.000+0100", BY_MEANING["branch"]: "main", BY_MEANING["build"]: "https://ci/1", "customfield_1": "x",
        },
        xrayFields={"testPlanKey": "DEMO-2", "environments": ["Android"]}, update={"x": 1},
    )  # fmt: skip
    f = info.fields
    assert (info.project, f.summary, f.description, f.labels, f.components, f.fix_versions, f.assignee) == (
        "DEMO",
        "s",
        "d",
        ["a"],
        ["c"],
        ["v"],
        "ana",
    )
    assert (info.plan_keys, info.environments, info.revision, info.branch, info.build_url) == (
        ["DEMO-1", "DEMO-2"],
        ["iOS", "Android"],
        "7",
        "main",
        "https://ci/1",
    )
    assert info.begin is not None
    assert info.begin.offset == 60
    assert (f.other, f.priority) == ({"customfield_1": "x"}, 2)
    assert len(notes) == 2


@pytest.mark.parametrize(
    "text", ['{"fields":{"summary":"s"}}', json.dumps('{"fields":{"summary":"s"}}'), '\ufeff{"fields":{"summary":"s"}}']
)
def test_a_body_may_be_encoded_twice_or_marked(text: str) -> None:
    assert read_info(text.encode(), FIELDS)[0].fields.summary == "s"


@pytest.mark.parametrize("project", [{"key": "DEMO"}, {"id": "10402", "key": "DEMO"}, "DEMO"])
def test_a_project_is_named_in_any_of_jiras_ways(project: Any) -> None:
    assert read({"project": project})[0].project == "DEMO"
    assert read({"project": {"id": 10402}})[0].project == "10402"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"project": []}, "$info.fields.project"), ({"project": True}, "$info.fields.project"), ({"project": {"name": "x"}}, "$info.fields.project"),
        ({"summary": 5}, "$info.fields.summary"), ({"summary": "x" * 256}, "$info.fields.summary"), ({"labels": "x"}, "$info.fields.labels"),
        ({"labels": ["x" * 256]}, "$info.fields.labels"), ({"components": {"name": "x"}}, "$info.fields.components"), ({"assignee": 5}, "$info.fields.assignee"),
        ({"assignee": {"name": 5}}, "$info.fields.assignee"), ({"assignee": "x" * 256}, "$info.fields.assignee"), ({"issuetype": {"name": "Bug"}}, "$info.fields.issuetype"),
        ({"issuetype": {"id": "9" * 5000}}, "$info.fields.issuetype"), ({BY_MEANING["test_environments"]: ["x" * 256]}, f"$info.fields.{BY_MEANING['test_environments']}"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_path_and_in_few_words(fields: Any, path: str) -> None:
    with pytest.raises(Refused) as caught:
        read(fields)
    assert [p.path for p in caught.value.details] == [path]
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"5", b'"{"', b'{"fields":[1]}', b'{"fields":{"x":NaN}}', b"\xff\xfe{\0", b'{"fields":{"summary":"\xe9"}}', b"[" * 10**6]
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_told_as_the_info_part(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_info(body, FIELDS)
    assert all(p.path.startswith("$info") for p in caught.value.details)
    assert isinstance(caught.value, UnreadableReport) or "$info" in caught.value.message


def test_bad_escapes_are_replaced() -> None:
    assert read_info(b'{"fields":{"summary":"a\\u0000b\\ud800"}}', FIELDS)[0].fields.summary == "a�b�"


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda i: st.lists(i, max_size=3) | st.dictionaries(st.sampled_from(["name", "key", "id", "value", "x"]), i, max_size=3), max_leaves=6
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *FIELDS,
                "project",
                "summary",
                "labels",
                "components",
                "fixVersions",
                "assignee",
                "issuetype",
                "description",
                "xrayFields",
                "x",
            ]
        ),
        _ANY,
        max_size=4,
    )
)
def test_any_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        info, _ = read(fields)
    except Refused:
        return
    names = [*(info.environments or []), *(info.fields.labels or []), *(info.fields.components or []), *(info.fields.fix_versions or [])]
    assert all(isinstance(n, str) and 0 < len(n) <= 255 for n in names)


def test_updates_and_a_transition_are_carried_out_as_far_as_they_can_be() -> None:
    update = {"labels": [{"add": "b"}], "summary": [{"set": "new"}], "components": [{"remove": {"name": "c"}}], "x": 5}
    info, notes = read({"labels": ["a"], "summary": "old"}, update=update, transition={"id": "31"}, historyMetadata={"a": 1})
    assert (info.fields.labels, info.fields.summary, info.transition) == (["a", "b"], "new", "31")
    assert [n.partition(":")[0] for n in notes if "update" in n] == ["$info.update.components", "$info.update.x"]
    assert "$info.historyMetadata was ignored" in notes


@pytest.mark.parametrize("transition", [[1], True, {"id": []}, {"id": [1]}])
def test_a_transition_that_names_nothing_is_refused_or_as_if_absent(transition: Any) -> None:
    try:
        assert read({}, transition=transition)[0].transition == ""
    except Refused as error:
        assert [p.path for p in error.details] == ["$info.transition"]  # noqa: PT017  (either is right)
