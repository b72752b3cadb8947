# SPDX-License-Identifier: Apache-2.0
"""The runs of an execution in pages: failures first, those of one cause together; then the others by status and rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse import PAGE, bad_place
from radiograph.domain.failure_groups import FailureGroup, grouped
from radiograph.domain.keys import parse_id
from radiograph.domain.statuses import failing, severity
from radiograph.store import run_filters
from radiograph.store.flaky import named
from radiograph.store.run_filters import RunFilter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import sqlalchemy as sa

    from radiograph.domain.failure_groups import FailedRun
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.runs import RunRow

_MOST = 2**31 - 1
"""What the column of ranks can hold."""
GROUPED = 5000
"""How many failures an execution may have for them to be grouped, and for its new ones to be told."""
_GROUP = "g"


class Wanted(Struct, frozen=True):
    """Which runs a page shows; what isn't given asks for nothing.

    They have a status, are `new` failures, have a text in their Test's key or summary, a Test that is `flaky`, an assignee, a
    defect, a fingerprint. `after` is where the page before ended.
    """

    status: str = ""
    new: bool = False
    text: str = ""
    after: str = ""
    flaky: bool = False
    assignee: str = ""
    defect: str = ""
    fingerprint: int | None = None


class RunsPage(Struct):
    """A page of runs, the place where the next one starts ("": this is the last), and the group of each failure by its id.

    `changed`: the run that the page should follow is no failure of the list any more, so that this is its beginning.
    """

    rows: list[RunRow]
    next: str
    groups: dict[int, FailureGroup]
    changed: bool


class _Place(Struct):
    """Where a page starts: after the run `after_run` of the groups, or after a rank of a status; both None: at the beginning."""

    after_run: int | None = None
    status: int | None = None
    rank: int = 0


def all_failed(conn: sa.Connection, execution: ExecutionRow, nok: Collection[int]) -> list[FailedRun] | None:
    """The runs of an execution with one of these statuses; None: there are too many for them to be grouped."""
    statuses = [s for s in nok if execution.counts.get(s)]
    if sum(execution.counts[s] for s in statuses) > GROUPED:
        return None
    return run_filters.failed_runs(conn, (execution.project_id, execution.id), statuses, RunFilter()) if statuses else []


def runs_page(
    conn: sa.Connection, execution: ExecutionRow, table: StatusTable, wanted: Wanted, new: Collection[int],
    every: Sequence[FailedRun] | None,
) -> RunsPage:  # fmt: skip
    """The runs that are wanted; `new` are the Tests whose failures are new, `every` is what `all_failed` found.

    Raises Refused for a place that no page has.
    """
    place = _place(wanted.after)
    flaky = named(execution.environments) if wanted.flaky else None
    asked = RunFilter(wanted.text, wanted.assignee, wanted.defect, wanted.fingerprint, flaky)
    failed, others = _statuses(execution, table, wanted)
    where = (execution.project_id, execution.id)
    groups: list[FailureGroup] = []
    if place.status is None and failed:
        known = every is not None and not asked.asks
        runs = [f for f in every or () if f.status_id in failed] if known else run_filters.failed_runs(conn, where, failed, asked)
        groups = grouped([f for f in runs if not wanted.new or f.test_id in new], new, severity(table))
    flat = [(run.id, group) for group in groups for run in group.runs]
    start = next((i + 1 for i, (number, _) in enumerate(flat) if number == place.after_run), 0)
    changed = place.after_run is not None and not start
    shown = flat[start : start + PAGE + 1]
    rows = run_filters.runs_by_id(conn, execution.project_id, [number for number, _ in shown])
    found = [rows[number] for number, _ in shown if number in rows]
    grouped_rows = len(found)
    ends = ""
    if len(found) <= PAGE:
        more, ends = _others(conn, where, others, place, PAGE + 1 - len(found), asked)
        found += more
    following = _next(found, grouped_rows) if len(found) > PAGE else ends
    return RunsPage(found[:PAGE], following, dict(shown), changed)


def _statuses(execution: ExecutionRow, table: StatusTable, wanted: Wanted) -> tuple[list[int], list[int]]:
    """The statuses whose runs are grouped, and those whose runs follow by rank."""
    chosen = table.find(wanted.status) if wanted.status else None
    order = [s for s in ([chosen.id] if chosen else severity(table)) if s in execution.counts]
    nok = failing(table)
    failed = [s for s in order if s in nok]
    only_failed = wanted.new or wanted.fingerprint is not None
    if sum(execution.counts[s] for s in failed) > GROUPED:
        return [], failed if only_failed else order
    return failed, [] if only_failed else [s for s in order if s not in nok]


def _others(
    conn: sa.Connection, where: tuple[int, int], statuses: Sequence[int], place: _Place, limit: int, asked: RunFilter
) -> tuple[list[RunRow], str]:
    """At most `limit` runs of these statuses, and where to go on when there may be more that match."""
    found: list[RunRow] = []
    begin = statuses.index(place.status) if place.status in statuses else 0
    for status in statuses[begin:]:
        after = place.rank if status == place.status else 0
        rows, end = run_filters.runs_by_status(conn, where, (status, after), limit - len(found), asked)
        found += rows
        if len(found) >= limit:
            return found, ""
        if end is not None:
            return found, f"{status}.{end}"
    return found, ""


def _next(found: Sequence[RunRow], grouped_rows: int) -> str:
    last = found[PAGE - 1]
    return f"{_GROUP}.{last.id}" if grouped_rows >= PAGE else f"{last.status_id}.{last.rank}"


def _place(after: str) -> _Place:
    if not after:
        return _Place()
    kind, _, rest = after.partition(".")
    number, status = parse_id(rest), parse_id(kind)
    if number is None or (kind != _GROUP and (status is None or number > _MOST)):
        raise bad_place(after)
    return _Place(after_run=number) if kind == _GROUP else _Place(status=status, rank=number)
