# SPDX-License-Identifier: Apache-2.0
"""Fixtures of Allure's containers: those that failed, and those with files, become steps of the results they were run for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import cut
from radiograph.formats.allure_steps import Folder, has_files, read_fixture, status_of, told
from radiograph.formats.allure_wire import WireContainer, WireStep, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.formats.allure_results import Try


class Fixture(Struct):
    """A fixture, the container file it stands in and how many results it was added to."""

    kind: str
    place: str
    step: WireStep
    used: int = 0

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return status_of(text(self.step.status)) == "FAIL"


class Fixtures:
    """The fixtures that tell something, by the results that they were run for."""

    def __init__(self) -> None:
        """Begin with none."""
        self._children: dict[str, list[str]] = {}
        self._own: dict[str, list[Fixture]] = {}
        self._loose: list[Fixture] = []

    def add(self, container: WireContainer, place: str) -> None:
        """Keep a container's fixtures that failed or have files."""
        uuid = text(container.uuid) or place
        self._children[uuid] = [text(child) for child in container.children or ()]
        pairs = [("before", step) for step in container.befores or ()] + [("after", step) for step in container.afters or ()]
        kept = [Fixture(kind, place, step) for kind, step in pairs]
        kept = [fixture for fixture in kept if fixture.failed or has_files(fixture.step)]
        if kept:
            self._own[uuid] = kept

    def give(self, tries: Iterable[Try], folder: Folder) -> list[str]:
        """Add them to the tries, after the steps of their own, whose positions stay; what belongs to none is noted.

        One that failed is a step of every result that it was run for. The files of one that passed are given to the first.
        """
        by_child: dict[str, list[Fixture]] = {}
        for uuid, fixtures in self._own.items():
            for child in self._results_of(uuid):
                by_child.setdefault(child, []).extend(fixtures)
        for one in tries:
            for fixture in by_child.get(one.uuid, ()):
                if fixture.failed or not fixture.used:
                    _add(one, fixture, folder)
        return [note for fixtures in self._own.values() for note in _unused(fixtures)]

    def _results_of(self, uuid: str) -> Iterator[str]:
        """The results that a container is of; containers may be children of others."""
        todo, seen = [uuid], {uuid}
        while todo:
            for child in self._children.get(todo.pop(), ()):
                if child in self._children and child not in seen:
                    todo.append(child)
                elif child not in seen:
                    yield child
                seen.add(child)


def _add(one: Try, fixture: Fixture, folder: Folder) -> None:
    fixture.used += 1
    step = read_fixture(fixture.kind, fixture.step, fixture.place, folder, one.result.warnings)
    if fixture.failed or step.evidence:
        one.result.steps = [*one.result.steps, step]
    if fixture.failed and not one.result.comment and one.result.status != "PASS":
        one.result.comment = told(fixture.step.status_details)


def _unused(fixtures: Iterable[Fixture]) -> Iterator[str]:
    for fixture in fixtures:
        if not fixture.used and fixture.failed:
            message = told(fixture.step.status_details, trace=False)
            yield f"{fixture.place}: the {fixture.kind} {cut(text(fixture.step.name))} failed, and no result names it: {cut(message)}"
