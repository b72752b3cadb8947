# SPDX-License-Identifier: Apache-2.0
"""Allure: what becomes of a results folder, and of files in it that are not as they should be."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.formats.cells.allure import folder

from radiograph.domain.clock import Instant
from radiograph.domain.errors import UnreadableReport
from radiograph.formats.allure import FORMAT, holds_results, looks_like, read
from radiograph.formats.reading import ReadOptions, Source

if TYPE_CHECKING:
    from radiograph.domain.report import Report, TestResult

NAMED: dict[str, Any] = {"fullName": "shop.Basket#total", "name": "total", "historyId": "h"}


def read_bytes(data: bytes, *, keep_output: bool = False) -> Report:
    return read(Source("results.zip", memoryview(data)), ReadOptions(keep_output=keep_output))


def one(result: dict[str, Any], **files: Any) -> TestResult:
    (found,) = read_bytes(folder(result, **files)).results
    return found


def definition(result: dict[str, Any]) -> str | None:
    info = one(result).info
    assert info is not None
    return info.definition


def label(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def test_a_single_result_file_is_a_report() -> None:
    report = read_bytes(json.dumps(NAMED | {"status": "passed", "start": 1_700_000_000_000, "stop": 1_700_000_000_500}).encode())
    (result,) = report.results
    assert (result.status, result.place, result.start, result.finish) == (
        "PASS",
        "$",
        Instant(1_700_000_000_000),
        Instant(1_700_000_000_500),
    )
    assert (report.info.begin, report.info.end) == (result.start, result.finish)


def test_it_is_told_by_the_beginning_of_one_file_or_the_names_in_a_zip() -> None:
    assert looks_like('{"name": "t", "status": "broken", "statusDetails": {}, "uuid": "u"')
    assert looks_like('{\n  "uuid" : "u", "historyId" : "h", "status" : "passed"')
    assert not looks_like('{"tests": [{"testKey": "DEMO-1", "status": "PASS"}]}')
    assert not looks_like('{"results": {"tool": {"name": "x"}, "tests": [{"name": "t", "status": "passed"}]}}')
    assert not looks_like('[{"name": "t", "status": "passed", "uuid": "u"}]')
    assert looks_like(folder(NAMED).decode("latin-1"))
    assert not looks_like("PK\x03\x04 something-else.json")
    assert holds_results(["allure-results/executor.json", "allure-results/u-result.json"])
    assert not holds_results(["report.xml", "result.json.txt"])
    assert FORMAT.name == "allure"


def test_the_definition_is_the_full_name_else_the_method_else_the_suites_else_an_id() -> None:
    suites = [label("suite", "Shop"), label("subSuite", "Basket")]
    assert definition({"fullName": " a.B#c ", "name": "c", "labels": suites}) == "a.B#c"
    assert definition({"name": "c", "labels": [label("testClass", "a.B"), label("testMethod", "c"), *suites]}) == "a.B.c"
    assert definition({"name": "adds", "labels": suites}) == "Shop.Basket.adds"
    assert definition({"name": "adds"}) == "adds"
    assert definition({"testCaseId": "43f8", "historyId": "2b35"}) == "43f8"


def test_a_result_that_tells_no_test_is_refused_and_the_others_are_kept() -> None:
    report = read_bytes(folder({"status": "passed"}, NAMED))
    assert len(report.results) == 1
    (refused,) = report.refused
    assert [(p.path, p.problem) for p in refused.problems] == [("0-result.json", "has neither fullName nor name: it tells no Test")]


def test_the_message_comes_before_the_trace_unless_the_trace_begins_with_it() -> None:
    assert one(NAMED | {"statusDetails": {"message": "no", "trace": "  at a\n  at b\n"}}).comment == "no\n\n  at a\n  at b"
    assert one(NAMED | {"statusDetails": {"message": "E: no", "trace": "E: no\n at a"}}).comment == "E: no\n at a"
    assert one(NAMED | {"statusDetails": {"message": "no"}}).comment == "no"


def test_no_status_is_todo_with_a_warning_and_an_unknown_word_stays() -> None:
    result = one(NAMED | {"status": None})
    assert (result.status, result.warnings) == ("TODO", ["0-result.json: the result has no status; it was read as TODO"])
    assert one(NAMED | {"status": "BLOCKED"}).status == "BLOCKED"


def test_times_that_are_none_are_left_out_with_a_warning() -> None:
    result = one(NAMED | {"start": -5, "stop": 10**18})
    assert (result.start, result.finish) == (None, None)
    assert [w.partition(": ")[0] for w in result.warnings] == ["0-result.json", "0-result.json"]
    assert one(NAMED | {"start": 9, "stop": 3}).warnings == ["0-result.json: $.stop is before its start"]
    assert one(NAMED | {"start": "1700000000000"}).start == Instant(1_700_000_000_000)


def test_labels_and_links_tell_what_they_are_of() -> None:
    labels = [label("tag", "@smoke"), label("as_id", "42"), label("severity", "critical"), label("feature", "The Basket")]
    labels += [label("host", "ci"), label("_internal", "x"), label("team", "blue")]
    links = [{"type": "tms", "name": "DEMO-7", "url": "https://jira.example.com/x"}, {"type": "issue", "url": "DEMO-9"}]
    links += [{"type": "issue", "url": "https://tracker.example.com/12"}, {"type": "link", "url": "https://example.com"}]
    report = read_bytes(folder(NAMED | {"status": "failed", "labels": labels, "links": links}))
    (result,) = report.results
    assert result.info is not None
    assert result.info.labels == ["AS_ID:42", "severity:critical", "feature:The_Basket", "team:blue"]
    assert (result.tags, result.defects) == (["smoke", "TEST_DEMO-7"], ["DEMO-9", "https://tracker.example.com/12"])
    assert report.notes == ["1 links of type link were left out"]


def test_an_issue_of_a_result_that_passed_is_no_defect() -> None:
    report = read_bytes(folder(NAMED | {"links": [{"type": "issue", "url": "https://jira.example.com/browse/DEMO-9?a=1#b"}]}))
    assert not report.results[0].defects
    assert report.notes == ["1 links of type issue (of a result that passed) were left out"]


def test_a_tms_link_without_a_key_is_warned_of() -> None:
    (warning,) = one(NAMED | {"links": [{"type": "tms", "url": "https://tms.example.com/cases/12"}]}).warnings
    assert warning.startswith("0-result.json: $.links[0]: 'https://tms.example.com/cases/12' ends in no key")


def test_files_of_inner_steps_are_the_outer_steps() -> None:
    inner = {"name": "inner", "status": "passed", "attachments": [{"name": "Screen", "source": "s-attachment.png", "type": "image/png"}]}
    result = one(NAMED | {"steps": [{"name": "outer", "status": "passed", "steps": [inner]}]}, s_attachment__png=b"png")
    (file,) = result.steps[0].evidence
    assert (file.filename, file.plain, bytes(file.data or b"")) == ("Screen.png", True, b"png")
    assert file.path == "0-result.json: $.steps[0].steps[0].attachments[0]"


def test_a_file_that_is_not_there_is_warned_of_and_no_path_is_opened() -> None:
    result = one(NAMED | {"attachments": [{"name": "x", "source": "../../../../etc/passwd"}, {"name": "nothing"}]})
    assert not result.evidence
    assert result.warnings == [
        "0-result.json: $.attachments[0]: the report has no file '../../../../etc/passwd'; the attachment was left out",
        "0-result.json: $.attachments[1]: the report has no file 'nothing'; the attachment was left out",
    ]


def test_what_a_test_printed_is_kept_only_by_choice() -> None:
    body = folder(NAMED | {"attachments": [{"name": "stdout", "source": "o-attachment.txt"}]}, o_attachment__txt=b"hello")
    assert not read_bytes(body).results[0].evidence
    assert [f.filename for f in read_bytes(body, keep_output=True).results[0].evidence] == ["stdout.txt"]


def test_a_failing_fixture_is_a_step_of_all_its_results_and_the_files_of_a_passing_one_of_the_first() -> None:
    before = {"name": "database", "status": "broken", "statusDetails": {"message": "no database"}}
    after = {"name": "logs", "status": "passed", "attachments": [{"name": "a.log", "source": "l-attachment.log"}]}
    container = {"uuid": "c", "children": ["u0", "u1"], "befores": [before, {"name": "quiet", "status": "passed"}], "afters": [after]}
    results = ({"name": n, "status": "broken", "start": at, "steps": [{"name": "own"}]} for n, at in (("a", 2), ("b", 1)))
    first, second = read_bytes(folder(*results, c_container=container, l_attachment__log=b"l")).results
    assert [(s.status, s.actual, s.comment) for s in first.steps] == [
        ("TODO", "own", ""),
        ("FAIL", "before: database", "no database"),
        ("PASS", "after: logs", ""),
    ]
    assert [s.actual for s in second.steps] == ["own", "before: database"]
    assert (first.comment, second.comment) == ("no database", "no database")


def test_containers_may_be_in_containers_in_a_ring() -> None:
    before = {"name": "suite", "status": "failed", "statusDetails": {"message": "m"}}
    outer = {"uuid": "o", "children": ["i"], "befores": [before]}
    inner = {"uuid": "i", "children": ["o", "u0"]}
    result = one(NAMED | {"status": "broken"}, o_container=outer, i_container=inner)
    assert [s.actual for s in result.steps] == ["before: suite"]


def test_a_fixture_that_failed_for_no_result_is_noted() -> None:
    container = {"uuid": "c", "befores": [{"name": "session", "status": "broken", "statusDetails": {"message": "boom"}}]}
    report = read_bytes(folder(NAMED, c_container=container))
    assert report.notes == ["c-container.json: the before session failed, and no result names it: boom"]


def test_tries_with_other_parameters_are_iterations_and_the_same_again_attempts() -> None:
    def a_try(n: int, status: str, start: int) -> dict[str, Any]:
        parameters = [{"name": "n", "value": n}]
        return NAMED | {
            "historyId": f"h{n}",
            "name": f"total[{n}]",
            "status": status,
            "start": start,
            "stop": start + 1500,
            "parameters": parameters,
        }

    report = read_bytes(folder(a_try(2, "passed", 30), a_try(1, "failed", 10), a_try(1, "passed", 20)))
    (result,) = report.results
    assert result.info is not None
    assert (result.status, result.info.summary) == ("PASS", "total")
    assert [(i.name, i.status, i.duration) for i in result.iterations] == [("total[1]", "PASS", "1.500 s"), ("total[2]", "PASS", "1.500 s")]
    (earlier,) = result.attempts
    assert [(earlier.status, i.parameters) for i in earlier.iterations] == [("FAIL", [("n", "1")])]
    assert (result.start, result.finish) == (Instant(20), Instant(1530))


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        (["passed", "skipped"], "TODO"),
        (["skipped", "broken"], "FAIL"),
        (["passed", "passed"], "PASS"),
        (["passed", "BLOCKED"], ""),
    ],
)
def test_the_status_of_iterations_is_the_vendors_of_several_results(statuses: list[str], whole: str) -> None:
    rounds = (NAMED | {"historyId": s + str(n), "status": s, "parameters": [label("n", str(n))]} for n, s in enumerate(statuses))
    (result,) = read_bytes(folder(*rounds)).results
    assert result.status == whole


def test_the_first_failure_of_iterations_is_told_and_how_many_failed() -> None:
    rounds = (
        NAMED
        | {"historyId": f"h{n}", "name": f"n{n}", "status": s, "statusDetails": {"message": f"m{n}"}, "parameters": [label("n", str(n))]}
        for n, s in enumerate(["skipped", "failed", "failed"])
    )
    (result,) = read_bytes(folder(*rounds)).results
    assert result.comment == "2 of 3 iterations failed.\n\nn1: m1"
    assert [i.log for i in result.iterations] == ["m0", "m1", "m2"]


@pytest.mark.parametrize(
    ("full", "names", "summary"),
    [
        ("shop#test_price", ["test_price[1]", "test_price[2]"], "test_price"),
        ("Basket: Several of one", ["Several of one -- @1.1", "Several of one -- @1.2"], "Several of one"),
        ("a.B.pays", ["[1] cash", "[2] card"], "pays"),
        ("a.B#pays", ["cash", "card"], "pays"),
        ("a.B#pays", ["Paying"], "Paying"),
        ("spec.js does it", ["one", "two"], "spec.js does it"),
    ],
)
def test_the_summary_of_iterations_is_what_their_names_have_in_common(full: str, names: list[str], summary: str) -> None:
    rounds = ({"fullName": full, "name": name, "parameters": [label("n", name)]} for name in names)
    (result,) = read_bytes(folder(*rounds)).results
    assert result.info is not None
    assert result.info.summary == summary


def test_masked_and_hidden_values_are_not_kept() -> None:
    parameters = [{"name": "password", "value": "hush", "mode": "masked"}, {"name": "token", "value": "hush", "mode": "hidden"}]
    result = one(NAMED | {"parameters": parameters, "steps": [{"name": "log in", "parameters": parameters}]})
    assert "hush" not in str(result)
    assert result.iterations[0].parameters == [("password", "******"), ("token", "******")]


def test_environment_and_executor_are_of_the_whole_run() -> None:
    environment = b"# made by CI\nBrowser = Firefox\nos\\ name: Linux\n\nURL=https\\://example.com\n"
    executor = {"name": "CI", "buildName": "shop#13", "buildUrl": "https://ci.example.com/13"}
    report = read_bytes(folder(NAMED, environment__properties=environment, executor=executor))
    assert report.notes == ["environment.properties: Browser = Firefox, os name = Linux, URL = https://example.com"]
    assert (report.info.fields.summary, report.info.build_url) == ("shop#13", "https://ci.example.com/13")
    assert read_bytes(folder(NAMED, executor={"buildUrl": "javascript:alert(1)"})).info.build_url is None


def test_files_that_no_result_names_are_noted() -> None:
    assert read_bytes(folder(NAMED, x_attachment__txt=b"x", categories=[])).notes == [
        "1 files that no result names were left out, such as x-attachment.txt"
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b'{"name": "t', "is cut off at line 1, column 12 (byte 11)"),
        (b'{"name": "t\n"}', "invalid character at line 1, column 12 (byte 11)"),
        (b"<testsuite/>", "is not JSON"),
        (b'{"name": "\xff", "status": "passed"}', "is not valid UTF-8, at line 1, column 11 (byte 10)"),
        (b'{"name": {"a": 1}}', "Expected `bool | int | float | str | null`, got `object`"),
        (b"[]", "Expected `object`, got `array`"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_name(content: bytes, problem: str) -> None:
    report = read_bytes(folder(NAMED, bad_result__json=content))
    assert len(report.results) == 1
    (refused,) = report.refused
    (found,) = refused.problems
    assert found.path.partition(":")[0] == "bad-result.json"
    assert (found.problem, refused.index) == (problem, 1)


def test_a_single_file_that_is_no_json_is_unreadable() -> None:
    with pytest.raises(UnreadableReport, match="ends too early"):
        read_bytes(b'{"name": "t", "status": "passed"')


def test_a_container_that_cannot_be_read_is_noted() -> None:
    assert read_bytes(folder(NAMED, bad_container__json=b"{")).notes == [
        "bad-container.json: is cut off at line 1, column 2 (byte 1); the file was left out"
    ]


def test_a_zip_without_results_is_an_empty_report() -> None:
    report = read_bytes(folder(categories=[]))
    assert (report.results, report.refused) == ([], [])


def test_characters_that_no_database_holds_are_replaced_and_huge_names_kept() -> None:
    result = one(NAMED | {"name": "a\0b" + "x" * 70_000, "statusDetails": {"message": "\0"}})
    assert result.info is not None
    assert (result.info.summary or "").startswith("a�b")
    assert len(result.info.summary or "") == 255
    assert result.comment == "�"


def test_results_of_several_folders_find_their_own_files() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for module in ("a", "b"):
            attachment = {"name": "n", "source": "n-attachment.txt"}
            archive.writestr(f"{module}/n-attachment.txt", module)
            archive.writestr(
                f"{module}\\r-result.json" if module == "b" else "a/r-result.json",
                json.dumps({"name": module, "status": "passed", "attachments": [attachment]}),
            )
    found = [bytes(f.data or b"") for r in read_bytes(out.getvalue()).results for f in r.evidence]
    assert found == [b"a", b"b"]


def test_an_excluded_parameter_makes_no_iteration() -> None:
    result = one(NAMED | {"parameters": [{"name": "Retry", "value": "1", "excluded": True}], "labels": [label("titlePath", " > a")]})
    assert not result.iterations
    assert result.info is not None
    assert result.info.labels is None


def test_what_went_wrong_outside_of_any_test_is_noted() -> None:
    report = read_bytes(folder(NAMED, **{"u-globals": {"errors": [{"message": "the shop is closed", "trace": "at a.js"}]}}))
    assert report.notes == ["u-globals.json: it went wrong outside of any test: 'the shop is closed'"]
