# SPDX-License-Identifier: Apache-2.0
"""The Test Plans of a project, each with how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse import PAGE
from radiograph.actions.projects import project
from radiograph.actions.search import visible_projects
from radiograph.insight import plan_progress
from radiograph.store import executions, import_reads, issue_reads, plans

if TYPE_CHECKING:
    from radiograph.actions.projects import ProjectRow
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.plan_progress import Progress
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.plans import PlanHead

TESTS_AT_ONCE = 5000
"""How many Tests the plans of a page may have together, beside the first plan: each costs a seek."""


class PlanLine(Struct):
    """A plan in a list: its issue, its progress, and its newest execution that the reader can see."""

    head: PlanHead
    issue: IssueRow
    progress: Progress
    newest: ExecutionRow | None


class PlansPage(Struct):
    """The plans of a project, newest first; `next` is where the next page starts ("": this is the last)."""

    project: ProjectRow
    rows: list[PlanLine]
    statuses: StatusTable
    next: str


def plans_page(services: Services, caller: Caller, key: str, before: int | None) -> PlansPage:
    """A project's plans before the id `before`: at most 50, fewer where they are big. Raises NotFound."""
    row = project(services, caller, key)
    with services.db.read() as conn:
        found = visible_projects(conn, caller)
        projects = None if found is None else tuple(found)
        statuses, _ = import_reads.status_tables(conn)
        heads = plans.plans_of_project(conn, row.id, projects, before, PAGE + 1)
        shown = _affordable(heads[:PAGE])
        issues = {i.id: i for i in issue_reads.issues_by_id(conn, [h.id for h in shown])}
        newest = executions.executions(conn, [h.newest_id for h in shown if h.newest_id])
        lines = [
            PlanLine(
                h, issues[h.id], plan_progress.progress(conn, plan_progress.Scope(h.id, projects), statuses),
                newest.get(h.newest_id or 0),
            )
            for h in shown
        ]  # fmt: skip
    return PlansPage(row, lines, statuses, str(shown[-1].id) if len(heads) > len(shown) else "")


def _affordable(heads: list[PlanHead]) -> list[PlanHead]:
    tests = 0
    shown: list[PlanHead] = []
    for head in heads:
        tests += head.tests
        if shown and tests > TESTS_AT_ONCE:
            break
        shown.append(head)
    return shown
