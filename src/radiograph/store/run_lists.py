# SPDX-License-Identifier: Apache-2.0
"""Runs of many executions, or of one Test, in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.many import any_of
from radiograph.store.runs import RunRow, find_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_AT_ONCE = 5000


def count_of_executions(conn: sa.Connection, ids: Sequence[int]) -> dict[int, int]:
    """How many runs each of these executions has, from their summaries; those without any are left out."""
    s = t.execution_summaries.c
    query = sa.select(s.execution_id, sa.func.sum(s.runs)).where(any_of(conn, s.execution_id, list(ids) or [0])).group_by(s.execution_id)
    return {row[0]: int(row[1]) for row in conn.execute(query)}


def count_of_test(conn: sa.Connection, test_id: int) -> int:
    """How many runs a Test has; an index alone tells it."""
    return int(conn.execute(sa.select(sa.func.count()).where(t.runs.c.test_id == test_id)).scalar_one())


def environment_numbers(conn: sa.Connection, names: Collection[str]) -> list[int]:
    """The ids of the test environments of these names, case ignored; unknown ones have none."""
    # Told here: SQLite knows the capitals of ASCII only. They are few.
    e, wanted = t.environments.c, {n.casefold() for n in names}
    return [row[0] for row in conn.execute(sa.select(e.id, e.name).order_by(e.id)) if row[1].casefold() in wanted]


def runs_of_one_test(
    conn: sa.Connection, test_id: int, projects: Collection[int] | None, environments: Sequence[int] | None, place: tuple[int, int]
) -> list[RunRow]:
    """A Test's runs in these projects (None: all) and environments (None: any), oldest first: `place` is how many to skip, and to give.

    The ids are walked in their index, some thousands at a time from the one before; whole rows are read of the page only.
    """
    skip, limit = place
    r, ee = t.runs.c, t.execution_environments.c
    where = [r.test_id == test_id]
    if projects is not None:
        where.append(r.project_id.in_(sorted(projects)))
    if environments is not None:
        where.append(r.execution_id.in_(sa.select(ee.execution_id).where(any_of(conn, ee.environment_id, list(environments) or [0]))))
    after, found = 0, list[tuple[int, int]]()
    while len(found) < limit:
        query = sa.select(r.id, r.project_id).where(*where, r.id > after).order_by(r.id).limit(min(_AT_ONCE, skip + limit - len(found)))
        places = [(row[0], row[1]) for row in conn.execute(query)]
        if not places:
            break
        found += places[skip:]
        skip = max(0, skip - len(places))
        after = places[-1][0]
    return find_runs(conn, found[:limit])
