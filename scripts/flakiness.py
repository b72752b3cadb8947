# SPDX-License-Identifier: Apache-2.0
"""What the rule of flakiness finds in histories whose truth is known, beside two simpler rules.

`python -m scripts.flakiness` prints the tables; with `--write` they are put into docs/explanation/flakiness.md. It is
seeded: the tables are the same at every run.
"""

from __future__ import annotations

import argparse
import random
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.flakiness import Result, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "flakiness.md"
BEGIN, END = "<!-- made by python -m scripts.flakiness --write -->", "<!-- end -->"
_HALF_DAY_MS = 43_200_000
RUNS = 60
RATES = (0.01, 0.02, 0.05, 0.1, 0.3)
KINDS: dict[str, int] = {
    "stable": 770, "stable, environment down at times": 100, "stable, a service of theirs down at times": 20, "always failing": 20, "broken once, then fixed": 50,
    "broken three times": 10, "broken and not fixed": 30, **{f"flaky at {rate:.0%}": 12 for rate in RATES},
}  # fmt: skip
"""How many Tests of each kind a made project has."""
WINDOWS = (10, 20, 30, 50, 60)


class World(Struct, frozen=True):
    """How a project works: whether failures are run again at once, and how many runs a revision gets."""

    retries: bool
    per_revision: int

    @property
    def label(self) -> str:
        """In words."""
        return f"{'retries' if self.retries else 'no retries'}, {self.per_revision} run{'s' if self.per_revision > 1 else ''} a revision"


WORLDS = tuple(World(retries, per) for retries in (True, False) for per in (1, 2, 4))


def histories(world: World, seed: int = 1206) -> Iterator[tuple[str, list[Result]]]:
    """The kind and the history of every Test of a made project."""
    rng = random.Random(f"{seed} {world}")  # noqa: S311  (nothing secret)
    down = {i for i in range(RUNS) if rng.random() < 0.05}  # noqa: PLR2004
    for kind, count in KINDS.items():
        for _ in range(count):
            yield kind, _history(rng, world, kind, down)


def _history(rng: random.Random, world: World, kind: str, down: set[int]) -> list[Result]:
    rate = float(kind.removeprefix("flaky at ").rstrip("%")) / 100 if kind.startswith("flaky") else 0.0
    broken = _breaks(rng, world, kind)
    found = []
    for i in range(RUNS):
        outage = i in down and kind.endswith("at times")
        again = world.retries and _fails(rng, rate, i in broken, outage)
        failed = _fails(rng, rate, i in broken, outage)
        if world.retries:
            first, failed = again, again and failed
        revision = f"r{i // world.per_revision}"
        # Where the environment was down most of an execution failed, which tells it; a service takes too few with it.
        told = outage and "environment" in kind
        found.append(Result(i + 1, i * _HALF_DAY_MS, not failed, 1, revision, outage=told, retried=world.retries and first and not failed))
    return found


def _fails(rng: random.Random, rate: float, broken: bool, outage: bool) -> bool:  # noqa: FBT001
    return broken or (outage and rng.random() < 0.9) or rng.random() < rate  # noqa: PLR2004


def _breaks(rng: random.Random, world: World, kind: str) -> set[int]:
    """The runs in which the product is broken: a break begins and ends with a revision."""
    revisions = RUNS // world.per_revision
    if kind == "always failing":
        return set(range(RUNS))
    if kind == "broken and not fixed":
        return set(range(rng.randrange(revisions // 2, revisions - 1) * world.per_revision, RUNS))
    times = {"broken once, then fixed": 1, "broken three times": 3}.get(kind, 0)
    broken: set[int] = set()
    for _ in range(times):
        first = rng.randrange(revisions - 2)
        length = min(1 + int(rng.expovariate(1 / 2)), revisions - 1 - first)
        broken |= set(range(first * world.per_revision, (first + length) * world.per_revision))
    return broken


def any_flip(results: Sequence[Result]) -> bool:
    """The simplest rule: it failed and it passed."""
    return any(a.passed != b.passed for a, b in pairwise(results)) or any(r.retried for r in results)


def two_flips(results: Sequence[Result]) -> bool:
    """A common rule: its verdict changed at least three times in the last 20 runs."""
    last = results[-20:]
    return sum(a.passed != b.passed for a, b in pairwise(last)) + 2 * sum(r.retried for r in last) >= 3  # noqa: PLR2004


RULES: dict[str, Callable[[Sequence[Result]], bool]] = {
    "Radiograph": lambda r: judge(r) is not None,
    "any flip": any_flip,
    "three flips in 20 runs": two_flips,
}


class Score(Struct):
    """How a rule did: of what it called flaky how much was (precision), of what was flaky how much it called so (recall)."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, flaky: bool, called: bool) -> None:  # noqa: FBT001
        """Count one Test."""
        self.right += flaky and called
        self.wrong += called and not flaky
        self.missed += flaky and not called

    @property
    def text(self) -> str:
        """Both, in percent."""
        called = self.right + self.wrong
        precision = f"{self.right / called:.0%}" if called else "-"
        return f"{precision} / {self.right / (self.right + self.missed):.0%}"


def _scores(world: World) -> dict[str, Score]:
    scores = {name: Score() for name in RULES}
    for kind, results in histories(world):
        for name, rule in RULES.items():
            scores[name].add(kind.startswith("flaky"), rule(results))
    return scores


def by_world() -> str:
    """Precision and recall of each rule in each world."""
    rows = [[w.label, *(s.text for s in _scores(w).values())] for w in WORLDS]
    return _table(["the project (precision / recall)", *RULES], rows)


def by_kind() -> str:
    """The share of each kind that is called flaky, with and without retries."""
    worlds = (World(True, 2), World(False, 2), World(False, 1))
    called: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for world in worlds:
        counts = dict.fromkeys(KINDS, 0)
        for kind, results in histories(world):
            counts[kind] += judge(results) is not None
        for kind, count in counts.items():
            called[kind].append(count / KINDS[kind])
    return _table(["called flaky", *(w.label for w in worlds)], [[k, *(f"{s:.0%}" for s in shares)] for k, shares in called.items()])


def by_window() -> str:
    """What a longer window finds, and how long a Test that was mended is still called flaky."""
    world, rows = World(True, 2), []
    for window in WINDOWS:
        score = Score()
        for kind, results in histories(world):
            score.add(kind.startswith("flaky"), judge(results, window) is not None)
        rows.append([f"{window} runs", *score.text.split(" / "), f"{_remembered(window):.0f} runs"])
    return _table(["window", "precision", "recall", "a mended Test is called flaky for"], rows)


def _remembered(window: int) -> float:
    """How many runs after it was mended a Test, flaky at 10 %, is called flaky, on average."""
    rng, total, tests = random.Random(7), 0, 40  # noqa: S311
    for _ in range(tests):
        flaky = _history(rng, World(True, 2), "flaky at 10%", set())
        later = [Result(RUNS + i, (RUNS + i) * _HALF_DAY_MS, True, 1, f"r{RUNS + i}") for i in range(1, RUNS + 2)]
        total += next((i for i in range(len(later)) if judge([*flaky, *later[:i]], window) is None), len(later))
    return total / tests


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("--:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def tables() -> str:
    """All three."""
    return f"{by_world()}\n\n{by_kind()}\n\n{by_window()}"


def with_tables(page: str) -> str:
    """The page with the tables of now."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: f"{BEGIN}\n\n{tables()}\n\n{END}", page, flags=re.DOTALL)


def main() -> None:
    """Print the tables, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
    else:
        print(tables())


if __name__ == "__main__":
    main()
