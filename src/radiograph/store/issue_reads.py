# SPDX-License-Identifier: Apache-2.0
"""Issues as Jira's API shows them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct, field

from radiograph.domain.coverage import requirement_status
from radiograph.domain.issues import FIELD_TYPES, Definition, IssueType, TestType
from radiograph.domain.keys import parse_id
from radiograph.store import tables as t
from radiograph.store.executions import executions, plans_of_executions
from radiograph.store.import_reads import read_steps
from radiograph.store.issue_parts import IssueParts, coverage, member_keys, parts_of, people, plan_counts, run_statuses
from radiograph.store.many import any_of, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from radiograph.store.executions import ExecutionRow


class VersionRow(Struct, frozen=True):
    """A version of a project; the dates are `2026-11-23` or ""."""

    id: int
    name: str
    description: str
    released: bool
    archived: bool
    project_id: int
    start_date: str
    release_date: str


class IssueRow(Struct):
    """An issue; people are names, times UTC milliseconds, `priority` is from 1 (highest) to 5."""

    id: int
    key: str
    project_id: int
    project_key: str
    project_name: str
    type: IssueType
    summary: str
    description: str
    workflow: str
    reporter: str | None
    assignee: str | None
    created_ms: int
    updated_ms: int
    labels: list[str]
    other: dict[str, Any]
    versions: list[VersionRow] = []
    components: list[tuple[int, str]] = []
    definition: Definition | None = None
    execution: ExecutionRow | None = None
    plans: list[str] = []
    priority: int = 3
    parent_id: int | None = None
    parts: IssueParts = field(default_factory=IssueParts)


_REPORTER, _ASSIGNEE = t.users.alias("reporter"), t.users.alias("assignee")
_COLUMNS: list[Any] = [
    t.issues.c.id, t.issues.c.key, t.issues.c.project_id, t.projects.c.key, t.projects.c.name, t.issues.c.type_id, t.issues.c.summary,
    t.issues.c.description, t.issues.c.workflow, _REPORTER.c.name, _ASSIGNEE.c.name, t.issues.c.created_ms, t.issues.c.updated_ms,
    t.issues.c.labels, t.issues.c.fields, t.issues.c.priority, t.issues.c.parent_id,
]  # fmt: skip
_FROM = (
    t.issues.join(t.projects, t.projects.c.id == t.issues.c.project_id)
    .outerjoin(_REPORTER, _REPORTER.c.id == t.issues.c.reporter_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == t.issues.c.assignee_id)
)


def find_issue(conn: sa.Connection, key_or_id: str, *, members: bool = True) -> IssueRow | None:
    """The issue of that key (an alias too) or id, with all that belongs to it.

    With `members` also the keys of its Tests (see `member_keys`) and, of a plan, what they count up to.
    """
    key = key_or_id.strip().upper()
    where = t.issues.c.key == key
    number = parse_id(key)
    if number is not None:
        where = t.issues.c.id == number
    else:
        aliased = sa.select(t.issue_aliases.c.issue_id).where(t.issue_aliases.c.key == key)
        where |= t.issues.c.id.in_(aliased)
    rows = _issues(conn, [where], limit=1)
    if not rows:
        return None
    row = rows[0]
    if row.type in FIELD_TYPES["requirement_status"]:
        row.parts.requirement = requirement_status(coverage(conn, row.id))
    if members:
        row.parts.tests = member_keys(conn, row.type, row.id)
    if members and row.type is IssueType.TEST_PLAN:
        row.parts.counts = plan_counts(conn, row.id)
    return row


def issues_by_id(conn: sa.Connection, ids: Sequence[int]) -> list[IssueRow]:
    """These issues, in the order of the ids; one that isn't there is left out."""
    rows = {row.id: row for row in _issues(conn, [any_of(conn, t.issues.c.id, ids)], limit=len(ids))} if ids else {}
    return [rows[i] for i in ids if i in rows]


def _issues(
    conn: sa.Connection, where: Sequence[sa.ColumnElement[bool]], *, limit: int, skip: int = 0, order: sa.ColumnElement[int] = t.issues.c.id
) -> list[IssueRow]:
    query = sa.select(*_COLUMNS).select_from(_FROM).where(*where).order_by(order).offset(skip).limit(limit)
    found = [_issue(tuple(row)) for row in conn.execute(query)]
    _complete(conn, {i.id: i for i in found})
    return found


def _issue(row: tuple[Any, ...]) -> IssueRow:
    labels, other = (json.loads(text) if text else empty for text, empty in ((row[13], []), (row[14], {})))
    values = (*row[:5], IssueType(row[5]), *row[6:13], labels, other)
    return IssueRow(**dict(zip(IssueRow.__struct_fields__, values, strict=False)), priority=row[15], parent_id=row[16])


_COMPONENTS = (
    sa.select(t.issue_components.c.issue_id, t.components.c.id, t.components.c.name)
    .join(t.components, t.components.c.id == t.issue_components.c.component_id)
    .where(one_of(t.issue_components.c.issue_id))
)
_DEFINITIONS = (
    sa.select(t.test_versions.c.test_id, *(t.test_versions.c[n] for n in ("type", "text", "scenario_type", "steps")))
    .join(t.tests, t.tests.c.version_id == t.test_versions.c.id)
    .where(one_of(t.tests.c.issue_id))
)


def _complete(conn: sa.Connection, found: dict[int, IssueRow]) -> None:
    ids = list(found)
    for row in found.values():
        row.versions, row.components, row.plans = [], [], []
    for owner, versions in versions_of_issues(conn, ids).items():
        found[owner].versions = versions
    for owner, number, name in conn.execute(_COMPONENTS, {"ids": ids}):
        found[owner].components.append((number, name))
    tests = {"ids": [i for i, row in found.items() if row.type is IssueType.TEST]}
    for owner, kind, text, scenario, steps in conn.execute(_DEFINITIONS, tests) if tests["ids"] else ():
        found[owner].definition = Definition(TestType(kind), text, scenario, read_steps(steps))
    for owner, execution in executions(conn, [i for i, row in found.items() if "EXECUTION" in row.type.name]).items():
        found[owner].execution = execution
    for owner, plans in plans_of_executions(conn, [i for i, row in found.items() if row.execution is not None]).items():
        found[owner].plans = plans
    for owner, parts in parts_of(conn, {i: row.parent_id for i, row in found.items()}, {i: row.type for i, row in found.items()}).items():
        found[owner].parts = parts
    statuses = run_statuses(conn) if any(row.execution is not None for row in found.values()) else {}
    for row in found.values():
        row.parts.counts = {statuses[i]: n for i, n in sorted(row.execution.counts.items())} if row.execution else {}
    known = people(conn, _names(found.values()))
    for row in found.values():
        row.parts.people = known


def _names(rows: Iterable[IssueRow]) -> Iterator[str | None]:
    for row in rows:
        yield from (row.reporter, row.assignee)
        yield from (file.author for file in row.parts.files)
        for comment in row.parts.comments:
            yield from (comment.author, comment.editor)


def assignee_id(conn: sa.Connection, issue_id: int) -> int | None:
    """The id of the person that an issue is assigned to."""
    found: int | None = conn.execute(sa.select(t.issues.c.assignee_id).where(t.issues.c.id == issue_id)).scalar()
    return found


_VERSION = [t.versions.c[n] for n in VersionRow.__struct_fields__]
_VERSIONS_OF = (
    sa.select(t.issue_versions.c.issue_id, *_VERSION)
    .join(t.versions, t.versions.c.id == t.issue_versions.c.version_id)
    .where(one_of(t.issue_versions.c.issue_id))
    .order_by(t.versions.c.name)
)


def versions_of(conn: sa.Connection, project_id: int) -> list[VersionRow]:
    """A project's versions."""
    rows = conn.execute(sa.select(*_VERSION).where(t.versions.c.project_id == project_id).order_by(t.versions.c.id))
    return [VersionRow(*row) for row in rows]


def versions_of_issues(conn: sa.Connection, issue_ids: Sequence[int]) -> dict[int, list[VersionRow]]:
    """The fix versions of these issues, by name; an issue without any is left out."""
    found: dict[int, list[VersionRow]] = {}
    for owner, *row in conn.execute(_VERSIONS_OF, {"ids": list(issue_ids)}):
        found.setdefault(owner, []).append(VersionRow(*row))
    return found
