# SPDX-License-Identifier: Apache-2.0
"""What is read of CTRF."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def report(*tests: Any, **more: Any) -> bytes:
    """A report of these tests, which get a name, status and duration where they have none."""
    filled = [{"name": f"t{i}", "status": "passed", "duration": 5} | t if isinstance(t, dict) else t for i, t in enumerate(tests)]
    return json.dumps({"reportFormat": "CTRF", "results": {"tool": {"name": "hand"}, "tests": filled} | more}).encode()


def _statuses(found: Report) -> None:
    assert [r.status for r in found.results] == ["PASS", "FAIL", "TODO", "TODO", "TODO", "blocked"]


def _keys(found: Report) -> None:
    assert [(r.test_key, r.tags) for r in found.results] == [("DEMO-6", []), ("", ["DEMO-7"]), ("DEMO-8", [])]


def _requirements(found: Report) -> None:
    assert [r.info.requirement_keys for r in found.results if r.info] == [["DEMO-2", "DEMO-3"], ["DEMO-4"]]


def _steps(found: Report) -> None:
    assert [(s.status, s.actual) for s in found.results[0].steps] == [("PASS", "opens"), ("FAIL", "pays")]


def _iterations(found: Report) -> None:
    assert [(i.parameters, i.status, len(i.steps)) for r in found.results for i in r.iterations] == [
        ([("n", "1")], "PASS", 1),
        ([("n", "2")], "FAIL", 0),
    ]


def _evidence(found: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in found.results[0].evidence] == [("screenshot.png", b'"YQ=="'), ("a.txt", b'"Yg=="')]
    assert found.results[0].warnings == ["$.results.tests[0]: the report names the file out/b.zip, but doesn't hold it"]


def _retries(found: Report) -> None:
    assert [(r.status, [(a.status, a.comment) for a in r.attempts]) for r in found.results] == [("PASS", [("FAIL", "no"), ("FAIL", "nor")])]


CELLS: Cells = {
    "statuses": Cell(report(*({"status": s} for s in ("passed", "failed", "skipped", "pending", "other", "blocked"))), _statuses),
    "keys": Cell(
        report(
            {"extra": {"test_key": "DEMO-6"}},
            {"tags": ["@DEMO-7"]},
            {"extra": {"annotations": [{"type": "testKey", "description": "DEMO-8"}]}},
        ),
        _keys,
    ),
    "requirements": Cell(report({"labels": {"requirements": "DEMO-2, DEMO-3"}}, {"extra": {"requirement": ["DEMO-4"]}}), _requirements),
    "steps": Cell(report({"steps": [{"name": "opens", "status": "passed"}, {"name": "pays", "status": "failed"}]}), _steps),
    "examples": Without("CTRF has no scenario outlines; tests with parameters become iterations"),
    "iterations": Cell(
        report(
            {"name": "a", "parameters": {"n": 1}, "steps": [{"name": "x", "status": "passed"}]},
            {"name": "a", "parameters": {"n": 2}, "status": "failed"},
        ),
        _iterations,
    ),
    "evidence": Cell(
        report(
            {
                "screenshot": "YQ==",
                "attachments": [
                    {"name": "a.txt", "contentType": "text/plain", "path": "data:text/plain;base64,Yg=="},
                    {"name": "b", "contentType": "application/zip", "path": "out/b.zip"},
                ],
            }
        ),
        _evidence,
    ),
    "retries": Cell(
        report(
            {
                "retries": 2,
                "retryAttempts": [
                    {"attempt": 2, "status": "failed", "message": "nor"},
                    {"attempt": 1, "status": "failed", "message": "no"},
                    {"attempt": 3, "status": "passed"},
                ],
            }
        ),
        _retries,
    ),
}
