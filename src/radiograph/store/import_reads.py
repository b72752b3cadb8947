# SPDX-License-Identifier: Apache-2.0
"""What an import has to know, each in one query however long the report is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.import_plan import KnownRun, KnownTest, Project
from radiograph.domain.issues import Definition, IssueType, Step, TestType
from radiograph.domain.keys import parse_id
from radiograph.domain.statuses import DEFAULT_ALIASES, Status, StatusTable
from radiograph.store import tables as t
from radiograph.store.many import among, any_of, listed
from radiograph.store.prepared import Prepared
from radiograph.store.test_names import aliases_by_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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


_BY_KEY = Prepared(lambda dialect: sa.select(*_TEST_COLUMNS).select_from(_TESTS).where(among(dialect, t.issues.c.key, "keys")))
_BY_ALIAS = Prepared(
    lambda dialect: (
        sa.select(*_TEST_COLUMNS, t.issue_aliases.c.key)
        .select_from(_TESTS.join(t.issue_aliases, t.issue_aliases.c.issue_id == t.issues.c.id))
        .where(among(dialect, t.issue_aliases.c.key, "keys"))
    ),
)


def tests_by_key(conn: sa.Connection, keys: Iterable[str]) -> dict[str, KnownTest]:
    """The issues of these keys (or aliases); those that are no Test have the type None."""
    wanted = list(keys)
    if not wanted:
        return {}
    dialect = conn.dialect.name
    found = {row[1]: _test(row) for row in _BY_KEY.run(conn, keys=listed(dialect, wanted))}
    missing = [k for k in wanted if k not in found]
    if missing:
        found |= {row[-1]: _test(row[:-1]) for row in _BY_ALIAS.run(conn, keys=listed(dialect, missing))}
    return found


def current_versions(conn: sa.Connection, test_ids: Sequence[int]) -> dict[int, int]:
    """By Test, in the order given: the id of its current definition version."""
    query = sa.select(t.tests.c.issue_id, t.tests.c.version_id).where(any_of(conn, t.tests.c.issue_id, list(test_ids) or [0]))
    found = {row[0]: row[1] for row in conn.execute(query)}
    return {i: found[i] for i in test_ids if i in found}


def tests_by_match(conn: sa.Connection, places: set[tuple[int, int]]) -> dict[tuple[int, int], list[KnownTest]]:
    """Tests by project and match hash, those with the lowest number first; by an earlier name where no Test has it now."""
    if not places:
        return {}
    source = t.tests.join(t.issues, t.tests.c.issue_id == t.issues.c.id)
    query = sa.select(t.tests.c.match_hash, *_TEST_COLUMNS).select_from(source).order_by(t.issues.c.number)
    found: dict[tuple[int, int], list[KnownTest]] = {}
    for row in conn.execute(query.where(any_of(conn, t.tests.c.match_hash, sorted({h for _, h in places})))):
        place = (row[3], row[0])
        if place in places:
            found.setdefault(place, []).append(_test(row[1:]))
    missing = places - found.keys()
    return found | _by_earlier_name(conn, missing) if missing else found


def _by_earlier_name(conn: sa.Connection, places: set[tuple[int, int]]) -> dict[tuple[int, int], list[KnownTest]]:
    """The Tests that had a name before, of the type that they are still of: an earlier name is of one Test."""
    aliases = aliases_by_hash(conn, {h for _, h in places})
    if not aliases:
        return {}
    named = {a.hash: a for a in aliases}
    query = sa.select(*_TEST_COLUMNS).select_from(_TESTS).where(any_of(conn, t.issues.c.id, sorted({a.test_id for a in aliases})))
    tests = {row[0]: row for row in conn.execute(query)}
    found = {}
    for place in places:
        alias = named.get(place[1])
        row = tests.get(alias.test_id) if alias else None
        if alias and row and (row[2], row[3]) == (place[0], alias.type):
            found[place] = [_test(row)]
            found[place][0].renamed = True
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


_PROJECTS = Prepared(
    lambda dialect: sa.select(t.projects.c.id, t.projects.c.key).where(
        among(dialect, t.projects.c.key, "keys") | among(dialect, t.projects.c.id, "ids", number=True),
    ),
)


def projects_by_key(conn: sa.Connection, keys: Iterable[str]) -> dict[str, Project]:
    """The projects of these keys; a key of digits is an id."""
    wanted = sorted({k.strip().upper() for k in keys if k})
    if not wanted:
        return {}
    numbers = [number for k in wanted if (number := parse_id(k)) is not None]
    dialect = conn.dialect.name
    projects = [Project(*row) for row in _PROJECTS.run(conn, keys=listed(dialect, wanted), ids=listed(dialect, numbers))]
    by_id = {str(p.id): p for p in projects}
    return {p.key: p for p in projects} | {k: by_id[k] for k in wanted if k in by_id}


def _heads(source: sa.FromClause, key: sa.ColumnElement[str]) -> Prepared:
    columns = (t.issues.c.id, t.issues.c.project_id, t.issues.c.type_id)
    return Prepared(lambda dialect: sa.select(key, *columns).select_from(source).where(among(dialect, key, "keys")))


_HEADS = (
    _heads(t.issues, t.issues.c.key),
    _heads(t.issue_aliases.join(t.issues, t.issues.c.id == t.issue_aliases.c.issue_id), t.issue_aliases.c.key),
)


def issue_heads(conn: sa.Connection, keys: Sequence[str]) -> dict[str, tuple[int, int, IssueType]]:
    """By key: the issue's id, project id and type (by alias too)."""
    found: dict[str, tuple[int, int, IssueType]] = {}
    for query in _HEADS:
        missing = [k for k in keys if k not in found]
        if missing:
            rows = query.run(conn, keys=listed(conn.dialect.name, missing))
            found |= {row[0]: (row[1], row[2], IssueType(row[3])) for row in rows}
    return found


_KNOWN_RUNS = Prepared(
    lambda dialect: sa.select(*(t.runs.c[n] for n in ("test_id", "id", "status_id", "rank", "attempts"))).where(
        t.runs.c.project_id == sa.bindparam("project"),
        t.runs.c.execution_id == sa.bindparam("execution"),
        among(dialect, t.runs.c.test_id, "tests", number=True),
    ),
)


def known_runs(conn: sa.Connection, project_id: int, execution_id: int, test_ids: Sequence[int]) -> dict[int, KnownRun]:
    """The runs that these Tests have in the execution already, by Test."""
    if not test_ids:
        return {}
    rows = _KNOWN_RUNS.run(conn, project=project_id, execution=execution_id, tests=listed(conn.dialect.name, test_ids))
    return {row[0]: KnownRun(*row[1:]) for row in rows}


_STATUSES = Prepared(
    lambda _dialect: sa.select(*(t.statuses.c[n] for n in ("id", "name", "description", "color", "final", "requirement", "of", "means"))),
)


def _status(row: Sequence[Any]) -> Status:
    number, name, description, color, final, requirement, of, means = row
    return Status(number, name, description, color, bool(final), requirement, of, means)


def status_tables(conn: sa.Connection, aliases: Mapping[str, str] = DEFAULT_ALIASES) -> tuple[StatusTable, StatusTable]:
    """The statuses of runs and of steps; both know the same aliases."""
    rows = [_status(row) for row in _STATUSES.run(conn)]
    of = {kind: StatusTable((r for r in rows if r.of == kind), aliases) for kind in ("run", "step")}
    return of["run"], of["step"]
