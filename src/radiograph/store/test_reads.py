# SPDX-License-Identifier: Apache-2.0
"""Tests with their definitions and details, and the issues that hold them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import Definition, IssueType, TestType
from radiograph.domain.steps import StepDetail, StepField
from radiograph.store import tables as t
from radiograph.store.attachments import attachments_of
from radiograph.store.definitions import read_details
from radiograph.store.import_reads import read_steps
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from radiograph.store.attachments import AttachmentRow


class TestRow(Struct):
    """A Test in one version (`number`) of its definition; people are names, `details` are those of its steps."""

    __test__ = False

    id: int
    key: str
    project_id: int
    summary: str
    description: str
    labels: list[str]
    reporter: str
    assignee: str
    version_id: int
    current_id: int
    number: int
    definition: Definition
    details: list[StepDetail]


class LinkedRow(Struct, frozen=True):
    """An issue that holds a Test."""

    id: int
    key: str
    project_id: int
    summary: str


class HeadRow(Struct, frozen=True):
    """What an issue is."""

    id: int
    key: str
    project_id: int
    type: IssueType


_REPORTER, _ASSIGNEE = t.users.alias("reporter"), t.users.alias("assignee")
_V = t.test_versions.c
_COLUMNS: list[Any] = [
    t.issues.c.id, t.issues.c.key, t.issues.c.project_id, t.issues.c.summary, t.issues.c.description, t.issues.c.labels,
    _REPORTER.c.name, _ASSIGNEE.c.name, _V.id, t.tests.c.version_id, _V.number, _V.type, _V.text, _V.scenario_type, _V.steps,
    _V.step_details,
]  # fmt: skip
_FROM = (
    t.tests.join(t.issues, t.issues.c.id == t.tests.c.issue_id)
    .outerjoin(_REPORTER, _REPORTER.c.id == t.issues.c.reporter_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == t.issues.c.assignee_id)
)
_CURRENT = sa.select(*_COLUMNS).select_from(_FROM.join(t.test_versions, _V.id == t.tests.c.version_id))
_ANY = sa.select(*_COLUMNS).select_from(_FROM.join(t.test_versions, _V.test_id == t.tests.c.issue_id))


def _test(row: Sequence[Any]) -> TestRow:
    steps = read_steps(row[14])
    return TestRow(
        id=row[0], key=row[1], project_id=row[2], summary=row[3], description=row[4], labels=json.loads(row[5]) if row[5] else [],
        reporter=row[6] or "", assignee=row[7] or "", version_id=row[8], current_id=row[9], number=row[10],
        definition=Definition(TestType(row[11]), row[12], row[13], steps), details=read_details(row[8], len(steps), row[15]),
    )  # fmt: skip


def tests(conn: sa.Connection, ids: Sequence[int]) -> list[TestRow]:
    """These Tests as they are now, in the order of the ids; what is no Test is left out."""
    found = {row[0]: row for row in conn.execute(_CURRENT.where(any_of(conn, t.tests.c.issue_id, list(ids) or [0])))}
    return [_test(found[i]) for i in ids if i in found]


def of_type(conn: sa.Connection, ids: Sequence[int], only: TestType) -> list[int]:
    """Those of these Tests that are of one type."""
    query = sa.select(t.tests.c.issue_id).where(any_of(conn, t.tests.c.issue_id, list(ids) or [0]), t.tests.c.type == int(only))
    return list(conn.execute(query).scalars())


def find_version(conn: sa.Connection, test_id: int, number: int) -> TestRow | None:
    """A Test in that version of its definition."""
    row = conn.execute(_ANY.where(t.tests.c.issue_id == test_id, _V.number == number)).first()
    return _test(row) if row else None


def step_details(conn: sa.Connection, version_ids: Iterable[int]) -> dict[int, list[StepDetail]]:
    """What definition versions keep of each of their steps beside its texts; those that keep nothing are left out."""
    query = sa.select(_V.id, _V.step_details).where(any_of(conn, _V.id, list(version_ids) or [0]), _V.step_details.is_not(None))
    return {row.id: read_details(row.id, 0, row.step_details) for row in conn.execute(query)}


def step_files(conn: sa.Connection, details: Mapping[int, Sequence[StepDetail]]) -> dict[int, list[list[AttachmentRow]]]:
    """The files of each step of definition versions, by the version's id; a version whose steps have none is left out."""
    held = {v: d for v, d in details.items() if any(one.attachments for one in d)}
    if not held:
        return {}
    owners = conn.execute(sa.select(_V.test_id).where(any_of(conn, _V.id, list(held)))).scalars()
    files = {f.id: f for f in attachments_of(conn, sorted(set(owners)), of_step=True)}
    return {v: [[files[a] for a in one.attachments if a in files] for one in steps] for v, steps in held.items()}


def step_fields(conn: sa.Connection, project_ids: Iterable[int]) -> dict[int, list[StepField]]:
    """The custom fields of steps by project, in the order of their rank; a project without any is left out."""
    f = t.run_fields.c
    query = sa.select(f.project_id, f.id, f.name, f.type, f.options).where(
        f.of == "step", any_of(conn, f.project_id, list(project_ids) or [0])
    )
    found: dict[int, list[StepField]] = {}
    for project, number, name, kind, options in conn.execute(query.order_by(f.rank, f.id)):
        listed = json.loads(options) if options else []
        texts = (str(o.get("value", o.get("name", ""))) if isinstance(o, dict) else str(o) for o in listed)
        found.setdefault(project, []).append(StepField(number, name, kind, tuple(texts)))
    return found


def latest_statuses(conn: sa.Connection, test_ids: Sequence[int], projects: Collection[int] | None) -> dict[int, int]:
    """The status ids of the latest runs of Tests in these projects (None: all); one seek of an index for each Test."""
    r = t.runs.c
    latest = sa.select(r.status_id).where(r.test_id == t.tests.c.issue_id)
    if projects is not None:
        latest = latest.where(r.project_id.in_(sorted(projects)))
    column = latest.order_by(r.id.desc()).limit(1).scalar_subquery()
    rows = conn.execute(sa.select(t.tests.c.issue_id, column).where(any_of(conn, t.tests.c.issue_id, list(test_ids) or [0])))
    return {test_id: status for test_id, status in rows if status is not None}


_HOLDERS = {
    IssueType.TEST_SET: (t.set_tests.c.set_id, t.set_tests.c.test_id),
    IssueType.TEST_PLAN: (t.plan_tests.c.plan_id, t.plan_tests.c.test_id),
    IssueType.TEST_EXECUTION: (t.runs.c.execution_id, t.runs.c.test_id),
}


def holders(
    conn: sa.Connection, kind: IssueType, test_id: int, projects: Collection[int] | None, place: tuple[int, int]
) -> list[LinkedRow]:
    """The Test Sets, Test Plans or Test Executions that have a Test, by id: `place` is how many to skip and how many to give.

    Those of other projects than `projects` (None: all) are left out.
    """
    owner, test = _HOLDERS[kind]
    i = t.issues.c
    query = sa.select(i.id, i.key, i.project_id, i.summary).join_from(owner.table, t.issues, i.id == owner).where(test == test_id)
    if projects is not None:
        query = query.where(i.project_id.in_(sorted(projects)))
    skip, limit = place
    return [LinkedRow(*row) for row in conn.execute(query.order_by(owner).offset(skip).limit(limit))]


def called_tests(conn: sa.Connection, test_ids: Iterable[int]) -> set[int]:
    """The ids of the Tests that steps of these Tests call."""
    query = sa.select(_V.step_details).join(t.tests, t.tests.c.version_id == _V.id)
    rows = conn.execute(query.where(any_of(conn, t.tests.c.issue_id, list(test_ids) or [0]), _V.step_details.is_not(None)))
    return {d.calls for text in rows.scalars() for d in msgspec.json.decode(text, type=list[StepDetail]) if d.calls is not None}


def heads(conn: sa.Connection, ids: Iterable[int]) -> dict[int, HeadRow]:
    """Issues by id, the lowest first."""
    i = t.issues.c
    query = sa.select(i.id, i.key, i.project_id, i.type_id).where(any_of(conn, i.id, sorted(set(ids)) or [0])).order_by(i.id)
    return {row.id: HeadRow(row.id, row.key, row.project_id, IssueType(row.type_id)) for row in conn.execute(query)}


def covered(conn: sa.Connection, test_ids: Sequence[int]) -> dict[int, LinkedRow]:
    """The requirement with the lowest id of each of these Tests; a Test without one is left out."""
    return {test_id: rows[0] for test_id, rows in requirements_of(conn, test_ids).items()}


def requirements_of(conn: sa.Connection, test_ids: Sequence[int]) -> dict[int, list[LinkedRow]]:
    """The requirements of each of these Tests, by id; a Test without one is left out."""
    return _linked(conn, t.requirement_links.c.requirement_id, t.requirement_links.c.test_id, test_ids)


def sets_of(conn: sa.Connection, test_ids: Sequence[int]) -> dict[int, list[LinkedRow]]:
    """The Test Sets of each of these Tests, by id; a Test in none is left out."""
    return _linked(conn, t.set_tests.c.set_id, t.set_tests.c.test_id, test_ids)


def _linked(conn: sa.Connection, owner: sa.Column[int], test: sa.Column[int], test_ids: Sequence[int]) -> dict[int, list[LinkedRow]]:
    """The issues that each of these Tests is linked with, by the two columns of a table of links."""
    i = t.issues.c
    query = sa.select(test, i.id, i.key, i.project_id, i.summary).join(t.issues, i.id == owner)
    found: dict[int, list[LinkedRow]] = {}
    for test_id, *row in conn.execute(query.where(any_of(conn, test, list(test_ids) or [0])).order_by(owner)):
        found.setdefault(test_id, []).append(LinkedRow(*row))
    return found


_GATHERED = {
    IssueType.TEST_PLAN: (t.plan_tests.c.plan_id, t.plan_tests.c.test_id),
    IssueType.TEST_SET: (t.set_tests.c.set_id, t.set_tests.c.test_id),
    IssueType.PRECONDITION: (t.precondition_tests.c.precondition_id, t.precondition_tests.c.test_id),
    IssueType.TEST_EXECUTION: (t.runs.c.execution_id, t.runs.c.test_id),
    IssueType.SUB_TEST_EXECUTION: (t.runs.c.execution_id, t.runs.c.test_id),
}


def held_tests(conn: sa.Connection, kind: IssueType, issue_id: int, only: TestType, limit: int) -> list[int]:
    """The ids of the Tests of one type that an issue holds or, for any other issue, that cover it; `limit` at most, by id."""
    owner, test = _GATHERED.get(kind, (t.requirement_links.c.requirement_id, t.requirement_links.c.test_id))
    source = sa.select(test).join_from(owner.table, t.tests, t.tests.c.issue_id == test)
    query = source.where(owner == issue_id, t.tests.c.type == int(only)).order_by(test).limit(limit)
    return list(conn.execute(query).scalars())
