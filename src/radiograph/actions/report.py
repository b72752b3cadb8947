# SPDX-License-Identifier: Apache-2.0
"""What the printable report of a Test Execution says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import issues
from radiograph.actions.execution_runs import GROUPED
from radiograph.actions.hidden import hide_in_rows
from radiograph.domain.errors import NotFound
from radiograph.domain.statuses import failing
from radiograph.insight.failures import Since, new_since
from radiograph.store import fingerprints, flaky, import_reads
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow

MOST, CAUSES = 200, 75
"""How many failures, and how many causes of failures, a report has: what fits in some 150 kB and on some twenty pages."""


class Group(Struct):
    """Failures that look alike, by rank; the first one's comment stands for all."""

    comment: str
    runs: list[RunRow]


class Report(Struct):
    """An execution with its failures in groups, the largest first; `new` are the Tests whose failures are new since `previous`."""

    issue: IssueRow
    execution: ExecutionRow
    statuses: StatusTable
    previous: str
    new: set[int] | None
    groups: list[Group]
    failed: int
    defects: dict[int, list[str]]
    flaky: dict[int, str]
    """What shows that a Test is flaky on the execution's environments, by Test."""


def report(services: Services, caller: Caller, key: str) -> Report:
    """The report of an execution; raises IssueNotFound, and NotFound for an issue of another type."""
    issue = issues.find(services, caller, key)
    e = issue.execution
    if e is None:
        raise NotFound(f"{issue.key} is no Test Execution, so there is no report of it.")
    with services.db.read() as conn:
        table = import_reads.status_tables(conn)[0]
        nok = failing(table)
        rows: list[RunRow] = []
        for status in nok:
            rows += run_store.runs_by_status(conn, e.id, status, 0, MOST - len(rows)) if len(rows) < MOST else []
        hide_in_rows(caller, rows)
        failed = sum(e.counts.get(s, 0) for s in nok)
        since = new_since(conn, e.project_id, e.id, nok) if failed <= GROUPED else Since("", set())
        defects = run_store.defect_keys(conn, e.project_id, [r.id for r in rows])
        causes = fingerprints.of_runs(conn, e.project_id, [r.id for r in rows])
        found = flaky.flaky_tests(conn, e.project_id, [r.test_id for r in rows])
    here = {test: row.reason for test, many in found.items() for row in many if row.environments == sorted(e.environments)}
    new = since.new if since.baseline else None
    return Report(issue, e, table, since.baseline, new, _groups(rows, causes), failed, defects, here)


def _groups(rows: list[RunRow], causes: dict[int, int | None]) -> list[Group]:
    found: dict[int | None, Group] = {}
    for row in rows:
        found.setdefault(causes.get(row.id), Group(row.comment, [])).runs.append(row)
    return sorted(found.values(), key=lambda g: -len(g.runs))[:CAUSES]
