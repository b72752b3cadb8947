# SPDX-License-Identifier: Apache-2.0
"""One row for every action that changes data: who did what to what, and how many."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.clock import now_ms
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping


_COLUMNS = ("id", "at_ms", "user_id", "action", "subject", "counts")
_INSERT = Prepared(lambda _dialect: sa.insert(t.audit), _COLUMNS)


def note(
    conn: sa.Connection,
    user_id: int | None,
    action: str,
    subject: str,
    counts: Mapping[str, int] | None = None,
    *,
    project_id: int = 0,
    audit_id: int = 0,
) -> None:
    """Leave an audit row, in the transaction of the change itself; `audit_id` is one reserved before."""
    _INSERT.run(
        conn, id=audit_id or take_ids(conn, "audit", project_id, 1), at_ms=now_ms(), user_id=user_id, action=action, subject=subject,
        counts=json.dumps(counts) if counts else None,
    )  # fmt: skip
