# SPDX-License-Identifier: Apache-2.0
"""Ids from blocks; a block belongs to one project, so a bare id tells its project.

Kinds: `issue` (from 10000), `run` (Test Runs and their attempts), `part` (steps, iterations,
examples, defects, evidence), `definition` (definition versions), `import`, `audit`.
"""

from __future__ import annotations

import sqlalchemy as sa

from radiograph.store.engines import insert_missing
from radiograph.store.tables import counters, id_blocks

_SIZE = {"issue": 1000, "run": 4096, "part": 8192, "definition": 1000, "import": 1000, "audit": 1000}
_START = {"issue": 10000}
# Texts that are compiled once: a small import runs a dozen of these, and building them cost more than running them.
_TAKE = sa.text(
    "UPDATE id_blocks SET next = next + :count WHERE kind = :kind AND next + :count - 1 <= last AND first = "
    "(SELECT max(first) FROM id_blocks WHERE kind = :kind AND project_id = :project) RETURNING next",
)
_COUNT = sa.text("UPDATE counters SET next = next + :count WHERE name = :name RETURNING next")


def take_ids(conn: sa.Connection, kind: str, project_id: int, count: int) -> int:
    """Reserve `count` ids in a row and return the first; call inside a write transaction."""
    if count == 0:
        return 0
    after = conn.execute(_TAKE, {"kind": kind, "project": project_id, "count": count}).scalar()
    return _new_block(conn, kind, project_id, count) if after is None else int(after) - count


def _new_block(conn: sa.Connection, kind: str, project_id: int, count: int) -> int:
    size = max(count, _SIZE[kind])
    first = take_number(conn, f"block:{kind}", size, start=_START.get(kind, 1))
    conn.execute(
        sa.insert(id_blocks).values(kind=kind, first=first, last=first + size - 1, next=first + count, project_id=project_id),
    )
    return first


def take_number(conn: sa.Connection, name: str, count: int = 1, *, start: int = 1) -> int:
    """Reserve `count` numbers of a counter of the whole instance and return the first."""
    after = conn.execute(_COUNT, {"name": name, "count": count}).scalar()
    if after is None:
        insert_missing(conn, counters, [{"name": name, "next": start}])
        after = conn.execute(_COUNT, {"name": name, "count": count}).scalar_one()
    return int(after) - count


def project_of(conn: sa.Connection, kind: str, number: int) -> int | None:
    """The project that an id was reserved for, or None."""
    row = conn.execute(
        sa.select(id_blocks.c.project_id, id_blocks.c.last)
        .where(id_blocks.c.kind == kind, id_blocks.c.first <= number)
        .order_by(id_blocks.c.first.desc())
        .limit(1),
    ).first()
    return int(row.project_id) if row is not None and number <= row.last else None
