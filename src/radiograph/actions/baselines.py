# SPDX-License-Identifier: Apache-2.0
"""Choosing what an execution is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.browse import find
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Refused
from radiograph.domain.people import Right
from radiograph.store import audit, baselines
from radiograph.store.changes import note_changes
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.executions import ExecutionRow


def choose_baseline(services: Services, caller: Caller, execution: ExecutionRow, key: str) -> str:
    """Compare an execution with this one of its project from now on, or ("") with the one before it; the key that was chosen.

    Raises Forbidden, IssueNotFound, and Refused for what is no other execution of the project.
    """
    if not caller.may(Right.EDIT_ISSUE, execution.project_id):
        raise Forbidden
    other = find(services, caller, key) if key else None
    if other is not None and (other.execution is None or other.project_id != execution.project_id or other.id == execution.id):
        raise Refused(f"{other.key} can't be the baseline of {execution.key}: it must be another Test Execution of the same project.")
    with services.db.write() as conn:
        lock_projects(conn, [execution.project_id])
        before = baselines.chosen_baseline(conn, execution.id)
        baselines.set_baseline(conn, execution.id, other.id if other else None)
        change = ("Baseline", before[1] if before else "", other.key if other else "")
        note_changes(conn, "issue", (execution.project_id, execution.id), caller.id, now_ms(), [change])
        audit.note(conn, caller.id, "execution.baseline", execution.key, project_id=execution.project_id)
    return other.key if other else ""
