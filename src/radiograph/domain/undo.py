# SPDX-License-Identifier: Apache-2.0
"""What becomes of everything that an import made or changed when it is taken back. Pure.

A run returns to its attempt before; one that only the import made goes; one that was there without a result is without one
again. What a person has changed since, or uses, stays as it is, and the reason is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from radiograph.domain.id_ranges import Ranges, is_within, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Made(Struct, frozen=True, omit_defaults=True):
    """What an import made, as its record keeps it: run ids, ids of definition versions, links to Test Plans, Tests added to them.

    `changes` is the highest id that a change by hand in its project had then; None where the record is older than that.
    """

    runs: Ranges = []
    definitions: Ranges = []
    linked: list[int] = []
    added: dict[int, Ranges] = {}
    changes: int | None = None


def together(made: Iterable[Made]) -> Made:
    """What several imports made."""
    all_of = list(made)
    added: dict[int, Ranges] = {}
    for one in all_of:
        for plan, tests in one.added.items():
            added[plan] = joined([*added.get(plan, []), *tests])
    return Made(
        joined(r for m in all_of for r in m.runs), joined(r for m in all_of for r in m.definitions),
        sorted({p for m in all_of for p in m.linked}), added,
    )  # fmt: skip


class AttemptState(Struct, frozen=True, gc=False):
    """An earlier result of a run; `mine` are those of the import."""

    id: int
    status_id: int
    version_id: int
    mine: bool


class RunState(Struct, frozen=True, gc=False):
    """A run that the import touched: `mine` if its present result is the import's, its attempts oldest first."""

    id: int
    test_id: int
    status_id: int
    version_id: int
    mine: bool
    edited: bool
    attempts: list[AttemptState]


class Stay(Struct, frozen=True):
    """Something of the import that stays: the key of its issue, and why."""

    key: str
    why: str


class RunChanges(Struct):
    """What to do with the runs; ids of runs and of attempts."""

    restored: list[tuple[RunState, AttemptState]] = field(default_factory=list)
    """The attempt becomes the run's result again."""
    emptied: list[RunState] = field(default_factory=list)
    gone: list[RunState] = field(default_factory=list)
    kept: list[RunState] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    """Attempts that the import made, which go."""
    renumbered: list[tuple[int, int]] = field(default_factory=list)
    """Attempts that stay, and their new numbers."""
    left: list[tuple[int, int]] = field(default_factory=list)
    """Runs that keep their result, and how many attempts they have now."""
    versions: set[int] = field(default_factory=set)
    """Definition versions that the runs which stay, and their attempts, are of."""

    def by_status(self, todo: int) -> dict[int, int]:
        """By status id, how many runs more (or fewer) the execution has; runs that go are counted where they are removed."""
        more: dict[int, int] = {}
        after = [*((run, attempt.status_id) for run, attempt in self.restored), *((run, todo) for run in self.emptied)]
        for run, status in after:
            more[run.status_id] = more.get(run.status_id, 0) - 1
            more[status] = more.get(status, 0) + 1
        return more


def decide_runs(runs: Iterable[RunState], made: Ranges) -> RunChanges:
    """Decide for each run; `made` are the runs that this import and imports undone before it made."""
    changes = RunChanges()
    for run in runs:
        if run.mine and run.edited:
            changes.kept.append(run)
            changes.versions |= {run.version_id, *(a.version_id for a in run.attempts)}
        else:
            _decide(run, changes, made)
    return changes


def _decide(run: RunState, changes: RunChanges, made: Ranges) -> None:
    others = [a for a in run.attempts if not a.mine]
    changes.dropped += [a.id for a in run.attempts if a.mine]
    if not run.mine:
        changes.versions.add(run.version_id)
        if len(others) < len(run.attempts):
            changes.left.append((run.id, len(others)))
    elif others:
        changes.restored.append((run, others[-1]))
    elif is_within(made, run.id):
        changes.gone.append(run)
    else:
        changes.emptied.append(run)
    changes.versions |= {a.version_id for a in others}
    staying = others[:-1] if run.mine else others
    before = [a.id for a in run.attempts]
    changes.renumbered += [(a.id, i) for i, a in enumerate(staying, 1) if before.index(a.id) + 1 != i]


class TestState(Struct, frozen=True, gc=False):
    """A Test that the import made, or gave a new definition version.

    `versions` are the ids of all its versions, oldest first, `mine` those of the import. `elsewhere` are the versions that runs and
    attempts which the import didn't touch are of, in whatever execution, `used` says in words what else holds it, and `here` whether
    it has a run in the execution.
    """

    __test__ = False

    id: int
    key: str
    project_id: int
    made: bool
    version_id: int
    versions: list[int]
    mine: frozenset[int]
    elsewhere: frozenset[int] = frozenset()
    used: str = ""
    here: bool = True


class TestChanges(Struct):
    """What to do with the Tests."""

    __test__ = False

    gone: list[TestState] = field(default_factory=list)
    returned: list[tuple[TestState, int]] = field(default_factory=list)
    """The Test, and the definition version that is its current one again."""
    stays: list[Stay] = field(default_factory=list)


def decide_tests(tests: Iterable[TestState], changes: RunChanges) -> TestChanges:
    """Decide for each Test, after the runs were decided."""
    found = TestChanges()
    going = {run.test_id for run in changes.gone}
    for test in tests:
        if test.made:
            why = _why_kept(test, in_execution=test.here and test.id not in going)
            if why:
                found.stays.append(Stay(test.key, why))
            else:
                found.gone.append(test)
        else:
            _return(test, changes, found)
    return found


def _why_kept(test: TestState, *, in_execution: bool) -> str:
    if in_execution:
        return "it has a run in the execution that stays"
    if test.elsewhere:
        return "other executions have runs of it"
    if not test.mine.issuperset(test.versions):
        return "its definition was changed since"
    return test.used


def _return(test: TestState, changes: RunChanges, found: TestChanges) -> None:
    if test.version_id not in test.mine:
        return  # a newer definition is its current one
    before = [v for v in test.versions if v not in test.mine and v < test.version_id]
    if (test.elsewhere | changes.versions) & test.mine:
        found.stays.append(Stay(test.key, "its new definition is the one that other results are of"))
    elif before:
        found.returned.append((test, before[-1]))


def why_execution_stays(remaining: int, later: Sequence[int], used: str) -> str:
    """Why the execution that the import made can't go; "" when it can. `later` are other imports into it that stand."""
    if later:
        return f"import {later[0]} put results into it too" if len(later) == 1 else f"{len(later)} other imports put results into it"
    return "it has runs that stay" if remaining else used
