# SPDX-License-Identifier: Apache-2.0
"""What is to be changed in a Test Run by hand, and what came of it; None leaves a thing as it is.

`path` is where a thing stood in the request, for messages such as `steps[1].status`; "" when it was in the address.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from radiograph.domain.clock import Instant  # noqa: TC001  (msgspec reads the annotations)
from radiograph.domain.report import EvidenceFile  # noqa: TC001


class FileEdit(Struct):
    """Files to add (stored already), and to remove by id or by name."""

    add: list[EvidenceFile] = []
    remove: list[int] = []
    remove_named: list[str] = []


class DefectEdit(Struct):
    """Defects to add and to remove, by keys or by ids of issues."""

    add: list[str] = []
    remove: list[str] = []


class StepEdit(Struct, kw_only=True):
    """A step's result; a negative `id` is the position: -1 is the first."""

    id: int
    path: str = ""
    status: str | None = None
    comment: str | None = None
    actual: str | None = None
    defects: DefectEdit = field(default_factory=DefectEdit)
    files: FileEdit = field(default_factory=FileEdit)


class ExampleEdit(Struct, kw_only=True):
    """The status of a row of the examples; a negative `id` is the position: -1 is the first data row."""

    id: int
    status: str
    path: str = ""


class IterationEdit(Struct, kw_only=True):
    """An iteration's status and its steps; a negative `id` is the position."""

    id: int
    path: str = ""
    status: str | None = None
    steps: list[StepEdit] = []


class FieldEdit(Struct, kw_only=True):
    """The value of a custom field, found by its id or name; null, "" and [] empty it."""

    key: str
    value: Any
    path: str = ""


class RunEdit(Struct, kw_only=True):
    """What to change in a run; an empty `assignee` takes the assignee away.

    With `under_way` a status of a part leaves a run that isn't finished EXECUTING, whatever the parts add up to.
    """

    status: str | None = None
    comment: str | None = None
    assignee: str | None = None
    executed_by: str | None = None
    start: Instant | None = None
    finish: Instant | None = None
    defects: DefectEdit = field(default_factory=DefectEdit)
    files: FileEdit = field(default_factory=FileEdit)
    steps: list[StepEdit] = []
    examples: list[ExampleEdit] = []
    iterations: list[IterationEdit] = []
    fields: list[FieldEdit] = []
    under_way: bool = False

    @property
    def new_files(self) -> list[EvidenceFile]:
        """Every file that is added, to the run and to its steps."""
        steps = [*self.steps, *(s for i in self.iterations for s in i.steps)]
        return [file for edit in (self.files, *(s.files for s in steps)) for file in edit.add]


class EditedStep(Struct):
    """What came of a step's change: its id, the ids of new files, and what was odd."""

    id: int
    files: list[int] = []
    warnings: list[str] = []


class EditedIteration(Struct):
    """What came of an iteration's change."""

    id: int
    steps: list[EditedStep] = []


class Edited(Struct):
    """What came of a run's change: the ids of new files, the steps that were touched, and what was odd."""

    id: int
    files: list[int] = []
    steps: list[EditedStep] = []
    iterations: list[EditedIteration] = []
    warnings: list[str] = []
