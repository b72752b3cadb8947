# SPDX-License-Identifier: Apache-2.0
"""Latest runs of Tests, and what they mean for requirements, as conditions of a query; each is one seek a Test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.coverage import NOK, NOT_RUN, OK, UNCOVERED, UNKNOWN, WORST_FIRST, meaning
from radiograph.domain.issues import IssueType
from radiograph.domain.statuses import TODO
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from radiograph.store.jql_scope import Members, Scope, Test

REQUIREMENTS = (IssueType.STORY, IssueType.EPIC, IssueType.REQUIREMENT)
"""The types that are UNCOVERED when no Test covers them; others are requirements when one does."""
COVERAGE = (OK, NOK, NOT_RUN, UNKNOWN, UNCOVERED)


class Which:
    """The executions that count: those of Test Plans, versions, environments; without any, all that the caller sees."""

    def __init__(
        self, plans: Members | None = None, versions: Sequence[int] | None = None, environments: Sequence[int] | None = None
    ) -> None:
        """Take the plans, and the ids of versions and environments; None doesn't narrow."""
        pe, iv, ee = t.plan_executions.c, t.issue_versions.c, t.execution_environments.c
        self.narrowed: list[sa.Select[Any]] = []
        if plans is not None:
            self.narrowed.append(sa.select(pe.execution_id).where(plans(pe.plan_id)))
        if versions is not None:
            self.narrowed.append(sa.select(iv.issue_id).where(iv.version_id.in_(versions)))
        if environments is not None:
            self.narrowed.append(sa.select(ee.execution_id).where(ee.environment_id.in_(environments)))

    def has(self, execution: sa.ColumnElement[int]) -> list[Test]:
        """The conditions on an execution's id."""
        return [execution.in_(ids.correlate(None)) for ids in self.narrowed]


def latest_status(scope: Scope, test: sa.ColumnElement[int], which: Which) -> sa.ColumnElement[int]:
    """The status id of a Test's latest run in those executions; TODO when it has none."""
    r = t.runs.alias()
    found = (
        sa.select(r.c.status_id)
        .where(r.c.test_id == test, *which.has(r.c.execution_id), scope.seen(r.c.project_id))
        .order_by(r.c.id.desc())
        .limit(1)
        .correlate_except(r)
        .scalar_subquery()
    )
    return sa.func.coalesce(found, scope.statuses[TODO].id)


def coverable(issues: Any) -> Test:  # noqa: ANN401  (the table of issues, or an alias of it)
    """Whether an issue is a requirement: of a type that always is one, or covered by a Test."""
    covered = sa.select(t.requirement_links.c.requirement_id).correlate(None)
    return issues.c.type_id.in_([int(k) for k in REQUIREMENTS]) | issues.c.id.in_(covered)  # type: ignore[no-any-return]


def coverage(scope: Scope, issue: sa.ColumnElement[int], wanted: Iterable[str], which: Which) -> Test:
    """Whether an issue's coverage, by its own Tests, is one of `wanted` (of COVERAGE); as `domain.coverage.requirement_status`."""
    meanings: dict[str, list[int]] = {}
    for s in scope.statuses.all:
        meanings.setdefault(meaning(s.requirement), []).append(s.id)

    def some(means: str) -> Test:
        link = t.requirement_links.alias()
        return (
            sa.exists()
            .where(link.c.requirement_id == issue, latest_status(scope, link.c.test_id, which).in_(meanings.get(means, [])))
            .correlate_except(link)
        )

    covered = issue.in_(sa.select(t.requirement_links.c.requirement_id).correlate(None))
    worse: list[Test] = []
    found: dict[str, Test] = {UNCOVERED: ~covered}
    for means in WORST_FIRST:
        found[means] = sa.and_(some(means), *(~w for w in worse))
        worse.append(some(means))
    found[OK] = sa.and_(covered, *(~w for w in worse))
    return sa.or_(sa.false(), *(found[w] for w in wanted))
