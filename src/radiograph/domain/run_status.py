# SPDX-License-Identifier: Apache-2.0
"""What a change of a run's parts or status means for the rest of it (Xray docs, Assessing the status of a Test Run). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import Instant
from radiograph.domain.statuses import TODO, Status, StatusTable, combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Times(Struct, frozen=True):
    """When a run started and finished."""

    start: Instant | None
    finish: Instant | None


def run_status_of_step(step: Status, runs: StatusTable) -> Status:
    """The run status that a step status stands for; by default the one of the same name, else TODO."""
    return runs.find(step.means or step.name) or runs[TODO]


def all_positions(given: Mapping[int, Status], count: int, todo: Status) -> list[Status]:
    """The statuses of `count` parts by position; those without a result are TODO, those beyond `count` count too."""
    return [given.get(i, todo) for i in range(max(count, max(given, default=-1) + 1))]


def status_of_run(steps: Iterable[Status], examples: Iterable[Status], iterations: Iterable[Status]) -> Status | None:
    """The status that a run's parts (as run statuses) add up to; None when it has none."""
    return combine([*steps, *examples, *iterations])


def times_after(before: Status, after: Status, times: Times, now: int) -> Times:
    """The run's times after its status changed by hand at `now` (UTC milliseconds).

    It starts when it leaves TODO and has finished when its status becomes final; back at TODO it has neither,
    and under way again it isn't finished (Xray docs, Test Runs: Started On, Finished On).
    """
    if after.name == TODO:
        return Times(None, None)
    start = times.start or Instant(now)
    if not after.final:
        return Times(start, None)
    return Times(start, times.finish if before.final and times.finish else Instant(now))
