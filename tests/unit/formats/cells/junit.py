# SPDX-License-Identifier: Apache-2.0
"""What is read of JUnit XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _report(*cases: str) -> bytes:
    return f'<testsuites><testsuite name="a.B">{"".join(cases)}</testsuite></testsuites>'.encode()


def _case(inside: str, attributes: str = "") -> str:
    return f'<testcase classname="a.B" name="c" time="0.1" {attributes}>{inside}</testcase>'


def _properties(inside: str) -> str:
    return _case(f"<properties>{inside}</properties>")


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "FAIL", "TODO", "TODO", "BLOCKED"]


def _keys(report: Report) -> None:
    assert [(r.test_key, r.test_id) for r in report.results] == [("DEMO-6", ""), ("", "10006")]


def _requirements(report: Report) -> None:
    assert [r.info.requirement_keys for r in report.results if r.info] == [["DEMO-2", "DEMO-3"], ["DEMO-4"]]


def _evidence(report: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for r in report.results for f in r.evidence] == [
        ("a.png", b'"YQ=="'),
        ("system-out.txt", b"printed"),
    ]


def _retries(report: Report) -> None:
    assert [(r.status, [(a.status, a.comment) for a in r.attempts]) for r in report.results] == [
        ("PASS", [("FAIL", "first")]),
        ("FAIL", [("FAIL", "first"), ("FAIL", "second")]),
    ]


CELLS: Cells = {
    "statuses": Cell(
        _report(
            _case(""),
            _case("<failure/>"),
            _case("<error/>"),
            _case("<skipped/>"),
            _case("", 'status="notrun" result="suppressed"'),
            _case("", 'status="BLOCKED"'),
        ),
        _statuses,
    ),
    "keys": Cell(
        _report(_properties('<property name="test_key" value="DEMO-6"/>'), _properties('<property name="test_id" value="10006"/>')), _keys
    ),
    "requirements": Cell(
        _report(_properties('<property name="requirements" value="DEMO-2,DEMO-3"/>'), _case("", 'requirement="DEMO-4"')), _requirements
    ),
    "steps": Without("a test case has no steps; what a tool writes of them is in its output, in words of its own"),
    "examples": Without("a report has no scenario outlines; each row is a test case with a name of its own"),
    "iterations": Without("a report has no parameters apart from the name; each round is a test case with a name of its own"),
    "evidence": Cell(
        _report(
            _properties('<property name="testrun_evidence"><item name="a.png">YQ==</item></property>'),
            _case("<system-out>printed</system-out>"),
        ),
        _evidence,
    ),
    "retries": Cell(
        _report(
            _case('<flakyFailure message="first"/>'),
            _case('<failure message="first"/><rerunFailure message="second"/><rerunError message="third"/>'),
        ),
        _retries,
    ),
}
