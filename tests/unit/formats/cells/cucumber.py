# SPDX-License-Identifier: Apache-2.0
"""What is read of Cucumber JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report

_ITERATIONS = Without("the rows of a scenario outline are examples, as the vendor keeps them")


def _step(status: str, line: int = 5, **more: Any) -> dict[str, Any]:
    return {"keyword": "Given ", "name": "a step", "line": line, "result": {"status": status, "duration": 1000}, **more}


def _report(*elements: dict[str, Any], **feature: Any) -> bytes:
    listed = [{"id": f"f;s{i}", "keyword": "Scenario", "name": f"s{i}", "type": "scenario", "line": 4, **e} for i, e in enumerate(elements)]
    return json.dumps([{"uri": "a.feature", "keyword": "Feature", "name": "f", "elements": listed, **feature}]).encode()


def _row(number: int, status: str) -> dict[str, Any]:
    return {"id": f"f;o;;{number}", "keyword": "Scenario Outline", "name": "o", "line": 8 + number, "steps": [_step(status)]}


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "TODO", "TODO", "TODO", "FAIL"]


def _keys(report: Report) -> None:
    assert [r.tags for r in report.results] == [["TEST_DEMO-6"]]


def _requirements(report: Report) -> None:
    assert [r.tags for r in report.results] == [["REQ_DEMO-2"]]


def _steps(report: Report) -> None:
    assert [(s.status, s.comment) for s in report.results[0].steps] == [("PASS", ""), ("FAIL", "no")]


def _examples(report: Report) -> None:
    assert [(r.status, r.examples) for r in report.results] == [("FAIL", ["PASS", "FAIL"])]


def _evidence(report: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in report.results[0].steps[0].evidence] == [("shot.png", b'"iVBORw0KGgo="')]


def _retries(report: Report) -> None:
    assert [(r.status, [a.status for a in r.attempts]) for r in report.results] == [("PASS", ["FAIL"])]


_SHOT = {"mime_type": "image/png", "data": "iVBORw0KGgo=", "name": "shot"}
_FAILED = {"result": {"status": "failed", "error_message": "no"}}
_TRIED = {"id": "f;s", "name": "s"}
CELLS: Cells = {
    "statuses": Cell(
        _report(*({"steps": [_step(s)]} for s in ("passed", "failed", "skipped", "pending", "undefined", "ambiguous"))), _statuses
    ),
    "keys": Cell(_report({"steps": [_step("passed")], "tags": [{"name": "@TEST_DEMO-6"}]}), _keys),
    "requirements": Cell(_report({"steps": [_step("passed")]}, tags=[{"name": "@REQ_DEMO-2"}]), _requirements),
    "steps": Cell(_report({"steps": [_step("passed"), _step("failed", 6) | _FAILED]}), _steps),
    "examples": Cell(_report(_row(2, "passed"), _row(3, "failed")), _examples),
    "iterations": _ITERATIONS,
    "evidence": Cell(_report({"steps": [_step("passed", embeddings=[_SHOT])]}), _evidence),
    "retries": Cell(_report(_TRIED | {"steps": [_step("failed")]}, _TRIED | {"steps": [_step("passed")]}), _retries),
}
