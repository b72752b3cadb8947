# SPDX-License-Identifier: Apache-2.0
"""Whole runs of a Test Execution, a Test Plan, a saved filter or a Test, with fields of their Tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.issue_refs import hide_links
from radiograph.actions.runs import RunView, issue, run_in, views
from radiograph.actions.search import select, visible_projects
from radiograph.domain.errors import Refused
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.spans import page_of_spans
from radiograph.store import instance, issue_reads, relations, run_lists, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.issues import CustomField
    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import IssueRow


class Wanted(Struct, frozen=True):
    """Which runs to export: of an execution (of one Test in it), of a plan's executions, or of those that a filter finds."""

    execution: str = ""
    test: str = ""
    plan: str = ""
    saved_filter: str = ""
    with_tests: bool = False


class Export(Struct):
    """Runs, and (where they were asked for) their Tests by id with the custom fields that there are."""

    views: list[RunView]
    tests: dict[int, IssueRow]
    fields: list[CustomField]


def export(services: Services, caller: Caller, wanted: Wanted, skip: int, limit: int) -> Export:
    """The runs wanted, execution by execution: `limit` of them after the first `skip`. Raises IssueNotFound, NotFound, Refused."""
    if wanted.execution and wanted.test:
        view = run_in(services, caller, wanted.execution, wanted.test)
        found = [view] if skip == 0 and limit else []
    else:
        with services.db.read() as conn:
            found = views(conn, caller, _runs(conn, caller, wanted, skip, limit))
    return _with_tests(services, caller, found) if wanted.with_tests else Export(found, {}, [])


def _runs(conn: sa.Connection, caller: Caller, wanted: Wanted, skip: int, limit: int) -> list[runs.RunRow]:
    if wanted.execution:
        execution, _ = issue(conn, caller, wanted.execution, EXECUTION_TYPES)
        return runs.runs_by_rank(conn, execution, skip, limit)
    if wanted.plan:
        plan, _ = issue(conn, caller, wanted.plan, [IssueType.TEST_PLAN])
        return _of_executions(conn, relations.executions_of_plan(conn, plan, visible_projects(conn, caller)), skip, limit)
    if wanted.saved_filter:
        return _of_executions(conn, select(conn, caller, EXECUTION_TYPES, saved_filter=wanted.saved_filter), skip, limit)
    raise Refused("Give testExecKey (with testKey for one Test), testPlanKey or savedFilterId.")


def _of_executions(conn: sa.Connection, ids: Sequence[int], skip: int, limit: int) -> list[runs.RunRow]:
    """Runs by rank, execution by execution; those that are skipped whole are only counted (ranks have no gaps)."""
    spans = page_of_spans(ids, run_lists.count_of_executions(conn, ids), skip, limit)
    inner = runs.runs_of_executions(conn, [s.owner for s in spans[1:-1]]) if len(spans) > 2 else {}  # noqa: PLR2004  (first and last may be parts)
    found: list[runs.RunRow] = []
    for span in spans:
        whole = inner.get(span.owner)
        found += runs.runs_by_rank(conn, span.owner, span.after, span.count) if whole is None else whole
    return found


def _with_tests(services: Services, caller: Caller, found: list[RunView]) -> Export:
    with services.db.read() as conn:
        rows = issue_reads.issues_by_id(conn, sorted({v.row.test_id for v in found}))
        seen = [row for row in rows if caller.role_in(row.project_id) is not None]
        hide_links(caller, seen)
        return Export(found, {row.id: row for row in seen}, instance.custom_fields(conn))


def runs_of_test(services: Services, caller: Caller, key: str, environments: Sequence[str], skip: int, limit: int) -> list[RunView]:
    """A Test's runs, oldest first, those in one of these test environments (none named: all); raises IssueNotFound, Refused."""
    with services.db.read() as conn:
        test, _ = issue(conn, caller, key, [IssueType.TEST])
        numbers = run_lists.environment_numbers(conn, environments) if environments else None
        return views(conn, caller, run_lists.runs_of_one_test(conn, test, visible_projects(conn, caller), numbers, (skip, limit)))
