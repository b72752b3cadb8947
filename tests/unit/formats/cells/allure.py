# SPDX-License-Identifier: Apache-2.0
"""What is read of Allure's results."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def folder(*results: dict[str, Any], **files: Any) -> bytes:
    """A zip of results, and of other files: `a_container` is `a-container.json`, bytes as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, result in enumerate(results):
            archive.writestr(f"{number}-result.json", json.dumps({"uuid": f"u{number}", "status": "passed"} | result))
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content)
            archive.writestr(name.replace("__", ".").replace("_", "-") + ("" if isinstance(content, bytes) else ".json"), data)
    return out.getvalue()


def _statuses(report: Report) -> None:
    assert [r.status for r in report.results] == ["PASS", "FAIL", "FAIL", "TODO", "TODO"]


def _keys(report: Report) -> None:
    assert [r.tags for r in report.results] == [["TEST_DEMO-6"]]


def _steps(report: Report) -> None:
    steps = report.results[0].steps
    assert [(s.status, s.actual, s.comment) for s in steps] == [("PASS", "open", ""), ("FAIL", "look", "look at it: nothing there")]


def _iterations(report: Report) -> None:
    (result,) = report.results
    assert result.status == "FAIL"
    assert [(i.name, i.parameters, i.status) for i in result.iterations] == [
        ("t[1]", [("n", "1")], "PASS"),
        ("t[2]", [("n", "2")], "FAIL"),
    ]


def _evidence(report: Report) -> None:
    assert [(f.filename, f.content_type, bytes(f.data or b"")) for f in report.results[0].evidence] == [("note.txt", "text/plain", b"a")]


def _retries(report: Report) -> None:
    (result,) = report.results
    assert (result.status, [a.status for a in result.attempts]) == ("PASS", ["FAIL", "FAIL"])


_STEPS = [
    {"name": "open", "status": "passed"},
    {
        "name": "look",
        "status": "failed",
        "steps": [{"name": "look at it", "status": "failed", "statusDetails": {"message": "nothing there"}}],
    },
]
_NAMED = {"fullName": "m.t", "name": "t"}
_ROUNDS = ({"historyId": f"h{n}", "name": f"t[{n}]", "parameters": [{"name": "n", "value": str(n)}], "start": n} for n in (1, 2))

CELLS: Cells = {
    "statuses": Cell(
        folder(*({"name": s, "status": s, "start": n + 1} for n, s in enumerate(["passed", "failed", "broken", "skipped", "unknown"]))),
        _statuses,
    ),
    "keys": Cell(folder(_NAMED | {"links": [{"type": "tms", "url": "https://jira.example.com/browse/DEMO-6"}]}), _keys),
    "requirements": Without("Allure has no link to a requirement; a tag that is a key is found by the import"),
    "steps": Cell(folder(_NAMED | {"status": "failed", "steps": _STEPS}), _steps),
    "examples": Without("rows of a scenario outline have parameters and become iterations"),
    "iterations": Cell(folder(*(_NAMED | r | {"status": s} for r, s in zip(_ROUNDS, ("passed", "failed"), strict=True))), _iterations),
    "evidence": Cell(
        folder(_NAMED | {"attachments": [{"name": "note", "source": "a-attachment.txt", "type": "text/plain"}]}, a_attachment__txt=b"a"),
        _evidence,
    ),
    "retries": Cell(
        folder(*(_NAMED | {"historyId": "h", "status": s, "start": at} for s, at in (("passed", 3), ("failed", 1), ("broken", 2)))),
        _retries,
    ),
}
