# SPDX-License-Identifier: Apache-2.0
"""Writes an execution as a CTRF report (Common Test Report Format, schema 0.0.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from radiograph.formats.exported import first_line
from radiograph.formats.streamed_json import Content, json_pieces, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from radiograph.formats.exported import ExportedExecution, ExportedFile, ExportedRun, ExportedStep, ExportOptions

_STATUSES = {"PASS": "passed", "FAIL": "failed", "TODO": "skipped", "EXECUTING": "pending"}
_MEANINGS = {"OK": "passed", "NOK": "failed", "NOTRUN": "other"}


def write_ctrf(execution: ExportedExecution, runs: Iterable[ExportedRun], options: ExportOptions) -> Iterator[bytes]:
    """The report, run by run; the counts, which are known only then, come after the tests."""
    tool = {"name": "Radiograph", "version": options.version}
    yield b'{"reportFormat":"CTRF","specVersion":"0.0.0","results":{"tool":' + msgspec.json.encode(without_empty(tool)) + b',"tests":['
    counts = dict.fromkeys(("passed", "failed", "skipped", "pending", "other"), 0)
    total = 0
    for total, run in enumerate(runs, 1):
        yield b",\n" if total > 1 else b"\n"
        test = _test(run, execution, evidence=options.evidence)
        counts[test["status"]] += 1
        yield from json_pieces(test) if options.evidence and run.files else [msgspec.json.encode(test)]
    start, stop = execution.begin.ms if execution.begin else 0, execution.end.ms if execution.end else 0
    yield b'\n],"summary":' + msgspec.json.encode({"tests": total, **counts, "start": start, "stop": stop})
    yield b',"environment":' + msgspec.json.encode(_environment(execution)) + b"}}\n"


def _environment(execution: ExportedExecution) -> dict[str, Any]:
    extra = {"testExecution": execution.key, "testPlans": execution.plans, "fixVersions": execution.versions}
    return without_empty(
        {
            "reportName": execution.summary,
            "testEnvironment": ", ".join(execution.environments),
            "branchName": execution.branch,
            "commit": execution.revision,
            "buildUrl": execution.build_url,
            "extra": without_empty(extra),
        }
    )


def status_word(status: str, requirement: str) -> str:
    """CTRF's word for a run's status, or for what it means where the status is the instance's own."""
    return _STATUSES.get(status) or _MEANINGS.get(requirement, "other")


def _test(run: ExportedRun, execution: ExportedExecution, *, evidence: bool) -> dict[str, Any]:
    word = status_word(run.status, run.requirement)
    message = first_line(run.comment) if word == "failed" else run.comment
    return {"name": run.name, "status": word, "duration": run.took_ms or 0} | without_empty(
        {
            "start": run.start.ms if run.start else None,
            "stop": run.finish.ms if run.finish else None,
            "suite": [execution.summary] if execution.summary else [],
            "message": message,
            "trace": run.comment if message != run.comment.strip() else "",
            "rawStatus": run.status,
            "tags": [f"TEST_{run.test_key}"],
            "type": run.type.lower(),
            "retries": run.attempts or None,
            "flaky": True if run.attempts and word == "passed" else None,
            "steps": [_step(step) for step in run.steps],
            "attachments": _files(run.files, evidence=evidence),
            "extra": _extra(run),
        }
    )


def _step(step: ExportedStep) -> dict[str, Any]:
    return {"name": step.action or step.comment or "step", "status": status_word(step.status, "")} | (
        {"extra": extra}
        if (extra := without_empty({"comment": step.comment, "actualResult": step.actual, "defects": step.defects}))
        else {}
    )


def _extra(run: ExportedRun) -> dict[str, Any]:
    iterations = [
        without_empty({"name": i.name, "status": i.status, "parameters": dict(i.parameters), "log": i.log, "duration": i.duration})
        for i in run.iterations
    ]
    return without_empty(
        {
            "testKey": run.test_key,
            "definition": run.definition,
            "requirements": run.requirements,
            "executedBy": run.executor,
            "assignee": run.assignee,
            "defects": run.defects,
            "examples": run.examples,
            "iterations": iterations,
            "customFields": run.custom_fields,
        }
    )


def _files(files: Sequence[ExportedFile], *, evidence: bool) -> list[dict[str, Any]]:
    """Files by their addresses, or with their content as `data:` addresses."""
    return [
        {
            "name": file.filename,
            "contentType": file.content_type,
            "path": Content(file, f"data:{file.content_type};base64,") if evidence else file.address,
        }
        for file in files
    ]
