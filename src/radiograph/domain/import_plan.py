# SPDX-License-Identifier: Apache-2.0
"""What an import finds, what it decides for each result, and the rows that it will write."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  (msgspec reads the annotations)
from typing import Any

from msgspec import Struct, field

from radiograph.domain.issues import Definition, TestType  # noqa: TC001  (msgspec reads the annotations)
from radiograph.domain.outcome import IssueRef, RunWarning  # noqa: TC001
from radiograph.domain.report import RefusedResult, TestResult  # noqa: TC001
from radiograph.domain.statuses import Status, StatusTable  # noqa: TC001
from radiograph.domain.steps import StepDetail  # noqa: TC001

Row = tuple[Any, ...]

RUN_COLUMNS = (
    "id", "project_id", "execution_id", "test_id", "rank", "attempts", "version_id", "status_id", "start_ms",
    "start_offset", "finish_ms", "finish_offset", "comment", "executor_id", "assignee_id", "fingerprint",
    "import_id", "custom_fields",
)  # fmt: skip
ATTEMPT_COLUMNS = ("id", "project_id", "run_id", "number", *RUN_COLUMNS[RUN_COLUMNS.index("version_id") :])
STEP_COLUMNS = ("id", "project_id", "run_id", "iteration_id", "position", "status_id", "comment", "actual")
ITERATION_COLUMNS = ("id", "project_id", "run_id", "position", "status_id", "name", "parameters", "log", "duration")
EXAMPLE_COLUMNS = ("id", "project_id", "run_id", "position", "status_id")
DEFECT_COLUMNS = ("id", "project_id", "run_id", "step_id", "issue_id", "key", "by_hand")
EVIDENCE_COLUMNS = (
    "id", "project_id", "run_id", "step_id", "filename", "content_type", "size", "sha256", "created_ms", "author_id",
)  # fmt: skip


class KnownTest(Struct, gc=False):
    """A Test as the store has it, or one to create (`id` 0 until it gets one).

    `type` is None for an issue that is no Test. `step_count` is that of its current definition. `renamed` means that it
    was found by a name that it had before.
    """

    id: int
    key: str
    project_id: int
    type: TestType | None
    version_id: int = 0
    step_count: int = 0
    renamed: bool = False


class KnownRun(Struct, frozen=True, gc=False):
    """The run that a Test has in the execution already."""

    id: int
    status_id: int
    rank: int
    attempts: int


class Project(Struct, frozen=True):
    """A project by its id and key."""

    id: int
    key: str


class Known(Struct):
    """What exists of all that a report names; only what the caller may see.

    `tests` is by key (aliases too), `matches` by project id and match hash, lowest key first;
    `definitions` by Test id; `issues` (defects, requirements) by key; `people` by name.
    """

    projects: dict[str, Project]
    tests: dict[str, KnownTest]
    matches: dict[tuple[int, int], list[KnownTest]]
    issues: dict[str, int]
    runs: dict[int, KnownRun]
    run_statuses: StatusTable
    step_statuses: StatusTable
    definitions: dict[int, tuple[int, Definition, str]] = {}
    people: dict[str, int] = {}
    writable: frozenset[int] | None = None
    unknown_is_todo: bool = False

    def may_write(self, project_id: int) -> bool:
        """Whether the caller may create and change Tests in the project."""
        return self.writable is None or project_id in self.writable


class Decision(Struct, gc=False):
    """One run to write: the (merged) result, its Test and the status; and earlier tries that the report has, oldest first."""

    result: TestResult
    test: KnownTest
    status: Status
    warnings: list[str]
    tries: Sequence[tuple[TestResult, Status]] = ()


class TestChange(Struct, gc=False):
    """What a result's `testInfo` changes in a Test; `definition` is None when it stays.

    `number` is that of the new definition version. `details` are those of its steps where somebody edited them: the
    version's id is then in `test` already.
    """

    __test__ = False

    test: KnownTest
    created: bool
    summary: str | None = None
    description: str | None = None
    labels: list[str] | None = None
    definition: Definition | None = None
    number: int = 1
    requirement_ids: Sequence[int] = ()
    details: list[StepDetail] | None = None


class Decisions(Struct):
    """The first half of the plan: which Test each result is of, and what is refused."""

    runs: list[Decision]
    changes: list[TestChange]
    refused: list[RefusedResult]
    messages: list[str]


class Ids(Struct):
    """The first id of each block that was reserved for this plan."""

    run: int
    attempt: int
    part: int
    rank: int
    import_id: int
    audit_id: int = 0


class RunRows(Struct):
    """The second half of the plan: rows of the big tables, each in its column order."""

    runs: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    iterations: list[Row] = field(default_factory=list)
    examples: list[Row] = field(default_factory=list)
    defects: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    attempts: list[tuple[int, int, int]] = field(default_factory=list)
    """Of results that the execution has: run id, the attempt's id and the attempt's number."""
    tries: list[Row] = field(default_factory=list)
    """Attempts that the report itself has."""
    summary: dict[int, int] = field(default_factory=dict)
    """By status id, how many runs more (or fewer) the execution has."""
    tests: list[IssueRef] = field(default_factory=list)
    warnings: list[RunWarning] = field(default_factory=list)
