# SPDX-License-Identifier: Apache-2.0
"""What happened in a project since it was last told, as notices: new failures, results, refusals, plans that are done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from radiograph.domain.clock import format_instant
from radiograph.domain.notices import FINISHED, ITEMS, NEW_FAILURE, PLAN_DONE, REFUSED, Item, Notice
from radiograph.domain.statuses import EXECUTING, failing
from radiograph.insight.failures import Since, new_since
from radiograph.store import executions, flaky, import_reads, notice_reads, project_settings
from radiograph.store.flaky_history import ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.import_records import ImportRow

MARK = "notices_mark"
"""The setting of a project that holds the id of the first import that was not told of."""
QUIET_MS = 5000
"""How long an import rests before it is told of: those of one pipeline, into one execution, are told as one."""
_PLAN_MOST = 20_000
_WARNINGS = 5


class News(Struct):
    """What is new in a project, and the mark that says that it was told."""

    before: str
    after: str
    notices: list[Notice]
    undone: list[int] = []
    """Plans that were told to be done and aren't any more."""


def begin(conn: sa.Connection, project_id: int) -> str:
    """The mark of a project of which nothing was told yet: only what comes from now on is told."""
    return str(ends(conn, ("import",)).get(project_id, {}).get("import", 0))


def news(conn: sa.Connection, project_id: int, key: str, base: str, now: int) -> News | None:
    """What to tell of a project now; None: nothing is new. `base` is the address of the server for links."""
    before = project_settings.get_setting(conn, project_id, MARK)
    if not before:
        return News(before, begin(conn, project_id), [])
    records = notice_reads.imports_since(conn, project_id, int(before), now - QUIET_MS)
    if not records:
        return None
    teller = _Teller(conn, project_id, key, base, now, records)
    told = list(teller.all())
    return News(before, str(records[-1].id + 1), told, teller.undone)


class _Teller:
    def __init__(self, conn: sa.Connection, project_id: int, key: str, base: str, now: int, records: list[ImportRow]) -> None:
        self.conn, self.project_id, self.key, self.base, self.at = conn, project_id, key, base, format_instant(now)
        self.records = records
        self.undone: list[int] = []
        self.table: StatusTable = import_reads.status_tables(conn)[0]

    def _notice(self, event: str, text: str, url: str, facts: dict[str, int | str], items: list[Item] | None = None) -> Notice:
        return Notice(event, self.key, self.at, text, url, facts, tuple(items or ())[:ITEMS])

    def all(self) -> Iterator[Notice]:
        """Every notice, executions in their order."""
        touched = {r.execution_id for r in self.records if r.execution_id and r.outcome != "refused"}
        found = executions.executions(self.conn, sorted(touched))
        for number in sorted(found):
            yield from self._execution(found[number])
        yield from (self._refused(r, found) for r in self.records if r.outcome in {"refused", "partial"})
        yield from self._plans(sorted(found))

    def _execution(self, e: ExecutionRow) -> Iterator[Notice]:
        nok, url = failing(self.table), f"{self.base}/browse/{e.key}"
        total, failed = sum(e.counts.values()), sum(e.counts.get(s, 0) for s in nok)
        facts: dict[str, int | str] = {
            "execution": e.key, "runs": total, "failed": failed, "branch": e.branch, "revision": e.revision, "environments": ", ".join(e.environments),
        }  # fmt: skip
        new, baseline = self._new_failures(e, nok) if failed else ([], "")
        if new:
            what = f"{len(new):,} new failure{'s' if len(new) > 1 else ''} in {e.key}{_on(e)}"
            yield self._notice(NEW_FAILURE, what, f"{url}?new=1" if baseline else url, facts | {"new": len(new)}, new)
        if not any(self.table.by_id[s].name == EXECUTING and n for s, n in e.counts.items()):
            passed = f"{total - failed:,} of {total:,} did not fail" if failed else f"no failure in {total:,} runs"
            yield self._notice(FINISHED, f"{e.key}{_on(e)}: {passed}", url, facts)

    def _new_failures(self, e: ExecutionRow, nok: list[int]) -> tuple[list[Item], str]:
        """Failures by these imports that are new, and what they are new since: without a baseline ("") the execution's page marks none."""
        imports = [r.id for r in self.records if r.execution_id == e.id]
        rows = notice_reads.failed_by(self.conn, self.project_id, e.id, nok, imports)
        since = new_since(self.conn, self.project_id, e.id, nok) if rows else Since("", set())
        rows = [r for r in rows if r.test_id in since.new]
        flaky_ones = flaky.flaky_tests(self.conn, self.project_id, [r.test_id for r in rows[:ITEMS]])
        return [Item(r.key, self._failure(r, flaky_ones), f"{self.base}/runs/{r.run_id}") for r in rows], since.baseline

    def _failure(self, r: notice_reads.Failed, flaky_ones: dict[int, list[flaky.FlakyRow]]) -> str:
        summary = r.summary[:200] if r.test_project_id == self.project_id else ""
        return f"{summary} ({flaky_ones[r.test_id][0].sentence})" if r.test_id in flaky_ones else summary

    def _refused(self, r: ImportRow, found: dict[int, ExecutionRow]) -> Notice:
        counts, where = json.loads(r.counts), found.get(r.execution_id or 0)
        many = counts.get("refused", 0)
        text = (
            f"{many:,} result{'s' if many != 1 else ''} for {where.key} were refused"
            if where
            else f"An import was refused: {r.error[:300]}"
        )
        items = [Item(str(i), text[:300], "") for i, text in enumerate(json.loads(r.warnings)[:_WARNINGS], 1)]
        return self._notice(
            REFUSED, text, f"{self.base}/imports/{r.id}", {"import": r.id, "refused": many}, [i for i in items if where is None]
        )

    def _plans(self, execution_ids: list[int]) -> Iterator[Notice]:
        """Plans of which each Test has a final status now, and hadn't when they were last looked at."""
        for plan_id, key, summary in notice_reads.plans_of(self.conn, execution_ids, self.project_id):
            statuses = [s for _, _, s in executions.tests_of_plan(self.conn, plan_id, 0, _PLAN_MOST)]
            done = bool(statuses) and all(s is not None and self.table.by_id[s].final for s in statuses)
            had = project_settings.get_setting(self.conn, self.project_id, f"plan_done.{plan_id}")
            if had and not done:
                self.undone.append(plan_id)
            if done and not had:
                failed = sum(s in failing(self.table) for s in statuses)
                facts: dict[str, int | str] = {"plan": key, "tests": len(statuses), "failed": failed}
                text = f"Each of the {len(statuses):,} Tests of {key} {summary[:200]} has its result; {failed:,} failed"
                yield self._notice(PLAN_DONE, text, f"{self.base}/browse/{key}", facts | {"planId": plan_id})


def _on(e: ExecutionRow) -> str:
    return f" on {' / '.join(e.environments)}"[:200] if e.environments else ""


def as_json(notice: Notice) -> str:
    """A notice as the outbox keeps it."""
    return msgspec.json.encode(notice).decode()
