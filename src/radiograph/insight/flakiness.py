# SPDX-License-Identifier: Apache-2.0
"""Which Tests of a project are flaky: what has to be looked at again after imports, and what the last runs show.

Only Tests are looked at that failed, or were run again, since the last time, and those that were flaky then. Each
function takes a connection and is a short transaction's worth of work; `actions/flakiness.py` strings them together.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from radiograph.domain.flakiness import RETRY_MS, Result, is_outage, judge
from radiograph.domain.statuses import failing, finished
from radiograph.insight.baselines import main_of
from radiograph.store import flaky, import_reads, project_settings
from radiograph.store import flaky_history as past

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from radiograph.domain.statuses import StatusTable

MARK = "flaky_mark"
"""The setting of a project that tells up to where this is worked out."""
SWEEP_MS = 3_600_000
"""How often every Test of the table is looked at again, whatever happened: runs may have been taken away."""
_HISTORY = 400
"""How many of a Test's last runs are read, of all its environments together."""


class Mark(Struct):
    """Up to where a project is worked out: the next ids of its imports, changes and runs then, and the times (UTC milliseconds)."""

    imports: int = 0
    changes: int = 0
    runs: int = 0
    at_ms: int = 0
    swept_ms: int = 0


def mark_of(conn: sa.Connection, project_id: int) -> Mark:
    """The mark of a project; one that was never worked out has zeros."""
    return msgspec.json.decode(project_settings.get_setting(conn, project_id, MARK, "{}"), type=Mark)


def put_mark(conn: sa.Connection, project_id: int, mark: Mark) -> None:
    """Set the mark of a project."""
    project_settings.put_setting(conn, project_id, MARK, msgspec.json.encode(mark).decode())


def look_again(conn: sa.Connection, test_id: int) -> None:
    """Have what was found of a Test worked out anew soon, for its runs are others now: with all that its projects have in the table."""
    for project_id in flaky.projects_of(conn, test_id):
        mark = mark_of(conn, project_id)
        mark.swept_ms = 0
        put_mark(conn, project_id, mark)


def waiting(conn: sa.Connection, now: int) -> list[int]:
    """The projects that something happened in since they were worked out, or that were not swept for long; two queries for all."""
    marks = {p: msgspec.json.decode(text, type=Mark) for p, text in project_settings.settings_named(conn, MARK).items()}
    ends = past.ends(conn, ("import", "change"))
    ends.pop(0, None)  # imports that were refused before their project was known
    return [p for p, ids in ends.items() if _is_behind(marks.get(p, Mark()), ids, now)]


def _is_behind(mark: Mark, ids: dict[str, int], now: int) -> bool:
    return mark.imports < ids.get("import", 0) or mark.changes < ids.get("change", 0) or now - mark.swept_ms > SWEEP_MS


class Work(Struct):
    """What there is to do in a project: Tests to look at, and the mark to set when that is done."""

    project_id: int
    tests: list[int]
    mark: Mark


def work_of(conn: sa.Connection, project_id: int, now: int) -> Work:
    """What happened in a project since its mark; one consistent state of the database tells it."""
    mark, table = mark_of(conn, project_id), import_reads.status_tables(conn)[0]
    ids = past.ends(conn, ("import", "change", "run")).get(project_id, {})
    executions = past.executions_imported(conn, project_id, mark.imports)
    tests = past.tests_retried(conn, project_id, mark.runs) | past.tests_edited(conn, project_id, mark.changes)
    told = [
        e.id for e in past.facts(conn, executions + past.same_revisions(conn, project_id, executions)).values() if not _outage(e, table)
    ]
    tests |= past.tests_with_status(conn, told, failing(table))
    sweep = now - mark.swept_ms > SWEEP_MS
    tests |= set(flaky.in_table(conn, project_id)) if sweep else past.flaky_tests_in(conn, project_id, executions)
    after = Mark(ids.get("import", 0), ids.get("change", 0), ids.get("run", 0), now, now if sweep else mark.swept_ms)
    return Work(project_id, sorted(tests), after)


def _outage(e: past.Facts, table: StatusTable, retried: int = 0) -> bool:
    counts = {word: sum(n for s, n in e.counts.items() if table.by_id[s].requirement == word) for word in ("OK", "NOK")}
    return is_outage(counts["NOK"] + min(retried, counts["OK"]), finished(table, e.counts))


def look_at(conn: sa.Connection, project_id: int, test_ids: Sequence[int], now: int) -> list[flaky.FlakyRow]:
    """What the last runs of these Tests show: a row for each set of environments that a Test is flaky on."""
    table = import_reads.status_tables(conn)[0]
    runs = {test: past.past_runs(conn, project_id, test, _HISTORY) for test in test_ids}
    seen = _Seen(conn, project_id, table, list(chain.from_iterable(runs.values())))
    rows = []
    for test, history in runs.items():
        for environments, mine in seen.by_environments(history).items():
            row = seen.row(test, environments, mine, now)
            rows += [row] if row else []
    return rows


class _Seen:
    """What runs mean, with what is known of their executions, their attempts and their imports."""

    def __init__(self, conn: sa.Connection, project_id: int, table: StatusTable, runs: Sequence[past.PastRun]) -> None:
        self.project_id, self.table, self.nok = project_id, table, set(failing(table))
        self.executions = past.facts(conn, sorted({r.execution_id for r in runs}))
        tries = past.past_tries(conn, project_id, [r.id for r in runs if r.attempts and self._passed(r)])
        self.tries: dict[int, list[past.PastTry]] = {}
        for one in tries:
            self.tries.setdefault(one.run_id, []).append(one)
        both: list[past.PastRun | past.PastTry] = [*runs, *tries]
        undated = [r for r in both if r.start_ms is None and r.finish_ms is None]
        self.times = past.import_times(conn, sorted({r.import_id for r in undated if r.import_id is not None}))
        self.outages = self._outages(conn)
        self.main = frozenset({"", *main_of(conn, project_id)})
        """Branches whose neighbouring runs test the same line of work; "" where clients don't name one."""

    def _passed(self, run: past.PastRun) -> bool:
        return self.table.by_id[run.status_id].requirement == "OK"

    def _outages(self, conn: sa.Connection) -> set[int]:
        """Executions in which the environment was down; where many results were replaced those that failed at first count too."""
        counted = past.replaced(conn, list(self.executions))
        found = set()
        for number, e in self.executions.items():
            retried = sum(json.loads(c).get("attempts", 0) for c in counted.get(number, ()))
            if retried and is_outage(retried, finished(self.table, e.counts)):
                retried = past.failed_at_first(conn, self.project_id, number, sorted(self.nok))
            if _outage(e, self.table, retried):
                found.add(number)
        return found

    def by_environments(self, history: Iterable[past.PastRun]) -> dict[str, list[past.PastRun]]:
        """The finished runs, oldest first, by their set of environments."""
        found: dict[str, list[past.PastRun]] = {}
        for run in history:
            if run.execution_id in self.executions and self.table.by_id[run.status_id].requirement in {"OK", "NOK"}:
                found.setdefault(flaky.named(self.executions[run.execution_id].environments), []).insert(0, run)
        return found

    def row(self, test: int, environments: str, runs: Sequence[past.PastRun], now: int) -> flaky.FlakyRow | None:
        """What these runs of a Test show; None: nothing."""
        finding = judge([self._result(r) for r in runs])
        if finding is None:
            return None
        strip = [(r.id, r.status_id) for r in runs[-finding.runs :]]
        evidence = flaky.Evidence(list(finding.pieces), strip, finding.trend, finding.quiet)
        return flaky.FlakyRow(
            self.project_id, test, json.loads(environments), finding.runs, finding.failures, finding.count("revision"), finding.count("retry"),
            finding.score, evidence, max(p.at_ms for p in finding.pieces), now,
        )  # fmt: skip

    def _result(self, r: past.PastRun) -> Result:
        e = self.executions[r.execution_id]
        return Result(
            r.id, self._time(r) or e.begin_ms or e.imported_ms or 0, self._passed(r), r.version_id, e.revision, e.branch in self.main,
            r.execution_id in self.outages, self._was_retried(r),
        )  # fmt: skip

    def _time(self, r: past.PastRun | past.PastTry) -> int | None:
        return r.start_ms or r.finish_ms or self.times.get(r.import_id or 0)

    def _was_retried(self, r: past.PastRun) -> bool:
        at = self._time(r)
        failed = [self._time(one) for one in self.tries.get(r.id, ()) if one.status_id in self.nok]
        return any(at is None or before is None or abs(at - before) <= RETRY_MS for before in failed)
