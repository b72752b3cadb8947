# SPDX-License-Identifier: Apache-2.0
"""A run that is executed by hand, as JSON: what its page shows, and what others have changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.domain.examples import example_tables
from radiograph.domain.issues import Step, TestType
from radiograph.domain.run_fields import value_of
from radiograph.domain.run_status import run_status_of_step
from radiograph.domain.statuses import TODO
from radiograph.evidence.sniffing import SAFE_TYPES
from radiograph.web.addresses import attachment_address
from radiograph.web.pages.statuses import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from radiograph.actions.manual_page import Manual
    from radiograph.actions.runs import RunView
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.runs import DefectRow, EvidenceRow, StepRow

SHOWN = 20_000
"""How much of a step's text is given, in characters; a longer comment can't be edited here."""


class ManualStatus(Struct, rename="camel"):
    """A status that a run or a step can have; `means` is the run status that a step status stands for."""

    name: str
    shape: str
    colour: str
    final: bool
    failed: bool
    means: str
    rank: int


class ManualFile(Struct):
    """A file of a step, of its definition or of the run; `kind` is image, video or text where it may be shown; `size` in bytes."""

    id: int
    name: str
    href: str
    size: int
    kind: str


class ManualDefect(Struct):
    """An issue that is linked as a defect; `href` is empty for one of elsewhere."""

    key: str
    summary: str
    href: str


class ManualStep(Struct):
    """What the Test says of a step, parameters as they are written."""

    action: str
    data: str
    expected: str
    files: list[ManualFile]


class ManualScope(Struct):
    """Where results of steps are: the run itself (`iteration` 0), or one of its iterations (from 1)."""

    iteration: int
    name: str
    status: str
    parameters: dict[str, str]


class ManualResult(Struct):
    """The result of a step, or what the run itself has; `locked` texts are too long to be edited here, and only begin."""

    status: str
    comment: str = ""
    actual: str = ""
    locked: bool = False
    defects: list[ManualDefect] = []
    evidence: list[ManualFile] = []


class ManualExample(Struct):
    """A row of the examples: its values by the names of their columns."""

    values: dict[str, str]
    status: str


class ManualField(Struct):
    """A custom field of the project's runs, with the run's value."""

    id: int
    name: str
    description: str
    type: str
    required: bool
    options: list[str]
    value: Any


class ManualChanged(Struct):
    """Who changed a field last, by the name that the history has for it; `at` in UTC ms."""

    field: str
    by: str
    at: int


class ManualTimer(Struct, rename="camel"):
    """When the run started and finished (UTC ms, null: it hasn't), for how long it was paused until `now`, and whether it is."""

    now: int
    started: int | None
    finished: int | None
    paused_ms: int
    paused: bool


class ManualProgress(Struct, rename="camel"):
    """How many of the execution's runs have a final status; `next` is the address of the one to do next."""

    done: int
    total: int
    next: str
    next_key: str


class ManualState(Struct, rename="camel"):
    """A run that is executed by hand; `version` is another one after every change. `results` are by iteration/step, both from 1."""

    id: int
    version: str
    test: str
    execution: str
    project: str
    may_edit: bool
    run_statuses: list[ManualStatus]
    step_statuses: list[ManualStatus]
    scopes: list[ManualScope]
    steps: list[ManualStep]
    scenario: str
    examples: list[ManualExample]
    results: dict[str, ManualResult]
    run: ManualResult
    fields: list[ManualField]
    timer: ManualTimer
    progress: ManualProgress
    changes: list[ManualChanged]
    longest_file: int


def state_of(found: Manual, base: str, longest_file: int) -> ManualState:
    """The run as JSON; addresses begin with `base`."""
    view, row = found.view, found.view.row
    own = _Parts(view, base)
    total = sum(found.execution.counts.values())
    following = found.next
    progress = ManualProgress(
        found.done, total, f"{base}/runs/{following[0]}/execute" if following else "", following[1] if following else ""
    )
    return ManualState(
        row.id, found.version, row.test_key, row.execution_key, row.execution_key.rpartition("-")[0], found.may_edit,
        _statuses(view.run_statuses), _statuses(view.step_statuses, view.run_statuses), _scopes(view), own.steps(),
        view.definition.text[:SHOWN] if view.definition.type is not TestType.MANUAL else "", _examples(view), own.results(), own.run(),
        _fields(view), ManualTimer(found.now, row.start_ms, row.finish_ms, found.paused_ms, found.paused), progress,
        [ManualChanged(*c) for c in found.changes], longest_file,
    )  # fmt: skip


def _statuses(table: StatusTable, runs: StatusTable | None = None) -> list[ManualStatus]:
    """In the order in which they are offered: what passed, what failed, the others, TODO last."""
    found = []
    for status in sorted(table.all, key=lambda one: (one.name == TODO, {"OK": 0, "NOK": 1}.get(one.requirement, 2), one.id)):
        shown = mark(status)
        means = run_status_of_step(status, runs).name if runs else status.name
        found.append(ManualStatus(status.name, shown.shape, shown.colour, status.final, shown.failed, means, status.id))
    return found


def _scopes(view: RunView) -> list[ManualScope]:
    runs = view.run_statuses
    scopes = [
        ManualScope(i.position + 1, i.name or ", ".join(v for _, v in i.parameters)[:200], runs.by_id[i.status_id].name, dict(i.parameters))
        for i in view.parts.iterations
    ]
    own = not scopes or any(s.iteration_id is None for s in view.parts.steps)
    return [ManualScope(0, "", runs.by_id[view.row.status_id].name, {}), *scopes] if own else scopes


def _examples(view: RunView) -> list[ManualExample]:
    """One for each row of the outline's tables, then results of rows that it lacks."""
    if view.definition.type is not TestType.CUCUMBER:
        return []
    rows = [dict(zip(table.header, values, strict=False)) for table in example_tables(view.definition.text) for values in table.rows]
    given = {e.position: view.run_statuses.by_id[e.status_id].name for e in view.parts.examples}
    count = max(len(rows), max(given, default=-1) + 1)
    return [ManualExample(rows[i] if i < len(rows) else {}, given.get(i, TODO)) for i in range(count)]


def _fields(view: RunView) -> list[ManualField]:
    stored = json.loads(view.row.custom_fields) if view.row.custom_fields else []
    return [
        ManualField(f.id, f.name, f.description, f.type, f.required, list(f.options), value_of(f, stored))
        for f in view.fields
        if f.of == "run"
    ]


class _Parts:
    """The parts of a run with the addresses of what they name."""

    def __init__(self, view: RunView, base: str) -> None:
        self.view, self.base = view, base

    def steps(self) -> list[ManualStep]:
        """The definition's steps, and empty ones for results beyond them."""
        view = self.view
        count = max(len(view.definition.steps), max((s.position for s in view.parts.steps), default=-1) + 1)
        said = [*view.definition.steps, *[Step()] * (count - len(view.definition.steps))]
        files = [self._files(view.step_files[i]) if i < len(view.step_files) else [] for i in range(count)]
        return [ManualStep(s.action[:SHOWN], s.data[:SHOWN], s.result[:SHOWN], f) for s, f in zip(said, files, strict=True)]

    def results(self) -> dict[str, ManualResult]:
        """Every result of a step that there is."""
        positions: dict[int | None, int] = {i.id: i.position + 1 for i in self.view.parts.iterations} | {None: 0}
        return {f"{positions[s.iteration_id]}/{s.position + 1}": self._result(s) for s in self.view.parts.steps}

    def _result(self, s: StepRow) -> ManualResult:
        locked = len(s.comment) > SHOWN or len(s.actual) > SHOWN
        name = self.view.step_statuses.by_id[s.status_id].name
        return ManualResult(name, s.comment[:SHOWN], s.actual[:SHOWN], locked, self._defects(s.id), self._evidence(s.id))

    def run(self) -> ManualResult:
        """What the run itself has."""
        row = self.view.row
        name = self.view.run_statuses.by_id[row.status_id].name
        return ManualResult(name, row.comment[:SHOWN], "", len(row.comment) > SHOWN, self._defects(None), self._evidence(None))

    def _evidence(self, step_id: int | None) -> list[ManualFile]:
        return self._files(e for e in self.view.parts.evidence if e.step_id == step_id)

    def _files(self, rows: Iterable[EvidenceRow | AttachmentRow]) -> list[ManualFile]:
        return [
            ManualFile(r.id, r.filename, attachment_address(self.base, r.id, r.filename), r.size, kind_of(r.content_type)) for r in rows
        ]  # fmt: skip

    def _defects(self, step_id: int | None) -> list[ManualDefect]:
        own: Sequence[DefectRow] = [d for d in self.view.parts.defects if d.step_id == step_id]
        return [ManualDefect(d.key, d.summary or "", f"{self.base}/browse/{d.key}" if d.issue_id else "") for d in own]


def kind_of(content_type: str) -> str:
    """What a page may show of a file: `image`, `video`, `text`, or nothing."""
    return content_type.partition("/")[0] if content_type in SAFE_TYPES else ""
