# SPDX-License-Identifier: Apache-2.0
"""What the page shows on which a Test is executed by hand, and which run comes next."""

from __future__ import annotations

from msgspec import Struct

from radiograph.actions import runs
from radiograph.actions.editing import missing_run
from radiograph.actions.services import Services  # noqa: TC001
from radiograph.domain.clock import now_ms
from radiograph.domain.issues import EXECUTION_TYPES
from radiograph.domain.manual import paused_ms
from radiograph.domain.people import Caller, Right
from radiograph.domain.statuses import TODO
from radiograph.store import executions, import_reads
from radiograph.store import manual as store
from radiograph.store import runs as run_store
from radiograph.store.executions import ExecutionRow  # noqa: TC001  (msgspec reads the annotations)

_CHANGES = 30
"""How many of the newest changes are told to those who look at the same run."""


class Manual(Struct):
    """A run that is executed by hand."""

    view: runs.RunView
    execution: ExecutionRow
    version: str
    may_edit: bool
    paused_ms: int
    paused: bool
    now: int
    changes: list[tuple[str, str, int]]
    """The newest: the field, who changed it, when (UTC ms)."""
    next: tuple[int, str] | None
    """The run to do next, and the key of its Test."""

    @property
    def done(self) -> int:
        """How many runs of the execution have a final status."""
        return sum(n for status, n in self.execution.counts.items() if self.view.run_statuses.by_id[status].final)


def manual_run(services: Services, caller: Caller, run_id: int) -> Manual:
    """A run with all that executing it by hand takes; raises NotFound."""
    with services.db.read() as conn:
        version = store.version(conn, run_id)  # first: what changes meanwhile is then told again, not missed
        row = run_store.find_run(conn, run_id)
        if row is None or caller.role_in(row.project_id) is None:
            raise missing_run(run_id)
        view = runs.views(conn, caller, [row])[0]
        execution = executions.executions(conn, [row.execution_id])[row.execution_id]
        now = now_ms()
        paused, is_paused = paused_ms(store.timer_marks(conn, run_id), row.start_ms, row.finish_ms or now)
        following = store.next_run(conn, row.execution_id, view.run_statuses[TODO].id, caller.id, row.rank)
        changes = store.latest_changes(conn, run_id, _CHANGES)
    may_edit = caller.may(Right.EDIT_RUN, row.project_id)
    other = following if following and following[0] != run_id else None
    return Manual(view, execution, version, may_edit, paused, is_paused, now, changes, other)


def manual_version(services: Services, caller: Caller, run_id: int) -> str:
    """The version of a run, which every change makes another one; raises NotFound."""
    with services.db.read() as conn:
        row = run_store.find_run(conn, run_id)
        if row is None or caller.role_in(row.project_id) is None:
            raise missing_run(run_id)
        return store.version(conn, run_id)


def next_todo(services: Services, caller: Caller, execution_key: str) -> int | None:
    """The run to do next in an execution: one assigned to the caller before others. Raises IssueNotFound, Refused."""
    with services.db.read() as conn:
        execution, _ = runs.issue(conn, caller, execution_key, EXECUTION_TYPES)
        table, _ = import_reads.status_tables(conn)
        found = store.next_run(conn, execution, table[TODO].id, caller.id)
    return found[0] if found else None
