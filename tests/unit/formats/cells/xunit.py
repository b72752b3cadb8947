# SPDX-License-Identifier: Apache-2.0
"""What is read of xUnit.net XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _run(*tests: str) -> bytes:
    return f'<assemblies><assembly name="a.dll"><collection name="c">{"".join(tests)}</collection></assembly></assemblies>'.encode()


def _test(name: str, result: str = "Pass", inside: str = "") -> str:
    method = name.partition("(")[0]
    return f'<test name="A.T.{name}" type="A.T" method="{method}" time="0.1" result="{result}">{inside}</test>'


def _trait(name: str, value: str) -> str:
    return f'<traits><trait name="{name}" value="{value}"/></traits>'


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "TODO", "TODO", "Odd"]


def _keys(report: Report) -> None:
    assert [r.test_key for r in report.results] == ["DEMO-6"]


def _requirements(report: Report) -> None:
    assert [r.info.requirement_keys for r in report.results if r.info] == [["DEMO-2", "DEMO-3"]]


def _iterations(report: Report) -> None:
    assert [(r.info.definition, r.status) for r in report.results if r.info] == [("A.T.Divides", "FAIL")]
    assert [(i.name, i.parameters, i.status) for i in report.results[0].iterations] == [
        ("Divides(n: 12, d: 3)", [("n", "12"), ("d", "3")], "PASS"),
        ("Divides(n: 12, d: 0)", [("n", "12"), ("d", "0")], "FAIL"),
    ]


def _evidence(report: Report) -> None:
    assert [(f.filename, f.content_type, bytes(f.data or b"")) for f in report.results[0].evidence] == [
        ("a.png", "image/png", b'"iVBORw0KGgo="'),
        ("a.txt", "text/plain", b"a text"),
    ]


_FILES = '<attachments><attachment name="a.png" media-type="image/png">iVBORw0KGgo=</attachment><attachment name="a.txt">a text</attachment></attachments>'
CELLS: Cells = {
    "statuses": Cell(_run(*(_test(s, s) for s in ("Pass", "Fail", "Skip", "NotRun", "Odd"))), _statuses),
    "keys": Cell(_run(_test("Adds", inside=_trait("TestKey", "DEMO-6"))), _keys),
    "requirements": Cell(_run(_test("Adds", inside=_trait("requirement", "DEMO-2 DEMO-3"))), _requirements),
    "steps": Without("xUnit.net has no steps"),
    "examples": Without("rounds of a theory are iterations, with their parameters"),
    "iterations": Cell(_run(_test("Divides(n: 12, d: 3)"), _test("Divides(n: 12, d: 0)", "Fail")), _iterations),
    "evidence": Cell(_run(_test("Adds", inside=_FILES)), _evidence),
    "retries": Without("xUnit.net runs a test once"),
}
