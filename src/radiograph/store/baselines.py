# SPDX-License-Identifier: Apache-2.0
"""What an execution is compared with: the one that somebody chose, and others that could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.pasts import has_results

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOK_BACK = 200


def chosen_baseline(conn: sa.Connection, execution_id: int) -> tuple[int, str] | None:
    """The execution (id, key) that was chosen for this one; None: none was, or it is gone."""
    e, i = t.executions.c, t.issues.c
    row = conn.execute(sa.select(i.id, i.key).join(t.executions, e.baseline_id == i.id).where(e.issue_id == execution_id)).first()
    return (row[0], row[1]) if row else None


def set_baseline(conn: sa.Connection, execution_id: int, baseline_id: int | None) -> None:
    """Choose what an execution is compared with; None: whatever is found."""
    conn.execute(sa.update(t.executions).where(t.executions.c.issue_id == execution_id).values(baseline_id=baseline_id))


def latest_of_branches(conn: sa.Connection, project_id: int, branches: Sequence[str], but: int) -> str:
    """The key of the newest execution with results of the first of these branches that has one, another than `but`; "" for none."""
    e = t.executions.c
    for branch in branches:
        near = (
            sa.select(e.issue_id).where(e.project_id == project_id, e.branch == branch, e.issue_id != but)
            .order_by(e.issue_id.desc()).limit(_LOOK_BACK).subquery()
        )  # fmt: skip
        has = has_results(near.c.issue_id)
        query = sa.select(t.issues.c.key).join(near, near.c.issue_id == t.issues.c.id).where(has).order_by(t.issues.c.id.desc()).limit(1)
        found = conn.execute(query).scalar()
        if found:
            return str(found)
    return ""


_TEAM = 200


def team(conn: sa.Connection, project_id: int) -> list[str]:
    """The names of people who have a role in a project, and of administrators; 200 at most."""
    u = t.users.c
    has = sa.exists().where(t.roles.c.user_id == u.id, t.roles.c.project_id == project_id)
    return list(conn.execute(sa.select(u.name).where(u.active, u.admin | has).order_by(u.name).limit(_TEAM)).scalars())
