# SPDX-License-Identifier: Apache-2.0
"""What is read of Xray JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _report(*tests: dict[str, Any]) -> bytes:
    return json.dumps({"tests": tests}).encode()


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "BLOCKED"]


def _keys(report: Report) -> None:
    assert [r.test_key for r in report.results] == ["DEMO-6"]


def _requirements(report: Report) -> None:
    assert [r.info.requirement_keys for r in report.results if r.info] == [["DEMO-2", "DEMO-3"]]


def _steps(report: Report) -> None:
    assert [(s.status, s.comment, s.actual) for s in report.results[0].steps] == [("PASS", "c", "a"), ("FAIL", "", "")]


def _examples(report: Report) -> None:
    assert report.results[0].examples == ["PASS", "FAIL"]


def _iterations(report: Report) -> None:
    assert [(i.name, i.parameters, i.status) for i in report.results[0].iterations] == [("one", [("n", "1")], "PASS")]


def _evidence(report: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in report.results[0].evidence] == [("a.txt", b'"YQ=="')]


CELLS: Cells = {
    "statuses": Cell(_report(*({"testKey": f"A-{s}", "status": s} for s in ("PASS", "FAIL", "BLOCKED"))), _statuses),
    "keys": Cell(_report({"testKey": "DEMO-6", "status": "PASS"}), _keys),
    "requirements": Cell(_report({"testInfo": {"requirementKeys": ["DEMO-2", "DEMO-3"]}, "status": "PASS"}), _requirements),
    "steps": Cell(
        _report({"testKey": "A-1", "steps": [{"status": "PASS", "comment": "c", "actualResult": "a"}, {"status": "FAIL"}]}), _steps
    ),
    "examples": Cell(_report({"testKey": "A-1", "examples": ["PASS", "FAIL"]}), _examples),
    "iterations": Cell(
        _report({"testKey": "A-1", "iterations": [{"name": "one", "parameters": [{"name": "n", "value": "1"}], "status": "PASS"}]}),
        _iterations,
    ),
    "evidence": Cell(_report({"testKey": "A-1", "status": "PASS", "evidence": [{"filename": "a.txt", "data": "YQ=="}]}), _evidence),
    "retries": Without("a report has one result of a Test; an import into the same execution makes the earlier one an attempt"),
}
