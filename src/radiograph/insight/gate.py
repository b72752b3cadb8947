# SPDX-License-Identifier: Apache-2.0
"""A gate: whether an execution has new failures, by the rules that a pipeline gives."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain import gate
from radiograph.domain.baselines import gate_baseline, last_on_main
from radiograph.domain.judging import Weighed, Why
from radiograph.domain.statuses import EXECUTING, TODO, failing, finished
from radiograph.insight.baselines import Measured, main_of, with_chosen
from radiograph.insight.failures import judge
from radiograph.store import executions, failed_runs, import_reads, issue_links, pasts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.domain.baselines import Past
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.failures import Judged
    from radiograph.store.executions import ExecutionRow

SHOWN = 50
"""How many failures a gate names, of the new ones and of the others each."""
_TEXT = 1000


class NamedFailure(Struct):
    """A failure that a gate names; `defects` are those that it is known by, `done` those of them that are done."""

    run_id: int
    test_key: str
    test_summary: str
    test_project_id: int
    why: Why
    comment: str
    defects: tuple[str, ...]
    done: tuple[str, ...]


class Gate(Struct):
    """A verdict with the reason in words, the numbers, and the failures: the new ones, then others."""

    execution: ExecutionRow
    baseline: Past | None
    main: Past | None
    verdict: gate.Verdict
    reason: str
    tally: gate.Tally
    rules: gate.Rules
    new: list[NamedFailure]
    others: list[NamedFailure]


def ask(conn: sa.Connection, execution: ExecutionRow, rules: gate.Rules, baseline: Past | None = None) -> Gate:
    """Judge an execution by rules, measured by `baseline`, or by what is right for its branch."""
    table, _ = import_reads.status_tables(conn)
    measured = measure(conn, execution)
    if baseline is not None:
        measured = Measured(measured.execution, baseline, measured.main)
    weighed = Weighed(not rules.flaky, not rules.quarantine)
    judged = judge(conn, execution.project_id, [measured], failing(table), weighed)
    tally = _tally(conn, execution, judged, table)
    names = gate.Names(execution.key, measured.baseline.key if measured.baseline else "", measured.main.key if measured.main else "")
    verdict, reason = gate.decide(tally, rules, names)
    new, others = ([j for j in judged if (j.why is Why.NEW) is wanted] for wanted in (True, False))
    others.sort(key=lambda j: j.why)
    shown = _named(conn, execution.project_id, [*new[:SHOWN], *others[:SHOWN]])
    cut = min(len(new), SHOWN)
    return Gate(execution, measured.baseline, measured.main, verdict, reason, tally, rules, shown[:cut], shown[cut:])


def measure(conn: sa.Connection, execution: ExecutionRow) -> Measured:
    """What a gate measures an execution by."""
    full = executions_before(conn, execution)
    main = main_of(conn, execution.project_id)
    own = full[0]
    return Measured(own, gate_baseline(own, full, main), last_on_main(own, full, main))


def executions_before(conn: sa.Connection, execution: ExecutionRow) -> list[Past]:
    """The execution and those before it, and the one that was chosen for its baseline, wherever that is."""
    found = pasts.pasts(conn, execution.project_id, execution.id)
    return with_chosen(conn, found, found[:1])


def _tally(conn: sa.Connection, e: ExecutionRow, judged: Sequence[Judged], table: StatusTable) -> gate.Tally:
    runs = sum(e.counts.values())
    passed = sum(n for s, n in e.counts.items() if table.by_id[s].requirement == "OK")
    done = finished(table, e.counts)
    todo = table[TODO].id
    planned = failed_runs.unfinished(conn, e.id, todo) if e.counts.get(todo) else 0
    failed = Counter(j.why for j in judged)
    return gate.Tally(runs, passed, done, failed, e.counts.get(table[EXECUTING].id, 0), planned)


def _named(conn: sa.Connection, project_id: int, judged: Sequence[Judged]) -> list[NamedFailure]:
    heads = issue_links.heads(conn, [j.run.test_id for j in judged])
    comments = failed_runs.first_comments(conn, project_id, [j.run.id for j in judged], _TEXT)
    return [
        NamedFailure(j.run.id, head.key, head.summary, head.project_id, j.why, comments.get(j.run.id, ""), j.defects, j.done)
        for j in judged
        for head in (heads[j.run.test_id],)
    ]


def chosen(conn: sa.Connection, execution_id: int) -> Past | None:
    """An execution as a baseline."""
    return next(iter(pasts.pasts_of(conn, [execution_id])), None)


def row_of(conn: sa.Connection, execution_id: int) -> ExecutionRow:
    """The execution of that id."""
    return executions.executions(conn, [execution_id])[execution_id]
