# SPDX-License-Identifier: Apache-2.0
"""The part of an issue's page that tells which Tests cover it, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.issue_coverage import issue_coverage
from radiograph.domain.people import Right
from radiograph.domain.statuses import TODO
from radiograph.web.pages import coverage_words as said
from radiograph.web.pages.statuses import Mark, Part, mark
from radiograph.web.pages.words import ago, amount, cut
from radiograph.web.plans.asked import coverage_of
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.actions.coverage import Asked, Choices
    from radiograph.actions.issue_coverage import CoveringTest, IssueCoverage
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow

_TITLE = 300


class RunCell(Struct):
    """A run: the mark of what its status was, and both in words."""

    mark: Mark
    run: int
    words: str


class TestRow(Struct):
    """A Test that covers the issue, or what is below it (`of`: those keys)."""

    __test__ = False

    mark: Mark
    run: int
    words: str
    key: str
    summary: str
    cells: list[RunCell | None]
    of: list[str]


class BelowRow(Struct):
    """What is right below an issue, and what it is."""

    mark: Mark
    key: str
    summary: str
    type: str


class Block(Struct):
    """All that the page shows of coverage; `chosen` says which results count."""

    mark: Mark
    said: str
    total: int
    parts: list[Part]
    rows: list[TestRow]
    columns: list[str]
    below: list[BelowRow]
    asked: Asked
    choices: Choices
    query: str
    chosen: str
    may_edit: bool

    @property
    def has_of(self) -> bool:
        """Whether some Tests cover what is below the issue."""
        return any(r.of for r in self.rows)


async def coverage_block(request: Request, caller: Caller, issue: IssueRow) -> Block:
    """What covers an issue, by the choice in the address."""
    asked = coverage_of(request)
    found = await read(request, issue_coverage, caller, issue, asked)
    rows = [_row(test, found) for test in found.tests]
    below = [BelowRow(said.MARKS[status], h.key, cut(h.summary, _TITLE), h.type.label) for h, status in found.below]
    chosen = said.chosen_in_words(asked)
    return Block(
        said.MARKS[found.status], _words(found), sum(found.means.values()), said.bar(found.means), rows, [name for _, name in found.environments],
        below, asked, found.choices, said.query(asked, only=said.CHOICE), f"Results {chosen}" if chosen else "All results count",
        caller.may(Right.EDIT_ISSUE, issue.project_id),
    )  # fmt: skip


def _words(found: IssueCoverage) -> str:
    total = sum(found.means.values())
    if not total:
        return "No Test covers it."
    passed = found.means.get("OK", 0)
    if total == 1:
        return f"The latest run of its one Test {'passed' if passed else 'did not pass'}."
    return f"The latest runs of {f'{passed:,} of its' if passed < total else 'all its'} {amount(total, 'Test')} passed."


def _row(test: CoveringTest, found: IssueCoverage) -> TestRow:
    latest = _cell(test.result, "Latest", found.statuses)
    cells = [_cell(test.cells.get(number), name, found.statuses) for number, name in found.environments]
    return TestRow(
        latest.mark if latest else mark(found.statuses[TODO]), latest.run if latest else 0, latest.words if latest else "", test.head.key,
        cut(test.head.summary, _TITLE), cells, [h.key for h in test.of],
    )  # fmt: skip


def _cell(result: tuple[int, RunRow] | None, name: str, table: StatusTable) -> RunCell | None:
    if result is None:
        return None
    status, run = result
    shown, when = mark(table.by_id[status]), run.finish_ms or run.start_ms
    return RunCell(shown, run.id, f"{name}: {shown.name} in {run.execution_key}{f', {ago(when)}' if when else ''}")
