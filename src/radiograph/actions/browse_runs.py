# SPDX-License-Identifier: Apache-2.0
"""What the pages of a Test Run and of a Test show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import runs
from radiograph.actions.browse import PAGE, Listing
from radiograph.domain.errors import NotFound
from radiograph.domain.statuses import failing
from radiograph.store import executions, failures, import_reads
from radiograph.store import runs as run_store
from radiograph.store.changes import changes_of

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.changes import Change
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import EvidenceRow, RunRow

SHOWN_TEXT = 64 * 1024
"""How much of a text file a page shows, in bytes."""
_EARLIER, _LATER = 25, 10


class RunPage(Struct):
    """A run, its execution, and the runs of its Test around it, oldest first."""

    view: runs.RunView
    execution: ExecutionRow
    history: list[RunRow]
    previous_failure: tuple[int, str] | None
    next_failure: tuple[int, str] | None
    texts: dict[int, str]
    """The beginnings of its text files by evidence id."""
    changes: list[Change]
    """What was changed by hand, oldest first."""


def run_page(services: Services, caller: Caller, run_id: int) -> RunPage:
    """A run with all that its page shows; raises NotFound."""
    view = runs.run(services, caller, run_id)
    row, nok = view.row, failing(view.run_statuses)
    with services.db.read() as conn:
        execution = executions.executions(conn, [row.execution_id])[row.execution_id]
        earlier = run_store.runs_of_test(conn, row.test_id, row.id + 1, _EARLIER)
        later = run_store.later_runs_of_test(conn, row.test_id, row.id, _LATER)
        near = [failures.nearest(conn, row.execution_id, nok, row.rank, later=way) for way in (False, True)]
        changed = changes_of(conn, "run", [row.id])
    history = [r for r in [*earlier[::-1], *later] if caller.role_in(r.project_id) is not None]
    return RunPage(view, execution, history, near[0], near[1], _texts(services, view.parts.evidence), changed)


def _texts(services: Services, evidence: list[EvidenceRow]) -> dict[int, str]:
    texts = {}
    for row in evidence:
        if row.content_type == "text/plain":
            try:
                with services.evidence.open(row.sha256) as file:
                    texts[row.id] = file.read(SHOWN_TEXT).decode("utf-8", "replace")
            except NotFound:
                continue
    return texts


class TestPage(Struct):
    """A Test with its latest runs (at most 50, newest first) and a page of all."""

    __test__ = False

    history: list[RunRow]
    listing: Listing[RunRow]
    statuses: StatusTable
    versions: int


def test_page(services: Services, caller: Caller, issue: IssueRow, before: int | None) -> TestPage:
    """A Test with its runs before the run of id `before`, newest first."""
    with services.db.read() as conn:
        found = run_store.runs_of_test(conn, issue.id, before, PAGE + 1)
        latest = found if before is None else run_store.runs_of_test(conn, issue.id, None, PAGE)
        table, _ = import_reads.status_tables(conn)
        versions = run_store.count_versions(conn, issue.id)
    after = str(found[PAGE - 1].id) if len(found) > PAGE else ""
    return TestPage(_visible(caller, latest[:PAGE]), Listing(_visible(caller, found[:PAGE]), after), table, versions)


def _visible(caller: Caller, rows: list[RunRow]) -> list[RunRow]:
    return [r for r in rows if caller.role_in(r.project_id) is not None]


test_page.__test__ = False  # type: ignore[attr-defined]
