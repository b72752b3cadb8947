# SPDX-License-Identifier: Apache-2.0
"""Reports of one request become one."""

from __future__ import annotations

import pytest

from radiograph.domain.clock import Instant
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.issues import IssueFields
from radiograph.domain.joining import join
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report, TestResult


def report(key: str = "", *results: TestResult, **info: object) -> Report:
    return Report(key, ExecutionInfo(**info), list(results), [], [])  # type: ignore[arg-type]


def test_one_report_stays_as_it_is() -> None:
    one = report("A-1", TestResult(0))
    assert join([("a.xml", one)]) is one
    assert one.results[0].path == "$.tests[0]"


def test_results_are_numbered_anew_and_told_with_their_file() -> None:
    second = report("", TestResult(0, place="line 7", attempts=[TestResult(0, place="line 8")]))
    second.refused = [RefusedResult(1, [Problem("line 9", "odd")])]
    second.notes = ["cut"]
    whole = join([("a.json", report("", TestResult(0), TestResult(1))), ("b.xml", second)])
    assert [(r.index, r.path) for r in whole.results] == [(0, "a.json: $.tests[0]"), (1, "a.json: $.tests[1]"), (2, "b.xml: line 7")]
    assert whole.results[2].attempts[0].path == "b.xml: line 8"
    assert [(r.index, r.problems[0].path) for r in whole.refused] == [(3, "b.xml: line 9")]
    assert whole.notes == ["b.xml: cut"]


def test_the_first_word_on_the_execution_counts_and_dates_enclose_all() -> None:
    whole = join([
        ("a", report("", begin=Instant(5), end=Instant(9), environments=["iOS"])),
        ("b", report("A-1", begin=Instant(3), end=Instant(4), environments=["iOS", "Edge"], revision="7", fields=IssueFields(summary="B"))),
        ("c", report("a-1", revision="8", plan_keys=["A-2"])),
    ]).info  # fmt: skip
    assert (whole.begin, whole.end, whole.environments, whole.revision) == (Instant(3), Instant(9), ["iOS", "Edge"], "7")
    assert (whole.fields.summary, whole.plan_keys, whole.project) == ("B", ["A-2"], None)


def test_reports_of_different_executions_are_refused() -> None:
    with pytest.raises(Refused, match="different Test Executions: A-1, A-2"):
        join([("a", report("A-1")), ("b", report("A-2"))])
