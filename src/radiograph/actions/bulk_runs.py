# SPDX-License-Identifier: Apache-2.0
"""Changing many runs of an execution at once: all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import editing
from radiograph.actions.run_edits import carry_out
from radiograph.domain.errors import Forbidden, NotFound, Refused
from radiograph.domain.people import Right
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.run_edits import RunEdit
    from radiograph.store.executions import ExecutionRow

AT_ONCE = 500
"""How many runs can be changed in one go; a page shows fewer."""


def edit_runs(services: Services, caller: Caller, execution: ExecutionRow, run_ids: Sequence[int], edit: RunEdit) -> int:
    """Change these runs of the execution alike, in one transaction; how many there were.

    Each run gets its history and audit row as if it were changed alone. Raises Forbidden, Refused (none or too many
    runs, an unknown status or person), and NotFound for a run that the execution doesn't have.
    """
    wanted = list(dict.fromkeys(run_ids))
    if not caller.may(Right.EDIT_RUN, execution.project_id):
        raise Forbidden
    if not wanted or len(wanted) > AT_ONCE:
        raise Refused(f"Choose from 1 to {AT_ONCE} runs, not {len(wanted)}.")
    with services.db.write() as conn:
        lock_projects(conn, [execution.project_id])
        for run_id in wanted:
            e = editing.begin(services, conn, caller, run_id)
            if e.row.execution_id != execution.id:
                raise NotFound(f"{execution.key} has no Test Run {run_id}.")
            carry_out(e, edit)
    return len(wanted)
