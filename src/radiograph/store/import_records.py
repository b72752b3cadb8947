# SPDX-License-Identifier: Apache-2.0
"""Import records: keeping and finding them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEFAULTS = {"project_id": None, "execution_id": None, "counts": "{}", "error": "", "made": None}
_INSERT = Prepared(lambda _dialect: sa.insert(t.imports), [c.name for c in t.imports.columns if not c.name.startswith("undone")])


def record_import(conn: sa.Connection, values: dict[str, Any]) -> None:
    """Keep an import record."""
    _INSERT.run(conn, **(_DEFAULTS | values))


class ImportRow(Struct):
    """An import record; counts, phases (seconds) and warnings are JSON."""

    id: int
    project_id: int | None
    execution_id: int | None
    user_id: int
    at_ms: int
    format: str
    outcome: str
    bytes: int
    counts: str
    phases: str
    warnings: str
    error: str
    sha256: str
    undone_ms: int | None = None
    undone_by: int | None = None


UNDONE = "undone"
_IMPORT = [t.imports.c[n] for n in ImportRow.__struct_fields__]


class Wanted(Struct, frozen=True):
    """Which import records: their outcome (or undone), format, and who sent them; "" for any."""

    outcome: str = ""
    format: str = ""
    person: str = ""


ANY = Wanted()


def imports(
    conn: sa.Connection, project_ids: Sequence[int], before: tuple[int, int] | None, limit: int, wanted: Wanted = ANY
) -> list[ImportRow]:
    """Import records of these projects (0: refused before one was known), newest first, before the time (ms) and id `before`."""
    i = t.imports.c
    where = sa.func.coalesce(i.project_id, 0).in_(list(project_ids))
    query = sa.select(*_IMPORT).where(where)
    if before is not None:
        query = query.where(sa.tuple_(i.at_ms, i.id) < before)
    if wanted.outcome:
        query = query.where(i.undone_ms.is_not(None) if wanted.outcome == UNDONE else (i.outcome == wanted.outcome) & i.undone_ms.is_(None))
    if wanted.format:
        query = query.where(i.format == wanted.format)
    if wanted.person:
        query = query.where(i.user_id.in_(sa.select(t.users.c.id).where(t.users.c.name == wanted.person)))
    return [ImportRow(*row) for row in conn.execute(query.order_by(i.at_ms.desc(), i.id.desc()).limit(limit))]


def find_import(conn: sa.Connection, import_id: int) -> ImportRow | None:
    """The import record of that id."""
    row = conn.execute(sa.select(*_IMPORT).where(t.imports.c.id == import_id)).first()
    return ImportRow(*row) if row else None


def last_import(conn: sa.Connection, execution_id: int) -> ImportRow | None:
    """The newest import record of an execution."""
    query = sa.select(*_IMPORT).where(t.imports.c.execution_id == execution_id).order_by(t.imports.c.id.desc()).limit(1)
    row = conn.execute(query).first()
    return ImportRow(*row) if row else None


def imports_of_project(conn: sa.Connection, project_id: int, limit: int) -> list[ImportRow]:
    """A project's newest import records."""
    i = t.imports.c
    query = sa.select(*_IMPORT).where(i.project_id == project_id).order_by(i.id.desc()).limit(limit)
    return [ImportRow(*row) for row in conn.execute(query)]
