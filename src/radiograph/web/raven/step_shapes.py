# SPDX-License-Identifier: Apache-2.0
"""The steps of Tests as Xray's API shows and takes them (Xray docs, Test Steps - REST), in the shapes of v1 and v2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from radiograph.domain.report import EvidenceFile
from radiograph.domain.steps import NATIVE, StepChange, StepField, plain
from radiograph.web.raven import test_types as types
from radiograph.web.raven.run_shapes import file_shape, text_shape

if TYPE_CHECKING:
    from radiograph.actions.tests import TestView
    from radiograph.domain.issues import Step
    from radiograph.domain.steps import StepDetail
    from radiograph.web.raven.run_types import Attachment


def files_of(view: TestView, position: int, base: str) -> list[Attachment]:
    """The files of a step."""
    return [file_shape(f, f.author or "", base) for a in view.row.details[position].attachments if (f := view.files.get(a))]


def v1_steps(view: TestView, base: str) -> list[types.DefinedStepV1]:
    """The steps in v1."""
    return [v1_step(view, i, base) for i in range(len(view.row.details))]


def v1_step(view: TestView, position: int, base: str) -> types.DefinedStepV1:
    """A step in v1, by its position from 0."""
    step, detail = view.row.definition.steps[position], view.row.details[position]
    if detail.calls is not None:
        return types.DefinedStepV1(**_call(view, detail, position))
    return types.DefinedStepV1(
        id=detail.id, index=position + 1, attachments=files_of(view, position, base),
        step=text_shape(step.action), data=text_shape(step.data), result=text_shape(step.result),
    )  # fmt: skip


def _call(view: TestView, detail: StepDetail, position: int) -> dict[str, Any]:
    key = view.called.get(detail.calls or 0, "")
    return {"id": detail.id, "index": position + 1, "test_call_step": True, "called_test_issue_key": key}


def v2_steps(view: TestView, base: str) -> types.StepListV2:
    """The steps in v2."""
    return types.StepListV2([v2_step(view, i, base) for i in range(len(view.row.details))])


def v2_step(view: TestView, position: int, base: str) -> types.DefinedStepV2:
    """A step in v2, by its position from 0."""
    step, detail = view.row.definition.steps[position], view.row.details[position]
    if detail.calls is not None:
        return types.DefinedStepV2(**_call(view, detail, position))
    fields = _native(step) | {f.name: _custom(f, detail.fields[f.name]) for f in view.fields if f.name in detail.fields}
    return types.DefinedStepV2(id=detail.id, index=position + 1, attachments=files_of(view, position, base), fields=fields)


def _native(step: Step) -> dict[str, types.StepFieldValue]:
    named = {"Action": step.action, "Data": step.data, "Expected Result": step.result}
    return {name: types.StepFieldValue("Wiki", text_shape(text)) for name, text in named.items()}


def _custom(field: StepField, value: str | list[str]) -> types.StepFieldValue:
    if field.options:
        chosen = [value] if isinstance(value, str) else value
        ids = {option: i for i, option in enumerate(field.options, 1)}
        return types.StepFieldValue("Option", [types.StepOption(ids.get(text, 0), text) for text in chosen])
    text = ", ".join(value) if isinstance(value, list) else value
    return types.StepFieldValue("Wiki", text_shape(text)) if field.kind == "Wiki" else types.StepFieldValue("Data", text)


def read_change(body: types.GivenStep) -> tuple[StepChange, list[EvidenceFile]]:
    """What a body says of a step, and the files in it."""
    given: dict[str, Any] = {name: getattr(body, name) for name in ("step", "data", "result")} | (body.fields or {})
    given = {name: msgspec.to_builtins(value) for name, value in given.items() if value is not None}
    texts = {NATIVE[n]: plain(value) for name, value in given.items() if (n := name.strip().lower()) in NATIVE}
    custom = {name: value for name, value in given.items() if name.strip().lower() not in NATIVE}
    files = body.attachments if isinstance(body.attachments, types.GivenFiles) else types.GivenFiles(body.attachments)
    change = StepChange(
        **texts, custom=custom, index=body.index, calls=(body.call_test_key or body.called_test_issue_key or "").strip(),
        remove=files.remove or [],
    )  # fmt: skip
    return change, [_file(file, i) for i, file in enumerate(files.add or [])]


def _file(file: types.GivenFile, index: int) -> EvidenceFile:
    return EvidenceFile(file.filename or "", file.content_type or "", memoryview(file.data), f"attachments[{index}]")
