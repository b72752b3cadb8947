# SPDX-License-Identifier: Apache-2.0
"""Writes an execution as Xray JSON (Xray docs, Import Execution Results), which imported again gives the same runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from radiograph.domain.clock import format_instant
from radiograph.formats.streamed_json import Content, json_pieces, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from radiograph.domain.clock import Instant
    from radiograph.formats.exported import ExportedExecution, ExportedFile, ExportedIteration, ExportedRun, ExportedStep, ExportOptions


def write_xray_json(execution: ExportedExecution, runs: Iterable[ExportedRun], options: ExportOptions) -> Iterator[bytes]:
    """The report, run by run. It names no Test Execution, so that its import makes a new one."""
    yield b'{"info":' + msgspec.json.encode(_info(execution)) + b',"tests":['
    for number, run in enumerate(runs):
        yield b",\n" if number else b"\n"
        test = _test(run, evidence=options.evidence)
        # nearly no run has files, and one piece is quickly made
        yield from json_pieces(test) if options.evidence and run.files else [msgspec.json.encode(test)]
    yield b"\n]}\n"


def _info(execution: ExportedExecution) -> dict[str, Any]:
    return without_empty(
        {
            "project": execution.project,
            "summary": execution.summary,
            "description": execution.description,
            "version": execution.versions[0] if execution.versions else "",
            "revision": execution.revision,
            "startDate": _date(execution.begin),
            "finishDate": _date(execution.end),
            "testPlanKey": ",".join(execution.plans),
            "testEnvironments": execution.environments,
        }
    )


def _date(at: Instant | None) -> str:
    return format_instant(at.ms, at.offset) if at else ""


def _test(run: ExportedRun, *, evidence: bool) -> dict[str, Any]:
    return without_empty(
        {
            "testKey": run.test_key,
            "start": _date(run.start),
            "finish": _date(run.finish),
            "comment": run.comment,
            "executedBy": run.executor,
            "assignee": run.assignee,
            "status": run.status,
            "steps": [_step(step, evidence=evidence) for step in run.steps],
            "examples": run.examples,
            "iterations": [_iteration(iteration, evidence=evidence) for iteration in run.iterations],
            "defects": run.defects,
            "evidence": _files(run.evidence, evidence=evidence),
            "customFields": [without_empty(field) for field in run.custom_fields],
        }
    )


def _step(step: ExportedStep, *, evidence: bool) -> dict[str, Any]:
    return without_empty(
        {
            "status": step.status,
            "comment": step.comment,
            "actualResult": step.actual,
            "evidence": _files(step.evidence, evidence=evidence),
            "defects": step.defects,
        }
    )


def _iteration(iteration: ExportedIteration, *, evidence: bool) -> dict[str, Any]:
    return without_empty(
        {
            "name": iteration.name,
            "parameters": [{"name": name, "value": value} for name, value in iteration.parameters],
            "log": iteration.log,
            "duration": iteration.duration,
            "status": iteration.status,
            "steps": [_step(step, evidence=evidence) for step in iteration.steps],
        }
    )


def _files(files: Sequence[ExportedFile], *, evidence: bool) -> list[dict[str, Any]]:
    """The files with their content; none where it isn't wanted, as a file without content is refused."""
    return [{"filename": f.filename, "contentType": f.content_type, "data": Content(f)} for f in files] if evidence else []
