# SPDX-License-Identifier: Apache-2.0
"""The history strip: a Test's last runs at one glance, each a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.web.pages.statuses import Mark, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from radiograph.domain.statuses import StatusTable
    from radiograph.store.runs import RunRow


class Cell(Struct):
    """One run in a strip."""

    id: int
    mark: Mark
    execution: str
    summary: str
    when: int | None
    current: bool


def strip(history: Iterable[RunRow], table: StatusTable, current: int = 0, environments: Mapping[int, str] | None = None) -> list[Cell]:
    """The cells of these runs; the run of the id `current` is marked. `environments` are their names by execution id."""
    where = environments or {}
    return [
        Cell(
            r.id, mark(table.by_id[r.status_id]), r.execution_key,
            r.execution_summary[:120] + (f" on {where[r.execution_id]}" if where.get(r.execution_id) else ""), r.start_ms, r.id == current,
        )
        for r in history
    ]  # fmt: skip
