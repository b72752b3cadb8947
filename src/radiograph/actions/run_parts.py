# SPDX-License-Identifier: Apache-2.0
"""Changing the results of a run's steps, examples and iterations, and what their statuses add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions.run_links import edit_defects, edit_files
from radiograph.domain.errors import NotFound, Problem, Refused
from radiograph.domain.examples import example_values
from radiograph.domain.issues import TestType
from radiograph.domain.run_edits import EditedIteration, EditedStep
from radiograph.domain.run_status import all_positions, run_status_of_step, status_of_run
from radiograph.domain.statuses import TODO, combine
from radiograph.store import run_edits
from radiograph.store import tables as t
from radiograph.store.runs import ExampleRow, IterationRow, StepRow

if TYPE_CHECKING:
    from radiograph.actions.editing import Editing
    from radiograph.domain.run_edits import ExampleEdit, IterationEdit, StepEdit
    from radiograph.domain.statuses import Status


def edit_step(e: Editing, iteration: IterationRow | None, edit: StepEdit) -> EditedStep:
    """Change the result of a step; makes the missing results of the run's (or iteration's) steps. Raises NotFound, Refused."""
    row = find_step(e, iteration, edit)
    place = "" if row.iteration_id is None else f"iteration {_position(e, row.iteration_id) + 1} "
    label = f"{place}step {row.position + 1} "
    values: dict[str, Any] = {}
    if edit.status is not None:
        status = e.status(e.step_statuses, edit.status, _at(edit.path, "status"))
        e.note(f"{label}status", e.step_statuses.by_id[row.status_id].name, status.name)
        values["status_id"], row.status_id = status.id, status.id
        e.stepped.add(row.iteration_id)
        e.parted = True
    if edit.comment is not None:
        e.note(f"{label}comment", row.comment, edit.comment)
        values["comment"], row.comment = edit.comment, edit.comment
    if edit.actual is not None:
        e.note(f"{label}actual result", row.actual, edit.actual)
        values["actual"], row.actual = edit.actual, edit.actual
    run_edits.update_part(e.conn, t.run_steps, e.row.project_id, row.id, values)
    done = EditedStep(row.id)
    done.warnings = []
    edit_defects(e, row.id, edit.defects, label, done.warnings)
    done.files, _ = edit_files(e, row.id, edit.files, label, done.warnings)
    return done


def _at(path: str, member: str) -> str:
    return f"{path}.{member}" if path else member


def _position(e: Editing, iteration_id: int) -> int:
    return next(i.position for i in e.parts.iterations if i.id == iteration_id)


def find_step(e: Editing, iteration: IterationRow | None, edit: StepEdit) -> StepRow:
    """The result that an edit means, made (with those of the steps around it) where there is none yet."""
    scope = None if iteration is None else iteration.id
    if edit.id >= 0:
        for row in e.parts.steps:
            if row.id == edit.id and (iteration is None or row.iteration_id == scope):
                return row
        raise _no_such("step", e.row.id, edit.id, edit.path)
    own = {s.position: s for s in e.parts.steps if s.iteration_id == scope}
    position, count = -edit.id - 1, max(len(e.definition.steps), max(own, default=-1) + 1)
    if position >= count:
        raise _no_such("step", e.row.id, edit.id, edit.path)
    if position not in own:
        if iteration is None and e.parts.iterations and not own:
            problem = "the run has iterations, so its steps are those of its iterations"
            raise Refused(f"{edit.path or 'step'}: {problem}.", [Problem(edit.path or "step", problem)])
        own |= _make_steps(e, scope, [p for p in range(count) if p not in own])
    return own[position]


def _make_steps(e: Editing, iteration_id: int | None, positions: list[int]) -> dict[int, StepRow]:
    todo = e.step_statuses[TODO].id
    made = {
        position: StepRow(number, iteration_id, position, todo, "", "")
        for position, number in run_edits.add_steps(e.conn, e.row, iteration_id, positions, todo).items()
    }
    e.parts.steps += made.values()
    return made


def _no_such(what: str, run_id: int, number: int, path: str) -> NotFound:
    problem = f"there is no {what} {number} in Test Run {run_id}"
    return NotFound(f"{path}: {problem}." if path else f"{problem[0].upper()}{problem[1:]}.", [Problem(path, problem)] if path else [])


def example_count(e: Editing) -> int:
    """How many rows of examples the run has: those of the outline, and results beyond them."""
    values = example_values(e.definition.text) if e.definition.type is TestType.CUCUMBER else []
    return max(len(values), max((x.position for x in e.parts.examples), default=-1) + 1)


def edit_example(e: Editing, edit: ExampleEdit) -> None:
    """Set the status of a row of the examples. Raises NotFound, Refused."""
    own = {x.position: x for x in e.parts.examples}
    position = next((x.position for x in own.values() if x.id == edit.id), -edit.id - 1)
    if not 0 <= position < example_count(e):
        raise _no_such("example", e.row.id, edit.id, edit.path)
    status = e.status(e.run_statuses, edit.status, _at(edit.path, "status"))
    if position not in own:
        todo = e.run_statuses[TODO].id
        lacking = [p for p in range(example_count(e)) if p not in own]
        made = run_edits.add_examples(e.conn, e.row, lacking, todo)
        own |= {p: ExampleRow(number, p, todo) for p, number in made.items()}
        e.parts.examples = [own[p] for p in sorted(own)]
    row = own[position]
    e.note(f"example {position + 1} status", e.run_statuses.by_id[row.status_id].name, status.name)
    run_edits.update_part(e.conn, t.run_examples, e.row.project_id, row.id, {"status_id": status.id})
    row.status_id, e.parted = status.id, True


def find_iteration(e: Editing, number: int, path: str = "") -> IterationRow:
    """The iteration of that id, or of the position that a negative one means; raises NotFound."""
    for row in e.parts.iterations:
        if number in (row.id, -row.position - 1):
            return row
    raise _no_such("iteration", e.row.id, number, path)


def edit_iteration(e: Editing, edit: IterationEdit) -> EditedIteration:
    """Change an iteration's steps and status; without one its status is what its steps add up to. Raises NotFound, Refused."""
    row = find_iteration(e, edit.id, edit.path)
    done = [edit_step(e, row, step) for step in edit.steps]
    if edit.status is not None:
        _set_iteration(e, row, e.status(e.run_statuses, edit.status, _at(edit.path, "status")))
        e.stepped.discard(row.id)
    return EditedIteration(row.id, done)


def _set_iteration(e: Editing, row: IterationRow, status: Status) -> None:
    e.note(f"iteration {row.position + 1} status", e.run_statuses.by_id[row.status_id].name, status.name)
    run_edits.update_part(e.conn, t.run_iterations, e.row.project_id, row.id, {"status_id": status.id})
    row.status_id, e.parted = status.id, True


def settle_iterations(e: Editing) -> None:
    """Give each iteration whose steps' statuses changed the status that they add up to."""
    for row in e.parts.iterations:
        if row.id in e.stepped:
            status = combine(_steps(e, row.id))
            if status is not None:
                _set_iteration(e, row, status)


def _steps(e: Editing, iteration_id: int | None) -> list[Status]:
    runs = e.run_statuses
    own = {
        s.position: run_status_of_step(e.step_statuses.by_id[s.status_id], runs) for s in e.parts.steps if s.iteration_id == iteration_id
    }
    return all_positions(own, len(e.definition.steps), runs[TODO])


def computed_status(e: Editing) -> Status | None:
    """What the run's steps, examples and iterations add up to; steps that only iterations have are in these."""
    by_id = e.run_statuses.by_id
    own_steps = not e.parts.iterations or any(s.iteration_id is None for s in e.parts.steps)
    examples = all_positions({x.position: by_id[x.status_id] for x in e.parts.examples}, example_count(e), e.run_statuses[TODO])
    iterations = [by_id[i.status_id] for i in e.parts.iterations]
    return status_of_run(_steps(e, None) if own_steps else [], examples, iterations)
