# SPDX-License-Identifier: Apache-2.0
"""What is read of Behave's JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _step(status: str, line: int = 5, **more: Any) -> dict[str, Any]:
    ran = {"result": {"status": status, "duration": 0.25}} if status else {}
    return {"keyword": "Given", "name": "a step", "location": f"f/a.feature:{line}", "step_type": "given", **ran, **more}


def _scenario(status: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "keyword": "Scenario", "location": "f/a.feature:4", "name": "s", "status": status, "steps": list(steps), "tags": [],
        "type": "scenario", **more,
    }  # fmt: skip


def _report(*elements: dict[str, Any], **feature: Any) -> bytes:
    return json.dumps(
        [{"keyword": "Feature", "location": "f/a.feature:1", "name": "f", "status": "failed", "tags": [], "elements": elements, **feature}]
    ).encode()


def _row(line: int, status: str) -> dict[str, Any]:
    name = f"o -- @1.{line - 10} few"
    return _scenario(status, _step(status), keyword="Scenario Outline", name=name, location=f"f/a.feature:{line}")


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "TODO", "TODO", "FAIL"]


def _keys(report: Report) -> None:
    assert [r.tags for r in report.results] == [["DEMO-6"]]


def _requirements(report: Report) -> None:
    assert [r.tags for r in report.results] == [["REQ_DEMO-2"]]


def _steps(report: Report) -> None:
    assert [(s.status, s.comment) for s in report.results[0].steps] == [("PASS", ""), ("FAIL", "no\nwhy"), ("TODO", "")]


def _examples(report: Report) -> None:
    assert [(r.info.summary if r.info else "", r.examples) for r in report.results] == [("o", ["PASS", "FAIL"])]


def _evidence(report: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in report.results[0].steps[0].evidence] == [("embedding-1.png", b'"iVBORw0KGgo="')]


_FAILED = {"result": {"status": "failed", "duration": 0, "error_message": ["no", "why"]}}
_SHOT = {"mime_type": "image/png", "data": "iVBORw0KGgo="}
CELLS: Cells = {
    "statuses": Cell(
        _report(*(_scenario(s, _step(s), name=s) for s in ("passed", "failed", "skipped", "untested", "hook_error"))), _statuses
    ),
    "keys": Cell(_report(_scenario("passed", _step("passed"), tags=["DEMO-6"])), _keys),
    "requirements": Cell(_report(_scenario("passed", _step("passed")), tags=["REQ_DEMO-2"]), _requirements),
    "steps": Cell(_report(_scenario("failed", _step("passed"), _step("", 6) | _FAILED, _step("", 7))), _steps),
    "examples": Cell(_report(_row(11, "passed"), _row(12, "failed")), _examples),
    "iterations": Without("the rows of a scenario outline are examples, as the vendor keeps them"),
    "evidence": Cell(_report(_scenario("passed", _step("passed", embeddings=[_SHOT]))), _evidence),
    "retries": Without("Behave writes the last try of a scenario only"),
}
