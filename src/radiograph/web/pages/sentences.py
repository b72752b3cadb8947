# SPDX-License-Identifier: Apache-2.0
"""The one sentence in words that a page opens with, in pieces of which some are links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.statuses import FAIL, failing
from radiograph.insight.run_past import failing_streak
from radiograph.web.pages.words import ago, amount, days, duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.history import Grid
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.runs import RunRow


_MINUTE_MS = 60_000
_ENVIRONMENTS = 3
"""On so many sets of environments a Test's failing is told."""


class Piece(Struct, frozen=True):
    """A part of a sentence; a link when it has an address, strong when it is what matters."""

    text: str
    href: str = ""
    strong: bool = False


def of_project(rows: Sequence[ExecutionRow], table: StatusTable, base: str) -> list[Piece]:
    """How the newest execution with results went: `DEMO-1287 has 4 failures in 40 runs, 1 d ago.`"""
    newest = next((e for e in rows if e.counts), None)
    if newest is None:
        return []
    nok = [s for s in failing(table) if newest.counts.get(s)]
    total, failed = sum(newest.counts.values()), sum(newest.counts[s] for s in nok)
    head = Piece(newest.key, f"{base}/browse/{newest.key}")
    when = Piece(f", {ago(newest.begin_ms or newest.created_ms)}.")
    if not failed:
        return [Piece("No failures in "), head, Piece(f" ({amount(total, 'run')})"), when]
    failures = f"{head.href}?status=FAIL" if nok == [table[FAIL].id] else head.href
    return [Piece(amount(failed, "failure"), failures, strong=True), Piece(f" in {amount(total, 'run')} of "), head, when]


def of_execution(e: ExecutionRow, table: StatusTable, previous: str, new: int | None, base: str) -> list[Piece]:
    """`12 new failures since DEMO-1198, 38 not new; 4,950 of 5,000 passed in 12 min.`"""
    total = sum(e.counts.values())
    if not total:
        return [Piece("Nothing has been run yet.")]
    passed = sum(n for s, n in e.counts.items() if table.by_id[s].requirement == "OK")
    took = duration(e.begin_ms, e.end_ms)
    whole = f"{passed:,} of {total:,} passed" if passed < total else f"All {total:,} passed" if total > 1 else "It passed"
    return [*_failures(e, table, (previous, new), base), Piece(f"{whole}{f' in {took}' if took else ''}.")]


def _failures(e: ExecutionRow, table: StatusTable, compared: tuple[str, int | None], base: str) -> list[Piece]:
    previous, new = compared
    failed = sum(e.counts.get(s, 0) for s in failing(table))
    if not failed:
        return []
    if new is None:
        return [Piece(amount(failed, "failure"), strong=True), Piece("; ")]
    before = Piece(previous, f"{base}/browse/{previous}")
    if not new:
        return [Piece(f"{amount(failed, 'failure')}, none of them new since "), before, Piece("; ")]
    known = f", {failed - new:,} not new; " if failed > new else "; "
    link = Piece(amount(new, "new failure"), f"{base}/browse/{e.key}?new=1", strong=True)
    return [link, Piece(" since "), before, Piece(known)]


def of_run(row: RunRow, until: Sequence[RunRow], nok: Sequence[int], base: str, *, complete: bool, here: str = "") -> list[Piece]:
    """`Failing since DEMO-1201 (3 days, 5 runs).` for a failure; what the last runs were for the rest.

    `until` are the runs that it follows and itself, oldest first; `complete` tells that they begin with the first one. `here` is
    ` on Android` where its Test ran elsewhere too.
    """
    if row.status_id not in nok:
        return _last_failure(until, nok, base, here)
    streak = failing_streak(until, nok)
    if len(until) == 1 and complete:
        return [Piece(f"The first run of this Test{here}.")]
    if len(streak) == 1 and len(until) > 1:
        return [Piece("It did not fail in "), Piece(until[-2].execution_key, f"{base}/runs/{until[-2].id}"), Piece(f"{here}.")]
    least = "at least " if len(streak) == len(until) and not complete else ""
    first = Piece(streak[0].execution_key, f"{base}/runs/{streak[0].id}")
    return [Piece(f"Failing{here} since {least}", strong=True), first, Piece(f"{_lasted(streak)}.")]


def _lasted(streak: Sequence[RunRow]) -> str:
    """` (3 days, 5 runs)`, of runs oldest first."""
    first, last = (r.start_ms or r.finish_ms or 0 for r in (streak[0], streak[-1]))
    runs = amount(len(streak), "run")
    return f" ({days(last - first)}, {runs})" if first and last - first >= _MINUTE_MS else f" ({runs})"


def _last_failure(until: Sequence[RunRow], nok: Sequence[int], base: str, here: str) -> list[Piece]:
    failed = [r for r in until if r.status_id in nok]
    if not failed:
        text = f"The first run of this Test{here}." if len(until) == 1 else f"None of the last {len(until)} runs{here} failed."
        return [Piece(text)]
    return [Piece(f"Last failed{here} in "), Piece(failed[-1].execution_key, f"{base}/runs/{failed[-1].id}"), Piece(".")]


def of_test(history: Sequence[RunRow], found: Grid, table: StatusTable, base: str) -> list[Piece]:
    """What the last runs (newest first) were: failing where and since when, or how many failed.

    `Failing on Android since DEMO-1201 (3 days, 5 runs); 7 of the last 20 runs failed.` Each set of environments is told by itself:
    a pass on another device between two failures ends nothing.
    """
    if not history:
        return [Piece("This Test has not been run.")]
    newest, nok = history[0], failing(table)
    head = Piece(newest.execution_key, f"{base}/runs/{newest.id}")
    if len(history) == 1:
        return [Piece("Its only run, in "), head, Piece(f", is {table.by_id[newest.status_id].name}.")]
    count = f"{_failed(sum(r.status_id in nok for r in history))} of the last {amount(len(history), 'run')} failed."
    streaks = {row: streak for row in found.rows if (streak := failing_streak([c.runs[row] for c in found.columns if row in c.runs], nok))}
    if len(found.rows) == 1 and streaks == {found.rows[0]: [newest]}:
        streaks = {}
    if not streaks:
        return [Piece(f"{table.by_id[newest.status_id].name} in "), head, Piece(f"; {count}")]
    return [Piece("Failing", strong=True), *_streaks(streaks, base, where=len(found.rows) > 1), Piece(f"; {count}")]


def _streaks(streaks: dict[str, list[RunRow]], base: str, *, where: bool) -> Iterator[Piece]:
    """` on Android since DEMO-1201 (3 days, 5 runs), on iOS since DEMO-1287 (1 run)`."""
    for n, (row, streak) in enumerate(list(streaks.items())[:_ENVIRONMENTS]):
        here = f" on {row}" if where and row else " without an environment" if where else ""
        yield Piece(f"{',' if n else ''}{here} since ")
        yield Piece(streak[0].execution_key, f"{base}/runs/{streak[0].id}")
        yield Piece(_lasted(streak))
    if len(streaks) > _ENVIRONMENTS:
        yield Piece(f" and on {len(streaks) - _ENVIRONMENTS} more")


def _failed(count: int) -> str:
    return f"{count}" if count else "none"
