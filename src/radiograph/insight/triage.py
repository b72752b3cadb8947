# SPDX-License-Identifier: Apache-2.0
"""The failures of a project's newest executions, or of one, gathered by what they say: what is new first."""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.fingerprint import headline, outline
from radiograph.domain.judging import Why
from radiograph.domain.statuses import failing
from radiograph.insight.baselines import main_of, measured, with_chosen
from radiograph.insight.failures import judge
from radiograph.insight.first_seen import first_seen
from radiograph.store import fingerprints, import_reads, pasts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.domain.baselines import Past
    from radiograph.insight.baselines import Measured
    from radiograph.insight.failures import Judged
    from radiograph.store.fingerprints import FailureLine, FirstSeen

MOST = 10_000
"""How many failures are gathered, at most."""
LINES, EXECUTIONS = 6, 20
"""How many executions are looked at where none is named: the newest of each branch and set of environments."""


class Scope(Struct):
    """Which failures: of one execution, or of the newest executions on a branch or environment ("" for all)."""

    execution_id: int | None = None
    branch: str = ""
    environment: str = ""


class Group(Struct):
    """Failures that say the same; `fingerprint` is None for those that say nothing. The rest is filled in for a page."""

    fingerprint: int | None
    runs: list[Judged]
    why: Counter[Why]
    tests: int
    environments: list[str]
    branches: list[str]
    defects: list[str]
    done: list[str]
    title: str = ""
    sample: str = ""
    first: FirstSeen | None = None
    assigned: str = ""
    lines: list[FailureLine] = []

    @property
    def state(self) -> Why:
        """New if one of them is, else the first reason why they aren't."""
        return min(self.why)


class Gathered(Struct):
    """Every group, what is new first; the executions that were looked at, and whether there are more failures than were."""

    scope: list[Measured]
    groups: list[Group]
    cut: bool


def gather(conn: sa.Connection, project_id: int, scope: Scope) -> Gathered:
    """The failures of a project in groups."""
    table, _ = import_reads.status_tables(conn)
    asked = _measured(conn, project_id, scope)
    judged = judge(conn, project_id, asked, failing(table), limit=MOST + 1)
    groups = _groups(judged[:MOST], {m.execution.id: m.execution for m in asked})
    return Gathered(asked, groups, len(judged) > MOST)


def _measured(conn: sa.Connection, project_id: int, scope: Scope) -> list[Measured]:
    past = pasts.pasts(conn, project_id, scope.execution_id)
    main = main_of(conn, project_id)
    chosen = past[:1] if scope.execution_id is not None else newest_lines(past, scope.branch, scope.environment)
    more = with_chosen(conn, past, chosen)
    return [measured(p, more, main) for p in chosen]


def newest_lines(past: Sequence[Past], branch: str, environment: str) -> list[Past]:
    """The newest execution with results of each branch and set of environments, newest first, 20 at most."""
    found: dict[tuple[str, tuple[str, ...]], Past] = {}
    for p in past:
        if p.runs and branch in {"", p.branch} and (not environment or environment in p.environments):
            found.setdefault((p.branch, p.environments), p)
    return list(found.values())[:EXECUTIONS]


def _groups(judged: Sequence[Judged], executions: dict[int, Past]) -> list[Group]:
    by_mark: dict[int | None, list[Judged]] = {}
    for failure in judged:
        by_mark.setdefault(failure.run.fingerprint, []).append(failure)
    groups = [_group(mark, runs, executions) for mark, runs in by_mark.items()]
    return sorted(groups, key=lambda g: (g.state is not Why.NEW, -g.why[Why.NEW], -len(g.runs), g.fingerprint or 0))


def _group(mark: int | None, runs: list[Judged], executions: dict[int, Past]) -> Group:
    where = [executions[i] for i in {j.run.execution_id for j in runs}]
    defects = list(dict.fromkeys(key for j in runs for key in j.defects))
    done = list(dict.fromkeys(key for j in runs for key in j.done))
    return Group(
        mark, runs, Counter(j.why for j in runs), len({j.run.test_id for j in runs}), sorted({" · ".join(p.environments) for p in where if p.environments}),
        sorted({p.branch for p in where if p.branch}), defects, done,
    )  # fmt: skip


def fill(conn: sa.Connection, project_id: int, groups: Sequence[Group], shown: int = LINES) -> None:
    """Give groups what a page shows of them: their title, where they were first seen, who had them last, some of their runs."""
    wanted = {g.fingerprint: heapq.nsmallest(shown, g.runs, key=lambda j: (j.why, j.run.id)) for g in groups}
    found = fingerprints.lines(conn, project_id, [j.run.id for runs in wanted.values() for j in runs])
    for group in groups:
        group.lines = [found[j.run.id] for j in wanted[group.fingerprint] if j.run.id in found]
        group.sample = max(group.lines, key=lambda line: line.id).comment if group.lines else ""
        group.title = _title([line.comment for line in group.lines])
    marks = [g.fingerprint for g in groups if g.fingerprint is not None]
    first = first_seen(conn, project_id, {g.fingerprint: g.sample for g in groups if g.fingerprint is not None})
    assigned = fingerprints.last_assigned(conn, project_id, marks)
    for group in groups:
        group.first = first.get(group.fingerprint) if group.fingerprint is not None else None
        group.assigned = assigned.get(group.fingerprint, "") if group.fingerprint is not None else ""


def _title(comments: Sequence[str]) -> str:
    """The first line that all of them have, or what theirs have in common."""
    heads = [headline(c) for c in comments]
    if not heads or not heads[0]:
        return ""
    return heads[0] if len(set(heads)) == 1 else outline(heads[0])
