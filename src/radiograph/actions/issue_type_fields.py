# SPDX-License-Identifier: Apache-2.0
"""Xray's fields of Tests, Preconditions, Test Executions and Test Plans, written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.domain.clock import format_instant
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.folders import ROOT, Board, path_names
from radiograph.domain.import_plan import KnownTest, TestChange
from radiograph.domain.issue_change import changed_definition, changed_list
from radiograph.domain.issues import EXECUTION_TYPES, IssueType, TestType
from radiograph.store import definitions, execution_writes, folders, import_reads, issue_writes, names
from radiograph.store.preconditions import put_preconditions

if TYPE_CHECKING:
    from radiograph.actions.issue_edit import Edit


def write_type_fields(edit: Edit) -> None:
    """Write what the change says of the fields that only issues of this type have."""
    kind = edit.row.type
    if kind in EXECUTION_TYPES:
        _execution(edit)
    elif kind is IssueType.TEST:
        _folder(edit)
    elif kind is IssueType.PRECONDITION:
        _condition(edit)
    elif kind is IssueType.TEST_PLAN:
        _plan_dates(edit)


def _execution(edit: Edit) -> None:
    given, columns = edit.change.values, dict[str, Any]()
    for name, column in (("revision", "revision"), ("branch", "branch"), ("build", "build_url")):
        if name in given:
            columns[column] = given[name] or ""
    for name in ("begin", "end"):
        if name in given:
            when = given[name]
            columns |= {f"{name}_ms": when.ms if when else None, f"{name}_offset": when.offset if when else 0}
    if columns:
        execution_writes.update_execution(edit.conn, edit.row.id, columns)
    if "test_environments" in edit.change.lists:
        now = edit.row.execution.environments if edit.row.execution else []
        wanted = changed_list(now, [(o.verb, [str(i) for i in o.items]) for o in edit.change.lists["test_environments"]])
        ids = names.environment_ids(edit.conn, wanted)
        execution_writes.set_environments(edit.conn, edit.row.id, [ids[n] for n in wanted])


def _plan_dates(edit: Edit) -> None:
    """The planned dates of a Test Plan are kept with its other fields."""
    keys = {f.meaning: f.key for f in edit.fields.values()}
    for name in ("begin", "end"):
        if name in edit.change.values:
            when = edit.change.values[name]
            issue_writes.put_other(edit.conn, edit.row.id, keys[name], format_instant(when.ms, when.offset) if when else None)


def write_definition(edit: Edit) -> None:
    """Write the summary and the definition of a Test, whose earlier name is kept; before its other fields."""
    summary = edit.change.values.get("summary")
    test = import_reads.tests_by_key(edit.conn, [edit.row.key])[edit.row.key]
    number, now, _ = import_reads.definitions(edit.conn, [test.version_id])[test.id]
    changed = changed_definition(now, edit.change.values)
    changed = None if changed == now else changed
    if changed is not None:
        test = KnownTest(test.id, test.key, test.project_id, changed.type, test.version_id, len(changed.steps))
    if changed is not None or summary is not None:
        change = TestChange(test, created=False, summary=summary, definition=changed, number=number + 1)
        definitions.write_tests(edit.conn, [change], edit.caller.id, edit.now)


def _folder(edit: Edit) -> None:
    if "repository_path" not in edit.change.values:
        return
    path = edit.change.values["repository_path"] or "/"
    try:
        path_names(path)
    except Refused as error:
        key = next(f.key for f in edit.fields.values() if f.meaning == "repository_path")
        raise Refused(error.message, [Problem(key, p.problem) for p in error.details]) from None
    board = Board(edit.row.project_id)
    folder = folders.folder_at(edit.conn, board, path, make=True)
    folders.put_tests(edit.conn, board, folder or ROOT, [edit.row.id])


def _condition(edit: Edit) -> None:
    given = edit.change.values
    kind, text = edit.row.parts.condition or (TestType.MANUAL, "")
    if given.get("precondition_type"):
        kind = TestType[given["precondition_type"].upper()]
    if "condition" in given:
        text = given["condition"] or ""
    put_preconditions(edit.conn, {edit.row.id: (kind, text)})
