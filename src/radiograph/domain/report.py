# SPDX-License-Identifier: Apache-2.0
"""A report: what any format is read into, before anything is looked up.

What a result has none of is the one empty tuple: a list for each field of each of 100,000 results would be a third of
what an import holds, and all of it work for the garbage collector.
"""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  (msgspec reads the annotations)
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from radiograph.domain.clock import Instant  # noqa: TC001  (msgspec reads the annotations)
from radiograph.domain.issues import IssueFields, Step, TestType

if TYPE_CHECKING:
    from radiograph.domain.errors import Problem


class EvidenceFile(Struct, gc=False):
    """A file sent as evidence. `data` is a JSON string token of base64 (quotes included), or with `plain` the bytes themselves.

    After it is stored, `sha256` and `size` (bytes) say what it is; `data` is then dropped.
    """

    filename: str
    content_type: str
    data: memoryview | None
    path: str
    sha256: str = ""
    size: int = 0
    plain: bool = False


class StepResult(Struct, gc=False):
    """The result of one step, by position. `status` is as it was written."""

    status: str
    comment: str = ""
    actual: str = ""
    evidence: Sequence[EvidenceFile] = ()
    defects: Sequence[str] = ()


class Iteration(Struct, gc=False):
    """One round of a data-driven Test; `parameters` are name and value, `duration` as written."""

    status: str
    name: str = ""
    parameters: Sequence[tuple[str, str]] = ()
    steps: Sequence[StepResult] = ()
    log: str = ""
    duration: str = ""


class TestInfo(Struct, gc=False):
    """What a result says of its Test; None means that the report didn't say.

    `derived` means that a format's rules made it out of the result, as a JUnit report has no more than names: it tells
    which Test it is and what a new one is like, and leaves a Test that is there as it is, but for what `given` names
    (of "summary", "description", "labels") and the requirements. Without a `project_key` it is of the execution's project.
    """

    __test__ = False

    project_key: str | None = None
    summary: str | None = None
    type: TestType | None = None
    type_name: str = ""
    description: str | None = None
    requirement_keys: Sequence[str] = ()
    labels: list[str] | None = None
    steps: list[Step] | None = None
    scenario: str | None = None
    scenario_type: str | None = None
    definition: str | None = None
    derived: bool = False
    given: tuple[str, ...] = ()


class TestResult(Struct, gc=False):
    """One result. `index` is its number in the report, `place` where it stands in words such as `line 12` ("": a JSON path of `index`).

    `status` is "" when none was given. `test_id` is the id (or key) of an issue and goes before `test_key`. `tags` may be
    keys of the Test, of requirements or of the Test Execution, which only the store can tell; `attempts` are earlier tries
    at the same Test in the same report, oldest first. `elapsed` (seconds) counts where neither start nor finish is known.
    """

    __test__ = False

    index: int
    test_key: str = ""
    info: TestInfo | None = None
    status: str = ""
    start: Instant | None = None
    finish: Instant | None = None
    comment: str = ""
    executed_by: str = ""
    assignee: str = ""
    steps: Sequence[StepResult] = ()
    examples: Sequence[str] = ()
    iterations: Sequence[Iteration] = ()
    defects: Sequence[str] = ()
    evidence: Sequence[EvidenceFile] = ()
    custom_fields: Sequence[dict[str, Any]] = ()
    warnings: list[str] = []
    place: str = ""
    test_id: str = ""
    tags: Sequence[str] = ()
    attempts: Sequence[TestResult] = ()
    elapsed: float | None = None

    @property
    def path(self) -> str:
        """Where the result stands, for messages."""
        return self.place or f"$.tests[{self.index}]"


class ExecutionInfo(Struct):
    """What a report says of its Test Execution; None (or an empty list) leaves a field untouched.

    `implied` means that its summary comes of a format's rules, not of a person: it is for a new execution only.
    """

    project: str | None = None
    fields: IssueFields = field(default_factory=IssueFields)
    user: str | None = None
    revision: str | None = None
    begin: Instant | None = None
    end: Instant | None = None
    plan_keys: list[str] = []
    environments: list[str] | None = None
    branch: str | None = None
    build_url: str | None = None
    transition: str = ""
    implied: bool = False


class Report(Struct):
    """A report: `refused` are results that could not be read, `notes` what was ignored.

    `new_tests` are fields for the Tests that the import creates.
    """

    execution_key: str
    info: ExecutionInfo
    results: list[TestResult]
    refused: list[RefusedResult]
    notes: list[str]
    new_tests: IssueFields | None = None


class RefusedResult(Struct):
    """A result that can't be imported, told by its key or definition (either may be empty)."""

    index: int
    problems: list[Problem]
    test_key: str = ""
    definition: str = ""
