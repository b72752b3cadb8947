# SPDX-License-Identifier: Apache-2.0
"""The JSON of Test Runs in Xray's API (Xray docs, Test Runs - REST); members that are UNSET are left out."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field


class Text(Struct):
    """A text as it was written, and as HTML."""

    raw: str
    rendered: str


class Attachment(Struct, kw_only=True, rename="camel"):
    """A file of a run or a step; `numericalFileSize` in bytes, `createdDate` in ms since 1970."""

    id: int
    file_name: str
    file_size: str
    numerical_file_size: int
    mime_type: str
    created: str
    created_date: int
    author: str
    author_full_name: str
    file_url: str = field(name="fileURL")
    file_path: str
    file_icon: str
    file_icon_alt: str


class Defect(Struct):
    """An issue linked as a defect; `id` is null when it is of another tracker."""

    id: int | None
    key: str
    summary: str
    status: str


class Assignee(Struct):
    """Whether a run is assigned, and to whom."""

    assigned: bool
    assignee: str


class FixVersion(Struct, rename="camel"):
    """A fix version of the Test Execution."""

    id: int
    name: str
    description: str
    is_archived: bool
    is_released: bool


class CustomFieldValue(Struct):
    """A custom field of a run, with its value as it was sent."""

    id: int | str | None
    name: str | None
    value: Any


class Example(Struct):
    """One row of a scenario outline's examples; `id` is null before it has a result."""

    id: int | None
    rank: int
    values: list[str]
    status: str


class Parameter(Struct):
    """A parameter of an iteration."""

    name: str
    value: str


class StepResult(Struct, kw_only=True, rename="camel"):
    """The result of a step; `id` is null before it has one, `index` counts from 1."""

    id: int | None
    index: int
    attachments: list[Attachment]
    status: str
    color: str
    comment: Text
    actual_result: Text
    defects: list[Defect]
    evidences: list[Attachment]


class StepV1(StepResult, kw_only=True):
    """A step of a run in v1."""

    step: Text
    data: Text
    result: Text


class WikiField(Struct):
    """A field of a step."""

    type: Literal["Wiki"]
    value: Text


class StepFields(Struct):
    """The fields of a step."""

    action: WikiField = field(name="Action")
    data: WikiField = field(name="Data")
    expected: WikiField = field(name="Expected Result")


class StepV2(StepResult, kw_only=True):
    """A step of a run in v2."""

    fields: StepFields


class Iteration(Struct, kw_only=True, rename="camel"):
    """One iteration of a run; `duration` as it was sent."""

    id: int
    name: str
    status: str
    color: str
    parameters: list[Parameter]
    log: str
    duration: str


class IterationV1(Iteration, kw_only=True):
    """One iteration in v1."""

    steps: list[StepV1]


class IterationV2(Iteration, kw_only=True):
    """One iteration in v2."""

    steps: list[StepV2]


class Run(Struct, kw_only=True, rename="camel"):
    """A Test Run; `duration` in ms, `attempts` how many earlier final results it had."""

    id: int
    status: str
    color: str
    test_key: str
    test_exec_key: str
    assignee: str
    executed_by: str
    started_on: str | UnsetType = UNSET
    started_on_iso: str | UnsetType = UNSET
    finished_on: str | UnsetType = UNSET
    finished_on_iso: str | UnsetType = UNSET
    duration: int | UnsetType = UNSET
    comment: str
    defects: list[Defect]
    evidences: list[Attachment]
    custom_fields: list[CustomFieldValue]
    test_environments: list[str]
    fix_versions: list[FixVersion]
    attempts: int
    archived: bool
    scenario_outline: str | UnsetType = UNSET
    examples: list[Example] | UnsetType = UNSET


class RunV1(Run, kw_only=True):
    """A Test Run in v1; it has `steps`, or `iterations` with theirs."""

    iterations: list[IterationV1] | UnsetType = UNSET
    steps: list[StepV1] | UnsetType = UNSET


class RunV2(Run, kw_only=True):
    """A Test Run in v2; it has `steps`, or `iterations` with theirs."""

    iterations: list[IterationV2] | UnsetType = UNSET
    steps: list[StepV2] | UnsetType = UNSET


class ExportedV1(RunV1, kw_only=True):
    """A Test Run of the export in v1; `type` is the test type."""

    type: str
    start: str | None
    finish: str | None


class ExportedV2(RunV2, kw_only=True):
    """A Test Run of the export in v2; `type` is the test type."""

    type: str
    start: str | None
    finish: str | None


class RunRow(Struct, rename="camel"):
    """A Test Run of an execution: `id` is the run's, `key` the Test's; what follows `status` comes with `detailed`."""

    id: int
    key: str
    rank: int
    status: str
    assignee: str | UnsetType = UNSET
    executed_by: str | UnsetType = UNSET
    started_on: str | UnsetType = UNSET
    finished_on: str | UnsetType = UNSET
    defects: list[Defect] | UnsetType = UNSET
    evidences: list[Attachment] | UnsetType = UNSET


class Licence(Struct, rename="camel"):
    """The state of the licence."""

    active: bool
    license_type: str


class RunStatus(Struct, kw_only=True, rename="camel"):
    """A status that runs can have; `requirementStatusName` is OK, NOK or NOTRUN."""

    id: int
    rank: int
    name: str
    description: str
    final: bool
    color: str
    requirement_status_name: str


class StepStatus(Struct, kw_only=True, rename="camel"):
    """A status that steps can have; `testStatusId` is the run status that it stands for."""

    id: int
    rank: int
    name: str
    description: str
    color: str
    test_status_id: int | None
