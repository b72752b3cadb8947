# SPDX-License-Identifier: Apache-2.0
"""A run that is being edited: what it has, what the change comes to, and what is noted of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from radiograph.actions.aliases import aliases
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused, shown
from radiograph.domain.people import Caller, Right
from radiograph.store import audit, import_reads, runs
from radiograph.store.changes import note_changes
from radiograph.store.engines import lock_projects
from radiograph.store.execution_writes import note_results
from radiograph.store.run_fields import run_fields

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.issues import Definition
    from radiograph.domain.run_fields import RunField
    from radiograph.domain.statuses import Status, StatusTable

KEPT = 32_767
"""How much of a text the history keeps, in characters: as much as a text field of Jira takes."""


class Editing(Struct):
    """A run inside the transaction of its change; `parts` follow what is written, `values` are columns of the run to set.

    `stepped` are the iterations (None: the run itself) whose steps' statuses changed, `parted` whether any part's status did.
    """

    conn: sa.Connection
    caller: Caller
    row: runs.RunRow
    parts: runs.RunParts
    definition: Definition
    run_statuses: StatusTable
    step_statuses: StatusTable
    fields: list[RunField]
    now: int
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    stepped: set[int | None] = field(default_factory=set)
    parted: bool = False

    @property
    def stored(self) -> list[dict[str, Any]]:
        """The values of the run's custom fields, as they are stored (or will be)."""
        text = self.values.get("custom_fields", self.row.custom_fields)
        found: list[dict[str, Any]] = json.loads(text) if text else []
        return found

    def note(self, name: str, before: str, after: str) -> None:
        """Keep a change for the run's history."""
        self.changes.append((name, before[:KEPT], after[:KEPT]))

    def status(self, table: StatusTable, name: str, path: str) -> Status:
        """The status of a name; raises Refused that lists those that there are."""
        found = table.find(name)
        if found is None:
            problem = f"{shown(name)} is no status here; the statuses are {', '.join(s.name for s in table.all)}"
            raise Refused(f"{path}: {problem}." if path else f"{problem}.", [Problem(path or "status", problem)])
        return found


def missing_run(run_id: int) -> NotFound:
    """What is raised for a run that isn't there, or that the caller can't see."""
    return NotFound(f"There is no Test Run {run_id}.")


def check_may_edit(services: Services, caller: Caller, run_id: int) -> None:
    """Raise NotFound or Forbidden before anything of the request is kept."""
    with services.db.read() as conn:
        _editable(conn, caller, run_id)


def _editable(conn: sa.Connection, caller: Caller, run_id: int) -> runs.RunRow:
    row = runs.find_run(conn, run_id)
    if row is None or caller.role_in(row.project_id) is None:
        raise missing_run(run_id)
    if not caller.may(Right.EDIT_RUN, row.project_id):
        raise Forbidden
    return row


def begin(services: Services, conn: sa.Connection, caller: Caller, run_id: int) -> Editing:
    """Hold the run's project, then read the run as it is now. Raises NotFound, Forbidden."""
    lock_projects(conn, [_editable(conn, caller, run_id).project_id])
    row = _editable(conn, caller, run_id)
    tables = import_reads.status_tables(conn, aliases(conn, services.settings))
    fields = [f for f in run_fields(conn, [row.project_id]) if f.of == "run"]
    parts = runs.parts(conn, row.project_id, [row.id])[row.id]
    definition = runs.definition_versions(conn, [row.version_id])[row.version_id]
    return Editing(conn, caller, row, parts, definition, *tables, fields, now_ms())


def finish(e: Editing) -> None:
    """Leave the history and the audit row of what was changed; the execution got results now."""
    changed = [c for c in e.changes if c[1] != c[2]]
    note_changes(e.conn, "run", (e.row.project_id, e.row.id), e.caller.id, e.now, changed)
    if changed:
        note_results(e.conn, e.row.execution_id, e.now)
    audit.note(e.conn, e.caller.id, "run.edit", str(e.row.id), {"changes": len(changed)}, project_id=e.row.project_id)
