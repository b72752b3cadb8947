# SPDX-License-Identifier: Apache-2.0
"""How executions stand at this moment, for those who watch them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Collection


class Standing(Struct, frozen=True):
    """How many runs of an execution have each status (by id), and when results last came (UTC milliseconds; 0: none)."""

    counts: dict[int, int]
    imported_ms: int


def standings(conn: sa.Connection, execution_ids: Collection[int]) -> dict[int, Standing]:
    """These executions, in two queries on rows that are few, however many runs there are."""
    e, s = t.executions.c, t.execution_summaries.c
    ids = list(execution_ids) or [0]
    found = {
        row[0]: Standing({}, row[1] or 0) for row in conn.execute(sa.select(e.issue_id, e.imported_ms).where(any_of(conn, e.issue_id, ids)))
    }
    for owner, status, runs in conn.execute(sa.select(s.execution_id, s.status_id, s.runs).where(any_of(conn, s.execution_id, ids))):
        if owner in found and runs:
            found[owner].counts[status] = runs
    return found
