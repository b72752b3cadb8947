# SPDX-License-Identifier: Apache-2.0
"""Deleting an issue with all that belongs to it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.store import tables as t
from radiograph.store.engines import lock_projects
from radiograph.store.run_membership import Place, remove_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.store.issue_links import HeadRow


def lock_all_projects(conn: sa.Connection) -> None:
    """Hold every project: a Test may be about to get runs in any of them, and an import reads its Tests after this."""
    lock_projects(conn, list(conn.execute(sa.select(t.projects.c.id)).scalars()))


def delete_issue(conn: sa.Connection, issue: HeadRow) -> dict[str, int]:
    """Delete an issue, its own runs and relations; how many rows went, by what they were. Hold every project first.

    Files go with the sweep when no row names them any more. Issues below it must be gone before.
    """
    counts = {"runs": _remove_runs(conn, issue)}
    for name, column in _belongings(issue):
        gone = conn.execute(sa.delete(column.table).where(column == issue.id)).rowcount
        counts[name] = counts.get(name, 0) + gone
    known = conn.execute(sa.delete(t.known_failures).where(t.known_failures.c.defect_key == issue.key)).rowcount
    counts["known failures"] = known
    conn.execute(sa.delete(t.changes).where(t.changes.c.of == "issue", t.changes.c.subject_id == issue.id))
    conn.execute(sa.update(t.imports).where(t.imports.c.execution_id == issue.id).values(execution_id=None))
    conn.execute(sa.delete(t.issues).where(t.issues.c.id == issue.id))
    return {name: count for name, count in counts.items() if count}


def _remove_runs(conn: sa.Connection, issue: HeadRow) -> int:
    r = t.runs.c
    if issue.type in EXECUTION_TYPES:
        tests = list(conn.execute(sa.select(r.test_id).where(r.execution_id == issue.id)).scalars())
        return len(remove_runs(conn, Place(issue.project_id, issue.id), tests))
    if issue.type is not IssueType.TEST:
        return 0
    places = conn.execute(sa.select(r.project_id, r.execution_id).where(r.test_id == issue.id)).all()
    for row in places:
        remove_runs(conn, Place(row.project_id, row.execution_id), [issue.id])
    return len(places)


def _belongings(issue: HeadRow) -> Iterator[tuple[str, sa.Column[Any]]]:
    """What names the issue, in an order that references allow: what it is called, and the column with the issue's id."""
    yield from (("links", t.issue_links.c.source_id), ("links", t.issue_links.c.target_id))
    yield from (("comments", t.comments.c.issue_id), ("files", t.attachments.c.issue_id), ("aliases", t.issue_aliases.c.issue_id))
    yield from (("versions", t.issue_versions.c.issue_id), ("components", t.issue_components.c.issue_id))
    yield from (("requirements", t.requirement_links.c.requirement_id), ("requirements", t.requirement_links.c.test_id))
    yield from (("defects", t.run_defects.c.issue_id), ("datasets", t.datasets.c.test_id), ("datasets", t.datasets.c.context_id))
    if issue.type is IssueType.TEST:
        for table in (t.plan_tests, t.set_tests, t.precondition_tests, t.folder_tests):
            yield "relations", table.c.test_id
        yield from (("names", t.test_aliases.c.test_id), ("quarantines", t.quarantines.c.test_id), ("flakiness", t.flaky_tests.c.test_id))
        yield from (("test", t.tests.c.issue_id), ("definitions", t.test_versions.c.test_id))
    if issue.type is IssueType.TEST_PLAN:
        yield from (("places", t.folder_tests.c.board_id), ("folders", t.folders.c.board_id))
        yield from (("relations", t.plan_tests.c.plan_id), ("relations", t.plan_executions.c.plan_id))
    if issue.type is IssueType.TEST_SET:
        yield "relations", t.set_tests.c.set_id
    if issue.type is IssueType.PRECONDITION:
        yield from (("relations", t.precondition_tests.c.precondition_id), ("precondition", t.preconditions.c.issue_id))
    if issue.type in EXECUTION_TYPES:
        yield from (("relations", t.plan_executions.c.execution_id), ("environments", t.execution_environments.c.execution_id))
        yield from (("summaries", t.execution_summaries.c.execution_id), ("execution", t.executions.c.issue_id))
