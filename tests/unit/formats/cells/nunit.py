# SPDX-License-Identifier: Apache-2.0
"""What is read of NUnit XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _run(inside: str) -> bytes:
    return f'<test-run id="2"><test-suite type="TestFixture" name="T" fullname="A.T">{inside}</test-suite></test-run>'.encode()


def _case(name: str, result: str = "Passed", inside: str = "") -> str:
    method = name.partition("(")[0]
    return f'<test-case name="{name}" fullname="A.T.{name}" methodname="{method}" classname="A.T" result="{result}">{inside}</test-case>'


def _properties(**values: str) -> str:
    return "<properties>" + "".join(f'<property name="{n}" value="{v}"/>' for n, v in values.items()) + "</properties>"


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "PASS", "TODO", "TODO", "Odd"]


def _keys(report: Report) -> None:
    assert [r.test_key for r in report.results] == ["DEMO-6"]


def _requirements(report: Report) -> None:
    assert [r.info.requirement_keys for r in report.results if r.info] == [["DEMO-2", "DEMO-3"]]


def _iterations(report: Report) -> None:
    assert [(r.info.definition, r.status) for r in report.results if r.info] == [("A.T.Divides", "FAIL")]
    assert [(i.name, i.parameters, i.status) for i in report.results[0].iterations] == [
        ("Divides(12,3)", [("argument 1", "12"), ("argument 2", "3")], "PASS"),
        ("Divides(12,0)", [("argument 1", "12"), ("argument 2", "0")], "FAIL"),
    ]


def _evidence(report: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in report.results[0].evidence] == [("system-out.txt", b"said")]


_ROUNDS = _case("Divides(12,3)") + _case("Divides(12,0)", "Failed")
CELLS: Cells = {
    "statuses": Cell(
        _run("".join(_case(s, s) for s in ("Passed", "Failed", "Warning", "Skipped", "Inconclusive", "Odd"))),
        _statuses,
    ),
    "keys": Cell(_run(_case("Adds", inside=_properties(TestKey="DEMO-6"))), _keys),
    "requirements": Cell(_run(_case("Adds", inside=_properties(Requirement="DEMO-2, DEMO-3"))), _requirements),
    "steps": Without("NUnit has no steps; assertions are told in the failure's message"),
    "examples": Without("rounds of a parameterized method are iterations, with their parameters"),
    "iterations": Cell(
        _run(f'<test-suite type="ParameterizedMethod" name="Divides">{_ROUNDS}</test-suite>'),
        _iterations,
    ),
    "evidence": Cell(_run(_case("Adds", inside="<output>said</output>")), _evidence),
    "retries": Without("with [Retry] NUnit writes the last try only"),
}
