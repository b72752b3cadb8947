# SPDX-License-Identifier: Apache-2.0
"""What the page of an issue shows beside its fields: the Tests that it gathers or that cover it, its executions, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.search import visible_projects
from radiograph.domain.issues import IssueType
from radiograph.store import executions, failures, folders, import_reads, issue_links, relations, test_reads
from radiograph.store.changes import Change, changes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow

SHOWN_TESTS, SHOWN_EXECUTIONS, SHOWN_RUNS, SHOWN_CHANGES = 1000, 500, 50, 100
"""How many of each a page names at most; the API has all of them in pages."""


class Member(Struct):
    """A Test of an issue: `status_id` is that of its latest run (None: it has none), `folder` where it is on a plan's board, or ""."""

    key: str
    summary: str
    status_id: int | None
    folder: str = ""


class IssuePage(Struct):
    """All that; `changes` are those by hand, newest first, `runs` those that the issue is a defect of, newest first."""

    tests: list[Member]
    executions: list[ExecutionRow]
    runs: list[RunRow]
    changes: list[Change]
    statuses: StatusTable


def issue_page(services: Services, caller: Caller, issue: IssueRow) -> IssuePage:
    """What belongs to an issue; Tests, executions and runs of projects that the caller can't see are left out."""
    with services.db.read() as conn:
        seen = visible_projects(conn, caller)
        table, _ = import_reads.status_tables(conn)
        plan = issue.type is IssueType.TEST_PLAN
        held = executions.executions_of_plan(conn, issue.id, 0, SHOWN_EXECUTIONS)[::-1] if plan else []
        found = failures.runs_with_defect(conn, issue.id, seen, SHOWN_RUNS)
        changed = changes_of(conn, "issue", [issue.id])[::-1][:SHOWN_CHANGES]
        return IssuePage(
            _tests(conn, issue, seen), [e for e in held if _sees(seen, e.project_id)], found,
            changed, table,
        )  # fmt: skip


def changes_by_hand(services: Services, issue_id: int) -> list[Change]:
    """What was changed by hand in an issue, newest first, 100 at most."""
    with services.db.read() as conn:
        return changes_of(conn, "issue", [issue_id])[::-1][:SHOWN_CHANGES]


def _sees(seen: Sequence[int] | None, project_id: int) -> bool:
    return seen is None or project_id in seen


def _tests(conn: sa.Connection, issue: IssueRow, seen: Sequence[int] | None) -> list[Member]:
    """The Tests, each with its folder on a plan's board."""
    ids, statuses = _members(conn, issue, seen)
    heads = issue_links.heads(conn, ids)
    paths = folders.paths_of(conn, issue.id, ids) if issue.type is IssueType.TEST_PLAN else {}
    rows = [heads[i] for i in ids if i in heads and _sees(seen, heads[i].project_id)]
    return [Member(h.key, h.summary, statuses.get(h.id), paths.get(h.id, "")) for h in rows]


def _members(conn: sa.Connection, issue: IssueRow, seen: Sequence[int] | None) -> tuple[list[int], Mapping[int, int]]:
    """The ids of the Tests, and the status ids of their latest runs: in a plan those of its executions, else those of all."""
    if issue.type is IssueType.TEST_PLAN:
        rows = executions.tests_of_plan(conn, issue.id, 0, SHOWN_TESTS)
        return [i for i, _, _ in rows], {i: status for i, _, status in rows if status is not None}
    if issue.type in relations.GATHERINGS:
        ids = relations.members_of(conn, issue.type, issue.id, 0, SHOWN_TESTS)
    else:
        ids = [link.source.id for link in issue.parts.links if link.is_coverage and link.target.id == issue.id][:SHOWN_TESTS]
    return ids, test_reads.latest_statuses(conn, ids, seen) if ids else {}
