# SPDX-License-Identifier: Apache-2.0
"""Ids from blocks; a block belongs to one project, so a bare id tells its project.

Kinds: `issue` (from 10000), `run` (Test Runs and their attempts), `part` (steps, iterations,
examples, defects, evidence, attachments), `definition` (definition versions), `import`, `audit`,
`change` (history).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store.engines import insert_missing
from radiograph.store.prepared import Prepared
from radiograph.store.tables import counters, id_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIZE = {"issue": 1000, "run": 4096, "part": 8192, "definition": 1000, "import": 1000, "audit": 1000, "change": 1000}
_START = {"issue": 10000}
_COUNT = sa.text("UPDATE counters SET next = next + :count WHERE name = :name RETURNING next")


@cache
def _take(kinds: int) -> Prepared:
    """Take ids of so many kinds from the blocks of a project that have room; gives each kind and what is next after."""
    wanted = ", ".join(f"(CAST(:kind{i} AS TEXT), CAST(:count{i} AS BIGINT))" for i in range(kinds))
    text = (
        f"UPDATE id_blocks SET next = next + w.column2 FROM (VALUES {wanted}) AS w WHERE kind = w.column1 "  # noqa: S608  (numbers only)
        "AND next + w.column2 - 1 <= last AND first = (SELECT max(b.first) FROM id_blocks AS b "
        "WHERE b.kind = w.column1 AND b.project_id = :project) RETURNING kind, next"
    )
    return Prepared(lambda _dialect: sa.text(text))


def take_ids(conn: sa.Connection, kind: str, project_id: int, count: int) -> int:
    """Reserve `count` ids in a row and return the first; call inside a write transaction."""
    return take_several(conn, project_id, {kind: count})[kind]


def take_several(conn: sa.Connection, project_id: int, counts: Mapping[str, int]) -> dict[str, int]:
    """Reserve ids in a row of several kinds at once; the first of each kind (0 where none is wanted)."""
    wanted = {kind: count for kind, count in counts.items() if count}
    if not wanted:
        return dict.fromkeys(counts, 0)
    values: dict[str, str | int] = {"project": project_id}
    for i, (kind, count) in enumerate(wanted.items()):
        values |= {f"kind{i}": kind, f"count{i}": count}
    taken = {kind: after - wanted[kind] for kind, after in _take(len(wanted)).run(conn, **values)}
    for kind in sorted(wanted.keys() - taken.keys()):  # in one order everywhere: their counters stay locked until the transaction ends
        taken[kind] = _new_block(conn, kind, project_id, wanted[kind])
    return dict.fromkeys(counts, 0) | taken


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


def last_id(conn: sa.Connection, kind: str, project_id: int) -> int:
    """The highest id of a kind that a project has taken; what it takes from now on is higher. 0 for none."""
    b = id_blocks.c
    newest = sa.select(b.next).where(b.kind == kind, b.project_id == project_id).order_by(b.first.desc()).limit(1)
    return int(conn.execute(newest).scalar() or 1) - 1


def project_of(conn: sa.Connection, kind: str, number: int) -> int | None:
    """The project that an id was reserved for, or None."""
    row = conn.execute(
        sa.select(id_blocks.c.project_id, id_blocks.c.last)
        .where(id_blocks.c.kind == kind, id_blocks.c.first <= number)
        .order_by(id_blocks.c.first.desc())
        .limit(1),
    ).first()
    return int(row.project_id) if row is not None and number <= row.last else None
