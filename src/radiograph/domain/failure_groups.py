# SPDX-License-Identifier: Apache-2.0
"""The failures of an execution, those of one cause together. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class FailedRun(Struct, frozen=True):
    """A run that failed, as much as its group, its place and its judgement need; `fingerprint` is None where it says nothing."""

    id: int
    execution_id: int
    test_id: int
    status_id: int
    rank: int
    fingerprint: int | None


class FailureGroup(Struct, frozen=True):
    """Failures that share a fingerprint (None: those that say nothing); `new` of them are new."""

    fingerprint: int | None
    runs: list[FailedRun]
    new: int


def grouped(failed: Iterable[FailedRun], new: Collection[int], order: Sequence[int]) -> list[FailureGroup]:
    """The groups, those with new failures (Tests of `new`) first, then the larger ones, what says nothing last.

    `order` has the status ids, the worst first; within a group the worst come first, then the order of rank.
    """
    place = {status: i for i, status in enumerate(order)}
    found: dict[int | None, list[FailedRun]] = {}
    for run in sorted(failed, key=lambda r: (place.get(r.status_id, len(place)), r.rank)):
        found.setdefault(run.fingerprint, []).append(run)
    groups = [FailureGroup(f, runs, sum(r.test_id in new for r in runs)) for f, runs in found.items()]
    return sorted(groups, key=lambda g: (g.fingerprint is None, not g.new, -len(g.runs), g.runs[0].rank))
