# SPDX-License-Identifier: Apache-2.0
"""The workflow of issues: its statuses and transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import structs

from radiograph.domain.workflow import Transition, WorkflowStatus
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence


def statuses(conn: sa.Connection) -> list[WorkflowStatus]:
    """The statuses that an issue can have, in their order; the first is that of a new issue."""
    c = t.workflow_statuses.c
    return [WorkflowStatus(*row) for row in conn.execute(sa.select(c.id, c.name, c.category).order_by(c.rank, c.id))]


def transitions(conn: sa.Connection) -> list[Transition]:
    """Every way from one status to another."""
    c = t.workflow_transitions.c
    return [Transition(*row) for row in conn.execute(sa.select(c.id, c.name, c.to_id, c.from_id).order_by(c.id))]


def in_use(conn: sa.Connection) -> dict[str, int]:
    """How many issues have each status, by its name."""
    c = t.issues.c.workflow
    return {row[0]: row[1] for row in conn.execute(sa.select(c, sa.func.count()).group_by(c))}


def replace(conn: sa.Connection, new_statuses: Sequence[WorkflowStatus], new_transitions: Sequence[Transition]) -> None:
    """Have just these statuses and transitions from now on."""
    conn.execute(sa.delete(t.workflow_transitions))
    conn.execute(sa.delete(t.workflow_statuses))
    conn.execute(sa.insert(t.workflow_statuses), [structs.asdict(s) | {"rank": i} for i, s in enumerate(new_statuses)])
    if new_transitions:
        conn.execute(sa.insert(t.workflow_transitions), [structs.asdict(w) for w in new_transitions])
