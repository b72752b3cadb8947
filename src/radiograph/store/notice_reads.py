# SPDX-License-Identifier: Apache-2.0
"""What is looked at to tell what is new: imports since a mark, what failed by them, the plans that they touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.import_records import ImportRow
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_IMPORTS, _MOST_FAILED = 500, 5000


class Failed(Struct, frozen=True):
    """A failing run with its Test's key and summary, and the project that the Test belongs to."""

    run_id: int
    test_id: int
    key: str
    summary: str
    test_project_id: int


def imports_since(conn: sa.Connection, project_id: int, start: int, until_ms: int) -> list[ImportRow]:
    """A project's imports from an id on, oldest first, up to the first that came after `until_ms` (at most 500)."""
    i = t.imports.c
    query = sa.select(*(i[n] for n in ImportRow.__struct_fields__)).where(i.project_id == project_id, i.id >= start)
    rows = [ImportRow(*row) for row in conn.execute(query.order_by(i.id).limit(_MOST_IMPORTS))]
    late = next((n for n, row in enumerate(rows) if row.at_ms > until_ms), len(rows))
    return rows[:late]


def failed_by(conn: sa.Connection, project_id: int, execution_id: int, failing: Sequence[int], imports: Sequence[int]) -> list[Failed]:
    """The failing runs of an execution whose result one of these imports brought, by rank (at most 5,000)."""
    r, i = t.runs.c, t.issues.c
    query = sa.select(r.id, r.test_id, i.key, i.summary, i.project_id).join(t.issues, i.id == r.test_id)
    where = (
        r.project_id == project_id,
        r.execution_id == execution_id,
        r.status_id.in_(list(failing)),
        any_of(conn, r.import_id, list(imports) or [0]),
    )
    return [Failed(*row) for row in conn.execute(query.where(*where).order_by(r.rank).limit(_MOST_FAILED))]


def executions_since(conn: sa.Connection, project_id: int, since_ms: int) -> tuple[list[int], int]:
    """A project's executions that began (or were made) since a time, and how many runs they have."""
    e, i, s = t.executions.c, t.issues.c, t.execution_summaries.c
    when = sa.func.coalesce(e.begin_ms, i.created_ms)
    query = sa.select(e.issue_id).join(t.issues, i.id == e.issue_id).where(e.project_id == project_id, when >= since_ms)
    ids = list(conn.execute(query.order_by(e.issue_id)).scalars())
    runs = sa.select(sa.func.coalesce(sa.func.sum(s.runs), 0)).where(any_of(conn, s.execution_id, ids or [0]))
    return ids, int(conn.execute(runs).scalar_one())


def plans_of(conn: sa.Connection, execution_ids: Sequence[int], project_id: int) -> list[tuple[int, str, str]]:
    """The Test Plans of a project that these executions are linked to: id, key and summary."""
    p, i = t.plan_executions.c, t.issues.c
    query = sa.select(i.id, i.key, i.summary).join(t.plan_executions, p.plan_id == i.id).where(i.project_id == project_id)
    return [
        (row[0], row[1], row[2])
        for row in conn.execute(query.where(any_of(conn, p.execution_id, list(execution_ids) or [0])).distinct().order_by(i.id))
    ]
