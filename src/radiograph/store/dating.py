# SPDX-License-Identifier: Apache-2.0
"""Results that were imported late, dated as if each had been sent when its execution ended."""

from __future__ import annotations

import sqlalchemy as sa

from radiograph.store import tables as t

_NEXT_MS = 60_000
"""Between the imports of one execution."""


def date_back(conn: sa.Connection, project_id: int) -> None:
    """Date a project's import records, and the issues that they made, by the ends of their executions.

    Its other issues were there by the first of them. What is known of a past day, such as the progress of a plan, follows from
    these dates.
    """
    i, e = t.imports.c, t.executions.c
    query = sa.select(i.id, e.issue_id, e.end_ms).join(t.executions, e.issue_id == i.execution_id)
    found = conn.execute(query.where(i.project_id == project_id, e.end_ms.is_not(None)).order_by(i.id)).all()
    latest: dict[int, int] = {}
    for number, execution, end in found:
        at = latest[execution] = latest.get(execution, end - _NEXT_MS) + _NEXT_MS
        conn.execute(sa.update(t.imports).where(i.id == number).values(at_ms=at))
        conn.execute(sa.update(t.issues).where(t.issues.c.import_id == number).values(created_ms=at, updated_ms=at))
    for execution, at in latest.items():
        conn.execute(sa.update(t.executions).where(e.issue_id == execution).values(imported_ms=at))
    if latest:
        own = (t.issues.c.project_id == project_id, t.issues.c.import_id.is_(None))
        conn.execute(sa.update(t.issues).where(*own).values(created_ms=min(latest.values()) - _NEXT_MS))
