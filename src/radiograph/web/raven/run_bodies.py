# SPDX-License-Identifier: Apache-2.0
"""What clients send to change a Test Run (Xray docs, v2.0, PUT testrun), and what is made of it; null is as if absent."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Raw, Struct

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.report import EvidenceFile
from radiograph.domain.run_edits import DefectEdit, ExampleEdit, FieldEdit, FileEdit, IterationEdit, RunEdit, StepEdit

_Base64 = Annotated[Raw, Meta(description="The file in base64.", extra_json_schema={"type": "string", "contentEncoding": "base64"})]
_Ids = list[int] | None


class EvidenceBody(Struct, kw_only=True, rename="camel"):
    """A file; its content type is looked at, so that it may be missing or wrong."""

    filename: str
    data: _Base64
    content_type: str | None = None


class EvidenceChanges(Struct):
    """Files to add, and ids of those to remove."""

    add: list[EvidenceBody] | None = None
    remove: _Ids = None


class DefectChanges(Struct):
    """Keys of issues to link as defects, and of those to unlink; ids are taken too."""

    add: list[str] | None = None
    remove: list[str] | None = None


PartId = int | Annotated[str, Meta(pattern=r"^-?[0-9]{1,18}$")]
"""An id of a part of a run: a number, or its digits as a text, as some clients send it."""


class StepResultBody(Struct, kw_only=True, rename="camel"):
    """The result of a step; a list of defects or files is added to those that there are."""

    id: PartId | None = None
    status: str | None = None
    comment: str | None = None
    actual_result: str | None = None
    defects: DefectChanges | list[str] | None = None
    evidences: EvidenceChanges | list[EvidenceBody] | None = None


class StepResultInRun(StepResultBody, kw_only=True, rename="camel"):
    """The result of a step, told by its id; a negative one is its position: -1 is the first."""

    id: PartId


class ExampleBody(Struct):
    """The status of a row of the examples, told by its id; a negative one is its position: -1 is the first."""

    id: PartId
    status: str


class IterationBody(Struct):
    """An iteration's status and steps; without a status it is what the steps add up to."""

    status: str | None = None
    steps: list[StepResultInRun] | None = None


class IterationInRun(IterationBody, kw_only=True):
    """An iteration's status and steps, told by its id; a negative one is its position."""

    id: PartId


class RunFieldBody(Struct, kw_only=True):
    """The value of a custom field, told by its id or name; null, "" and [] empty it."""

    value: Any
    id: int | str | None = None
    name: str | None = None


class RunFieldValue(Struct):
    """The value of a custom field; null, "" and [] empty it."""

    value: Any


class RunBody(Struct, kw_only=True, rename="camel"):
    """What to change in a run; what isn't given stays. An empty assignee takes the assignee away."""

    status: str | None = None
    comment: str | None = None
    assignee: str | None = None
    executed_by: str | None = None
    started_on: str | None = None
    finished_on: str | None = None
    defects: DefectChanges | list[str] | None = None
    evidences: EvidenceChanges | list[EvidenceBody] | None = None
    steps: list[StepResultInRun] | None = None
    examples: list[ExampleBody] | None = None
    iterations: list[IterationInRun] | None = None
    custom_fields: list[RunFieldBody] | None = None


def new_file(body: EvidenceBody, path: str) -> EvidenceFile:
    """A file as the evidence store takes it."""
    return EvidenceFile(body.filename, body.content_type or "", memoryview(body.data), path or body.filename or "file")


def _files(given: EvidenceChanges | list[EvidenceBody] | None, path: str) -> FileEdit:
    if isinstance(given, list):
        return FileEdit(add=[new_file(f, f"{path}[{i}]") for i, f in enumerate(given)])
    if given is None:
        return FileEdit()
    return FileEdit(add=[new_file(f, f"{path}.add[{i}]") for i, f in enumerate(given.add or [])], remove=given.remove or [])


def _defects(given: DefectChanges | list[str] | None) -> DefectEdit:
    if isinstance(given, list):
        return DefectEdit(add=given)
    return DefectEdit() if given is None else DefectEdit(add=given.add or [], remove=given.remove or [])


def step_edit(number: int, body: StepResultBody, path: str = "") -> StepEdit:
    """The change of the step of that id."""
    files = _files(body.evidences, f"{path}.evidences" if path else "evidences")
    return StepEdit(
        id=number, path=path, status=body.status or None, comment=body.comment, actual=body.actual_result,
        defects=_defects(body.defects), files=files,
    )  # fmt: skip


def iteration_edit(number: int, body: IterationBody, path: str = "") -> IterationEdit:
    """The change of the iteration of that id."""
    steps = [step_edit(int(s.id), s, f"{path}.steps[{i}]" if path else f"steps[{i}]") for i, s in enumerate(body.steps or [])]
    return IterationEdit(id=number, path=path, status=body.status or None, steps=steps)


def run_edit(body: RunBody) -> RunEdit:
    """The change of a run. Raises Refused for a time that can't be read, or a field that isn't named."""
    return RunEdit(
        status=body.status or None, comment=body.comment, assignee=body.assignee, executed_by=body.executed_by or None,
        start=_time(body.started_on, "startedOn"), finish=_time(body.finished_on, "finishedOn"),
        defects=_defects(body.defects), files=_files(body.evidences, "evidences"),
        steps=[step_edit(int(s.id), s, f"steps[{i}]") for i, s in enumerate(body.steps or [])],
        examples=[ExampleEdit(id=int(x.id), status=x.status, path=f"examples[{i}]") for i, x in enumerate(body.examples or [])],
        iterations=[iteration_edit(int(it.id), it, f"iterations[{i}]") for i, it in enumerate(body.iterations or [])],
        fields=[_field(f, f"customFields[{i}]") for i, f in enumerate(body.custom_fields or [])],
    )  # fmt: skip


def _time(text: str | None, path: str) -> Instant | None:
    if not text:
        return None
    found = parse_instant(text)
    if found is None:
        problem = f"{cut(text)!r} is no date and time such as 2014-08-30T11:47:35+01:00"
        raise Refused(f"{path}: {problem}.", [Problem(path, problem)])
    return found


def _field(body: RunFieldBody, path: str) -> FieldEdit:
    key = body.id if body.id is not None else body.name
    if key in {None, ""}:
        raise Refused(f"{path}: neither id nor name says which field this is.", [Problem(path, "neither id nor name is given")])
    return FieldEdit(key=str(key), value=body.value, path=path)
