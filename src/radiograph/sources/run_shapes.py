# SPDX-License-Identifier: Apache-2.0
"""A Test Run of Xray's API (v2) as a result of a report (Xray docs, Test Runs - REST)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.report import EvidenceFile, Iteration, StepResult, TestResult
from radiograph.sources.issue_shapes import SourceFile, read_file

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fetch(Struct):
    """A file of a result that is still to be fetched: where it goes, and where it comes from."""

    into: list[EvidenceFile]
    file: SourceFile
    path: str


def read_run(shape: Mapping[str, Any], index: int, fetches: list[Fetch]) -> TestResult:
    """The result of a run; its files go to `fetches`."""
    path = f"$.tests[{index}]"
    evidence: list[EvidenceFile] = []
    result = TestResult(
        index=index, test_key=str(shape.get("testKey", "")), status=str(shape.get("status", "")),
        start=_instant(shape, "startedOn"), finish=_instant(shape, "finishedOn"), comment=_text(shape.get("comment")),
        executed_by=str(shape.get("executedBy") or ""), assignee=str(shape.get("assignee") or ""),
        steps=_steps(shape.get("steps"), f"{path}.steps", fetches),
        examples=[str(e.get("status", "")) for e in _ranked(shape.get("examples"))],
        iterations=_iterations(shape.get("iterations"), path, fetches),
        defects=_keys(shape.get("defects")), evidence=evidence, custom_fields=_custom_fields(shape.get("customFields")),
        warnings=[],
    )  # fmt: skip
    _files(shape.get("evidences"), evidence, f"{path}.evidence", fetches)
    return result


def _custom_fields(rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """The values by the fields' names; their ids are others here."""
    given = [f for f in rows or [] if isinstance(f, dict) and f.get("value") not in (None, "", [])]
    return [{k: v for k, v in f.items() if k != "id" or not f.get("name")} for f in given]


def _iterations(rows: Any, path: str, fetches: list[Fetch]) -> list[Iteration]:  # noqa: ANN401  (any JSON)
    return [
        Iteration(
            str(row.get("status", "")), str(row.get("name") or ""),
            [(str(p.get("name", "")), str(p.get("value", ""))) for p in row.get("parameters") or [] if isinstance(p, dict)],
            _steps(row.get("steps"), f"{path}.iterations[{i}].steps", fetches), str(row.get("log") or ""), str(row.get("duration") or ""),
        )
        for i, row in enumerate(r for r in rows or [] if isinstance(r, dict))
    ]  # fmt: skip


def _steps(rows: Any, path: str, fetches: list[Fetch]) -> list[StepResult]:  # noqa: ANN401
    found = []
    for i, row in enumerate(r for r in rows or [] if isinstance(r, dict)):
        actual = _text(row.get("actualResult"))
        evidence: list[EvidenceFile] = []
        step = StepResult(str(row.get("status", "")), _text(row.get("comment")), actual, evidence, _keys(row.get("defects")))
        _files(row.get("evidences"), evidence, f"{path}[{i}].evidence", fetches)
        found.append(step)
    return found


def _files(rows: Any, into: list[EvidenceFile], path: str, fetches: list[Fetch]) -> None:  # noqa: ANN401
    fetches.extend(Fetch(into, read_file(row), f"{path}[{i}]") for i, row in enumerate(rows or []) if isinstance(row, dict))


def _ranked(rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """The rows of the examples by rank, without the header's (rank 0)."""
    listed = [r for r in rows or [] if isinstance(r, dict)]
    return sorted((r for r in listed if r.get("rank", 1) != 0), key=lambda r: int(r.get("rank") or 0))


def _keys(rows: Any) -> list[str]:  # noqa: ANN401
    return [str(row.get("key", "")) for row in rows or [] if isinstance(row, dict) and row.get("key")]


def _instant(shape: Mapping[str, Any], name: str) -> Instant | None:
    for value in (shape.get(f"{name}Iso"), shape.get(name)):
        found = parse_instant(value) if isinstance(value, str) else None
        if found is not None:
            return found
    return None


def _text(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        value = value.get("raw")
    return "" if value is None else str(value)
