# SPDX-License-Identifier: Apache-2.0
"""What an import has to know, each in one query however long the report is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.import_plan import KnownRun, KnownTest, Project
from radiograph.domain.issues import Definition, IssueType, Step, TestType
from radiograph.domain.keys import parse_id
from radiograph.domain.statuses import Status, StatusTable
from radiograph.store import tables as t
from radiograph.store.engines import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TEST_COLUMNS = (
    t.issues.c.id,
    t.issues.c.key,
    t.issues.c.project_id,
    t.tests.c.type,
    t.tests.c.version_id,
    t.tests.c.step_count,
)
_TYPES = {int(k): k for k in TestType}
_TESTS = t.issues.outerjoin(t.tests, t.tests.c.issue_id == t.issues.c.id)


def _test(row: Sequence[Any]) -> KnownTest:
    number, key, project, kind, version, steps = row
    return KnownTest(number, key, project, None if kind is None else _TYPES[kind], version or 0, steps or 0)


def tests_by_key(conn: sa.Connection, keys: Iterable[str]) -> dict[str, KnownTest]:
    """The issues of these keys (or aliases); those that are no Test have the type None."""
    wanted = list(keys)
    if not wanted:
        return {}
    query = sa.select(*_TEST_COLUMNS).select_from(_TESTS).where(any_of(conn, t.issues.c.key, wanted))
    found = {row[1]: _test(row) for row in conn.execute(query).all()}
    missing = [k for k in wanted if k not in found]
    if missing:
        aliases = (
            sa.select(*_TEST_COLUMNS, t.issue_aliases.c.key.label("alias"))
            .select_from(_TESTS.join(t.issue_aliases, t.issue_aliases.c.issue_id == t.issues.c.id))
            .where(any_of(conn, t.issue_aliases.c.key, missing))
        )
        found |= {row[-1]: _test(row[:-1]) for row in conn.execute(aliases)}
    return found


def tests_by_match(conn: sa.Connection, places: set[tuple[int, int]]) -> dict[tuple[int, int], list[KnownTest]]:
    """Tests by project and match hash, those with the lowest number first."""
    if not places:
        return {}
    query = (
        sa.select(t.tests.c.match_hash, *_TEST_COLUMNS)
        .select_from(t.tests.join(t.issues, t.tests.c.issue_id == t.issues.c.id))
        .where(any_of(conn, t.tests.c.match_hash, sorted({h for _, h in places})))
        .order_by(t.issues.c.number)
    )
    found: dict[tuple[int, int], list[KnownTest]] = {}
    for row in conn.execute(query):
        place = (row[3], row[0])
        if place in places:
            found.setdefault(place, []).append(_test(row[1:]))
    return found


def definitions(conn: sa.Connection, version_ids: Iterable[int]) -> dict[int, tuple[int, Definition, str]]:
    """By Test: the number of its current definition version, the definition, and the Test's summary."""
    wanted = [v for v in version_ids if v]
    if not wanted:
        return {}
    v = t.test_versions
    query = (
        sa.select(v.c.test_id, v.c.number, v.c.type, v.c.text, v.c.scenario_type, v.c.steps, t.issues.c.summary)
        .select_from(v.join(t.issues, t.issues.c.id == v.c.test_id))
        .where(any_of(conn, v.c.id, wanted))
    )
    return {
        row.test_id: (
            row.number,
            Definition(_TYPES[row.type], row.text, row.scenario_type, read_steps(row.steps)),
            row.summary,
        )
        for row in conn.execute(query)
    }


def read_steps(text: str | None) -> tuple[Step, ...]:
    """The steps of a definition version from their column."""
    return tuple(Step(*step) for step in json.loads(text)) if text else ()


def projects_by_key(conn: sa.Connection, keys: Iterable[str]) -> dict[str, Project]:
    """The projects of these keys; a key of digits is an id."""
    wanted = sorted({k.strip().upper() for k in keys if k})
    if not wanted:
        return {}
    p = t.projects
    numbers = [number for k in wanted if (number := parse_id(k)) is not None]
    which = any_of(conn, p.c.key, wanted)
    found = conn.execute(sa.select(p.c.id, p.c.key).where(which | any_of(conn, p.c.id, numbers) if numbers else which))
    projects = [Project(row.id, row.key) for row in found]
    by_id = {str(p.id): p for p in projects}
    return {p.key: p for p in projects} | {k: by_id[k] for k in wanted if k in by_id}


def issue_ids(conn: sa.Connection, keys: Iterable[str]) -> dict[str, int]:
    """The ids of the issues of these keys."""
    wanted = sorted({k.strip().upper() for k in keys})
    if not wanted:
        return {}
    query = sa.select(t.issues.c.key, t.issues.c.id).where(any_of(conn, t.issues.c.key, wanted))
    return {row.key: row.id for row in conn.execute(query)}


def issue_heads(conn: sa.Connection, keys: Sequence[str]) -> dict[str, tuple[int, int, IssueType]]:
    """By key: the issue's id, project id and type (by alias too)."""
    i, a = t.issues, t.issue_aliases
    columns = (i.c.id, i.c.project_id, i.c.type_id)
    found: dict[str, tuple[int, int, IssueType]] = {}
    for key, source in ((i.c.key, i), (a.c.key, a.join(i, i.c.id == a.c.issue_id))):
        missing = [k for k in keys if k not in found]
        if missing:
            query = sa.select(key, *columns).select_from(source).where(any_of(conn, key, missing))
            found |= {row[0]: (row[1], row[2], IssueType(row[3])) for row in conn.execute(query)}
    return found


def known_runs(conn: sa.Connection, project_id: int, execution_id: int, test_ids: Sequence[int]) -> dict[int, KnownRun]:
    """The runs that these Tests have in the execution already, by Test."""
    if not test_ids:
        return {}
    r = t.runs
    query = sa.select(r.c.test_id, r.c.id, r.c.status_id, r.c.rank, r.c.attempts).where(
        r.c.project_id == project_id,
        r.c.execution_id == execution_id,
        any_of(conn, r.c.test_id, test_ids),
    )
    return {row[0]: KnownRun(*row[1:]) for row in conn.execute(query).all()}


def status_tables(conn: sa.Connection) -> tuple[StatusTable, StatusTable]:
    """The statuses of runs and of steps."""
    s = t.statuses
    columns = (s.c.id, s.c.name, s.c.description, s.c.color, s.c.final, s.c.requirement, s.c.of, s.c.means)
    rows = [Status(*row[:4], bool(row[4]), *row[5:]) for row in conn.execute(sa.select(*columns))]
    return StatusTable(r for r in rows if r.of == "run"), StatusTable(r for r in rows if r.of == "step")
