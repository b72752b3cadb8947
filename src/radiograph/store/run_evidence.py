# SPDX-License-Identifier: Apache-2.0
"""Evidence of runs: whose it is, what lies beside it, and what the same name was in other runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.many import any_of
from radiograph.store.runs import EvidenceRow

if TYPE_CHECKING:
    from collections.abc import Sequence

_SELECT = sa.select(*(t.run_evidence.c[n] for n in EvidenceRow.__struct_fields__))


def owner(conn: sa.Connection, row: EvidenceRow) -> tuple[int, int | None]:
    """The run that a file belongs to, and the number of the attempt if it is an earlier one's."""
    a = t.run_attempts.c
    attempt = conn.execute(sa.select(a.run_id, a.number).where(a.project_id == row.project_id, a.id == row.run_id)).first()
    return (attempt[0], attempt[1]) if attempt else (row.run_id, None)


def evidence_of(conn: sa.Connection, project_id: int, run_id: int) -> list[EvidenceRow]:
    """The files of a run (or of an attempt) and of its steps, by id."""
    e = t.run_evidence.c
    rows = conn.execute(_SELECT.where(e.project_id == project_id, e.run_id == run_id).order_by(e.id))
    return [EvidenceRow(*row) for row in rows]


def same_named(conn: sa.Connection, project_ids: Sequence[int], run_ids: Sequence[int], filename: str) -> list[EvidenceRow]:
    """The files of this name of these runs, newest first."""
    e = t.run_evidence.c
    where = (any_of(conn, e.project_id, list(project_ids) or [0]), any_of(conn, e.run_id, list(run_ids) or [0]), e.filename == filename)
    return [EvidenceRow(*row) for row in conn.execute(_SELECT.where(*where).order_by(e.id.desc()))]
