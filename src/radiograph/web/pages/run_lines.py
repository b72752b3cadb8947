# SPDX-License-Identifier: Apache-2.0
"""The runs of an execution as its page shows them: in groups, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.fingerprint import headline
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.words import cut, duration, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.actions.browse_execution import ExecutionPage
    from radiograph.domain.failure_groups import FailureGroup
    from radiograph.store.fingerprints import FirstSeen
    from radiograph.store.runs import RunRow

_TITLE = 300
NOTHING_SAID, NOT_FAILED = "Failed without a message", "Not failed"


class PastCell(Struct):
    """A run in a row's strip; `current` is the row's own."""

    id: int
    mark: Mark
    execution: str
    current: bool


class RunLine(Struct):
    """A run in the list of an execution."""

    id: int
    mark: Mark
    key: str
    summary: str
    new: bool
    flaky: str
    history: list[PastCell]
    comment: str
    defects: list[str]
    evidence: int
    attempts: int
    assignee: str
    executor: str
    started: int | None
    duration: str


class GroupLine(Struct):
    """Runs that stand together, with what stands above them; an empty title is none at all.

    `count` is how many there are in all, `new` of them new; `first` is where they were first seen (None: not told, or here).
    """

    title: str
    lines: list[RunLine]
    count: int = 0
    new: int = 0
    fingerprint: int | None = None
    first: FirstSeen | None = None
    here: bool = False
    flaky: int = 0
    known: list[str] = []


def group_lines(found: ExecutionPage) -> list[GroupLine]:
    """The page's runs in their groups."""
    groups: list[GroupLine] = []
    last: FailureGroup | None = None
    for row in found.listing.rows:
        group = found.listing.groups.get(row.id)
        if not groups or group is not last:
            groups.append(_head(found, group, row))
            last = group
        line = _line(row, found)
        groups[-1].lines.append(line)
    if len(groups) == 1 and groups[0].fingerprint is None:
        groups[0].title = ""
    return groups


def _head(found: ExecutionPage, group: FailureGroup | None, row: RunRow) -> GroupLine:
    if group is None:
        return GroupLine(NOT_FAILED if found.listing.groups else "", [])
    if group.fingerprint is None:
        return GroupLine(NOTHING_SAID, [], len(group.runs), group.new)
    first = found.parts.first_seen.get(group.fingerprint)
    here = first is not None and first.execution_id == found.execution.id
    flaky = sum(run.test_id in found.parts.flaky for run in group.runs)
    known = found.parts.known.get(group.fingerprint, [])
    title = headline(row.comment) or NOTHING_SAID
    return GroupLine(title, [], len(group.runs), group.new, group.fingerprint, first, here, flaky, known)


def _line(r: RunRow, found: ExecutionPage) -> RunLine:
    p, table = found.parts, found.statuses
    return RunLine(
        r.id, mark(table.by_id[r.status_id]), r.test_key, cut(r.test_summary, _TITLE), r.test_id in (found.new or ()),
        p.flaky.get(r.test_id, ""), list(_past(r, found)), first_line(r.comment), p.defects.get(r.id, []), p.evidence.get(r.id, 0),
        r.attempts + 1 if r.attempts else 0, p.people.get(r.assignee_id or 0, ""), p.people.get(r.executor_id or 0, ""), r.start_ms,
        duration(r.start_ms, r.finish_ms),
    )  # fmt: skip


def _past(r: RunRow, found: ExecutionPage) -> Iterator[PastCell]:
    for run in found.parts.pasts.get(r.test_id, []):
        execution = found.parts.executions.get(run.execution_id, "")
        yield PastCell(run.id, mark(found.statuses.by_id[run.status_id]), execution, run.id == r.id)
