# SPDX-License-Identifier: Apache-2.0
"""A project's executions by what is asked of them, newest first, and what can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import IssueType
from radiograph.store import tables as t
from radiograph.store.executions import executions

if TYPE_CHECKING:
    from radiograph.store.executions import ExecutionRow

WINDOW = 5000
"""So many executions, at most, are looked at for one page: rare matches cost no more than common ones."""
_NAMED = 500
"""The newest executions whose environments and branches can be chosen."""
_CHOICES = 100


class Sought(Struct, frozen=True):
    """What an execution must have: a test environment, a branch, a fix version, a plan (its key), words in its key or summary; "" is any."""

    environment: str = ""
    branch: str = ""
    version: str = ""
    plan: str = ""
    text: str = ""


class Choices(Struct):
    """What the executions of a project can be chosen by."""

    environments: list[str]
    branches: list[str]
    versions: list[str]
    plans: list[str]


def find_executions(
    conn: sa.Connection, project_id: int, sought: Sought, before: int | None, limit: int
) -> tuple[list[ExecutionRow], int | None]:
    """`limit` executions at most before the id `before`, newest first, and the id before which more may be (None: there are none)."""
    e = t.executions.c
    where = [e.project_id == project_id]
    if sought.branch:
        where.append(e.branch == sought.branch)
    if before is not None:
        where.append(e.issue_id < before)
    near = sa.select(e.issue_id).where(*where).order_by(e.issue_id.desc()).limit(WINDOW).subquery()
    query = sa.select(near.c.issue_id).where(*_conditions(near.c.issue_id, project_id, sought)).order_by(near.c.issue_id.desc())
    ids = list(conn.execute(query.limit(limit + 1)).scalars())
    found = executions(conn, ids[:limit])
    rows = [found[i] for i in ids[:limit] if i in found]
    return rows, ids[limit - 1] if len(ids) > limit else _rest(conn, near)


def _conditions(number: sa.ColumnElement[int], project_id: int, sought: Sought) -> list[sa.ColumnElement[bool]]:
    ee, iv, pe = t.execution_environments.c, t.issue_versions.c, t.plan_executions.c
    found: list[sa.ColumnElement[bool]] = []
    if sought.environment:
        named = sa.select(t.environments.c.id).where(t.environments.c.name == sought.environment).scalar_subquery()
        found.append(sa.exists().where(ee.execution_id == number, ee.environment_id == named))
    if sought.version:
        v = t.versions.c
        named = sa.select(v.id).where(v.project_id == project_id, v.name == sought.version).scalar_subquery()
        found.append(sa.exists().where(iv.issue_id == number, iv.version_id == named))
    if sought.plan:
        named = sa.select(t.issues.c.id).where(t.issues.c.key == sought.plan.upper()).scalar_subquery()
        found.append(sa.exists().where(pe.execution_id == number, pe.plan_id == named))
    if sought.text:
        i = t.issues.alias("named").c
        has = i.summary.icontains(sought.text, autoescape=True) | i.key.icontains(sought.text, autoescape=True)
        found.append(sa.exists().where(i.id == number, has))
    return found


def _rest(conn: sa.Connection, near: sa.Subquery) -> int | None:
    """The oldest execution that was looked at, when there may be older ones."""
    count, least = conn.execute(sa.select(sa.func.count(), sa.func.min(near.c.issue_id))).one()
    return least if count == WINDOW else None


def choices(conn: sa.Connection, project_id: int) -> Choices:
    """What the newest executions have, and the project's versions and plans, the newest of those first."""
    e, ee = t.executions.c, t.execution_environments.c
    near = sa.select(e.issue_id, e.branch).where(e.project_id == project_id).order_by(e.issue_id.desc()).limit(_NAMED).subquery()
    used = sa.select(ee.environment_id).join(near, near.c.issue_id == ee.execution_id)
    names = sa.select(t.environments.c.name).where(t.environments.c.id.in_(used)).order_by(t.environments.c.name).limit(_CHOICES)
    branches = sa.select(near.c.branch).where(near.c.branch != "").distinct().order_by(near.c.branch).limit(_CHOICES)
    v, i = t.versions.c, t.issues.c
    versions = sa.select(v.name).where(v.project_id == project_id).order_by(v.id.desc()).limit(_CHOICES)
    plans = sa.select(i.key).where(i.project_id == project_id, i.type_id == int(IssueType.TEST_PLAN)).order_by(i.id.desc()).limit(_CHOICES)
    found = [list(conn.execute(q).scalars()) for q in (names, branches, versions, plans)]
    return Choices(*found)
