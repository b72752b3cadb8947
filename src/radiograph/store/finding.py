# SPDX-License-Identifier: Apache-2.0
"""Issues, test environments and versions by a part of what they are called: a few of the newest, at a bounded cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import IssueType
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

WINDOW = 50_000
"""So many of the newest issues (or definitions) are looked through, at most."""


class Named(Struct, frozen=True):
    """An issue as it is offered."""

    id: int
    key: str
    type: IssueType
    summary: str
    project_id: int


_I = t.issues.c
_NAMED = (_I.id, _I.key, _I.type_id, _I.summary, _I.project_id)


def _seen(conn: sa.Connection, column: sa.ColumnElement[int], projects: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    return [] if projects is None else [any_of(conn, column, list(projects) or [0])]


def _read(row: Sequence[object]) -> Named:
    number, key, kind, summary, project = row
    return Named(number, key, IssueType(kind), summary, project)  # type: ignore[arg-type]


def with_keys(conn: sa.Connection, keys: Collection[str], projects: Collection[int] | None) -> list[Named]:
    """The issues of these keys in these projects (None: any), by number."""
    query = sa.select(*_NAMED).where(any_of(conn, _I.key, list(keys) or [""]), *_seen(conn, _I.project_id, projects))
    return [_read(row) for row in conn.execute(query.order_by(_I.number))]


def with_words(conn: sa.Connection, words: Collection[str], projects: Collection[int] | None, limit: int) -> list[Named]:
    """The newest issues whose summary has all of these words."""
    newest = sa.select(sa.func.max(_I.id)).scalar_subquery()
    where = [_I.id > newest - WINDOW, *_seen(conn, _I.project_id, projects), *(_I.summary.icontains(w, autoescape=True) for w in words)]
    return [_read(row) for row in conn.execute(sa.select(*_NAMED).where(*where).order_by(_I.id.desc()).limit(limit))]


def with_definition(conn: sa.Connection, text: str, projects: Collection[int] | None, limit: int) -> list[Named]:
    """The Tests whose definition has this text in it, as it is now; the newest definitions are looked through."""
    v = t.test_versions.c
    newest = sa.select(sa.func.max(v.id)).scalar_subquery()
    source = t.test_versions.join(t.tests, t.tests.c.version_id == v.id).join(t.issues, _I.id == t.tests.c.issue_id)
    where = [v.id > newest - WINDOW, v.text.icontains(text, autoescape=True), *_seen(conn, _I.project_id, projects)]
    return [_read(row) for row in conn.execute(sa.select(*_NAMED).select_from(source).where(*where).order_by(v.id.desc()).limit(limit))]


def environments_like(conn: sa.Connection, text: str, projects: Collection[int] | None, limit: int) -> list[tuple[str, int]]:
    """Test environments with this text in their names, each with the project of the newest execution that ran there."""
    n, ee, e = t.environments.c, t.execution_environments.c, t.executions.c
    latest = (
        sa.select(e.project_id).select_from(t.execution_environments.join(t.executions, e.issue_id == ee.execution_id))
        .where(ee.environment_id == n.id, *_seen(conn, e.project_id, projects)).order_by(ee.execution_id.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    query = sa.select(n.name, latest).where(n.name.icontains(text, autoescape=True)).order_by(n.name).limit(limit * 4)
    return [(row[0], row[1]) for row in conn.execute(query) if row[1] is not None][:limit]


def versions_like(conn: sa.Connection, text: str, projects: Collection[int] | None, limit: int) -> list[tuple[str, int]]:
    """Versions with this text in their names, the newest first, each with its project."""
    v = t.versions.c
    where = (v.name.icontains(text, autoescape=True), *_seen(conn, v.project_id, projects))
    return [(row[0], row[1]) for row in conn.execute(sa.select(v.name, v.project_id).where(*where).order_by(v.id.desc()).limit(limit))]
