# SPDX-License-Identifier: Apache-2.0
"""What a Test has been over time: the versions of its definition, the keys that lead to it."""

from __future__ import annotations

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t

COUNTED = 2000
"""Of so many of a Test's latest runs it is told which version they ran."""
SHOWN = 50


class VersionRow(Struct, frozen=True):
    """A version of a definition; `by` is a name ("": unknown), `created_ms` UTC milliseconds."""

    id: int
    number: int
    created_ms: int
    by: str


def versions_of(conn: sa.Connection, test_id: int, limit: int = SHOWN) -> list[VersionRow]:
    """The latest versions of a Test's definition, newest first."""
    v = t.test_versions.c
    query = sa.select(v.id, v.number, v.created_ms, t.users.c.name).select_from(
        t.test_versions.outerjoin(t.users, t.users.c.id == v.created_by)
    )
    rows = conn.execute(query.where(v.test_id == test_id).order_by(v.number.desc()).limit(limit))
    return [VersionRow(row[0], row[1], row[2], row[3] or "") for row in rows]


def runs_by_version(conn: sa.Connection, test_id: int) -> dict[int, int]:
    """How many of the Test's latest runs (`COUNTED` at most) ran each version, by its id."""
    r = t.runs.c
    latest = sa.select(r.version_id).where(r.test_id == test_id).order_by(r.id.desc()).limit(COUNTED).subquery()
    return {row[0]: row[1] for row in conn.execute(sa.select(latest.c.version_id, sa.func.count()).group_by(latest.c.version_id))}


def keys_of(conn: sa.Connection, issue_id: int) -> list[str]:
    """The other keys that lead to an issue, in their order."""
    a = t.issue_aliases.c
    return list(conn.execute(sa.select(a.key).where(a.issue_id == issue_id).order_by(a.key)).scalars())
