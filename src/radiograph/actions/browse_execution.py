# SPDX-License-Identifier: Apache-2.0
"""What the page of a Test Execution shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse import PAGE, Listing
from radiograph.actions.hidden import hide_in_rows
from radiograph.domain.errors import Refused
from radiograph.domain.keys import parse_id
from radiograph.domain.statuses import failing, severity
from radiograph.store import executions, failures, import_reads, import_records
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow

_MOST = 2**31 - 1
"""What the column of ranks can hold."""
COMPARED = 5000
"""How many failures an execution may have for its new ones to be told."""


class Wanted(Struct):
    """Which runs a page shows: of one status, the new failures only, or with a text in their Test's key or summary.

    `after` is where the page before ended: a status id and a rank.
    """

    status: str = ""
    new: bool = False
    text: str = ""
    after: str = ""


class ExecutionPage(Struct):
    """An execution with a page of its runs, and how it compares with the one before it.

    `new` holds the Tests that fail here and didn't in `previous`; None when that can't be told.
    """

    execution: ExecutionRow
    statuses: StatusTable
    previous: str
    new: set[int] | None
    listing: Listing[RunRow]
    evidence: dict[int, int]
    defects: dict[int, list[str]]
    imported: tuple[int, int, str] | None
    """The newest import: its id, its time (UTC milliseconds), and who sent it."""


def execution_page(services: Services, caller: Caller, issue: IssueRow, wanted: Wanted) -> ExecutionPage:
    """An execution with its runs, failures first; raises Refused for a place that no page has."""
    execution = issue.execution
    assert execution is not None  # noqa: S101  (the caller has looked)
    with services.db.read() as conn:
        table, _ = import_reads.status_tables(conn)
        previous, new = _compared(conn, execution, failing(table))
        listing = _runs(conn, execution, table, wanted, new or set())
        hide_in_rows(caller, listing.rows)
        ids = [r.id for r in listing.rows]
        evidence = run_store.evidence_counts(conn, execution.project_id, ids)
        defects = run_store.defect_keys(conn, execution.project_id, ids)
        record = import_records.last_import(conn, execution.id)
        people = run_store.people(conn, [record.user_id]) if record else {}
    imported = (record.id, record.at_ms, people.get(record.user_id, "")) if record else None
    return ExecutionPage(execution, table, previous, new, listing, evidence, defects, imported)


def _compared(conn: sa.Connection, execution: ExecutionRow, nok: list[int]) -> tuple[str, set[int] | None]:
    previous = executions.previous_like(conn, execution)
    if previous is None:
        return "", None
    failed = sum(execution.counts.get(s, 0) for s in nok)
    if failed > COMPARED:
        return previous[1], None
    new = failures.new_failures(conn, execution.project_id, execution.id, previous[0], nok) if failed else set()
    return previous[1], new


def _runs(conn: sa.Connection, execution: ExecutionRow, table: StatusTable, wanted: Wanted, new: set[int]) -> Listing[RunRow]:
    status, rank = _place(wanted.after)
    if wanted.new:
        found = run_store.runs_of_tests(conn, (execution.project_id, execution.id), new, rank, PAGE + 1)
        return _cut(found)
    chosen = table.find(wanted.status) if wanted.status else None
    order = [chosen.id] if chosen else severity(table)
    if status is not None and status in order:
        order = order[order.index(status) :]
    found = []
    for number in order:
        if len(found) <= PAGE and number in execution.counts:
            start = rank if number == status else 0
            found += run_store.runs_by_status(conn, execution.id, number, start, PAGE + 1 - len(found), wanted.text)
    return _cut(found)


def _cut(found: list[RunRow]) -> Listing[RunRow]:
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Listing(found[:PAGE], f"{last.status_id}.{last.rank}" if last else "")


def _place(after: str) -> tuple[int | None, int]:
    if not after:
        return None, 0
    status, rank = map(parse_id, (*after.split(".", 1), "")[:2])
    if status is None or rank is None or rank > _MOST:
        raise Refused(f"The parameter after can't be {after[:40]!r}; follow the links of the page.")
    return status, rank
