# SPDX-License-Identifier: Apache-2.0
"""What the page of a Test shows beside its runs: its past on each set of environments, its versions, its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.hidden import hidden_issues
from radiograph.actions.retention import history_begins
from radiograph.actions.tests import in_version
from radiograph.domain.clock import now_ms
from radiograph.domain.differences import Line, differences
from radiograph.insight.history import Grid, grid
from radiograph.store import executions, import_reads, quarantines, test_history, test_names, test_reads
from radiograph.store import runs as run_store
from radiograph.store.flaky import flaky_tests

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.flaky import FlakyRow
    from radiograph.store.quarantines import Quarantine
    from radiograph.store.test_history import VersionRow
    from radiograph.store.test_names import AliasRow
    from radiograph.store.test_reads import LinkedRow, TestRow

COLUMNS = 50
"""So many of a Test's latest runs are shown at one glance."""


class Past(Struct):
    """A Test's latest runs (newest first) and their grid; its versions with how many runs ran each; its names and marks.

    `counted` says that the counts of `runs` are those of the latest 2,000 runs only. `begins_ms` is since when its project's history is
    whole (UTC ms): what is older may have been removed; None for from the beginning.
    """

    history: list[run_store.RunRow]
    grid: Grid
    statuses: StatusTable
    versions: list[VersionRow]
    runs: dict[int, int]
    counted: bool
    aliases: list[AliasRow]
    keys: list[str]
    flaky: list[FlakyRow]
    quarantine: Quarantine | None
    requirements: list[LinkedRow]
    begins_ms: int | None = None


def past_of(services: Services, caller: Caller, test_id: int, project_id: int) -> Past:
    """The past of a Test; runs and requirements of projects that the caller can't see are left out."""
    with services.db.read() as conn:
        history = [r for r in run_store.runs_of_test(conn, test_id, None, COLUMNS) if caller.role_in(r.project_id) is not None]
        found = executions.executions(conn, sorted({r.execution_id for r in history}))
        table, _ = import_reads.status_tables(conn)
        runs = test_history.runs_by_version(conn, test_id)
        requirements = test_reads.requirements_of(conn, [test_id]).get(test_id, [])
        hidden = hidden_issues(conn, caller, [r.id for r in requirements])
        return Past(
            history=history, grid=grid(history, found), statuses=table, versions=test_history.versions_of(conn, test_id), runs=runs,
            counted=sum(runs.values()) >= test_history.COUNTED, aliases=test_names.aliases_of(conn, test_id),
            keys=test_history.keys_of(conn, test_id), flaky=flaky_tests(conn, project_id, [test_id]).get(test_id, []),
            quarantine=quarantines.of_tests(conn, project_id, [test_id], now_ms()).get(test_id),
            requirements=[r for r in requirements if r.id not in hidden], begins_ms=history_begins(conn, project_id),
        )  # fmt: skip


def past(services: Services, caller: Caller, key: str) -> tuple[TestRow, Past]:
    """A Test by its key, with its past. Raises IssueNotFound, Refused."""
    with services.db.read() as conn:
        row = in_version(conn, caller, key, None)
    return row, past_of(services, caller, row.id, row.project_id)


class Compared(Struct):
    """A version of a Test's definition, and with `against` (0: none) how it differs from that version."""

    row: TestRow
    against: int
    lines: list[Line]


def compare_versions(services: Services, caller: Caller, key: str, version: int | None, against: int | None) -> Compared:
    """A version of a Test's definition (None: the current one) against another. Raises IssueNotFound, Refused, NotFound."""
    with services.db.read() as conn:
        row = in_version(conn, caller, key, version)
        before = in_version(conn, caller, key, against) if against is not None else None
    lines = differences(before.definition, row.definition) if before else []
    return Compared(row, before.number if before else 0, lines)
