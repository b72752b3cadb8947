# SPDX-License-Identifier: Apache-2.0
"""The steps of a run, of an iteration or of an attempt: what was asked beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup
from msgspec import Struct

from radiograph.domain.issues import Step
from radiograph.domain.markup.signs import kind_of
from radiograph.domain.parameters import resolved
from radiograph.domain.word_diff import word_diff
from radiograph.store.runs import DefectRow  # noqa: TC001  (msgspec reads the annotations)
from radiograph.web.pages.markup import exact, rich
from radiograph.web.pages.run_files import File, file_line
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.words import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.actions.runs import RunView
    from radiograph.domain.word_diff import Pieces
    from radiograph.store.runs import RunParts, StepRow
    from radiograph.web.pages.run_files import Showing

SHOWN_TEXT = 20_000
"""How much of a comment or of another text a page shows, in characters."""


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


def step_lines(view: RunView, parts: RunParts, iteration: int | None, showing: Showing) -> list[StepLine]:
    """The definition's steps with their results by position; results beyond them are steps of the run."""
    given = {s.position: s for s in parts.steps if s.iteration_id == iteration}
    if iteration is None and parts.iterations and not given:
        return []
    defined = view.definition.steps
    count = max(len(defined), max(given, default=-1) + 1)
    values = next((dict(i.parameters) for i in parts.iterations if i.id == iteration), {})
    said = [_with_values(step, values) for step in defined] + [Step()] * (count - len(defined))
    return [_step(view, parts, (i, said[i], given.get(i)), showing) for i in range(count)]


def _with_values(step: Step, values: Mapping[str, str]) -> Step:
    return Step(*(resolved(text, values) for text in (step.action, step.data, step.result)))


def _step(view: RunView, parts: RunParts, what: tuple[int, Step, StepRow | None], showing: Showing) -> StepLine:
    index, step, row = what
    status = mark(view.step_statuses.by_id[row.status_id] if row else view.step_statuses["TODO"])
    action, data, comment = (rich(cut(text, SHOWN_TEXT), showing.around) for text in (step.action, step.data, row.comment if row else ""))
    expected, actual = _compared(step.result, row.actual if row else "", showing, failed=status.failed)
    defects = [d for d in parts.defects if row and d.step_id == row.id]
    shown = [file_line(e, showing) for e in parts.evidence if row and e.step_id == row.id]
    own = [file_line(f, showing) for f in view.step_files[index]] if index < len(view.step_files) else []
    return StepLine(index + 1, status, action, data, expected, actual, comment, defects, shown, own)


def _compared(expected: str, actual: str, showing: Showing, *, failed: bool) -> tuple[Markup, Markup]:
    """What was expected and what came; of a failed step with the words marked in which two plain short texts differ."""
    plain = failed and kind_of(expected) == kind_of(actual) == "prose"
    found = word_diff(expected, actual) if plain else None
    if found is None:
        return rich(cut(expected, SHOWN_TEXT), showing.around), rich(cut(actual, SHOWN_TEXT), showing.around)
    return _marked(found[0], "del"), _marked(found[1], "ins")


def _marked(pieces: Pieces, tag: str) -> Markup:
    parts = [Markup(f"<{tag}>{{}}</{tag}>").format(exact(text)) if differs else exact(text) for text, differs in pieces]  # noqa: S704
    return Markup('<p dir="auto">{}</p>').format(Markup("").join(parts))
