# SPDX-License-Identifier: Apache-2.0
"""How watched executions stand, in the words that their pages use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.statuses import severity
from radiograph.store import import_reads
from radiograph.store.live import standings

if TYPE_CHECKING:
    from collections.abc import Collection

    from radiograph.actions.services import Services


class Standing(Struct, frozen=True):
    """How an execution stands: `state` is another text whenever anything of it is, `counts` are by status, the worst first."""

    state: str
    counts: dict[str, int]
    total: int


def how_they_stand(services: Services, execution_ids: Collection[int]) -> dict[int, Standing]:
    """These executions; one that is gone is left out."""
    with services.db.read() as conn:
        table, _ = import_reads.status_tables(conn)
        found = standings(conn, execution_ids)
    return {
        number: Standing(
            state_of(s.counts, s.imported_ms),
            {table.by_id[i].name: s.counts[i] for i in severity(table) if i in s.counts},
            sum(s.counts.values()),
        )
        for number, s in found.items()
    }


def state_of(counts: dict[int, int], imported_ms: int | None) -> str:
    """A text that is another one when counts or the last results are."""
    return ".".join(f"{status}-{runs}" for status, runs in sorted(counts.items()) if runs) + f"@{imported_ms or 0}"
