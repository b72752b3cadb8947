# SPDX-License-Identifier: Apache-2.0
"""What is read of TestNG XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _report(*methods: str) -> bytes:
    inside = f'<class name="a.B">{"".join(methods)}</class>'
    return f'<testng-results><suite name="s"><test name="t">{inside}</test></suite></testng-results>'.encode()


def _method(name: str, status: str = "PASS", inside: str = "", attributes: str = "") -> str:
    return f'<test-method name="{name}" status="{status}" duration-ms="5" {attributes}>{inside}</test-method>'


def _attribute(name: str, value: str) -> str:
    return f'<attributes><attribute name="{name}"><![CDATA[{value}]]></attribute></attributes>'


def _params(value: int) -> str:
    return f'<params><param index="0"><value><![CDATA[{value}]]></value></param></params>'


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "TODO", "PASS"]


def _keys(report: Report) -> None:
    assert [r.test_key for r in report.results] == ["DEMO-6"]


def _requirements(report: Report) -> None:
    assert [r.info.requirement_keys for r in report.results if r.info] == [["DEMO-2", "DEMO-3"]]


def _iterations(report: Report) -> None:
    assert [[(i.status, i.parameters, i.duration) for i in r.iterations] for r in report.results] == [
        [("PASS", [("param[0]", "1")], "5 ms"), ("FAIL", [("param[0]", "2")], "5 ms")]
    ]


def _evidence(report: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in report.results[0].evidence] == [
        ("a.png", b'"YQ=="'),
        ("system-out.txt", b"printed"),
    ]


def _retries(report: Report) -> None:
    assert [(r.status, [(a.status, a.comment) for a in r.attempts]) for r in report.results] == [("PASS", [("FAIL", "E")])]


CELLS: Cells = {
    "statuses": Cell(
        _report(_method("a"), _method("b", "FAIL"), _method("c", "SKIP"), _method("d", "SUCCESS_PERCENTAGE_FAILURE")), _statuses
    ),
    "keys": Cell(_report(_method("a", inside=_attribute("test", "DEMO-6"))), _keys),
    "requirements": Cell(_report(_method("a", inside=_attribute("requirement", "DEMO-2,DEMO-3"))), _requirements),
    "steps": Without("a test method has no steps"),
    "examples": Without("a report has no scenario outlines; the rounds of a data provider are iterations"),
    "iterations": Cell(_report(_method("a", inside=_params(1)), _method("a", "FAIL", _params(2))), _iterations),
    "evidence": Cell(
        _report(
            _method(
                "a",
                inside='<attachments><attachment filename="a.png"><rawcontent>YQ==</rawcontent></attachment></attachments>'
                "<reporter-output><line>printed</line></reporter-output>",
            )
        ),
        _evidence,
    ),
    "retries": Cell(_report(_method("a", "SKIP", '<exception class="E"/>', 'retried="true"'), _method("a")), _retries),
}
