# SPDX-License-Identifier: Apache-2.0
"""A Test Run as Xray's API shows it (Xray docs, Test Runs - REST), in the shapes of v1 and v2."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from msgspec import UNSET, UnsetType, structs

from radiograph.domain.clock import format_instant
from radiograph.domain.examples import example_values
from radiograph.domain.issues import TestType
from radiograph.domain.parameters import resolved
from radiograph.domain.run_fields import matches, value_of
from radiograph.web.addresses import attachment_address
from radiograph.web.raven import run_types as types
from radiograph.web.raven.run_types import StepV1, StepV2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.actions.runs import RunView
    from radiograph.domain.issues import Step
    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.runs import DefectRow, EvidenceRow, StepRow

_S = TypeVar("_S", StepV1, StepV2)


def text_shape(raw: str) -> types.Text:
    """A text as it was written, and as safe HTML."""
    return types.Text(raw, f"<p>{escape(raw)}</p>" if raw else "")


def evidence_shape(row: EvidenceRow, people: dict[int, str], base: str) -> types.Attachment:
    """A file of a run."""
    return file_shape(row, people.get(row.author_id or 0, ""), base)


def file_shape(row: EvidenceRow | AttachmentRow, author: str, base: str) -> types.Attachment:
    """A file, added by this person."""
    kind = row.content_type.partition("/")[0]
    icon = kind if kind in {"image", "text", "video"} else "file"
    return types.Attachment(
        id=row.id,
        file_name=row.filename,
        file_size=f"{row.size / 1024:.1f} kB",
        numerical_file_size=row.size,
        mime_type=row.content_type,
        created=format_instant(row.created_ms),
        created_date=row.created_ms,
        author=author,
        author_full_name=author,
        file_url=attachment_address(base, row.id, row.filename),
        file_path=row.sha256,
        file_icon=f"{icon}.gif",
        file_icon_alt=icon.title(),
    )


def defect_shape(row: DefectRow) -> types.Defect:
    """A defect; one of elsewhere has no id of ours."""
    return types.Defect(row.issue_id, row.key, row.summary or "", row.workflow or "")


def status_name(view: RunView) -> str:
    """The name of the run's status."""
    return view.run_statuses.by_id[view.row.status_id].name


def assignee_shape(view: RunView) -> types.Assignee:
    """Who the run is for."""
    name = view.people.get(view.row.assignee_id or 0)
    return types.Assignee(name is not None, name or "")


def defect_shapes(view: RunView) -> list[types.Defect]:
    """The defects of the run itself, without those of its steps."""
    return [defect_shape(d) for d in view.parts.defects if d.step_id is None]


def evidence_shapes(view: RunView, base: str) -> list[types.Attachment]:
    """The files of the run itself, without those of its steps."""
    return [evidence_shape(e, view.people, base) for e in view.parts.evidence if e.step_id is None]


def run_shape(view: RunView, base: str, *, v2: bool) -> types.RunV1 | types.RunV2:
    """The whole run."""
    common = _common(view, base)
    iterations = range(len(view.parts.iterations))
    if v2:
        two = [iteration_shape(view, i, base, v2=True) for i in iterations]
        return types.RunV2(**common, iterations=two or UNSET, steps=step_shapes(view, None, base, v2=True) if _has_steps(view) else UNSET)
    one = [iteration_shape(view, i, base, v2=False) for i in iterations]
    return types.RunV1(**common, iterations=one or UNSET, steps=step_shapes(view, None, base, v2=False) if _has_steps(view) else UNSET)


def _has_steps(view: RunView) -> bool:
    """A run with iterations has its steps in them (Xray docs, Test Runs - REST v2)."""
    return not view.parts.iterations or any(s.iteration_id is None for s in view.parts.steps)


def _common(view: RunView, base: str) -> dict[str, Any]:
    row = view.row
    status = view.run_statuses.by_id[row.status_id]
    outline = _outline(view)
    return {
        "id": row.id,
        "status": status.name,
        "color": status.color,
        "test_key": row.test_key,
        "test_exec_key": row.execution_key,
        "assignee": view.people.get(row.assignee_id or 0, ""),
        "executed_by": view.people.get(row.executor_id or 0, ""),
        **_dates(view),
        "comment": row.comment,
        "defects": defect_shapes(view),
        "evidences": evidence_shapes(view, base),
        "custom_fields": custom_field_shapes(view),
        "test_environments": view.environments,
        "fix_versions": [types.FixVersion(v.id, v.name, v.description, v.archived, v.released) for v in view.versions],
        "attempts": row.attempts,
        "archived": False,
        "scenario_outline": outline,
        "examples": example_shapes(view) if view.parts.examples or outline is not UNSET else UNSET,
    }


def custom_field_shapes(view: RunView) -> list[types.CustomFieldValue]:
    """The fields that the project defines, with the run's values; then what imports sent beside them, as it was sent."""
    stored: list[dict[str, Any]] = json.loads(view.row.custom_fields) if view.row.custom_fields else []
    defined = [f for f in view.fields if f.of == "run"]
    own = [types.CustomFieldValue(f.id, f.name, value_of(f, stored)) for f in defined]
    others = [e for e in stored if not any(matches(f, e[k]) for f in defined for k in ("id", "name") if e.get(k) is not None)]
    return [*own, *(types.CustomFieldValue(e.get("id"), e.get("name"), e.get("value")) for e in others)]


def custom_field_shape(view: RunView, key: str) -> types.CustomFieldValue | None:
    """The field of that id or name (case ignored), defined or sent; None when there is none."""
    wanted = key.strip().casefold()
    for shape in custom_field_shapes(view):
        if wanted in {str(shape.id), (shape.name or "").casefold()}:
            return shape
    return None


def _outline(view: RunView) -> str | UnsetType:
    definition = view.definition
    return definition.text if definition.type is TestType.CUCUMBER and definition.scenario_type == "Scenario Outline" else UNSET


def _dates(view: RunView) -> dict[str, Any]:
    row = view.row
    shape: dict[str, Any] = {}
    for name, ms, offset in (("started_on", row.start_ms, row.start_offset), ("finished_on", row.finish_ms, row.finish_offset)):
        if ms is not None:
            shape[name] = shape[f"{name}_iso"] = format_instant(ms, offset)
    if row.start_ms is not None and row.finish_ms is not None:
        shape["duration"] = row.finish_ms - row.start_ms
    return shape


def row_shape(view: RunView, base: str, *, detailed: bool) -> types.RunRow:
    """A run as a row of its execution."""
    row = types.RunRow(view.row.id, view.row.test_key, view.row.rank, status_name(view))
    if not detailed:
        return row
    dates = {n: d for n, d in _dates(view).items() if n in {"started_on", "finished_on"}}
    more = {"assignee": assignee_shape(view).assignee, "executed_by": view.people.get(view.row.executor_id or 0, ""), **dates}
    return structs.replace(row, **more, defects=defect_shapes(view), evidences=evidence_shapes(view, base))


def exported_shape(view: RunView, base: str, *, v2: bool) -> types.ExportedV1 | types.ExportedV2:
    """A run as `testruns` exports it."""
    run = run_shape(view, base, v2=v2)
    start, finish = run.started_on or None, run.finished_on or None
    kind = types.ExportedV2 if isinstance(run, types.RunV2) else types.ExportedV1
    return kind(**structs.asdict(run), type=view.definition.type.label, start=start, finish=finish)


def example_shapes(view: RunView) -> list[types.Example]:
    """One for each row of the examples; a row without a result is TODO."""
    values = example_values(view.definition.text) if view.definition.type is TestType.CUCUMBER else []
    given = {e.position: e for e in view.parts.examples}
    shapes = []
    for i in range(max(len(values), max(given, default=-1) + 1)):
        status = view.run_statuses.by_id[given[i].status_id] if i in given else view.run_statuses["TODO"]
        number = given[i].id if i in given else -i - 1
        shapes.append(types.Example(number, i + 1, values[i] if i < len(values) else [], status.name))
    return shapes


@overload
def iteration_shape(view: RunView, index: int, base: str, *, v2: Literal[True]) -> types.IterationV2: ...
@overload
def iteration_shape(view: RunView, index: int, base: str, *, v2: Literal[False]) -> types.IterationV1: ...
def iteration_shape(view: RunView, index: int, base: str, *, v2: bool) -> types.IterationV1 | types.IterationV2:
    """One iteration with its parameters and its steps."""
    row = view.parts.iterations[index]
    status = view.run_statuses.by_id[row.status_id]
    common: dict[str, Any] = {
        "id": row.id,
        "name": row.name,
        "status": status.name,
        "color": status.color,
        "parameters": [types.Parameter(n, v) for n, v in row.parameters],
        "log": row.log,
        "duration": row.duration,
    }
    if v2:
        return types.IterationV2(**common, steps=_steps(view, row.id, base, StepV2))
    return types.IterationV1(**common, steps=_steps(view, row.id, base, StepV1))


@overload
def step_shapes(view: RunView, iteration: int | None, base: str, *, v2: Literal[True]) -> list[StepV2]: ...
@overload
def step_shapes(view: RunView, iteration: int | None, base: str, *, v2: Literal[False]) -> list[StepV1]: ...
@overload
def step_shapes(view: RunView, iteration: int | None, base: str, *, v2: bool) -> list[StepV1] | list[StepV2]: ...
def step_shapes(view: RunView, iteration: int | None, base: str, *, v2: bool) -> list[StepV1] | list[StepV2]:
    """The definition's steps with their results by position; results beyond them are steps of the run."""
    return _steps(view, iteration, base, StepV2) if v2 else _steps(view, iteration, base, StepV1)


def stored_iteration_steps(view: RunView, base: str, *, v2: bool) -> list[StepV1 | StepV2]:
    """The steps of the run's iterations that have results."""
    rows = [row.id for row in view.parts.iterations]
    return [step for number in rows for step in step_shapes(view, number, base, v2=v2) if step.id >= 0]


def _steps(view: RunView, iteration: int | None, base: str, kind: type[_S]) -> list[_S]:
    given = {s.position: s for s in view.parts.steps if s.iteration_id == iteration}
    steps = view.definition.steps
    count = max(len(steps), max(given, default=-1) + 1)
    values = next((dict(i.parameters) for i in view.parts.iterations if i.id == iteration), {})
    return [
        kind(
            index=i + 1,
            **_written(steps[i] if i < len(steps) else None, values, _own_fields(view, i), kind),
            **_result(view, i, given.get(i), base),
        )
        for i in range(count)
    ]


def _own_fields(view: RunView, position: int) -> Mapping[str, str | list[str]]:
    return view.details[position].fields if position < len(view.details) else {}


def _written(step: Step | None, values: dict[str, str], own: Mapping[str, str | list[str]], kind: type[StepV1 | StepV2]) -> dict[str, Any]:
    """What the Test says of the step, with the iteration's values for its parameters."""
    texts = (step.action, step.data, step.result) if step else ("", "", "")
    action, data, result = (text_shape(resolved(text, values)) for text in texts)
    if kind is StepV1:
        return {"step": action, "data": data, "result": result}
    native = {"Action": action, "Data": data, "Expected Result": result}
    fields = {name: types.RunStepField("Wiki", text) for name, text in native.items()}
    return {"fields": fields | {name: _own_field(value, values) for name, value in own.items()}}


def _own_field(value: str | list[str], values: dict[str, str]) -> types.RunStepField:
    if isinstance(value, list):
        return types.RunStepField("Option", [types.RunStepOption(i, one) for i, one in enumerate(value, 1)])
    return types.RunStepField("Data", resolved(value, values))


def _result(view: RunView, position: int, row: StepRow | None, base: str) -> dict[str, Any]:
    """The result; a step without one is TODO, and its id is its position as a negative number."""
    status = view.step_statuses.by_id[row.status_id] if row else view.step_statuses["TODO"]
    number = row.id if row else None
    files = view.step_files[position] if position < len(view.step_files) else []
    return {
        "id": -position - 1 if row is None else row.id,
        "attachments": [file_shape(f, f.author or "", base) for f in files],
        "status": status.name,
        "color": status.color,
        "comment": text_shape(row.comment if row else ""),
        "actual_result": text_shape(row.actual if row else ""),
        "defects": [defect_shape(d) for d in view.parts.defects if number and d.step_id == number],
        "evidences": [evidence_shape(e, view.people, base) for e in view.parts.evidence if number and e.step_id == number],
    }
