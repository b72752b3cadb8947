# SPDX-License-Identifier: Apache-2.0
"""Which execution another one is compared with. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAIN_BRANCH = "main_branch"
"""The setting of a project that names its main branch."""
MAIN = ("main", "master", "trunk")
"""The main branch of a project that doesn't say which it is."""


class Past(Struct, frozen=True):
    """An execution as the choice of a baseline sees it; `runs` tells how many of its runs are finished, `at_ms` when it began."""

    id: int
    key: str
    branch: str
    revision: str
    environments: tuple[str, ...]
    baseline_id: int | None
    runs: int
    at_ms: int


def main_branches(setting: str) -> tuple[str, ...]:
    """The names of the main branch, from the project's setting `main_branch`."""
    return (setting,) if setting else MAIN


def previous(e: Past, past: Iterable[Past]) -> Past | None:
    """The last execution before this one with results, of its branch and its test environments, and of another revision.

    `past` is newest first. A second run of one revision isn't its own measure: what the first broke would count as old.
    """
    return next((p for p in _older(e, past) if p.branch == e.branch and p.environments == e.environments), None)


def last_on_main(e: Past, past: Iterable[Past], main: Sequence[str]) -> Past | None:
    """The main branch's last execution before this one, of another revision: in its environments, else in any.

    None for one of that branch itself. What was merged before it was measured is on the main branch too, and not its own measure.
    """
    if e.branch in main or not e.branch:
        return None
    there = [p for p in _older(e, past) if p.branch in main]
    return next((p for p in there if p.environments == e.environments), there[0] if there else None)


def sequence(e: Past, past: Iterable[Past], main: Sequence[str]) -> list[Past]:
    """The executions that this one's results follow, itself first, then newest first.

    They are of its test environments, and of its branch or the main one: a failure is old if it was there already, whatever
    the same Test did on another device or on somebody else's branch.
    """
    branches = {e.branch} if e.branch in main or not e.branch else {e.branch, *main}
    return [e, *(p for p in _before(e, past) if p.environments == e.environments and p.branch in branches)]


def baseline(e: Past, past: Sequence[Past], main: Sequence[str]) -> Past | None:
    """What triage compares with: the one that was chosen, else the previous one, else the main branch's last."""
    return _chosen(e, past) or previous(e, past) or last_on_main(e, past, main)


def gate_baseline(e: Past, past: Sequence[Past], main: Sequence[str]) -> Past | None:
    """What a gate compares with: the one that was chosen, else the main branch's last, else the previous one.

    A branch is measured by where it came from: pushing again must not make its own failures old ones.
    """
    return _chosen(e, past) or last_on_main(e, past, main) or previous(e, past)


def _chosen(e: Past, past: Iterable[Past]) -> Past | None:
    return next((p for p in past if p.id == e.baseline_id), None) if e.baseline_id is not None else None


def _older(e: Past, past: Iterable[Past]) -> Iterable[Past]:
    return (p for p in _before(e, past) if not (e.revision and p.revision == e.revision))


def _before(e: Past, past: Iterable[Past]) -> Iterable[Past]:
    return (p for p in past if p.id < e.id and p.runs)
