# SPDX-License-Identifier: Apache-2.0
"""The JSON of Tests in Xray's API (Xray docs, Tests - REST and Test Steps - REST); members that are UNSET are left out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from radiograph.web.raven.run_types import Attachment, Text  # noqa: TC001  (msgspec reads the annotations)

_BASE64 = Meta(description="The file in base64.", extra_json_schema={"type": "string", "contentEncoding": "base64"})


class DefinedStep(Struct, kw_only=True, rename="camel"):
    """A step of a Test; `index` counts from 1. One that calls another Test has nothing but the Test's key."""

    id: int
    index: int
    attachments: list[Attachment] | UnsetType = UNSET
    test_call_step: Literal[True] | UnsetType = UNSET
    called_test_issue_key: str | UnsetType = UNSET


class DefinedStepV1(DefinedStep, kw_only=True):
    """A step of a Test in v1."""

    step: Text | UnsetType = UNSET
    data: Text | UnsetType = UNSET
    result: Text | UnsetType = UNSET


class StepOption(Struct):
    """A chosen option of a step's field; `id` is its place among them, from 1."""

    id: int
    value: str


class StepFieldValue(Struct):
    """A field of a step: `value` is a text (Data), the chosen options (Option), or a text and its HTML (Wiki)."""

    type: Literal["Data", "Option", "Wiki"]
    value: str | list[StepOption] | Text


class DefinedStepV2(DefinedStep, kw_only=True):
    """A step of a Test in v2; `fields` by name, custom ones of the project too."""

    fields: dict[str, StepFieldValue] | UnsetType = UNSET


class StepListV2(Struct):
    """The steps of a Test."""

    steps: list[DefinedStepV2]


class OneStepV2(Struct):
    """A step of a Test."""

    step: DefinedStepV2


class StepsV1(Struct):
    """The definition of a Manual Test in v1."""

    steps: list[DefinedStepV1]


class WrittenStepV1(Struct, rename="camel"):
    """A step that was written, and the ids of the files it got."""

    id: int
    attachment_ids: list[int]


class WrittenStepV2(Struct):
    """A step that was written, and what was ignored."""

    step: WrittenStepV1
    warnings: list[str]


class Precondition(Struct, kw_only=True):
    """A Precondition of a Test; `condition` is its definition."""

    id: int
    key: str
    rank: int
    type: str
    condition: str
    assignee: str
    reporter: str
    self_: str = field(name="self")


class Test(Struct, kw_only=True):
    """A Test; `status` is that of its latest run, `version` the number of its definition version."""

    __test__ = False

    id: int
    key: str
    self_: str = field(name="self")
    reporter: str
    assignee: str
    precondition: list[Precondition]
    type: str
    status: str
    archived: bool
    version: int


class TestV1(Test, kw_only=True):
    """A Test in v1; `definition` is a text, or the steps of a Manual Test."""

    __test__ = False

    definition: str | StepsV1


class TestV2(Test, kw_only=True):
    """A Test in v2; `definition` is a text, or the steps of a Manual Test."""

    __test__ = False

    definition: str | StepListV2


class MemberV1(TestV1, kw_only=True):
    """A Test of a Test Set or a Precondition in v1; `rank` is its place there, from 1."""

    rank: int


class MemberV2(TestV2, kw_only=True):
    """A Test of a Test Set or a Precondition in v2; `rank` is its place there, from 1."""

    rank: int


class TestSet(Struct, kw_only=True):
    """A Test Set of a Test."""

    __test__ = False

    id: int
    key: str
    summary: str
    self_: str = field(name="self")
    environments: list[str]


class TestExecution(Struct, kw_only=True, rename="camel"):
    """A Test Execution that a Test has a run in."""

    __test__ = False

    id: int
    key: str
    summary: str
    self_: str = field(name="self")
    test_environments: list[str]
    archived: bool


class TestPlan(Struct, kw_only=True):
    """A Test Plan of a Test."""

    __test__ = False

    id: int
    key: str
    summary: str
    self_: str = field(name="self")
    archived: bool


# --- bodies -------------------------------------------------------------------------------------
class GivenFile(Struct, rename="camel"):
    """A file to keep; `data` is in base64."""

    data: Annotated[Raw, _BASE64]
    filename: str | None = None
    content_type: str | None = None


class GivenFiles(Struct):
    """Files to add, and the ids of those to remove."""

    add: list[GivenFile] | None = None
    remove: list[int] | None = None


class GivenValue(Struct):
    """The value of a step's field in the shape that it is read in: `raw`, or `value`."""

    raw: str | None = None
    value: Any = None


Value = str | int | float | bool | GivenValue | list[str | int | float | GivenValue] | None


class GivenStep(Struct, rename="camel"):
    """What to set of a step: by `fields` (names of any case) or by `step`, `data` and `result`; what is absent stays as it is.

    `index` is the place it is to have, from 1. `callTestKey` (or `calledTestIssueKey`) makes it call another Test.
    """

    fields: dict[str, Value] | None = None
    step: Value = None
    data: Value = None
    result: Value = None
    attachments: list[GivenFile] | GivenFiles | None = None
    index: Annotated[int, Meta(ge=1)] | None = None
    call_test_key: str | None = None
    called_test_issue_key: str | None = None


class DatasetForm(Struct):
    """A form with a CSV file: its first line names the parameters, those of combinatorial ones with `*` at their end."""

    file: str
