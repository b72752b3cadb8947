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
    """One row of a scenario outline's examples; before it has a result, `id` is its position: -1 is the first."""

    id: int
    rank: int
    values: list[str]
    status: str


class Parameter(Struct):
    """A parameter of an iteration."""

    name: str
    value: str


class StepResult(Struct, kw_only=True, rename="camel"):
    """The result of a step; before it has one, `id` is its position: -1 is the first. `index` counts from 1."""

    id: int
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


class RunStepOption(Struct):
    """A chosen option of a step's field."""

    id: int
    value: str


class RunStepField(Struct):
    """A field of a step by its kind: `Wiki` is a text, `Data` a plain value, `Option` what was chosen."""

    type: Literal["Wiki", "Data", "Option"]
    value: Text | str | list[RunStepOption]


class StepV2(StepResult, kw_only=True):
    """A step of a run in v2; `fields` are Action, Data, Expected Result and the project's own."""

    fields: dict[str, RunStepField]


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
    """A Test Run of the export in v1; `type` is the test type. `testFields` has the fields asked for, by the names asked for."""

    type: str
    start: str | None
    finish: str | None
    test_fields: dict[str, Any] | UnsetType = UNSET


class ExportedV2(RunV2, kw_only=True):
    """A Test Run of the export in v2; `type` is the test type. `testFields` has the fields asked for, by the names asked for."""

    type: str
    start: str | None
    finish: str | None
    test_fields: dict[str, Any] | UnsetType = UNSET


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


class EditedStepResult(Struct, rename="camel"):
    """What came of a change of a step: its id, the ids of new files, and what was odd."""

    id: int
    evidence_ids: list[int]
    warnings: list[str]


class EditedIteration(Struct, rename="camel"):
    """What came of a change of an iteration."""

    id: int
    step_results: list[EditedStepResult]
    warnings: list[str]


class EditedRun(Struct, rename="camel"):
    """What came of a change of a run: the ids of new files, the steps and iterations that were touched, and what was odd."""

    id: int
    evidence_ids: list[int]
    step_results: list[EditedStepResult]
    iterations: list[EditedIteration]
    warnings: list[str]


class StatusOnly(Struct):
    """The status of a step of an iteration."""

    status: str


class RunChange(Struct):
    """A change of one field by hand; `user` is a name, `at` ISO 8601."""

    user: str | None
    at: str
    field: str
    before: str
    after: str


class JobStarted(Struct, rename="camel"):
    """A task that goes on after the answer; `self` tells how far it is."""

    job_id: int
    self_: str = field(name="self")


class JobState(Struct):
    """How far a task is; `state` is running, done or failed."""

    id: int
    kind: str
    state: str
    done: int
    total: int
    message: str


class RunFieldConfig(Struct):
    """A custom field that a project defines for its runs or steps; `options` are what a select, radio or multiselect has."""

    id: int
    name: str
    description: str
    type: str
    required: bool
    options: list[str]
