# SPDX-License-Identifier: Apache-2.0
"""Writing Tests and their definition versions, many at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from radiograph.domain.import_plan import TestChange
from radiograph.domain.issues import Definition, IssueType, Priority, Step, TestType, match_hash
from radiograph.domain.steps import StepDetail, carry, details_of, joined
from radiograph.store import issue_writes, test_names
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.engines import bulk_insert, insert_missing
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from radiograph.domain import import_plan as plan
    from radiograph.domain.steps import TestStep
    from radiograph.store.test_names import Name

_VERSION = ("id", "test_id", "number", "type", "text", "scenario_type", "steps", "created_ms", "created_by", "step_details")
_TEST = ("issue_id", "project_id", "type", "match_hash", "version_id", "step_count")


def write_tests(conn: sa.Connection, changes: Sequence[plan.TestChange], caller_id: int, now: int, import_id: int | None = None) -> None:
    """Create and change Tests; gives the new ones their ids and keys, and all their new version ids. `import_id` is the import that does."""
    for project_id in sorted({c.test.project_id for c in changes}):
        mine = [c for c in changes if c.test.project_id == project_id]
        created = [c for c in mine if c.created]
        _number(conn, project_id, created)
        versions = [_version_row(c, c.definition, caller_id, now) for c in _with_versions(conn, project_id, mine) if c.definition]
        status = issue_writes.first_status(conn) if created else ""
        last = (int(Priority.MEDIUM), status, import_id)
        bulk_insert(conn, t.issues, issue_writes.COLUMNS, [(*_issue_row(c, caller_id, now), *last) for c in created])
        bulk_insert(conn, t.tests, _TEST, list(map(_test_row, created)))
        bulk_insert(conn, t.test_versions, _VERSION, versions)
        _change_tests(conn, [c for c in mine if not c.created], now)
    links = [{"requirement_id": r, "test_id": c.test.id} for c in changes for r in c.requirement_ids]
    insert_missing(conn, t.requirement_links, links)


def _with_versions(conn: sa.Connection, project_id: int, changes: Sequence[plan.TestChange]) -> list[plan.TestChange]:
    """The changes that make a new definition version, with its id and the details of steps that are kept."""
    making = [c for c in changes if c.definition is not None]
    old = {} if all(c.created for c in making) else _steps_before(conn, making)
    fresh = [c for c in making if c.details is None]
    first = take_ids(conn, "definition", project_id, len(fresh))
    for i, change in enumerate(fresh):
        change.test.version_id = first + i
        if change.test.id in old and change.definition is not None and change.definition.steps:
            change.details = carry(old[change.test.id], change.definition.steps, change.test.version_id)
    return making


def _steps_before(conn: sa.Connection, changes: Sequence[plan.TestChange]) -> dict[int, list[TestStep]]:
    """The steps that Tests have whose steps are written as a whole, by Test; in one query."""
    v = t.test_versions.c
    wanted = [c.test.version_id for c in changes if not c.created and c.details is None and c.definition and c.definition.steps]
    if not wanted:
        return {}
    query = sa.select(v.id, v.test_id, v.steps, v.step_details).where(any_of(conn, v.id, wanted), v.steps.is_not(None))
    found = {}
    for version_id, test_id, text, details in conn.execute(query):
        steps = [Step(*step) for step in json.loads(text)]
        found[test_id] = joined(steps, read_details(version_id, len(steps), details))
    return found


def read_details(version_id: int, count: int, text: str | None) -> list[StepDetail]:
    """The details of a version's steps from their column."""
    return msgspec.json.decode(text, type=list[StepDetail]) if text else details_of(version_id, count)


def _number(conn: sa.Connection, project_id: int, created: Sequence[plan.TestChange]) -> None:
    if not created:
        return
    key, number, first = issue_writes.number_issues(conn, project_id, len(created))
    for i, change in enumerate(created):
        change.test.id, change.test.key = first + i, f"{key}-{number + i}"


def _issue_row(change: plan.TestChange, caller_id: int, now: int) -> plan.Row:
    """All but the last of the columns: the priority, the status, the import."""
    test = change.test
    labels = json.dumps(change.labels, ensure_ascii=False) if change.labels else None
    number = int(test.key.rpartition("-")[2])
    return (
        test.id, test.project_id, number, test.key, int(IssueType.TEST), change.summary or "", change.description or "",
        caller_id, caller_id, now, now, labels, None,
    )  # fmt: skip


def _test_row(change: plan.TestChange) -> plan.Row:
    test, definition = change.test, change.definition
    kind = test.type if test.type is not None else TestType.GENERIC
    return (test.id, test.project_id, int(kind), _hash(test, definition, change.summary or ""), test.version_id, test.step_count)


def _hash(test: plan.KnownTest, definition: Definition | None, summary: str) -> int:
    generic = test.type is TestType.GENERIC and definition is not None
    return match_hash(test.project_id, test.type or TestType.MANUAL, definition.text if generic and definition else summary)


def _version_row(change: plan.TestChange, d: Definition, caller_id: int, now: int) -> plan.Row:
    steps = [(s.action, s.data, s.result) for s in d.steps]
    text = json.dumps(steps, ensure_ascii=False) if steps else None
    test = change.test
    details = msgspec.json.encode(change.details).decode() if change.details else None
    return (test.version_id, test.id, change.number, int(d.type), d.text, d.scenario_type, text, now, caller_id, details)


def _change_tests(conn: sa.Connection, changes: Sequence[plan.TestChange], now: int) -> None:
    """Set the fields that are given and what follows from new definitions: a few statements, however many Tests they are."""
    naming = [c for c in changes if c.test.type is not None and (c.summary is not None or c.definition is not None)]
    before = test_names.names_of(conn, [c.test.id for c in naming]) if naming else {}
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        labels = None if change.labels is None else json.dumps(change.labels, ensure_ascii=False)
        given = {"summary": change.summary, "description": change.description, "labels": labels}
        given = {name: value for name, value in given.items() if value is not None}
        groups.setdefault(tuple(given), []).append({"at": change.test.id} | {f"new_{n}": v for n, v in given.items()})
    for names, rows in groups.items():
        _update_many(conn, t.issues.c.id, names, rows, updated_ms=now)
    _name(conn, naming, before, now)


def _update_many(
    conn: sa.Connection, key: sa.Column[int], names: Sequence[str], rows: Sequence[dict[str, Any]], **fixed: sa.ColumnElement[int] | int
) -> None:
    """Update rows by their key: `at` and `new_<name>` of each row, the fixed values for all."""
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    conn.execute(sa.update(key.table).where(key == sa.bindparam("at")).values(**fixed, **values), rows)


def _name(conn: sa.Connection, changes: Sequence[plan.TestChange], before: Mapping[int, Name], now: int) -> None:
    """Store the type, current version and match hash of Tests whose summary or definition is given; their earlier names are kept."""
    after = {c.test.id: (c.test.type or TestType.MANUAL, _hash_after(c, before[c.test.id])) for c in changes}
    rows = [
        {"at": c.test.id, "new_type": int(after[c.test.id][0]), "new_match_hash": after[c.test.id][1], "new_version_id": c.test.version_id,
         "new_step_count": c.test.step_count}
        for c in changes
        if c.definition is not None or after[c.test.id][1] != before[c.test.id].hash
    ]  # fmt: skip
    if rows:
        _update_many(conn, t.tests.c.issue_id, ("type", "match_hash", "version_id", "step_count"), rows)
    test_names.keep_names(conn, [before[c.test.id] for c in changes], after, now)


def _hash_after(change: plan.TestChange, before: Name) -> int:
    if change.test.type is TestType.GENERIC and change.definition is None:
        return before.hash
    return _hash(change.test, change.definition, before.summary if change.summary is None else change.summary)


def create_test(conn: sa.Connection, test: plan.KnownTest, definition: Definition, summary: str, caller_id: int, now: int) -> None:
    """Make a Test of an issue that is there already; gives it its first definition version."""
    test.version_id, test.step_count = take_ids(conn, "definition", test.project_id, 1), len(definition.steps)
    change = TestChange(test, created=True, summary=summary, definition=definition)
    bulk_insert(conn, t.test_versions, _VERSION, [_version_row(change, definition, caller_id, now)])
    bulk_insert(conn, t.tests, _TEST, [_test_row(change)])
