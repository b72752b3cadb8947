# SPDX-License-Identifier: Apache-2.0
"""Statuses of Test Runs and steps, and their algebra (Xray docs, Assessing the status of a Test Run)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Status(Struct, frozen=True):
    """A status: `id` is its number and rank, `color` is `#RRGGBB`, `requirement` is OK, NOK or NOTRUN.

    `of` is `run` or `step`; `means` is the run status that a step status stands for.
    """

    id: int
    name: str
    description: str
    color: str
    final: bool
    requirement: str
    of: str = "run"
    means: str = ""


PASS, TODO, EXECUTING, FAIL, ABORTED = "PASS", "TODO", "EXECUTING", "FAIL", "ABORTED"

RUN_STATUSES = (
    Status(0, PASS, "The test run has passed", "#95C160", True, "OK"),
    Status(1, TODO, "The test run has not started", "#A2A6AE", False, "NOTRUN"),
    Status(2, EXECUTING, "The test run is under way", "#F1E069", False, "NOTRUN"),
    Status(3, FAIL, "The test run has failed", "#D45D52", True, "NOK"),
    Status(4, ABORTED, "The test run was aborted", "#111111", True, "NOTRUN"),
)
STEP_STATUSES = (
    Status(0, PASS, "The step has passed", "#95C160", True, "OK", "step", PASS),
    Status(1, TODO, "The step has not started", "#A2A6AE", False, "NOTRUN", "step", TODO),
    Status(2, EXECUTING, "The step is under way", "#F1E069", False, "NOTRUN", "step", EXECUTING),
    Status(3, FAIL, "The step has failed", "#D45D52", True, "NOK", "step", FAIL),
)
DEFAULT_ALIASES: Mapping[str, str] = {
    "PASSED": PASS,
    "FAILED": FAIL,
    "TO DO": TODO,
    "SKIPPED": TODO,
    "PENDING": TODO,
    "XFAIL": TODO,
}


def parse_aliases(text: str) -> dict[str, str]:
    """Read `PASSED=PASS, TO DO=TODO`: what reporters write, and the status that it means. Raises ValueError."""
    aliases = {}
    for pair in filter(None, map(str.strip, text.split(","))):
        written, sign, meant = (part.strip().upper() for part in pair.partition("="))
        if not (sign and written and meant):
            message = f"{pair!r} is not NAME=STATUS"
            raise ValueError(message)
        aliases[" ".join(written.split())] = meant
    return aliases


class StatusTable:
    """The statuses of one kind by name, with the instance's aliases; look-ups ignore case."""

    def __init__(self, statuses: Iterable[Status], aliases: Mapping[str, str] = DEFAULT_ALIASES) -> None:
        """Build the look-up; an own status wins over an alias of the same name."""
        self.all = tuple(sorted(statuses, key=lambda s: s.id))
        self.by_id = {s.id: s for s in self.all}
        own = {s.name.upper(): s for s in self.all}
        self._names = {a.upper(): own[t.upper()] for a, t in aliases.items() if t.upper() in own} | own
        self.named = self._names.get

    def find(self, name: str) -> Status | None:
        """The status of that name or alias, or None."""
        found = self._names.get(name)
        return found if found is not None else self._names.get(" ".join(name.split()).upper())

    def __getitem__(self, name: str) -> Status:
        """The status of that exact built-in name; KeyError when there is none."""
        return self._names[name]


def severity(table: StatusTable) -> list[int]:
    """Status ids, what needs a look first: failures, then what isn't finished, passes last."""
    order = {"NOK": 0, "NOTRUN": 1, "OK": 2}
    return [s.id for s in sorted(table.all, key=lambda s: (order.get(s.requirement, 1), -s.id))]


def failing(table: StatusTable) -> list[int]:
    """The ids of the statuses that mean a failure."""
    return [s.id for s in table.all if s.requirement == "NOK"]


def finished(table: StatusTable, counts: Mapping[int, int]) -> int:
    """How many runs have a result, a final status, of counts by status id: what is planned or under way has none."""
    return sum(runs for status, runs in counts.items() if table.by_id[status].final)


def combine(statuses: Iterable[Status]) -> Status | None:
    """The status of a whole from those of its parts; None for no parts; the order doesn't matter.

    All alike: that one. FAIL wins over all, then what means NOK. Only TODO mixed with PASS is
    EXECUTING (so is anything else that is under way). Any status wins over PASS, final over not
    final, then the higher id (Xray docs, Assessing the status of a Test Run).
    """
    seen = {s.name: s for s in statuses}
    if not seen:
        return None
    if seen.keys() == {PASS, TODO}:
        return next(s for s in (*RUN_STATUSES,) if s.name == EXECUTING)
    return max(seen.values(), key=_weight)


def combine_reported(one: Status, other: Status, todo: Status) -> Status:
    """The status of two results of one Test in a report of another format than Xray JSON.

    All PASS: PASS; any FAIL (or what means NOK): that; else TODO (Xray docs, Import Execution Results, JUnit XML).
    """
    if one.name == other.name:
        return one
    worse = max(one, other, key=_weight)
    return worse if worse.name == FAIL or worse.requirement == "NOK" else todo


def _weight(status: Status) -> tuple[bool, bool, bool, bool, int]:
    return (
        status.name == FAIL,
        status.requirement == "NOK",
        status.name != PASS,
        status.final,
        status.id,
    )
