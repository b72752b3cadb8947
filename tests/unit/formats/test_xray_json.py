# SPDX-License-Identifier: Apache-2.0
"""Xray JSON to a Report: what is read, refused, noted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import DomainError, UnreadableReport
from radiograph.formats.xray_json import read_xray_json

PAGE = Path(__file__).parents[2] / "fixtures" / "page"


def read(*tests: Any, **root: Any) -> Any:
    return read_xray_json(json.dumps(root | {"tests": list(tests)}).encode())


@pytest.mark.parametrize("path", sorted(PAGE.glob("*[!o].json")), ids=lambda p: p.stem)
def test_the_pages_reports_are_read_without_a_word(path: Path) -> None:
    report = read_xray_json(path.read_bytes())
    assert report.results
    assert (report.refused, report.notes) == ([], [])


def test_every_field_of_a_result_arrives() -> None:
    step = {"status": "PASS", "comment": "c", "actualResult": "a", "defects": ["D-1"], "evidences": [{"data": "YQ==", "filename": "s.txt"}]}
    report = read(
        {
            "testKey": " A-1 ", "status": "pass", "start": "2020-01-01T00:00:00Z", "finish": "2020-01-01T00:00:01Z", "comment": "x",
            "executedBy": "ana", "assignee": "bo", "defects": ["D-1", "D-1", "", None], "steps": [step], "examples": ["PASS", "FAIL"],
            "evidence": [{"data": "YQ==", "filename": "a.txt", "contentType": "text/plain"}], "evidences": [{"data": "Yg==", "filename": "b.txt"}],
            "iterations": [{"name": "i", "status": "PASS", "parameters": [{"name": "n", "value": 1}, {"name": "b", "value": True}], "duration": 1.5, "log": "l", "steps": [step]}],
            "customFields": [{"id": 1, "name": "f", "value": [1]}],
        },
        testExecutionKey=" A-2 ",
    )  # fmt: skip
    (r,) = report.results
    assert (report.execution_key, r.test_key, r.status, r.comment, r.executed_by, r.assignee) == ("A-2", "A-1", "pass", "x", "ana", "bo")
    assert (r.start and r.start.ms, r.finish and r.finish.ms) == (1_577_836_800_000, 1_577_836_801_000)
    assert (r.defects, r.examples, r.custom_fields) == (["D-1"], ["PASS", "FAIL"], [{"id": 1, "name": "f", "value": [1]}])
    assert [(f.filename, f.path) for f in r.evidence] == [("a.txt", "$.tests[0].evidence[0]"), ("b.txt", "$.tests[0].evidences[0]")]
    assert [bytes(f.data or b"") for f in r.evidence] == [b'"YQ=="', b'"Yg=="']
    assert (r.steps[0].actual, r.steps[0].defects, r.steps[0].evidence[0].path) == ("a", ["D-1"], "$.tests[0].steps[0].evidences[0]")
    (i,) = r.iterations
    assert (i.name, i.parameters, i.duration, i.log) == ("i", [("n", "1"), ("b", "true")], "1.5", "l")
    assert i.steps[0].evidence[0].path == "$.tests[0].iterations[0].steps[0].evidences[0]"


@pytest.mark.parametrize("empty", ["", None, [], " "])
def test_empty_values_are_as_if_absent(empty: Any) -> None:
    texts = {} if empty == [] else {"comment": empty, "start": empty, "executedBy": empty, "testKey": empty}
    lists = (
        {}
        if isinstance(empty, str)
        else {"steps": empty, "examples": empty, "defects": empty, "evidence": empty, "iterations": empty, "customFields": empty}
    )
    (r,) = read({"status": "PASS"} | {k: v for k, v in (texts | lists).items() if v != " " or k != "start"}).results
    assert (r.test_key, r.comment.strip(), r.start, r.executed_by, [*r.steps, *r.examples, *r.defects]) == ("", "", None, "", [])


def test_unknown_names_are_noted_once_with_what_was_meant() -> None:
    report = read(*[{"testKey": "A-1", "status": "PASS", "coment": "x", "steps": [{"stats": 1}]}] * 3, testexecutionkey="A-2", color=1)
    assert report.notes == [
        "$.testexecutionkey is not known and was ignored. Did you mean testExecutionKey?",
        "$.color is not known and was ignored.",
        "$.tests[0].coment is not known and was ignored. Did you mean comment?",
        "$.tests[0].steps[0].stats is not known and was ignored. Did you mean status?",
    ]
    assert len(report.results) == 3


def test_so_many_unknown_names_are_noted_and_no_more() -> None:
    report = read(*[{"testKey": "A-1", "status": "PASS", f"x{i}": 1} for i in range(300)])
    assert len(report.notes) == 101
    assert report.notes[-1] == "more names were not known and were ignored"


def test_a_refused_result_is_told_by_what_can_be_read_of_it() -> None:
    report = read(
        {"testKey": "A-1", "status": 5}, {"testInfo": {"definition": "d"}, "status": []}, {"testInfo": {"summary": "s"}, "comment": 1}, 5
    )
    assert [(r.index, r.test_key, r.definition) for r in report.refused] == [(0, "A-1", ""), (1, "", "d"), (2, "", "s"), (3, "", "")]


def test_a_result_with_a_name_that_is_no_utf_8_is_refused_beside_an_escape_that_can_not_be_stored() -> None:
    report = read_xray_json(b'{"tests": [{"\\u0000\xfftestKey": "A-1", "status": "PASS"}, {"testKey": "A-2", "status": "PASS"}]}')
    assert [r.test_key for r in report.results] == ["A-2"]
    assert "is not valid UTF-8" in report.refused[0].problems[0].problem


@given(st.binary(max_size=60))
def test_any_bytes_are_a_report_or_unreadable(body: bytes) -> None:
    told: list[UnreadableReport] = []
    try:
        assert read_xray_json(body).results == []
    except UnreadableReport as error:
        told.append(error)
    assert all(error.message and error.details for error in told)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["tests", "testKey", "status", "steps", "info", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_json_is_a_report_or_refused_and_every_result_is_accounted_for(value: Any) -> None:
    body = json.dumps({"tests": value}).encode() if isinstance(value, list) else json.dumps(value).encode()
    try:
        report = read_xray_json(body)
    except DomainError:
        return
    tests = (json.loads(body).get("tests") if isinstance(json.loads(body), dict) else None) or []
    assert sorted([r.index for r in report.results] + [r.index for r in report.refused]) == list(range(len(tests)))
