# SPDX-License-Identifier: Apache-2.0
"""A Test Run as Xray's API shows it (Xray docs, Test Runs - REST), in the shapes of v1 and v2."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from radiograph.domain.clock import format_instant
from radiograph.domain.examples import example_values
from radiograph.domain.issues import TestType
from radiograph.web.addresses import attachment_address

if TYPE_CHECKING:
    from radiograph.actions.runs import RunView
    from radiograph.domain.issues import Step
    from radiograph.store.runs import DefectRow, EvidenceRow, StepRow

Shape = dict[str, Any]


def text_shape(raw: str) -> Shape:
    """A text as it was written, and as safe HTML."""
    return {"raw": raw, "rendered": f"<p>{escape(raw)}</p>" if raw else ""}


def evidence_shape(row: EvidenceRow, people: dict[int, str], base: str) -> Shape:
    """A file."""
    author = people.get(row.author_id or 0, "")
    return {
        "id": row.id,
        "fileName": row.filename,
        "fileSize": f"{row.size / 1024:.1f} kB",
        "numericalFileSize": row.size,
        "mimeType": row.content_type,
        "created": format_instant(row.created_ms),
        "createdDate": row.created_ms,
        "author": author,
        "authorFullName": author,
        "fileURL": attachment_address(base, row.id, row.filename),
        "filePath": row.sha256,
    }


def defect_shape(row: DefectRow) -> Shape:
    """A defect; one of elsewhere has no id of ours."""
    return {"id": row.issue_id, "key": row.key, "summary": row.summary or "", "status": row.workflow or ""}


def _dates(view: RunView) -> Shape:
    row = view.row
    shape: Shape = {}
    for name, ms, offset in (("startedOn", row.start_ms, row.start_offset), ("finishedOn", row.finish_ms, row.finish_offset)):
        if ms is not None:
            shape[name] = shape[f"{name}Iso"] = format_instant(ms, offset)
    if row.start_ms is not None and row.finish_ms is not None:
        shape["duration"] = row.finish_ms - row.start_ms
    return shape


def run_shape(view: RunView, base: str, *, v2: bool) -> Shape:
    """The whole run."""
    row, parts = view.row, view.parts
    status = view.run_statuses.by_id[row.status_id]
    shape: Shape = {
        "id": row.id,
        "status": status.name,
        "color": status.color,
        "testKey": row.test_key,
        "testExecKey": row.execution_key,
        "assignee": view.people.get(row.assignee_id or 0, ""),
        "executedBy": view.people.get(row.executor_id or 0, ""),
        **_dates(view),
        "comment": row.comment,
        "defects": [defect_shape(d) for d in parts.defects if d.step_id is None],
        "evidences": [evidence_shape(e, view.people, base) for e in parts.evidence if e.step_id is None],
        "customFields": json.loads(row.custom_fields) if row.custom_fields else [],
        "testEnvironments": view.environments,
        "fixVersions": [{"name": v} for v in view.versions],
        "attempts": row.attempts,
        "archived": False,
    }
    if view.definition.type is TestType.CUCUMBER and view.definition.scenario_type == "Scenario Outline":
        shape["scenarioOutline"] = view.definition.text
    if parts.examples or "scenarioOutline" in shape:
        shape["examples"] = example_shapes(view)
    if parts.iterations:
        shape["iterations"] = [iteration_shape(view, i, base, v2=v2) for i in range(len(parts.iterations))]
    if not parts.iterations or any(s.iteration_id is None for s in parts.steps):
        shape["steps"] = step_shapes(view, None, base, v2=v2)
    return shape


def example_shapes(view: RunView) -> list[Shape]:
    """One for each row of the examples; a row without a result is TODO."""
    values = example_values(view.definition.text) if view.definition.type is TestType.CUCUMBER else []
    given = {e.position: e for e in view.parts.examples}
    shapes = []
    for i in range(max(len(values), max(given, default=-1) + 1)):
        status = view.run_statuses.by_id[given[i].status_id] if i in given else view.run_statuses["TODO"]
        number = given[i].id if i in given else None
        shapes.append({"id": number, "rank": i + 1, "values": values[i] if i < len(values) else [], "status": status.name})
    return shapes


def iteration_shape(view: RunView, index: int, base: str, *, v2: bool) -> Shape:
    """One iteration with its parameters and, where it has any, its steps."""
    row = view.parts.iterations[index]
    status = view.run_statuses.by_id[row.status_id]
    return {
        "id": row.id,
        "name": row.name,
        "status": status.name,
        "color": status.color,
        "parameters": [{"name": n, "value": v} for n, v in row.parameters],
        "log": row.log,
        "duration": row.duration,
        "steps": step_shapes(view, row.id, base, v2=v2) if any(s.iteration_id == row.id for s in view.parts.steps) else [],
    }


def step_shapes(view: RunView, iteration: int | None, base: str, *, v2: bool) -> list[Shape]:
    """The definition's steps with their results by position; results beyond them are steps of the run."""
    given = {s.position: s for s in view.parts.steps if s.iteration_id == iteration}
    steps = view.definition.steps
    count = max(len(steps), max(given, default=-1) + 1)
    return [_step(view, i, steps[i] if i < len(steps) else None, given.get(i), base, v2=v2) for i in range(count)]


def _step(view: RunView, index: int, step: Step | None, row: StepRow | None, base: str, *, v2: bool) -> Shape:
    status = view.step_statuses.by_id[row.status_id] if row else view.step_statuses["TODO"]
    number = row.id if row else None
    texts = (step.action, step.data, step.result) if step else ("", "", "")
    names = ("Action", "Data", "Expected Result") if v2 else ("step", "data", "result")
    shown: Shape = {n: text_shape(x) for n, x in zip(names, texts, strict=True)}
    if v2:
        shown = {"fields": {n: {"type": "Wiki", "value": x} for n, x in shown.items()}}
    return {
        "id": number,
        "index": index + 1,
        **shown,
        "attachments": [],
        "status": status.name,
        "color": status.color,
        "comment": text_shape(row.comment if row else ""),
        "actualResult": text_shape(row.actual if row else ""),
        "defects": [defect_shape(d) for d in view.parts.defects if number and d.step_id == number],
        "evidences": [evidence_shape(e, view.people, base) for e in view.parts.evidence if number and e.step_id == number],
    }
