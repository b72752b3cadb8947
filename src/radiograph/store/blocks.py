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


def take_ids(conn: sa.Connection, kind: str, project_id: int, count: int) -> int:
    """Reserve `count` ids in a row and return the first; call inside a write transaction."""
    if count == 0:
        return 0
    block = conn.execute(
        sa.select(id_blocks.c.first, id_blocks.c.last, id_blocks.c.next)
        .where(id_blocks.c.kind == kind, id_blocks.c.project_id == project_id)
        .order_by(id_blocks.c.first.desc())
        .limit(1)
        .with_for_update(),
    ).first()
    if block is None or block.next + count - 1 > block.last:
        return _new_block(conn, kind, project_id, count)
    conn.execute(
        sa.update(id_blocks).where(id_blocks.c.kind == kind, id_blocks.c.first == block.first).values(next=block.next + count),
    )
    return int(block.next)


def _new_block(conn: sa.Connection, kind: str, project_id: int, count: int) -> int:
    size = max(count, _SIZE[kind])
    first = take_number(conn, f"block:{kind}", size, start=_START.get(kind, 1))
    conn.execute(
        sa.insert(id_blocks).values(kind=kind, first=first, last=first + size - 1, next=first + count, project_id=project_id),
    )
    return first


def take_number(conn: sa.Connection, name: str, count: int = 1, *, start: int = 1) -> int:
    """Reserve `count` numbers of a counter of the whole instance and return the first."""
    insert_missing(conn, counters, [{"name": name, "next": start}])
    after = conn.execute(
        sa.update(counters).where(counters.c.name == name).values(next=counters.c.next + count).returning(counters.c.next),
    ).scalar_one()
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
