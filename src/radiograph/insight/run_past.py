# SPDX-License-Identifier: Apache-2.0
"""What a run is against the runs of its Test before it."""

from __future__ import annotations

from itertools import takewhile
from statistics import median
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from radiograph.domain.statuses import StatusTable
    from radiograph.store.runs import RunRow

_LEAST = 3
"""So many passes it takes to say what is usual."""


def usual_duration(before: Sequence[RunRow], table: StatusTable) -> int | None:
    """The median of how long the passes among these runs took, in milliseconds; None for fewer than three."""
    took = [
        r.finish_ms - r.start_ms
        for r in before
        if table.by_id[r.status_id].requirement == "OK" and r.start_ms is not None and r.finish_ms is not None and r.finish_ms >= r.start_ms
    ]
    return int(median(took)) if len(took) >= _LEAST else None


class _Run(Protocol):
    @property
    def status_id(self) -> int: ...


_R = TypeVar("_R", bound=_Run)


def failing_streak(until: Sequence[_R], failing: Collection[int]) -> list[_R]:
    """The failures in a row that the last of these runs (oldest first) ends, oldest first; none when that didn't fail."""
    return list(takewhile(lambda run: run.status_id in failing, reversed(until)))[::-1]
