# SPDX-License-Identifier: Apache-2.0
"""What the page of a Test Execution shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.execution_runs import RunsPage, Wanted, all_failed, runs_page
from radiograph.actions.hidden import hide_in_rows
from radiograph.actions.live import state_of
from radiograph.domain.statuses import failing
from radiograph.insight.baselines import followed, main_of
from radiograph.insight.failures import new_among
from radiograph.insight.first_seen import first_seen
from radiograph.store import baselines, executions, import_reads, import_records, known_failures, run_filters
from radiograph.store import flaky as flaky_store
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.baselines import Past
    from radiograph.domain.failure_groups import FailedRun
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.baselines import Followed
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.fingerprints import FirstSeen
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.run_filters import PastRun

__all__ = ["Baseline", "ExecutionPage", "Wanted", "execution_page"]

_SHOWN, _ROW = 8, 40
"""How many of a Test's last runs are shown, and in how many executions they are looked for."""


class Baseline(Struct):
    """What an execution is compared with: a key ("": nothing), and whether somebody chose it.

    `found` is what it is without a choice, `main` the newest execution of the main branch. `new` holds the Tests whose failures
    are new (`insight/failures.py`), None when that can't be told.
    """

    key: str
    chosen: bool
    found: str
    main: str
    new: set[int] | None


class RunParts(Struct):
    """What is known of the runs of a page beside their rows, by run: files, defects; by Test: its last runs here, a sentence where it is flaky."""

    evidence: dict[int, int]
    defects: dict[int, list[str]]
    pasts: dict[int, list[PastRun]]
    flaky: dict[int, str]
    people: dict[int, str]
    executions: dict[int, str]
    first_seen: dict[int, FirstSeen]
    known: dict[int, list[str]]


class ExecutionPage(Struct):
    """An execution with a page of its runs, and how it compares with the one before it."""

    execution: ExecutionRow
    statuses: StatusTable
    baseline: Baseline
    listing: RunsPage
    parts: RunParts
    state: str
    """How it stood when it was read (see `actions/live.py`)."""
    team: list[str]
    """The names of people who can be given its runs."""
    flaky: int
    """How many Tests of the project were found flaky on this execution's environments."""
    imported: tuple[int, int, str] | None
    """The newest import: its id, its time (UTC milliseconds), and who sent it."""

    @property
    def previous(self) -> str:
        """The key of what it is compared with."""
        return self.baseline.key

    @property
    def new(self) -> set[int] | None:
        """The Tests whose failures are new."""
        return self.baseline.new

    @property
    def evidence(self) -> dict[int, int]:
        """How many files each run has."""
        return self.parts.evidence

    @property
    def defects(self) -> dict[int, list[str]]:
        """The keys of the defects of each run."""
        return self.parts.defects


def execution_page(services: Services, caller: Caller, issue: IssueRow, wanted: Wanted) -> ExecutionPage:
    """An execution with its runs, failures first; raises Refused for a place that no page has."""
    execution = issue.execution
    assert execution is not None  # noqa: S101  (the caller has looked)
    with services.db.read() as conn:
        table, _ = import_reads.status_tables(conn)
        branches = main_of(conn, execution.project_id)
        behind = followed(conn, execution.project_id, execution.id, branches)
        failed = all_failed(conn, execution, failing(table))
        main = baselines.latest_of_branches(conn, execution.project_id, branches, execution.id)
        new = _new(conn, execution, behind, failed, failing(table))
        baseline = _baseline(behind, main, new)
        listing = runs_page(conn, execution, table, wanted, baseline.new or set(), failed)
        hide_in_rows(caller, listing.rows)
        parts = _parts(conn, execution, listing, behind.sequence)
        flaky = flaky_store.flaky_count(conn, execution.project_id, flaky_store.named(execution.environments))
        team = baselines.team(conn, execution.project_id)
        record = import_records.last_import(conn, execution.id)
        people = run_store.people(conn, [record.user_id]) if record else {}
    imported = (record.id, record.at_ms, people.get(record.user_id, "")) if record else None
    return ExecutionPage(
        execution, table, baseline, listing, parts, state_of(execution.counts, execution.imported_ms), team, flaky, imported
    )


def _new(conn: sa.Connection, execution: ExecutionRow, behind: Followed, failed: list[FailedRun] | None, nok: list[int]) -> set[int] | None:
    """The Tests whose failures are new; None where nothing came before them, or there are too many."""
    if behind.measured is None or behind.measured.baseline is None or failed is None:
        return None
    return new_among(conn, execution.project_id, behind.measured, failed, nok) if failed else set()


def _baseline(behind: Followed, main: str, new: set[int] | None) -> Baseline:
    """What it is compared with; `main` is the key of the main branch's newest."""
    own = behind.measured
    chosen = own is not None and own.baseline is not None and own.baseline.id == own.execution.baseline_id
    return Baseline(_key(own.baseline if own else None), chosen, _key(behind.found), main, new)


def _key(past: Past | None) -> str:
    return past.key if past else ""


def _parts(conn: sa.Connection, execution: ExecutionRow, listing: RunsPage, sequence: list[int]) -> RunParts:
    project, ids, tests = execution.project_id, [r.id for r in listing.rows], [r.test_id for r in listing.rows]
    runs = run_filters.runs_in(conn, project, sequence[:_ROW], tests)
    pasts = {test: past[-_SHOWN:] for test, past in runs.items()}
    marked = ((listing.groups[r.id].fingerprint, r.comment) for r in listing.rows if r.id in listing.groups)
    samples = {mark: comment for mark, comment in marked if mark is not None}
    return RunParts(
        run_store.evidence_counts(conn, project, ids), run_store.defect_keys(conn, project, ids), pasts,
        _flaky(conn, execution, tests),
        run_store.people(conn, [p for r in listing.rows for p in (r.assignee_id, r.executor_id)]),
        executions.keys(conn, sorted({p.execution_id for past in pasts.values() for p in past})),
        first_seen(conn, project, samples) if samples else {}, _known(conn, project, sorted(samples)) if samples else {},
    )  # fmt: skip


def _known(conn: sa.Connection, project_id: int, causes: list[int]) -> dict[int, list[str]]:
    return {cause: sorted(d.key for d in defects) for cause, defects in known_failures.known(conn, project_id, causes).items()}


def _flaky(conn: sa.Connection, execution: ExecutionRow, test_ids: list[int]) -> dict[int, str]:
    here = sorted(execution.environments)
    rows = flaky_store.flaky_tests(conn, execution.project_id, test_ids)
    return {test: row.sentence for test, found in rows.items() for row in found if row.environments == here}
