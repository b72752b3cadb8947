# SPDX-License-Identifier: Apache-2.0
"""What badges look up, each by an index."""

from __future__ import annotations

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.pasts import has_results

_NEAR = 50


def issue_of(conn: sa.Connection, project_id: int, key: str) -> tuple[int, int] | None:
    """The id and type id of a project's issue of that key."""
    i = t.issues.c
    row = conn.execute(sa.select(i.id, i.type_id).where(i.key == key, i.project_id == project_id)).first()
    return (row[0], row[1]) if row else None


def newest_of_branch(conn: sa.Connection, project_id: int, branch: str) -> int | None:
    """The newest execution of a branch that has results; None where none of its latest 50 has any."""
    e = t.executions.c
    near = sa.select(e.issue_id).where(e.project_id == project_id, e.branch == branch).order_by(e.issue_id.desc()).limit(_NEAR).subquery()
    return conn.execute(sa.select(near.c.issue_id).where(has_results(near.c.issue_id)).order_by(near.c.issue_id.desc()).limit(1)).scalar()
