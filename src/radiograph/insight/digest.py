# SPDX-License-Identifier: Apache-2.0
"""A project's week: what broke and since when, what is flaky, how its plans go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.baselines import sequence
from radiograph.domain.notices import Item
from radiograph.domain.statuses import failing
from radiograph.insight.baselines import main_of
from radiograph.insight.run_past import failing_streak
from radiograph.store import executions, flaky, import_reads, notice_reads, pasts, run_filters
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from radiograph.domain.baselines import Past
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.runs import RunRow

WEEK_MS = 7 * 86_400_000
_MOST_SETS, _MOST_FAILED, _MOST_FLAKY, _MOST_PLANS = 12, 20, 5, 5
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
    week, runs = notice_reads.executions_since(conn, project_id, now - WEEK_MS)
    found = list(_failures(conn, project_id, table, base, now - WEEK_MS))
    broke = [item for new, item in found if new]
    return Digest(
        key, len(week), runs, broke[:_MOST_FAILED], [item for new, item in found if not new][:_MOST_FAILED], _flaky(conn, project_id, base),
        _plans(conn, project_id, week, table, base),
    )  # fmt: skip


def _failures(conn: sa.Connection, project_id: int, table: StatusTable, base: str, since_ms: int) -> Iterator[tuple[bool, Item]]:
    """What fails in the week's newest execution of each set of environments: whether it broke since then, and since when it fails.

    That is told by the executions that it follows, as everywhere; an execution of the main branch goes before those of others.
    """
    past, main, nok = pasts.pasts(conn, project_id), main_of(conn, project_id), failing(table)
    for e in _newest([p for p in past if p.runs and p.at_ms >= since_ms], main):
        rows = [r for s in nok for r in run_store.runs_by_status(conn, e.id, s, 0, _MOST_FAILED)][:_MOST_FAILED]
        followed = {p.id: p.at_ms for p in sequence(e, past, main)}
        runs = run_filters.runs_in(conn, project_id, followed, [r.test_id for r in rows]) if rows else {}
        for row in rows:
            if streak := failing_streak(runs.get(row.test_id, []), nok):
                yield _told(project_id, row, e, (followed[streak[0].execution_id], len(streak)), (base, since_ms))


def _newest(week: list[Past], main: Sequence[str]) -> list[Past]:
    """The newest of each set of environments, of the main branch where it has one."""
    found: dict[tuple[str, ...], Past] = {}
    for p in sorted(week, key=lambda p: p.branch not in main):
        found.setdefault(p.environments, p)
    return sorted(found.values(), key=lambda p: -p.id)[:_MOST_SETS]


def _told(project_id: int, row: RunRow, e: Past, streak: tuple[int, int], place: tuple[str, int]) -> tuple[bool, Item]:
    (began, many), (base, since_ms) = streak, place
    where = f" on {' / '.join(e.environments)}" if e.environments else ""
    summary = row.test_summary[:200] if row.test_project_id == project_id else ""
    day = datetime.fromtimestamp(began / 1000, UTC).strftime("%d %B")
    runs = f"{many} run{'s' if many > 1 else ''}"
    return began >= since_ms, Item(row.test_key, f"{summary}{where}: since {day}, {runs}", f"{base}/runs/{row.id}")


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
