# SPDX-License-Identifier: Apache-2.0
"""What the overview of a project, and that of all projects, show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.hidden import hide_in_rows
from radiograph.actions.projects import project, visible_projects
from radiograph.insight.health import Health, ProjectHealth, health, health_of_projects
from radiograph.store import import_reads

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.projects import ProjectRow

_PROJECTS = 50


def project_overview(services: Services, caller: Caller, key: str) -> tuple[ProjectRow, Health]:
    """A project at a glance; raises NotFound."""
    row = project(services, caller, key)
    with services.db.read() as conn:
        found = health(conn, row.id)
    if found.new is not None:
        hide_in_rows(caller, found.new.runs)
    for flaky in found.flaky:
        if caller.role_in(flaky.test_project_id) is None:
            flaky.summary = ""
    return row, found


class ProjectsPage(Struct):
    """Projects by key, each with how it does; `next` is the key after which more follow, "" when these are the last."""

    rows: list[tuple[ProjectRow, ProjectHealth]]
    next: str
    count: int
    statuses: StatusTable


def projects_page(services: Services, caller: Caller, after: str) -> ProjectsPage:
    """The projects that the caller can see, those whose keys come after `after`."""
    seen = visible_projects(services, caller)
    rest = [p for p in seen if p.key > after]
    shown = rest[:_PROJECTS]
    with services.db.read() as conn:
        table, _ = import_reads.status_tables(conn)
        found = health_of_projects(conn, [p.id for p in shown])
    return ProjectsPage([(p, found[p.id]) for p in shown], shown[-1].key if len(rest) > _PROJECTS else "", len(seen), table)
