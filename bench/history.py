# SPDX-License-Identifier: Apache-2.0
"""A store with a past: the runs of one execution again and again, on branches, environments and revisions, in a plan, covering stories.

Rows are written straight into the tables, as imports would have left them: ten million of them by imports would take hours.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import IssueType
from radiograph.domain.statuses import FAIL, PASS, RUN_STATUSES
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.engines import bulk_insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DAY = 86_400_000
_ENVIRONMENTS = (("chrome", "linux"), ("firefox", "linux"), ("safari", "macos"))
_PLAN_TESTS, _STORIES, _TESTS_A_STORY = 5000, 500, 10
_KEPT_FAILURES = 0.15
"""How many of the failures of the copied execution fail again: about 1.5 % of the runs then."""
_LONG_HISTORY = 10_000
_BY_NAME = {s.name: s.id for s in RUN_STATUSES}


class Past(Struct):
    """Keys and ids to look at, all of the grown store."""

    execution: str
    before: str
    test: str
    plan: str
    story: str
    failed_run: int
    total: int


class _Growth:
    """What the steps of growing share: the connection, the rows that are copied, the ids that come next."""

    def __init__(self, conn: sa.Connection) -> None:
        self.conn = conn
        self.rng = random.Random(7)
        self.columns = [c.name for c in t.runs.columns]
        self.at = {name: i for i, name in enumerate(self.columns)}
        self.rows = [tuple(r) for r in conn.execute(sa.select(t.runs).order_by(t.runs.c.id))]
        self.project: int = self.rows[0][self.at["project_id"]]
        self.total = len(self.rows)
        self.begin: int = self.rows[0][self.at["start_ms"]]

    def issue(self, kind: IssueType, summary: str) -> int:
        """Make an issue; its key is BENCH and its id."""
        made = take_ids(self.conn, "issue", self.project, 1)
        columns = ("id", "project_id", "number", "key", "type_id", "summary", "created_ms", "updated_ms")
        bulk_insert(self.conn, t.issues, columns, [(made, self.project, made, f"BENCH-{made}", int(kind), summary, self.begin, self.begin)])
        return made

    def execution(self, number: int, rows: Sequence[tuple[Any, ...]]) -> int:
        """Make an execution of these runs: some failures pass now, some passes fail, all a few hours later than the one before."""
        made = self.issue(IssueType.TEST_EXECUTION, f"Nightly {number}")
        begin = self.begin + number * _DAY // 4
        branch = "main" if number % 3 else f"feature/{number}"
        values = (made, self.project, f"r{number // 3:05d}", begin, begin + 600_000, branch, len(rows) + 1)
        names = ("issue_id", "project_id", "revision", "begin_ms", "end_ms", "branch", "next_rank")
        bulk_insert(self.conn, t.executions, names, [values])
        environments = _ENVIRONMENTS[number % len(_ENVIRONMENTS)]
        bulk_insert(self.conn, t.execution_environments, ("execution_id", "environment_id"), [(made, self.names[e]) for e in environments])
        first = take_ids(self.conn, "run", self.project, len(rows))
        copies = [self._copied(row, (first + i, made), begin) for i, row in enumerate(rows)]
        self.total += len(copies)
        bulk_insert(self.conn, t.runs, self.columns, copies)
        failed = sum(row[self.at["status_id"]] == _BY_NAME[FAIL] for row in copies)
        counts = [(made, _BY_NAME[PASS], len(copies) - failed), (made, _BY_NAME[FAIL], failed)]
        bulk_insert(self.conn, t.execution_summaries, ("execution_id", "status_id", "runs"), [c for c in counts if c[2]])
        return made

    def _copied(self, row: tuple[Any, ...], ids: tuple[int, int], begin: int) -> tuple[Any, ...]:
        changed, at = list(row), self.at
        changed[at["id"]], changed[at["execution_id"]] = ids
        changed[at["start_ms"]], changed[at["finish_ms"]] = begin, begin + (row[at["finish_ms"]] - row[at["start_ms"]])
        if row[at["status_id"]] == _BY_NAME[FAIL] and self.rng.random() > _KEPT_FAILURES:
            changed[at["status_id"]], changed[at["comment"]], changed[at["fingerprint"]] = _BY_NAME[PASS], "", None
        return tuple(changed)

    def environments(self) -> None:
        """Make the names of the environments."""
        self.names = {name: i for i, name in enumerate(sorted({e for pair in _ENVIRONMENTS for e in pair}), 70_000_000)}
        bulk_insert(self.conn, t.environments, ("id", "name"), [(i, name) for name, i in self.names.items()])


def grow(url: str, total: int) -> Past:
    """Copy the runs of the only execution until there are `total`; returns what to look at."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        growth = _Growth(conn)
        growth.environments()
        tests = [row[growth.at["test_id"]] for row in growth.rows]
        story = _stories(growth, tests)
        made = list(_executions(growth, total))
        plan = _plan(growth, tests[:_PLAN_TESTS], made)
        for number in range(_LONG_HISTORY // 10):
            growth.execution(len(made) + number, growth.rows[:10])
        conn.exec_driver_sql("ANALYZE")
        past = _past(conn, growth, made, plan, story)
    engine.dispose()
    return past


def _executions(growth: _Growth, total: int) -> Iterable[int]:
    have, number = len(growth.rows), 0
    while have < total or number < len(_ENVIRONMENTS) * 2:
        yield growth.execution(number, growth.rows)
        have, number = have + len(growth.rows), number + 1


def _plan(growth: _Growth, tests: Sequence[int], executions: Sequence[int]) -> int:
    plan = growth.issue(IssueType.TEST_PLAN, "Release 1.4")
    bulk_insert(growth.conn, t.plan_tests, ("plan_id", "test_id"), [(plan, test) for test in tests])
    bulk_insert(growth.conn, t.plan_executions, ("plan_id", "execution_id"), [(plan, e) for e in executions[-20:]])
    return plan


def _stories(growth: _Growth, tests: Sequence[int]) -> int:
    made = []
    for number in range(_STORIES):
        story = growth.issue(IssueType.STORY, f"Story {number}")
        made.append(story)
        covering = tests[number * _TESTS_A_STORY : (number + 1) * _TESTS_A_STORY]
        bulk_insert(growth.conn, t.requirement_links, ("requirement_id", "test_id"), [(story, test) for test in covering])
    return made[0]


def _past(conn: sa.Connection, growth: _Growth, made: Sequence[int], plan: int, story: int) -> Past:
    test = growth.rows[0][growth.at["test_id"]]
    failed = sa.select(t.runs.c.id).where(t.runs.c.execution_id == made[-1], t.runs.c.status_id == _BY_NAME[FAIL])
    return Past(
        f"BENCH-{made[-1]}", f"BENCH-{made[-1 - len(_ENVIRONMENTS)]}", str(conn.execute(sa.select(t.issues.c.key).where(t.issues.c.id == test)).scalar_one()),
        f"BENCH-{plan}", f"BENCH-{story}", int(conn.execute(failed.order_by(t.runs.c.rank).limit(1)).scalar_one()), growth.total,
    )  # fmt: skip
