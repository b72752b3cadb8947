# SPDX-License-Identifier: Apache-2.0
"""What is read of Visual Studio's TRX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _run(results: str, definitions: str = "") -> bytes:
    space = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"
    return f'<TestRun xmlns="{space}"><Results>{results}</Results><TestDefinitions>{definitions}</TestDefinitions></TestRun>'.encode()


def _result(name: str, outcome: str = "Passed", inside: str = "", more: str = "") -> str:
    return f'<UnitTestResult testId="t" testName="{name}" outcome="{outcome}" {more}>{inside}</UnitTestResult>'


def _test(*properties: tuple[str, str]) -> str:
    inside = "".join(f"<Property><Key>{key}</Key><Value>{value}</Value></Property>" for key, value in properties)
    return f'<UnitTest id="T" name="Adds"><Properties>{inside}</Properties><TestMethod className="A.T" name="Adds"/></UnitTest>'


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "FAIL", "ABORTED", "TODO", "TODO", "Odd"]


def _keys(report: Report) -> None:
    assert [(r.test_key, r.info.definition) for r in report.results if r.info] == [("DEMO-6", "A.T.Adds")]


def _requirements(report: Report) -> None:
    assert [r.info.requirement_keys for r in report.results if r.info] == [["DEMO-2", "DEMO-3"]]


def _steps(report: Report) -> None:
    assert [r.status for r in report.results] == ["FAIL", "PASS", "FAIL"]
    assert [(s.status, s.actual) for s in report.results[0].steps] == [("PASS", "SignsIn"), ("FAIL", "Pays")]


def _iterations(report: Report) -> None:
    assert [(r.info.definition, r.status) for r in report.results if r.info] == [("A.T.Adds", "FAIL")]
    assert [(i.name, i.parameters, i.status) for i in report.results[0].iterations] == [
        ("Adds (1,2)", [("argument 1", "1"), ("argument 2", "2")], "PASS"),
        ("Adds (Data Row 1)", [("row", "1")], "FAIL"),
    ]


def _evidence(report: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in report.results[0].evidence] == [("system-out.txt", b"said")]


def _retries(report: Report) -> None:
    assert [(r.status, [a.status for a in r.attempts]) for r in report.results] == [("PASS", ["FAIL"])]


_ROW = 'resultType="DataDrivenDataRow"'
_ROWS = f"<InnerResults>{_result('Adds (1,2)', more=_ROW)}{_result('Adds (Data Row 1)', 'Failed', more=_ROW)}</InnerResults>"
_INNER = '<UnitTestResult testId="a" testName="SignsIn" outcome="Passed"/><UnitTestResult testId="b" testName="Pays" outcome="Failed"/>'
CELLS: Cells = {
    "statuses": Cell(
        _run("".join(_result(s, s) for s in ("Passed", "Failed", "Timeout", "Aborted", "NotExecuted", "Inconclusive", "Odd"))),
        _statuses,
    ),
    "keys": Cell(_run(_result("Adds"), _test(("TestKey", "DEMO-6"))), _keys),
    "requirements": Cell(_run(_result("Adds"), _test(("Requirement", "DEMO-2"), ("requirements", "DEMO-3"))), _requirements),
    "steps": Cell(
        _run(
            f'<TestResultAggregation testId="o" testName="buying" outcome="Failed"><InnerResults>{_INNER}</InnerResults></TestResultAggregation>'
        ),
        _steps,
    ),
    "examples": Without("rounds of a data-driven test are iterations, with their parameters"),
    "iterations": Cell(_run(_result("Adds", "Failed", _ROWS, 'resultType="DataDrivenTest"'), _test()), _iterations),
    "evidence": Cell(_run(_result("Adds", inside="<Output><StdOut>said</StdOut></Output>")), _evidence),
    "retries": Cell(_run(_result("Adds", "Failed") + _result("Adds"), _test()), _retries),
}
