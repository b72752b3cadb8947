# SPDX-License-Identifier: Apache-2.0
"""What is known of failures by their fingerprint: where each was first seen, and who had it last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.fingerprint import READ
from radiograph.store import tables as t
from radiograph.store.many import any_of, each_number

if TYPE_CHECKING:
    from collections.abc import Sequence

_RECENT = 20


class FirstSeen(Struct, frozen=True):
    """The first run with a fingerprint: its id, its execution with its key, and when that began (UTC milliseconds)."""

    run_id: int
    execution_id: int
    key: str
    at_ms: int


class FailureLine(Struct):
    """A failed run as a list has it; of its comment there is as much as a fingerprint is made of."""

    id: int
    test_key: str
    test_summary: str
    test_project_id: int
    execution_id: int
    execution_key: str
    comment: str
    assignee: str | None


def first_seen(conn: sa.Connection, project_id: int, fingerprints: Sequence[int]) -> dict[int, FirstSeen]:
    """Where failures of these fingerprints were first seen in a project: one look-up in the index for each."""
    source, value = each_number(conn, fingerprints)
    r = t.runs.alias("first").c
    first = sa.select(r.id).where(r.project_id == project_id, r.fingerprint == value).order_by(r.id).limit(1).scalar_subquery()
    found = sa.select(value.label("fingerprint"), first.label("run_id")).select_from(source).subquery()
    e, i = t.executions.c, t.issues.c
    rows = t.runs.join(found, (t.runs.c.id == found.c.run_id) & (t.runs.c.project_id == project_id))
    rows = rows.join(t.executions, e.issue_id == t.runs.c.execution_id).join(t.issues, i.id == e.issue_id)
    query = sa.select(found.c.fingerprint, found.c.run_id, i.id, i.key, sa.func.coalesce(e.begin_ms, i.created_ms)).select_from(rows)
    return {row[0]: FirstSeen(*row[1:]) for row in conn.execute(query)}


def of_runs(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, int | None]:
    """The fingerprints of these runs, by id."""
    r = t.runs.c
    query = sa.select(r.id, r.fingerprint).where(r.project_id == project_id, any_of(conn, r.id, list(run_ids) or [0]))
    return {row[0]: row[1] for row in conn.execute(query)}


def last_assigned(conn: sa.Connection, project_id: int, fingerprints: Sequence[int]) -> dict[int, str]:
    """Who the last 20 runs of each of these fingerprints were last given to by hand."""
    source, value = each_number(conn, fingerprints)
    r = t.runs.alias("near").c
    mine = (r.project_id == project_id, r.fingerprint == value)
    edge = sa.select(r.id).where(*mine).order_by(r.id.desc()).offset(_RECENT - 1).limit(1).scalar_subquery()
    edges = sa.select(value.label("fingerprint"), sa.func.coalesce(edge, 0).label("edge")).select_from(source).subquery()
    runs = t.runs.c
    here = (runs.project_id == project_id) & (runs.fingerprint == edges.c.fingerprint) & (runs.id >= edges.c.edge)
    owners = {row[0]: row[1] for row in conn.execute(sa.select(runs.id, runs.fingerprint).select_from(edges.join(t.runs, here)))}
    c = t.changes.c
    query = sa.select(c.subject_id, c.after).where(c.of == "run", any_of(conn, c.subject_id, list(owners) or [0]), c.field == "assignee")
    return {owners[subject]: after for subject, after in conn.execute(query.order_by(c.id)) if owners[subject] is not None}


def lines(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, FailureLine]:
    """These failed runs as a list has them, by id."""
    r, test, execution = t.runs.c, t.issues.alias("test").c, t.issues.alias("execution").c
    source = t.runs.join(test.id.table, test.id == r.test_id).join(execution.id.table, execution.id == r.execution_id)
    source = source.outerjoin(t.users, t.users.c.id == r.assignee_id)
    columns = (
        r.id,
        test.key,
        test.summary,
        test.project_id,
        r.execution_id,
        execution.key,
        sa.func.substr(r.comment, 1, READ),
        t.users.c.name,
    )
    query = sa.select(*columns).select_from(source).where(r.project_id == project_id, any_of(conn, r.id, list(run_ids) or [0]))
    return {row[0]: FailureLine(*row) for row in conn.execute(query)}
