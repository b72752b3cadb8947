# SPDX-License-Identifier: Apache-2.0
"""What the pages show, as plain rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions import issues, runs
from radiograph.actions.projects import project, visible_projects
from radiograph.domain.errors import NotFound, Refused
from radiograph.domain.keys import parse_id
from radiograph.store import executions, import_reads, issue_reads
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow, ImportRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.projects import ProjectRow
    from radiograph.store.runs import RunRow

PAGE = 50
_MOST = 2**31 - 1
"""What the column of ranks can hold."""
SHOWN_TEXT = 64 * 1024
"""How much of a text file a page shows, in bytes."""


def severity(table: StatusTable) -> list[int]:
    """Status ids, what needs a look first: failures, then what isn't finished, passes last."""
    order = {"NOK": 0, "NOTRUN": 1, "OK": 2}
    return [s.id for s in sorted(table.all, key=lambda s: (order.get(s.requirement, 1), -s.id))]


class Listing(Struct):
    """A page of rows, and where the next one starts (None: this is the last)."""

    rows: list[Any]
    next: str | None
    statuses: StatusTable


def project_page(services: Services, caller: Caller, key: str, before: int | None) -> tuple[ProjectRow, Listing]:
    """A project with its executions, newest first."""
    row = project(services, caller, key)
    with services.db.read() as conn:
        found = executions.latest(conn, row.id, before, PAGE + 1)
        table, _ = import_reads.status_tables(conn)
    after = str(found[PAGE - 1].id) if len(found) > PAGE else None
    return row, Listing(found[:PAGE], after, table)


class ExecutionPage(Struct):
    """An execution with a page of its runs."""

    execution: ExecutionRow
    project_key: str
    plans: list[str]
    listing: Listing


def execution_page(services: Services, caller: Caller, key: str, status: str, text: str, after: str) -> ExecutionPage:
    """Runs of an execution, failures first; of one status, or with a text in their key or summary.

    `after` is where the page before ended: a status id and a rank.
    """
    issue = issues.find(services, caller, key)
    if issue.execution is None:
        raise NotFound(f"{key} is not a Test Execution.")
    with services.db.read() as conn:
        table, _ = import_reads.status_tables(conn)
        if text:
            rows, following = run_store.runs_like(conn, issue.id, text, 200), None
        else:
            chosen = table.find(status) if status else None
            order = [chosen.id] if chosen else severity(table)
            rows, following = _by_severity(conn, issue.id, order, after)
    return ExecutionPage(issue.execution, issue.project_key, issue.plans, Listing(rows, following, table))


def _by_severity(conn: Any, execution_id: int, order: list[int], after: str) -> tuple[list[RunRow], str | None]:  # noqa: ANN401
    status, rank = _place(after)
    if status is not None and status in order:
        order = order[order.index(status) :]
    found: list[RunRow] = []
    for number in order:
        start = rank if number == status else 0
        found += run_store.runs_by_status(conn, execution_id, number, start, PAGE + 1 - len(found))
        if len(found) > PAGE:
            last = found[PAGE - 1]
            return found[:PAGE], f"{last.status_id}.{last.rank}"
    return found, None


def _place(after: str) -> tuple[int | None, int]:
    if not after:
        return None, 0
    status, rank = map(parse_id, (*after.split(".", 1), "")[:2])
    if status is None or rank is None or rank > _MOST:
        raise Refused(f"The parameter after can't be {after[:40]!r}; follow the links of the page.")
    return status, rank


class TestPage(Struct):
    """A Test with its latest runs (at most 50 for the strip) and a page of all."""

    __test__ = False

    issue: IssueRow
    history: list[RunRow]
    listing: Listing


def test_page(services: Services, caller: Caller, issue: IssueRow, before: int | None) -> TestPage:
    """A Test with its runs, newest first."""
    with services.db.read() as conn:
        history = [r for r in run_store.runs_of_test(conn, issue.id, None, PAGE) if caller.role_in(r.project_id) is not None]
        rows = [r for r in run_store.runs_of_test(conn, issue.id, before, PAGE + 1) if caller.role_in(r.project_id) is not None]
        table, _ = import_reads.status_tables(conn)
    after = str(rows[PAGE - 1].id) if len(rows) > PAGE else None
    return TestPage(issue, history, Listing(rows[:PAGE], after, table))


test_page.__test__ = False  # type: ignore[attr-defined]


def run_page(services: Services, caller: Caller, run_id: int) -> tuple[runs.RunView, ExecutionRow, dict[int, str]]:
    """A run, its execution, and the beginnings of its text files by evidence id."""
    view = runs.run(services, caller, run_id)
    with services.db.read() as conn:
        execution = executions.executions(conn, [view.row.execution_id])[view.row.execution_id]
    texts = {}
    for row in view.parts.evidence:
        path = services.evidence.path(row.sha256)
        if row.content_type == "text/plain" and path is not None:
            with path.open("rb") as file:
                texts[row.id] = file.read(SHOWN_TEXT).decode("utf-8", "replace")
    return view, execution, texts


def plan_executions(services: Services, issue: IssueRow) -> Listing:
    """The executions of a Test Plan."""
    with services.db.read() as conn:
        table, _ = import_reads.status_tables(conn)
        return Listing(executions.executions_of_plan(conn, issue.id, 0, 1000)[::-1], None, table)


def imports_page(services: Services, caller: Caller, before: int | None) -> Listing:
    """Import records that the caller may see, newest first."""
    ids = [p.id for p in visible_projects(services, caller)] + ([0] if caller.admin else [])
    with services.db.read() as conn:
        rows = executions.imports(conn, ids, before, PAGE + 1)
        table, _ = import_reads.status_tables(conn)
    after = str(rows[PAGE - 1].at_ms) if len(rows) > PAGE else None
    return Listing(rows[:PAGE], after, table)


def import_page(services: Services, caller: Caller, import_id: int) -> tuple[ImportRow, str]:
    """An import record and the key of its execution; raises NotFound."""
    with services.db.read() as conn:
        row = executions.find_import(conn, import_id)
        if row is None or not (caller.admin or caller.role_in(row.project_id or 0) is not None):
            raise NotFound(f"There is no import {import_id}.")
        found = issue_reads.find_issue(conn, str(row.execution_id)) if row.execution_id else None
    return row, found.key if found else ""


def loads(text: str) -> Any:  # noqa: ANN401
    """A JSON column."""
    return json.loads(text)
