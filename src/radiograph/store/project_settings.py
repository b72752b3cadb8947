# SPDX-License-Identifier: Apache-2.0
"""What a project's administrators chose, and marks of what has been worked out for it: texts by name."""

from __future__ import annotations

import sqlalchemy as sa

from radiograph.store import tables as t

_S = t.project_settings.c


def get_setting(conn: sa.Connection, project_id: int, name: str, default: str = "") -> str:
    """A setting of a project."""
    found = conn.execute(sa.select(_S.value).where(_S.project_id == project_id, _S.name == name)).scalar()
    return default if found is None else str(found)


def put_setting(conn: sa.Connection, project_id: int, name: str, value: str) -> None:
    """Set a setting of a project; an empty one is taken away."""
    here = (_S.project_id == project_id, _S.name == name)
    if not value:
        conn.execute(sa.delete(t.project_settings).where(*here))
        return
    if conn.execute(sa.update(t.project_settings).where(*here).values(value=value)).rowcount == 0:
        conn.execute(sa.insert(t.project_settings).values(project_id=project_id, name=name, value=value))


def settings_named(conn: sa.Connection, name: str) -> dict[int, str]:
    """The settings of one name of every project that has it."""
    return {row[0]: row[1] for row in conn.execute(sa.select(_S.project_id, _S.value).where(_S.name == name))}
