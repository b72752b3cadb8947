# SPDX-License-Identifier: Apache-2.0
"""What the list of a project's executions shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse import PAGE, Listing
from radiograph.actions.projects import project
from radiograph.store import execution_lists, import_reads

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.execution_lists import Choices, Sought
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.projects import ProjectRow


class ExecutionsPage(Struct):
    """A page of a project's executions, newest first, and what they can be chosen by."""

    project: ProjectRow
    listing: Listing[ExecutionRow]
    choices: Choices
    statuses: StatusTable


def executions_page(services: Services, caller: Caller, key: str, sought: Sought, before: int | None) -> ExecutionsPage:
    """A project's executions before the id `before` that have what is sought; raises NotFound.

    A page may hold fewer than it could, even none, and yet another one follow: only some thousands are looked at for each.
    """
    row = project(services, caller, key)
    with services.db.read() as conn:
        rows, more = execution_lists.find_executions(conn, row.id, sought, before, PAGE)
        chosen = execution_lists.choices(conn, row.id)
        table, _ = import_reads.status_tables(conn)
    return ExecutionsPage(row, Listing(rows, "" if more is None else str(more)), chosen, table)
