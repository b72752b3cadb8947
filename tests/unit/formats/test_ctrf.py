# SPDX-License-Identifier: Apache-2.0
"""The mapping of CTRF, and what becomes of odd reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.formats.cells.ctrf import report

from radiograph.domain.clock import Instant
from radiograph.domain.errors import UnreadableReport
from radiograph.formats.ctrf import read_ctrf
from radiograph.formats.known import detect
from radiograph.formats.reading import ReadOptions, Source

if TYPE_CHECKING:
    from radiograph.domain.report import Report, TestResult

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def read(body: bytes, *, keep_output: bool = False) -> Report:
    return read_ctrf(Source("ctrf.json", memoryview(body)), ReadOptions(keep_output=keep_output))


def one(*, keep_output: bool = False, **test: Any) -> TestResult:
    return read(report(test), keep_output=keep_output).results[0]


@pytest.mark.parametrize(
    ("test", "definition"),
    [
        ({"suite": ["A", "B"]}, "A.B.x"),
        ({"suite": "a.spec.ts > A"}, "a.spec.ts > A.x"),
        ({}, "x"),
        ({"suite": [], "filePath": "./tests/a.js"}, "tests/a.js.x"),
        ({"filePath": "tests\\a.cs"}, "tests/a.cs.x"),
        ({"filePath": "/builds/7/tests/a.js"}, "x"),
        ({"filePath": "C:\\builds\\a.cs"}, "x"),
        ({"suite": ["a.py"], "name": "a.py::x"}, "a.py::x"),
        ({"suite": ["a.py", "C"], "name": "a.py::C::x"}, "a.py::C::x"),
        ({"suite": "cart > x", "name": "cart > x"}, "cart > x"),
        ({"suite": ["cart"], "name": "cart adds"}, "cart.cart adds"),
        ({"suite": [None, "A", 5]}, "A.5.x"),
        ({"suite": {"odd": 1}, "name": 7}, "7"),
    ],
)
def test_a_definition_is_the_suites_and_the_name(test: dict[str, Any], definition: str) -> None:
    info = one(**({"name": "x"} | test)).info
    assert info is not None
    assert info.definition == definition


@pytest.mark.parametrize("test", [{"name": ""}, {"name": None}, {"name": ["x"]}, 5, None, "x", [], True])
def test_a_test_that_has_no_name_or_is_none_is_refused_and_the_others_are_kept(test: Any) -> None:
    found = read(report(test, {"name": "x"}))
    assert [(r.index, r.problems[0].path.removesuffix(".name")) for r in found.refused] == [(0, "$.results.tests[0]")]
    assert [r.index for r in found.results] == [1]


def test_definitions_may_come_twice_and_both_results_are_kept() -> None:
    assert len(read(report({"name": "x"}, {"name": "x"})).results) == 2


@pytest.mark.parametrize(("word", "status"), [("PASSED", "PASS"), (" failed ", "FAIL"), ("Blocked", "Blocked"), (None, ""), (True, "true")])
def test_a_status_is_read_whatever_its_case(word: Any, status: str) -> None:
    assert one(status=word).status == status


def test_another_status_is_told_in_the_words_of_the_tool() -> None:
    assert one(status="other", rawStatus="interrupted").comment == "The tool's own status: interrupted"
    assert one(status="failed", rawStatus="timedOut").comment == ""


@pytest.mark.parametrize(
    ("message", "trace", "comment"),
    [
        ("no", "Error: no\n  at x", "Error: no\n  at x"),
        ("no", "at x", "no\n\nat x"),
        ("no", None, "no"),
        (None, "at x", "at x"),
    ],
)
def test_the_message_stands_before_the_trace_unless_that_begins_with_it(message: Any, trace: Any, comment: str) -> None:
    assert one(message=message, trace=trace).comment == comment


@pytest.mark.parametrize(
    ("test", "start", "finish", "elapsed"),
    [
        ({"start": 1795687200000, "stop": 1795687201500}, 1795687200000, 1795687201500, None),
        ({"start": 1795687200, "stop": 1795687201.5}, 1795687200000, 1795687201500, None),
        ({"start": 1795687200000000, "stop": "1795687201500000000"}, 1795687200000, 1795687201500, None),
        ({"start": 1795687200000}, 1795687200000, 1795687200005, None),
        ({"start": 0, "stop": 0}, None, None, 0.005),
        ({"start": None, "stop": 1795687201500}, None, 1795687201500, None),
        ({"start": "noon", "stop": True, "duration": "1500"}, None, None, 1.5),
        ({"start": 1e300, "stop": -5}, None, None, 0.005),
    ],
)
def test_times_are_read_in_the_unit_that_they_have(test: dict[str, Any], start: int, finish: int, elapsed: float) -> None:
    found = one(**test)
    assert (found.start and found.start.ms, found.finish and found.finish.ms, found.elapsed) == (start, finish, elapsed)


@pytest.mark.parametrize("duration", [-1, "long", 1e18, [5]])
def test_a_duration_that_is_none_is_left_out_with_a_warning(duration: Any) -> None:
    found = one(duration=duration)
    assert found.elapsed is None
    assert found.warnings[0].startswith("$.results.tests[0].duration: ")


def test_tags_may_be_keys_and_labels_and_the_type_are_labels() -> None:
    found = one(
        tags=["@a", "DEMO-1", "a", "@", 5], type="e2e", labels={"priority": "P1", "owners": ["qa", "dev"], "testKey": "DEMO-9", "x": None}
    )
    assert found.tags == ["a", "DEMO-1", "5"]
    assert found.test_key == "DEMO-9"
    assert found.info is not None
    assert found.info.labels == ["e2e", "priority:P1", "owners:qa", "owners:dev"]
    assert one(tags="one", labels=["odd"], extra=5).tags == ["one"]


def test_retries_are_attempts_without_the_result_itself() -> None:
    last = {"attempt": 2, "status": "passed"}
    assert [a.status for a in one(retryAttempts=[{"attempt": 1, "status": "failed"}, last]).attempts] == ["FAIL"]
    assert [a.status for a in one(retries=1, retryAttempts=[{"attempt": 1, "status": "failed"}]).attempts] == ["FAIL"]
    failed = {"attempt": 1, "status": "failed", "duration": 7}
    assert len(one(status="failed", duration=7, retryAttempts=[failed]).attempts) == 0
    assert len(one(status="failed", duration=8, retryAttempts=[failed]).attempts) == 1
    assert len(one(status="passed", duration=7, retryAttempts=[failed]).attempts) == 1


def test_a_number_of_retries_alone_stands_for_tries_that_failed() -> None:
    assert [a.status for a in one(retries=2, flaky=True).attempts] == ["FAIL", "FAIL"]
    assert len(one(status="failed", retries=1000).attempts) == 20
    assert not one(status="skipped", retries=1).attempts
    assert not one(retries=0).attempts


def test_an_attempt_has_its_message_times_and_files() -> None:
    path = f"data:image/png;base64,{PICTURE}"
    tried = {"attempt": 1, "status": "failed", "message": "no", "start": 1795687200000, "stop": 1795687200100, "duration": -1}
    found = one(retries=1, retryAttempts=[tried | {"attachments": [{"name": "a.png", "path": path}, {"name": "b.zip", "path": "b.zip"}]}])
    attempt = found.attempts[0]
    assert (attempt.comment, attempt.start, [f.filename for f in attempt.evidence]) == ("no", Instant(1795687200000), ["a.png"])
    assert len(found.warnings) == 2


@pytest.mark.parametrize(
    ("screenshot", "files"),
    [
        (PICTURE, [("screenshot.png", "image/png")]),
        (f"data:image/jpeg;base64,{PICTURE}", [("screenshot.jpg", "image/jpeg")]),
        ("shots/a.png", []),
        ("", []),
    ],
)
def test_a_screenshot_is_evidence_if_the_report_holds_it(screenshot: str, files: list[tuple[str, str]]) -> None:
    found = one(screenshot=screenshot)
    assert [(f.filename, f.content_type) for f in found.evidence] == files
    assert len(found.warnings) == (screenshot == "shots/a.png")


def test_attachments_without_a_path_or_name_are_warned_of() -> None:
    assert one(attachments=[{}, {"name": "a"}, "odd"]).warnings == [
        "$.results.tests[0]: the report names the file without a name, but doesn't hold it",
        "$.results.tests[0]: the report names the file a, but doesn't hold it",
    ]


def test_what_was_printed_is_evidence_only_if_output_is_kept() -> None:
    said: dict[str, Any] = {"stdout": ["a", "b", 5], "stderr": "c"}
    assert not one(**said).evidence
    assert [(f.filename, bytes(f.data or b"")) for f in one(keep_output=True, **said).evidence] == [
        ("system-out.txt", b"a\nb"),
        ("system-err.txt", b"c"),
    ]


def test_a_step_may_have_a_comment_in_its_extra() -> None:
    found = one(steps=[{"name": "pays", "status": "failed", "extra": {"comment": "no money"}}])
    assert [(s.status, s.comment, s.actual) for s in found.steps] == [("FAIL", "no money", "pays")]


def test_parameters_of_any_kind_are_told() -> None:
    found = one(parameters={"a": [1, [2]], "b": {"c": None, "d": True}}, duration=1500, message="no")
    assert [(i.parameters, i.duration, i.log) for i in found.iterations] == [([("a", "1, 2"), ("b", "c: , d: true")], "1.5", "no")]


def test_the_environment_describes_the_execution() -> None:
    environment = {
        "reportName": "Nightly",
        "commit": "a1b2",
        "branchName": "main",
        "buildUrl": "https://ci.example.org/1",
        "testEnvironment": "staging",
    }
    info = read(report({}, environment=environment, summary={"start": 1795687200000, "stop": 1795687201000})).info
    assert (info.fields.summary, info.revision, info.branch, info.build_url, info.environments) == (
        "Nightly", "a1b2", "main", "https://ci.example.org/1", ["staging"],
    )  # fmt: skip
    assert (info.begin, info.end) == (Instant(1795687200000), Instant(1795687201000))


def test_without_times_in_the_summary_the_tests_tell_them() -> None:
    info = read(report({"start": 1795687200000}, {}, {"start": 1795687100000}, summary="odd", environment=[])).info
    assert (info.begin, info.end) == (Instant(1795687100000), Instant(1795687200005))
    assert read(report({})).info.begin is None


def test_characters_that_cant_be_stored_are_replaced_and_told() -> None:
    found = read(b'{"results": {"tests": [{"name": "a\\u0000b", "status": "passed"}]}}')
    assert [r.info.summary for r in found.results if r.info] == ["a\ufffdb"]
    assert found.notes == ["characters that can't be stored (the escape of NUL, or half a surrogate pair) were replaced by U+FFFD"]


def test_a_test_that_isnt_utf_8_or_too_deep_is_refused_and_the_others_are_kept() -> None:
    deep = b'{"name": "x", "extra": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    found = read(b'{"results": {"tests": [{"name": "\xe4"}, {"name": "b", "status": "passed"}]}}')
    assert [r.problems[0].problem for r in found.refused] == [
        'is not valid UTF-8 (byte 0xe4 after \'{"name": "\'); write the report in UTF-8'
    ]
    assert len(found.results) == 1
    with pytest.raises(UnreadableReport, match="nested too deeply"):
        read(b'{"results": {"tests": [' + deep + b"]}}")


@pytest.mark.parametrize("tests", [b"[]", b"null"])
def test_a_report_without_tests_has_no_results(tests: bytes) -> None:
    assert read(b'{"results": {"tests": ' + tests + b"}}").results == []
    assert read(b'{"results": {}}').results == []


@pytest.mark.parametrize(
    ("body", "path", "problem"),
    [
        (b'{"results": {"tests": 5}}', "$.results.tests", "Expected `array"),
        (b'{"results": 5}', "$.results", "Expected `object`"),
        (b"{}", "$", "missing required field `results`"),
        (b"[]", "$", "Expected `object`, got `array`"),
        (b'{"results": {"tests": [{"name": "a"', "$", "cut off at line 1"),
        (b'{"results": {"tests": [}\n', "$", "line 1, column 24"),
        (b"", "$", "is empty"),
        ('{"results": {}}'.encode("utf-16"), "$", "UTF-16"),
    ],
)
def test_what_is_no_report_is_refused_with_its_place(body: bytes, path: str, problem: str) -> None:
    with pytest.raises(UnreadableReport) as refused:
        read(body)
    assert refused.value.details[0].path == path
    assert problem in refused.value.message or problem in refused.value.details[0].problem


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (report({}), "ctrf"),
        (b'{"specVersion": "1.0.0", "reportFormat" : "CTRF"}', "ctrf"),
        (b'{"results": {"summary": {}, "tool": {}, "tests": []}}', "ctrf"),
        (json.dumps({"tests": [{"results": [{"summary": 1}]}], "info": {}}).encode(), "xray"),
        (b'<a results="{"/>', ""),
    ],
)
def test_a_report_is_told_by_its_beginning(body: bytes, found: str) -> None:
    format_ = detect(memoryview(body))
    assert (format_.name if format_ else "") == found


def test_colours_of_a_terminal_are_no_part_of_a_comment() -> None:
    red = "Error: \x1b[2mexpect(\x1b[22m\x1b[31;1mreceived\x1b[39m)"
    assert one(message=red, trace=f"{red}\n    at a.js:1").comment == "Error: expect(received)\n    at a.js:1"
