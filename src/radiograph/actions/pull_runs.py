# SPDX-License-Identifier: Apache-2.0
"""Copying Test Executions' runs: read in several threads, imported as a report is, with their evidence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from radiograph.actions.import_records import Sent
from radiograph.actions.importing import import_report
from radiograph.actions.pull_state import OPERATOR
from radiograph.domain.errors import AllResultsRefused
from radiograph.domain.issues import EXECUTION_TYPES
from radiograph.domain.outcome import ImportOptions
from radiograph.domain.report import EvidenceFile, ExecutionInfo, Report
from radiograph.domain.statuses import Status
from radiograph.evidence.receive import store_pieces
from radiograph.sources.run_shapes import Fetch, read_run
from radiograph.sources.xray_server import SourceRefusal
from radiograph.store import import_reads, pulled
from radiograph.store.engines import lock_database
from radiograph.store.locks import WORDS
from radiograph.store.statuses import add_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.pull_state import Pull
    from radiograph.domain.outcome import Outcome
    from radiograph.domain.report import TestResult
    from radiograph.evidence.port import Batch

_AT_ONCE = 4
_CHUNK = 50
"""Runs that are stored together."""


def pull_runs(work: Pull) -> None:
    """Copy the runs of every execution after `state.cursor` (its number), in that one from the run at `state.page` on."""
    _add_statuses(work)
    with work.services.db.read() as conn:
        executions = pulled.issues_after(conn, work.project_id, EXECUTION_TYPES, work.state.cursor)
    for place, (number, _, key, _) in enumerate(executions, 1):
        _pull_execution(work, key)
        work.state.cursor, work.state.page = number, 0
        work.save()
        work.say(f"Runs of {key}: execution {place} of {len(executions)}, {work.state.counts.get('runs', 0)} runs so far")


def _add_statuses(work: Pull) -> None:
    """Add the statuses that the other server has beside the built-in ones."""
    given = {of: work.source.raven(f"settings/test{'' if of == 'run' else 'step'}statuses") for of in ("run", "step")}
    with work.services.db.write() as conn:
        lock_database(conn, WORDS)
        for (of, rows), table in zip(given.items(), import_reads.status_tables(conn, {}), strict=True):
            new = {s.name: s for s in (_status(of, row) for row in rows) if table.find(s.name) is None}
            for status in new.values():
                add_status(conn, status)


def _status(of: str, row: dict[str, Any]) -> Status:
    name, requirement = str(row.get("name", "")).upper(), str(row.get("requirementStatusName") or "NOTRUN").upper()
    final = bool(row.get("final"))
    return Status(0, name, str(row.get("description") or ""), str(row.get("color") or "#A2A6AE"), final, requirement, of, "TODO")


def _pull_execution(work: Pull, key: str) -> None:
    try:
        rows = [row for page in work.source.pages(f"testexec/{key}/test") for row in page]
    except SourceRefusal as error:
        work.state.problem(f"runs of {key}", str(error))
        return
    if work.state.page == 0:
        work.state.count("runs at the source", len(rows))
    for at in range(work.state.page, len(rows), _CHUNK):
        ids = [row["id"] for row in rows[at : at + _CHUNK] if "id" in row]
        _pull_chunk(work, key, ids, at + _CHUNK)


def _pull_chunk(work: Pull, key: str, ids: Sequence[int], after: int) -> None:
    fetches: list[Fetch] = []
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        shapes = list(threads.map(lambda number: _shape(work, number), ids))
        results = [read_run(shape, i, fetches) for i, shape in enumerate(s for s in shapes if s)]
        _fetch(work, threads, fetches, key)
    if results:
        _import(work, key, results, after)
    work.state.page = after


def _shape(work: Pull, number: int) -> dict[str, Any]:
    try:
        found: dict[str, Any] = work.source.raven(f"testrun/{number}", "2.0")
    except SourceRefusal as error:
        work.state.problem(f"run {number}", str(error))
        return {}
    return found


def _fetch(work: Pull, threads: ThreadPoolExecutor, fetches: Sequence[Fetch], key: str) -> None:
    """Fetch every file into the evidence store; one that can't be had is a problem, its result is kept."""
    work.state.count("evidence at the source", len(fetches))
    batch = work.services.evidence.batch()
    try:
        files = list(threads.map(lambda fetch: _fetch_one(work, batch, fetch, key), fetches))
        batch.commit()
    except BaseException:
        batch.discard()
        raise
    for fetch, file in zip(fetches, files, strict=True):
        if file is not None:
            fetch.into.append(file)


def _fetch_one(work: Pull, batch: Batch, fetch: Fetch, key: str) -> EvidenceFile | None:
    file = EvidenceFile(fetch.file.name, fetch.file.type, None, fetch.path)
    try:
        store_pieces(file, work.source.download(fetch.file.address), batch, work.services.settings.max_evidence)
    except (SourceRefusal, ValueError) as error:
        work.state.problem(f"evidence {fetch.file.name} of {key}", str(error))
        return None
    return file


def _import(work: Pull, key: str, results: list[TestResult], after: int) -> None:
    report = Report(key, ExecutionInfo(), results, [], [])

    def finish(conn: sa.Connection, outcome: Outcome) -> None:
        work.state.count("runs", len(outcome.tests))
        for refused in outcome.errors:
            work.state.problem(f"{key} {refused.test_key}", "; ".join(p.problem for p in refused.problems))
        for odd in outcome.warnings:
            work.state.problem(f"{key} {odd.test_key}", "; ".join(odd.warnings))
        work.state.page = after
        pulled.put_state(conn, work.state)

    try:
        import_report(work.services, OPERATOR, report, ImportOptions(), Sent("pull", 0, ""), finish)
    except AllResultsRefused as error:
        for problem in error.details:
            work.state.problem(f"{key} {problem.path}", problem.problem)
