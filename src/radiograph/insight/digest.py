# SPDX-License-Identifier: Apache-2.0
"""A project's week: what broke and since when, what is flaky, how its plans go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.notices import Item
from radiograph.domain.statuses import failing
from radiograph.store import executions, flaky, import_reads, notice_reads
from radiograph.store import flaky_history as past
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.runs import RunRow

WEEK_MS = 7 * 86_400_000
_MOST_EXECUTIONS, _MOST_SETS, _MOST_FAILED, _MOST_FLAKY, _MOST_PLANS, _BACK = 200, 12, 20, 5, 5, 60
_HOUR = 6


class Digest(Struct):
    """A week in words: each list is of lines with links; `executions` and `runs` came in the week."""

    project: str
    executions: int
    runs: int
    broke: list[Item]
    failing: list[Item]
    flaky: list[Item]
    plans: list[Item]


def next_monday(after_ms: int) -> int:
    """The first Monday, 06:00 UTC, after an instant; both in UTC milliseconds."""
    at = datetime.fromtimestamp(after_ms / 1000, UTC)
    monday = (at - timedelta(days=at.weekday())).replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return int((monday if monday > at else monday + timedelta(days=7)).timestamp() * 1000)


def digest(conn: sa.Connection, project_id: int, key: str, base: str, now: int) -> Digest:
    """What the last seven days of a project were; `base` is the server's address for links."""
    table = import_reads.status_tables(conn)[0]
    week = [e for e in executions.latest(conn, project_id, None, _MOST_EXECUTIONS) if (e.begin_ms or e.created_ms) >= now - WEEK_MS]
    newest: dict[tuple[str, ...], ExecutionRow] = {}
    for e in week:
        if e.counts:
            newest.setdefault(tuple(e.environments), e)
    found = list(_failures(conn, project_id, list(newest.values())[:_MOST_SETS], table, base, now))
    broke = [item for new, item in found if new]
    runs = sum(n for e in week for n in e.counts.values())
    return Digest(
        key, len(week), runs, broke[:_MOST_FAILED], [item for new, item in found if not new][:_MOST_FAILED], _flaky(conn, project_id, base),
        _plans(conn, project_id, [e.id for e in week], table, base),
    )  # fmt: skip


def _failures(
    conn: sa.Connection, project_id: int, newest: list[ExecutionRow], table: StatusTable, base: str, now: int
) -> Iterator[tuple[bool, Item]]:
    """What fails in the newest execution of each set of environments: whether it broke this week, and since when."""
    nok = failing(table)
    for e in newest:
        rows = [r for s in nok for r in run_store.runs_by_status(conn, e.id, s, 0, _MOST_FAILED)]
        for row in rows[:_MOST_FAILED]:
            since, many = _since(conn, project_id, row, e, nok)
            where = f" on {' / '.join(e.environments)}" if e.environments else ""
            summary = row.test_summary[:200] if row.test_project_id == project_id else ""
            day = datetime.fromtimestamp(since / 1000, UTC).strftime("%d %B") if since else e.key
            runs = f"{many} run{'s' if many > 1 else ''}"
            yield since >= now - WEEK_MS, Item(row.test_key, f"{summary}{where}: since {day}, {runs}", f"{base}/runs/{row.id}")


def _since(conn: sa.Connection, project_id: int, row: RunRow, e: ExecutionRow, nok: list[int]) -> tuple[int, int]:
    """When the failures in a row began on these environments (UTC milliseconds), and how many they are."""
    history = [r for r in past.past_runs(conn, project_id, row.test_id, _BACK) if r.id <= row.id]
    facts = past.facts(conn, sorted({r.execution_id for r in history}))
    began, many = e.begin_ms or e.created_ms, 0
    for run in history:
        there = facts.get(run.execution_id)
        if there is None or sorted(there.environments) != sorted(e.environments):
            continue
        if run.status_id not in nok:
            break
        began, many = run.start_ms or run.finish_ms or there.begin_ms or began, many + 1
    return began, many


def _flaky(conn: sa.Connection, project_id: int, base: str) -> list[Item]:
    found = flaky.flakiest(conn, project_id, flaky.Chosen(), None, _MOST_FLAKY)
    return [
        Item(f.key, f"{f.summary[:200] if f.test_project_id == project_id else ''} is {f.row.sentence}", f"{base}/browse/{f.key}")
        for f in found
    ]


def _plans(conn: sa.Connection, project_id: int, execution_ids: list[int], table: StatusTable, base: str) -> list[Item]:
    items = []
    for plan, key, summary in notice_reads.plans_of(conn, execution_ids, project_id)[:_MOST_PLANS]:
        words = [table.by_id[s].requirement if s is not None else "NOTRUN" for _, _, s in executions.tests_of_plan(conn, plan, 0, 20_000)]
        said = f"{words.count('OK'):,} of {len(words):,} passed, {words.count('NOK'):,} failed, {words.count('NOTRUN'):,} to run"
        items.append(Item(key, f"{summary[:200]}: {said}", f"{base}/browse/{key}"))
    return items
