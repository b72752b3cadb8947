# SPDX-License-Identifier: Apache-2.0
"""Failures of an import that are known by a defect are linked with it, where somebody asked for that in triage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain import import_plan as plan
from radiograph.store import import_reads, known_failures
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.engines import bulk_insert

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.domain.import_plan import RunRows

_ID, _FINGERPRINT = plan.RUN_COLUMNS.index("id"), plan.RUN_COLUMNS.index("fingerprint")
_RUN, _KEY = plan.DEFECT_COLUMNS.index("run_id"), plan.DEFECT_COLUMNS.index("key")


def link_known(conn: sa.Connection, project_id: int, rows: RunRows) -> list[str]:
    """Link the runs that an import has written, and say so. The links go with the result when it is replaced, as the report's own do."""
    failed = [(row[_ID], row[_FINGERPRINT]) for row in rows.runs if row[_FINGERPRINT] is not None]
    marks = known_failures.linking(conn, project_id) if failed else {}
    has = {(row[_RUN], row[_KEY]) for row in rows.defects} if marks else set()
    wanted = [(run, key) for run, mark in failed for key in marks.get(mark, ()) if (run, key) not in has]
    if not wanted:
        return []
    heads = import_reads.issue_heads(conn, sorted({key for _, key in wanted}))
    first = take_ids(conn, "part", project_id, len(wanted))
    defects = [
        (first + n, project_id, run, None, heads[key][0] if key in heads else None, key, False) for n, (run, key) in enumerate(wanted)
    ]
    bulk_insert(conn, t.run_defects, plan.DEFECT_COLUMNS, defects)
    keys, count = sorted({key for _, key in wanted}), len({run for run, _ in wanted})
    return [f"{count} failure{'' if count == 1 else 's'} of a known cause linked with {', '.join(keys)}"]
