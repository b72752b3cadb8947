# SPDX-License-Identifier: Apache-2.0
"""Elements of one feature that are one scenario: the rows of a scenario outline, and what was tried again.

Reports have one element for each row, and no tool says whose row it is. What tells it: the outline's own id, Test key
or step lines, or the same name and steps.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, field

from radiograph.domain.statuses import FAIL, PASS, TODO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.domain.clock import Instant
    from radiograph.domain.report import TestResult

KEY = re.compile(r"(?:TEST_)?[A-Z][A-Z0-9_]*-[0-9]+")
"""A tag that may be the key of a Test; whether it is one is for the store to say."""
_ROW_ID = re.compile(r"(.+;.*;.*);[0-9]+")
_OF_ONE = re.compile(r";[0-9]+$|\]$")
"""The end of an id that is of one row: Cucumber's number of the row, pytest's parameters."""


class Row(Struct):
    """One element: its result, and what tells whose it is.

    `at` is its id and line, `lines` those of its steps (0: not told), `tags` those that its feature doesn't have.
    """

    result: TestResult
    name: str
    at: tuple[str, int]
    lines: tuple[int, ...]
    outline: bool
    tags: list[str]
    status: str

    @property
    def tells_itself(self) -> bool:
        """Whether its place is its own: cucumber-js gives the id and line of the outline to each of its rows."""
        return self.at[1] > 0 and (not self.outline or bool(_OF_ONE.search(self.at[0])))

    def identities(self) -> Iterator[tuple[object, ...]]:
        """What this element has in common with the others of its scenario, each enough by itself."""
        keys = frozenset(tag for tag in self.tags if KEY.fullmatch(tag))
        lines = self.lines if self.lines and all(self.lines) else ()
        if self.name or lines:
            yield "name", keys, self.name, lines
        row_of = _ROW_ID.fullmatch(self.at[0])
        if row_of:
            yield "id", keys, row_of[1]
        if self.outline and lines:
            yield "lines", keys, lines
        if self.outline and self.name:
            yield "outline", keys, self.name
        tests = frozenset(tag for tag in keys if tag.startswith("TEST_"))
        if self.outline and tests:
            yield "tests", tests


class Scenario(Struct):
    """The elements that are one scenario, in the report's order; a row tried again stands once, by its last try."""

    rows: list[Row] = field(default_factory=list)


class Scenarios:
    """Gathers the elements of one feature."""

    def __init__(self) -> None:
        """With none yet."""
        self._all: list[Scenario] = []
        self._known: dict[tuple[object, ...], Scenario] = {}

    def add(self, row: Row) -> None:
        """Add an element to its scenario; one that ran again after it had not failed is one more scenario."""
        identities = list(row.identities())
        scenario = next((self._known[i] for i in identities if i in self._known), None)
        earlier = next((i for i, r in enumerate(scenario.rows) if r.at == row.at), None) if scenario and row.tells_itself else None
        if scenario is not None and earlier is not None and scenario.rows[earlier].status == FAIL:
            _try_again(scenario, earlier, row)
            return
        if scenario is None or (earlier is not None and not row.outline and len(scenario.rows) == 1):
            scenario = Scenario()
            self._all.append(scenario)
        scenario.rows.append(row)
        self._known |= dict.fromkeys(identities, scenario)

    def results(self) -> Iterator[TestResult]:
        """One result for each scenario."""
        for scenario in self._all:
            if len(scenario.rows) > 1 or scenario.rows[0].outline:
                yield _of_rows(scenario.rows)
            else:
                yield scenario.rows[0].result


def _try_again(scenario: Scenario, at: int, row: Row) -> None:
    earlier = scenario.rows[at].result
    row.result.attempts = [*earlier.attempts, earlier]
    earlier.attempts = []
    scenario.rows[at] = row


def whole_status(statuses: Iterable[str]) -> str:
    """FAIL if any is, PASS if all are, "" for the server to compute where a status of the instance's own is among them, else TODO."""
    seen = set(statuses)
    if FAIL in seen:
        return FAIL
    if seen == {PASS}:
        return PASS
    return TODO if seen <= {PASS, TODO} else ""


def _of_rows(rows: list[Row]) -> TestResult:
    """The result of a scenario outline: the first row's, with what the others add."""
    result = rows[0].result
    shown = next((row for row in rows if row.status == FAIL), rows[0])
    _tell_tries(rows)
    for row in rows[1:]:
        result.warnings += row.result.warnings
        result.tags = list(dict.fromkeys((*result.tags, *row.result.tags)))
    files = [file for row in rows for file in row.result.evidence]
    files += [file for row in rows if row is not shown for step in row.result.steps for file in step.evidence]
    result.evidence, result.steps = files, shown.result.steps
    result.comment = "\n\n".join(f"Row {n}: {row.result.comment}" for n, row in enumerate(rows, 1) if row.result.comment)
    result.examples = [row.status for row in rows]
    result.status = whole_status(result.examples)
    _times(result, [row.result for row in rows])
    return result


def _tell_tries(rows: list[Row]) -> None:
    """An attempt is one of the whole Test; of a row's earlier tries only their number is kept."""
    for number, row in enumerate(rows, 1):
        if row.result.attempts:
            tries = len(row.result.attempts) + 1
            row.result.warnings.append(f"{row.result.place}: row {number} was tried {tries} times; its last try counts")
            row.result.attempts = []


def _times(result: TestResult, parts: list[TestResult]) -> None:
    starts = [r.start for r in parts if r.start is not None]
    ends = [r.finish for r in parts if r.finish is not None]
    spent = [r.elapsed for r in parts if r.elapsed is not None]
    result.start = min(starts, key=_ms) if len(starts) == len(parts) else None
    result.finish = max(ends, key=_ms) if len(ends) == len(parts) else None
    result.elapsed = round(sum(spent), 9) if spent else None


def _ms(instant: Instant) -> int:
    return instant.ms
