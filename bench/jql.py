# SPDX-License-Identifier: Apache-2.0
"""Queries over a big store: what fails in a long execution, what fails in a plan, words of a project."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.history import grow
from bench.serving import Server
from bench.table import Row
from radiograph.domain.issues import IssueType
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.sites import Site

_TIMES = 11
_PLAN = 90_000_000
_OK = 200


def queries(site: Site, total: int) -> list[Row]:
    """Grow a copy of the site to `total` runs, and ask it four queries, a page of 50 issues each."""
    url = site.copy()
    past = grow(url, total)
    execution, test = past.execution, past.test
    plan = _plan(url)
    rows = []
    with Server(url) as running:
        small = _time(running, "key = " + test)
        for name, jql in _asked(execution, test, plan):
            rows.append(
                Row(f"{site.kind}: {name}, {total:,} runs in the store", "ms", _time(running, jql), small, "", note="beside one key")
            )
    site.drop(url)
    return rows


def _asked(execution: str, test: str, plan: str) -> Iterator[tuple[str, str]]:
    yield "failures of an execution", f"issue in testExecutionTests({execution}, FAIL) ORDER BY key"
    yield "failures of a plan of 10,000 Tests", f"issue in testPlanTests({plan}, FAIL)"
    yield "executions of a Test with 10,000 runs", f"issue in testTestExecutions({test}) ORDER BY created DESC"
    yield "words of summaries", "issuetype = Test AND summary ~ 'nothing like this'"


def _plan(url: str) -> str:
    """A Test Plan with 10,000 Tests and every execution."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        project = conn.execute(sa.select(t.tests.c.project_id).limit(1)).scalar_one()
        values = {"id": _PLAN, "project_id": project, "number": _PLAN, "key": f"BENCH-{_PLAN}", "type_id": int(IssueType.TEST_PLAN)}
        conn.execute(sa.insert(t.issues).values(**values, summary="All", created_ms=0, updated_ms=0))
        for table, other, found in (
            (t.plan_tests, "test_id", sa.select(t.tests.c.issue_id).order_by(t.tests.c.issue_id).limit(10_000)),
            (t.plan_executions, "execution_id", sa.select(t.executions.c.issue_id)),
        ):
            ids = conn.execute(found).scalars().all()
            conn.execute(sa.insert(table), [{"plan_id": _PLAN, other: i} for i in ids])
    engine.dispose()
    return f"BENCH-{_PLAN}"


def _time(running: Server, jql: str) -> list[float]:
    connection = running.connection()
    path = f"/rest/api/2/search?{urlencode({'jql': jql, 'maxResults': 50, 'fields': 'summary'})}"
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": "Bearer bench-token"})
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status == _OK, (jql, body[:300])
    return times[1:]
