# SPDX-License-Identifier: Apache-2.0
"""Changing a run by hand: one transaction for all that a request gives, with its history, audit row and counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from radiograph.actions import editing
from radiograph.actions.editing import Editing, check_may_edit
from radiograph.actions.files import keep_files
from radiograph.actions.run_links import edit_defects, edit_files
from radiograph.actions.run_parts import computed_status, edit_example, edit_iteration, edit_step, settle_iterations
from radiograph.domain.clock import Instant, format_instant
from radiograph.domain.errors import NotFound, Problem, Refused, cut
from radiograph.domain.fingerprint import fingerprint
from radiograph.domain.run_edits import DefectEdit, Edited, FieldEdit, FileEdit, RunEdit
from radiograph.domain.run_fields import matches, missing, read_value, value_of, with_value
from radiograph.domain.run_status import Times, times_after
from radiograph.domain.statuses import EXECUTING, TODO
from radiograph.store import run_edits, runs

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import Status


def edit_run(services: Services, caller: Caller, run_id: int, edit: RunEdit) -> Edited:
    """Change a run; what the request doesn't give stays. What came of it.

    Unless the run's own status is given, a change of a part's status makes it what the parts add up to. Raises
    NotFound (the run, a step, an example, an iteration), Forbidden, Refused.
    """
    check_may_edit(services, caller, run_id)
    keep_files(services, edit.new_files)
    with services.db.write() as conn:
        return carry_out(editing.begin(services, conn, caller, run_id), edit)


def carry_out(e: Editing, edit: RunEdit) -> Edited:
    """Write a change (its files are stored already) with its history and audit row; as `edit_run`, inside its transaction."""
    done = Edited(e.row.id, warnings=[])
    _own_fields(e, edit)
    for field in edit.fields:
        _custom_field(e, field)
    edit_defects(e, None, edit.defects, "", done.warnings)
    done.files, _ = edit_files(e, None, edit.files, "", done.warnings)
    done.steps = [edit_step(e, None, step) for step in edit.steps]
    for example in edit.examples:
        edit_example(e, example)
    done.iterations = [edit_iteration(e, iteration) for iteration in edit.iterations]
    settle_iterations(e)
    _settle(e, edit)
    run_edits.update_run(e.conn, e.row, e.values)
    editing.finish(e)
    return done


def _own_fields(e: Editing, edit: RunEdit) -> None:
    if edit.comment is not None:
        e.note("comment", e.row.comment, edit.comment)
        e.values["comment"] = edit.comment
    if edit.assignee is not None:
        _person(e, "assignee", edit.assignee, e.row.assignee_id)
    if edit.executed_by:
        _person(e, "executor", edit.executed_by, e.row.executor_id)
    for name, given in (("start", edit.start), ("finish", edit.finish)):
        if given is not None:
            _set_time(e, name, given)


def _person(e: Editing, what: str, name: str, now: int | None) -> None:
    number = run_edits.person_id(e.conn, name.strip()) if name.strip() else None
    if number is None and name.strip():
        raise Refused(f"There is no user {cut(name)}.", [Problem(what, f"there is no user {cut(name)}")])
    people = runs.people(e.conn, [now])
    e.note("assignee" if what == "assignee" else "executed by", people.get(now or 0, ""), name.strip())
    e.values[f"{what}_id"] = number


def _custom_field(e: Editing, edit: FieldEdit) -> None:
    field = next((f for f in e.fields if matches(f, edit.key)), None)
    stored = e.stored
    if field is None:
        raise NotFound(f"{edit.path}: {_unknown_field(e, edit.key)}" if edit.path else _unknown_field(e, edit.key))
    try:
        value = read_value(field, edit.value)
    except ValueError as error:
        path = edit.path or "value"
        raise Refused(f"{path}: the field {field.name} {error}.", [Problem(path, f"the field {field.name} {error}")]) from None
    e.note(f"field {field.name}", _shown(value_of(field, stored)), _shown(value))
    changed = with_value(field, stored, value)
    e.values["custom_fields"] = json.dumps(changed, ensure_ascii=False) if changed else None


def _unknown_field(e: Editing, key: str) -> str:
    names = ", ".join(f"{f.id} ({f.name})" for f in e.fields) or "none"
    return f"There is no custom field {cut(key)} of Test Runs in this project; defined are: {names}."


def _shown(value: Any) -> str:  # noqa: ANN401  (imports keep any JSON)
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _settle(e: Editing, edit: RunEdit) -> None:
    """Give the run its status: the one that was given, else the one that changed parts add up to."""
    before = e.run_statuses.by_id[e.row.status_id]
    status: Status | None = None
    if edit.status is not None:
        status = e.status(e.run_statuses, edit.status, "status")
    elif e.parted:
        status = computed_status(e)
        if edit.under_way and status is not None and not before.final and status.name != TODO:
            status = e.run_statuses[EXECUTING]
    after = status or before
    if after != before:
        _enter(e, before, after)
    if after != before or "comment" in e.values:
        comment = e.values.get("comment", e.row.comment)
        e.values["fingerprint"] = fingerprint(comment) if after.requirement == "NOK" else None


def _enter(e: Editing, before: Status, after: Status) -> None:
    lacking = missing(e.fields, e.stored) if after.final else []
    if lacking:
        problem = f"the run can't become {after.name} while required custom fields are empty: {', '.join(lacking)}"
        raise Refused(f"{problem[0].upper()}{problem[1:]}.", [Problem("status", problem)])
    e.note("status", before.name, after.name)
    e.values["status_id"] = after.id
    if "executor_id" not in e.values and (before.name == TODO or e.row.executor_id is None):
        e.values["executor_id"] = e.caller.id
    times = times_after(before, after, _times(e), e.now)
    for name, value in (("start", times.start), ("finish", times.finish)):
        _follow_time(e, name, value)


def _times(e: Editing) -> Times:
    def one(name: str) -> Instant | None:
        ms = e.values.get(f"{name}_ms", getattr(e.row, f"{name}_ms"))
        return None if ms is None else Instant(ms, e.values.get(f"{name}_offset", getattr(e.row, f"{name}_offset")))

    return Times(one("start"), one("finish"))


def _follow_time(e: Editing, name: str, value: Instant | None) -> None:
    """Let a time follow the status, unless the request gave it; a time that goes is kept in the history."""
    if f"{name}_ms" in e.values:
        return
    had = getattr(e.row, f"{name}_ms")
    if value is None and had is None:
        return
    if had is None and value is not None:
        e.values[f"{name}_ms"], e.values[f"{name}_offset"] = value.ms, value.offset
        return
    _set_time(e, name, value)


def _set_time(e: Editing, name: str, value: Instant | None) -> None:
    had, offset = getattr(e.row, f"{name}_ms"), getattr(e.row, f"{name}_offset")
    label = {"start": "started on", "finish": "finished on"}[name]
    e.note(label, "" if had is None else format_instant(had, offset), "" if value is None else format_instant(value.ms, value.offset))
    e.values[f"{name}_ms"] = None if value is None else value.ms
    e.values[f"{name}_offset"] = 0 if value is None else value.offset


def unlink_defect(services: Services, caller: Caller, run_id: int, key_or_id: str) -> None:
    """Take a defect of the run itself away; raises NotFound for one that it doesn't have."""
    with services.db.write() as conn:
        e = editing.begin(services, conn, caller, run_id)
        if not edit_defects(e, None, DefectEdit(remove=[key_or_id]), "", []):
            raise NotFound(f"Test Run {run_id} has no defect {cut(key_or_id)}.")
        editing.finish(e)


def remove_file(services: Services, caller: Caller, run_id: int, edit: FileEdit) -> None:
    """Take files of the run itself away, by id or by name; raises NotFound when it has none such."""
    with services.db.write() as conn:
        e = editing.begin(services, conn, caller, run_id)
        _, gone = edit_files(e, None, edit, "", [])
        if not gone:
            what = edit.remove[0] if edit.remove else cut(edit.remove_named[0])
            raise NotFound(f"Test Run {run_id} has no file {what}.")
        editing.finish(e)
