# SPDX-License-Identifier: Apache-2.0
"""When a Test is flaky: it gives both verdicts while nothing that it tests has changed.

The rule is explained, with its limits and with what it finds in made histories, in docs/explanation/flakiness.md.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WINDOW = 50
"""How many of the last finished runs are looked at."""
WINDOW_MS = 30 * 86_400_000
"""How far back from the newest of them, in milliseconds."""
RETRY_MS = 6 * 3_600_000
"""A result that replaces a failure within this time is a retry; after it, it is a test of something new."""
BROKEN = 5
"""So many failures in a row at the end are a break, whatever was before."""
SHORT = 2
"""A row of failures no longer than this may be chance; a longer one is a break that lasted."""
RETURNS = 2
"""So many returns of a failure are taken as flaky when nothing stronger shows it."""
OUTAGE_SHARE, OUTAGE_RUNS = 0.3, 10
"""An execution of at least so many runs with this share of failures says something of its environment, not of its Tests."""
_STEADY = 1
_SMOOTH = 5

RETRY, REVISION, RETURN = "retry", "revision", "return"
"""Kinds of evidence: a retry passed; another run at the same revision passed; a failure came, went and came again."""


class Result(Struct, frozen=True, gc=False):
    """A finished run of a Test on one set of test environments; `at_ms` is UTC milliseconds.

    `retried`: it passed after a failure of the same run, shortly before. `outage`: so much failed in its execution that
    the environment is to blame. `version` is the definition's; `main` tells that its branch is the main one.
    """

    run: int
    at_ms: int
    passed: bool
    version: int = 0
    revision: str = ""
    main: bool = True
    outage: bool = False
    retried: bool = False


class Piece(Struct, frozen=True):
    """A piece of evidence: its kind, the run that shows it, and the run that it differs from (None: its own earlier attempt)."""

    kind: str
    run: int
    other: int | None = None
    revision: str = ""
    at_ms: int = 0


class Finding(Struct, frozen=True):
    """What the last runs of a Test say; `runs` were looked at, of which `failures` failed in the end.

    `trend` is 1 where the newer half of the runs shows more than the older one, -1 where it shows less, else 0.
    `quiet` is how many runs came after the last piece of evidence.
    """

    runs: int
    failures: int
    pieces: tuple[Piece, ...]
    trend: int
    quiet: int

    def count(self, *kinds: str) -> int:
        """How many pieces are of these kinds."""
        return sum(p.kind in kinds for p in self.pieces)

    @property
    def score(self) -> int:
        """How flaky, for an order: pieces (a return counts half) per 1,000 runs, with 5 runs added so that few runs don't lead."""
        weight = self.count(RETRY, REVISION) + self.count(RETURN) / 2
        return round(1000 * weight / (self.runs + _SMOOTH))


def is_outage(failures: int, runs: int) -> bool:
    """Whether so many of an execution's finished runs failed, at first or in the end, that its environment is to blame."""
    return runs >= OUTAGE_RUNS and failures >= OUTAGE_SHARE * runs


def judge(results: Sequence[Result], window: int = WINDOW) -> Finding | None:
    """What the results (oldest first) of a Test on one set of environments show; None: it is not flaky.

    A Test that always fails is never flaky, and neither is one that broke, or was mended, by one step that stays.
    """
    seen = _window(results, window)
    if not seen or _is_broken(seen):
        return None
    strong = [*_retries(seen), *_flips(seen)]
    weak = list(_returns(seen))
    if not strong and len(weak) < RETURNS:
        return None
    found = {p.run: p for p in (*weak, *strong)}  # a run is one piece, by the strongest that it shows
    pieces = tuple(sorted(found.values(), key=lambda p: p.run))
    return Finding(len(seen), sum(not r.passed for r in seen), pieces, _trend(seen, found), _quiet(seen, found))


def _window(results: Sequence[Result], window: int) -> Sequence[Result]:
    last = results[-window:]
    return [r for r in last if r.at_ms >= last[-1].at_ms - WINDOW_MS]


def _is_broken(seen: Sequence[Result]) -> bool:
    return not any(r.passed for r in seen[-BROKEN:])


def _retries(seen: Sequence[Result]) -> Iterator[Piece]:
    """Runs that failed and passed when they were run again."""
    return (Piece(RETRY, r.run, None, r.revision, r.at_ms) for r in seen if r.passed and r.retried and not r.outage)


def _flips(seen: Sequence[Result]) -> Iterator[Piece]:
    """Runs that failed where another run of the same revision and definition passed."""
    passed = {(r.revision, r.version): r.run for r in seen if r.passed and r.revision and not r.outage}
    for r in seen:
        other = passed.get((r.revision, r.version))
        if other is not None and not r.passed and not r.outage:
            yield Piece(REVISION, r.run, other, r.revision, r.at_ms)


def _returns(seen: Sequence[Result]) -> Iterator[Piece]:
    """Short rows of failures on the main branch that came after an earlier one had gone by itself, with the same definition."""
    line = [r for r in seen if r.main and not r.outage]
    before: Result | None = None
    for passed, streak in groupby(line, key=lambda r: r.passed):
        row = list(streak)
        if passed:
            continue
        first, last = row[0], row[-1]
        if len(row) > SHORT:
            before = None
            continue
        if before is not None and before.version == first.version:
            yield Piece(RETURN, first.run, before.run, first.revision, first.at_ms)
        before = last


def _trend(seen: Sequence[Result], found: dict[int, Piece]) -> int:
    half = len(seen) // 2
    older, newer = (sum(r.run in found for r in part) for part in (seen[:half], seen[half:]))
    return 0 if abs(newer - older) <= _STEADY else (1 if newer > older else -1)


def _quiet(seen: Sequence[Result], found: dict[int, Piece]) -> int:
    return next((i for i, r in enumerate(reversed(seen)) if r.run in found), len(seen))


def sentence(runs: int, retries: int, flips: int, returns: int, environments: Sequence[str], *, revision: bool = True) -> str:
    """`flaky on iOS: in 4 of the last 20 runs a retry at the same revision passed`; `revision`: the retries' one is known."""
    where = f" on {' / '.join(environments)}" if environments else ""
    return f"flaky{where}: {reason(runs, retries, flips, returns, revision=revision)}"


def reason(runs: int, retries: int, flips: int, returns: int, *, revision: bool = True) -> str:
    """`in 4 of the last 20 runs a retry at the same revision passed`: what was seen, without where."""
    same = "at the same revision" if revision else "in the same execution"
    said = []
    if retries:
        said.append(f"in {retries} of the last {runs} runs a retry {same} passed")
    if flips:
        said.append(f"{_of(flips, runs, first=not said)} failed while another run at the same revision passed")
    if returns and not said:
        said.append(f"in the last {runs} runs it failed, passed and failed again {_times(returns)} with its definition unchanged")
    return ", and ".join(said)


def _of(count: int, runs: int, *, first: bool) -> str:
    return f"{count} of the last {runs} runs" if first else str(count)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
