# SPDX-License-Identifier: Apache-2.0
"""Editing a run as it was seen: a change that somebody else made since is told, not written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import editing, runs
from radiograph.actions.run_edits import carry_out
from radiograph.domain.errors import Conflict
from radiograph.store.changes import Change, changes_after

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.run_edits import Edited, RunEdit
    from radiograph.store.runs import RunRow


class Seen(Struct, frozen=True):
    """What a reader knows of a run: its last change by hand, and the import that its result came with (0: none)."""

    change: int
    import_id: int


class Since(Struct):
    """What others did to a run since it was seen; `seen` is what is known now, `replaced` that a report gave it another result."""

    seen: Seen
    changes: list[Change]
    replaced: bool
    status: str


class RunChanged(Conflict):
    """Somebody else changed this run while you were editing it."""

    def __init__(self, since: Since) -> None:
        """Name what changed."""
        super().__init__()
        self.since = since


def since(services: Services, caller: Caller, run_id: int, seen: Seen) -> Since:
    """What others did to a run since it was seen so; raises NotFound."""
    view = runs.run(services, caller, run_id)
    with services.db.read() as conn:
        found = _since(conn, caller, view.row, seen)
    found.status = view.run_statuses.by_id[view.row.status_id].name
    return found


def _since(conn: sa.Connection, caller: Caller, row: RunRow, seen: Seen) -> Since:
    later = changes_after(conn, "run", row.id, seen.change)
    now = Seen(later[-1].id if later else seen.change, row.import_id or 0)
    return Since(now, [c for c in later if c.user != caller.name], now.import_id != seen.import_id, "")


def edit_seen(services: Services, caller: Caller, run_id: int, edit: RunEdit, seen: Seen) -> Edited:
    """Change a run that is as it was seen, or that only the caller changed since; as `edit_run`.

    Raises RunChanged when somebody else, or a report, did: nothing is written then.
    """
    with services.db.write() as conn:
        e = editing.begin(services, conn, caller, run_id)
        found = _since(conn, caller, e.row, seen)
        if found.changes or found.replaced:
            raise RunChanged(found)
        return carry_out(e, edit)
