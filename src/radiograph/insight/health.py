# SPDX-License-Identifier: Apache-2.0
"""How a project does over time, from the summaries of its executions; runs are looked at by index only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.statuses import failing, finished
from radiograph.insight.failures import new_since
from radiograph.store import executions, flaky, import_reads, import_records, overviews, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import sqlalchemy as sa

    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.flaky import NamedFlaky
    from radiograph.store.import_records import ImportRow
    from radiograph.store.overviews import Tally
    from radiograph.store.runs import RunRow

LOOKED_AT = 150
"""So many of a project's newest executions are looked at."""
BARS = 20
"""So many executions a series has at most."""
_SERIES, _NEW, _FLAKY, _IMPORTS, _FAILED = 8, 8, 6, 5, 1000


class Series(Struct):
    """The newest executions that have something in common, oldest first; `names` is what they have."""

    names: list[str]
    executions: list[ExecutionRow]


class NewFailures(Struct):
    """The failures of the newest execution that are new since its baseline (a key): the first few runs, and how many there are."""

    execution: ExecutionRow
    baseline: str
    runs: list[RunRow]
    count: int


class Health(Struct):
    """A project at a glance: its newest executions, newest first, and series of them by test environments, branch and plan."""

    latest: list[ExecutionRow]
    environments: list[Series]
    branches: list[Series]
    plans: list[Series]
    new: NewFailures | None
    flaky: list[NamedFlaky]
    imports: list[ImportRow]
    statuses: StatusTable
    imported: dict[int, str]
    """The keys of the executions of the imports."""


def health(conn: sa.Connection, project_id: int) -> Health:
    """How a project does: some twenty short queries, however many runs it has."""
    table, _ = import_reads.status_tables(conn)
    rows = executions.latest(conn, project_id, None, LOOKED_AT)
    plans = executions.plans_of_executions(conn, [e.id for e in rows])
    done = [e for e in rows if e.counts]
    sent = import_records.imports_of_project(conn, project_id, _IMPORTS)
    return Health(
        rows,
        series(done, lambda e: [tuple(e.environments)] if e.environments else []),
        series(done, lambda e: [(e.branch,)] if e.branch else []),
        series(done, lambda e: [(plan,) for plan in plans.get(e.id, [])]),
        next((_new_failures(conn, e, table) for e in done if finished(table, e.counts)), None),
        _flakiest(conn, project_id),
        sent, table, executions.keys(conn, [i.execution_id for i in sent if i.execution_id]),
    )  # fmt: skip


def series(rows: Iterable[ExecutionRow], names: Callable[[ExecutionRow], Iterable[tuple[str, ...]]]) -> list[Series]:
    """The rows (newest first) by what each of them has, in the order of the newest; at most 8 series of 20."""
    found: dict[tuple[str, ...], list[ExecutionRow]] = {}
    for row in rows:
        for name in names(row):
            if name in found or len(found) < _SERIES:
                found.setdefault(name, []).append(row)
    return [Series(list(name), held[:BARS][::-1]) for name, held in found.items()]


def _flakiest(conn: sa.Connection, project_id: int) -> list[NamedFlaky]:
    """The flakiest Tests, each once, where it is flakiest."""
    found: dict[int, NamedFlaky] = {}
    for one in flaky.flakiest(conn, project_id, flaky.Chosen(), None, _FLAKY * _SERIES):
        found.setdefault(one.row.test_id, one)
    return list(found.values())[:_FLAKY]


def _new_failures(conn: sa.Connection, newest: ExecutionRow, table: StatusTable) -> NewFailures | None:
    nok = failing(table)
    if not 0 < sum(newest.counts.get(s, 0) for s in nok) <= _FAILED:
        return None
    since = new_since(conn, newest.project_id, newest.id, nok)
    if not since.baseline:
        return None
    rows = runs.runs_of_tests(conn, (newest.project_id, newest.id), since.new, 0, _NEW)
    return NewFailures(newest, since.baseline, rows, len(since.new))


class ProjectHealth(Struct):
    """A project's newest executions as tallies, oldest first, and the newest of them whole (None: there is none)."""

    tallies: list[Tally]
    newest: ExecutionRow | None


def health_of_projects(conn: sa.Connection, project_ids: Sequence[int]) -> dict[int, ProjectHealth]:
    """How each of these projects does, in a handful of queries for all of them."""
    tallies = overviews.recent_tallies(conn, project_ids, BARS)
    whole = executions.executions(conn, [held[-1].execution_id for held in tallies.values() if held])
    return {
        number: ProjectHealth(held, whole.get(held[-1].execution_id) if held else None)
        for number in project_ids
        for held in (tallies.get(number, []),)
    }
