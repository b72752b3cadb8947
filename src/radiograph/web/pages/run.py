# SPDX-License-Identifier: Apache-2.0
"""A Test Run: what was expected, what happened, and what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup  # noqa: TC002  (msgspec reads the annotations)
from msgspec import Struct

from radiograph.actions.browse_runs import run_page
from radiograph.domain.examples import example_tables
from radiograph.domain.issues import Step, TestType
from radiograph.domain.parameters import resolved
from radiograph.domain.statuses import failing
from radiograph.evidence.sniffing import SAFE_TYPES
from radiograph.web.addresses import attachment_address, number
from radiograph.web.pages import sentences
from radiograph.web.pages.markup import Around, rich
from radiograph.web.pages.render import base_path, page, web_address
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.strip import strip
from radiograph.web.pages.words import cut, duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse_runs import RunPage
    from radiograph.actions.runs import RunView
    from radiograph.domain.people import Caller
    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.runs import DefectRow, EvidenceRow, StepRow

SHOWN_TEXT = 20_000
"""How much of a comment or of another text a page shows, in characters."""
_LINES, _LINE = 400, 2000
_HISTORY = 25
_UNFOLDED = 100
"""So many iterations show their steps even when none of them has a result."""


class File(Struct):
    """A file of evidence; `kind` is image, video or text where a page may show it, `lines` its beginning where it is a text."""

    name: str
    size: int
    href: str
    kind: str
    lines: list[str]
    more: bool


class _Files(NamedTuple):
    """What showing files takes: the beginnings of texts by evidence id, and the base path."""

    texts: Mapping[int, str]
    base: str


class StepLine(Struct):
    """A step of the run, or of one of its iterations: what was asked, what came."""

    number: int
    mark: Mark
    action: Markup
    data: Markup
    expected: Markup
    actual: Markup
    comment: Markup
    defects: list[DefectRow]
    evidence: list[File]
    files: list[File]
    """The files that the Test's definition has at this step."""


class IterationLine(Struct):
    """An iteration with its values in the order of the table's columns."""

    number: int
    name: str
    mark: Mark
    values: list[str]
    log: str
    duration: str
    steps: list[StepLine]


class Examples(Struct):
    """One table of examples: a status for each row of values."""

    header: tuple[str, ...]
    rows: list[tuple[Mark, tuple[str, ...]]]


async def run(request: Request, caller: Caller) -> Response:
    """The page of a run."""
    state, base = request.app.state, base_path(request)
    found: RunPage = await state.threads.read(run_page, state.services, caller, number(request, "id"))
    view, row = found.view, found.view.row
    nok = failing(view.run_statuses)
    complete = sum(r.id <= row.id for r in found.history) < _HISTORY
    names = list(dict.fromkeys(n for i in view.parts.iterations for n, _ in i.parameters))
    around = Around(base, frozenset({row.execution_key.rpartition("-")[0], row.test_key.rpartition("-")[0]}))
    own = [e for e in view.parts.evidence if e.step_id is None]
    return page(
        request, "run.html", json=f"/rest/raven/2.0/api/testrun/{row.id}", r=row, mark=mark(view.run_statuses.by_id[row.status_id]),
        sentence=sentences.of_run(row, found.history, nok, base, complete=complete), history=strip(found.history, view.run_statuses, row.id),
        previous=found.previous_failure, next=found.next_failure, execution=found.execution, took=duration(row.start_ms, row.finish_ms),
        executor=view.people.get(row.executor_id or 0, ""), assignee=view.people.get(row.assignee_id or 0, ""),
        build=web_address(found.execution.build_url), comment=rich(row.comment[:SHOWN_TEXT], around), cut=len(row.comment) > SHOWN_TEXT,
        steps=_steps(view, None, found.texts, base), examples=_examples(view), names=names,
        iterations=_iterations(view, names, found.texts, base), evidence=[_file(e, found.texts, base) for e in own],
        defects=[d for d in view.parts.defects if d.step_id is None],
        tracker=web_address(state.services.settings.tracker_url),
        attempts=[(a, mark(view.run_statuses.by_id[a.status_id])) for a in reversed(view.parts.attempts)],
        changes=found.changes[::-1],
    )  # fmt: skip


def _file(row: EvidenceRow | AttachmentRow, texts: Mapping[int, str], base: str) -> File:
    kind = row.content_type.split("/", maxsplit=1)[0] if row.content_type in SAFE_TYPES else ""
    text = texts.get(row.id, "")
    lines = text.splitlines()
    shown = [line[:_LINE] for line in lines[:_LINES]]
    more = len(lines) > _LINES or len(text.encode()) < row.size or any(len(line) > _LINE for line in lines[:_LINES])
    return File(row.filename, row.size, attachment_address(base, row.id, row.filename), kind, shown, kind == "text" and more)


def _steps(view: RunView, iteration: int | None, texts: Mapping[int, str], base: str) -> list[StepLine]:
    """The definition's steps with their results by position; results beyond them are steps of the run."""
    given = {s.position: s for s in view.parts.steps if s.iteration_id == iteration}
    if iteration is None and view.parts.iterations and not given:
        return []
    defined = view.definition.steps
    count = max(len(defined), max(given, default=-1) + 1)
    values = next((dict(i.parameters) for i in view.parts.iterations if i.id == iteration), {})
    said = [_with_values(step, values) for step in defined] + [Step()] * (count - len(defined))
    return [_step(view, i, said[i], given.get(i), _Files(texts, base)) for i in range(count)]


def _with_values(step: Step, values: Mapping[str, str]) -> Step:
    return Step(*(resolved(text, values) for text in (step.action, step.data, step.result)))


def _step(view: RunView, index: int, step: Step, row: StepRow | None, files: _Files) -> StepLine:
    status = view.step_statuses.by_id[row.status_id] if row else view.step_statuses["TODO"]
    said = (step.action, step.data, step.result, row.actual if row else "", row.comment if row else "")
    action, data, expected, actual, comment = (rich(cut(text, SHOWN_TEXT)) for text in said)
    defects = [d for d in view.parts.defects if row and d.step_id == row.id]
    shown = [_file(e, files.texts, files.base) for e in view.parts.evidence if row and e.step_id == row.id]
    own = [_file(f, {}, files.base) for f in view.step_files[index]] if index < len(view.step_files) else []
    return StepLine(index + 1, mark(status), action, data, expected, actual, comment, defects, shown, own)


def _iterations(view: RunView, names: list[str], texts: Mapping[int, str], base: str) -> list[IterationLine]:
    lines, tried = [], {s.iteration_id for s in view.parts.steps}
    for i, row in enumerate(view.parts.iterations):
        values = dict(row.parameters)
        shown = i < _UNFOLDED or row.id in tried
        steps = _steps(view, row.id, texts, base) if shown else []
        status = mark(view.run_statuses.by_id[row.status_id])
        lines.append(IterationLine(i + 1, row.name, status, [values.get(n, "") for n in names], row.log, row.duration, steps))
    return lines


def _examples(view: RunView) -> list[Examples]:
    """The outline's tables with a status for each row, TODO without a result; rows that the outline lacks stand in one of their own."""
    tables = example_tables(view.definition.text) if view.definition.type is TestType.CUCUMBER else []
    given = {e.position: mark(view.run_statuses.by_id[e.status_id]) for e in view.parts.examples}
    todo = mark(view.run_statuses["TODO"])
    found, at = [], 0
    for table in tables:
        found.append(Examples(table.header, [(given.get(at + i, todo), values) for i, values in enumerate(table.rows)]))
        at += len(table.rows)
    extra: list[Any] = [(m, ()) for position, m in sorted(given.items()) if position >= at]
    return [*found, Examples((), extra)] if extra else found
