# SPDX-License-Identifier: Apache-2.0
"""What a tester goes through in a run: its steps, or those of one of its iterations, then the rows of its examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.manual import ManualPlace
from radiograph.domain.parameters import resolved
from radiograph.web.manual.state import ManualDefect, ManualFile, ManualResult, ManualState, ManualStep
from radiograph.web.pages.statuses import Mark
from radiograph.web.pages.words import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.web.manual.state import ManualStatus

_CELL = re.compile(r"<([^<>]{1,255})>")
_TODO = ManualResult("TODO")


class Item(Struct, kw_only=True):
    """A step or a row of examples, with its result; `number` counts over both from 1."""

    number: int
    kind: str
    place: ManualPlace
    title: str
    action: str
    data: str = ""
    expected: str = ""
    status: str
    mark: Mark
    href: str
    current: bool = False
    actual: str = ""
    comment: str = ""
    locked: bool = False
    files: list[ManualFile] = []
    evidence: list[ManualFile] = []
    defects: list[ManualDefect] = []
    bug_summary: str = ""
    bug_description: str = ""


def marks_of(statuses: list[ManualStatus]) -> dict[str, Mark]:
    """How each status is shown."""
    return {s.name: Mark(s.name, s.shape, s.colour, s.failed) for s in statuses}


def items_of(s: ManualState, iteration: int) -> list[Item]:
    """All that is to be done in an iteration (0: in the run itself)."""
    values = values_of(s, iteration)
    steps = [] if iteration == 0 and s.scopes[0].iteration else [_step(s, i, values, iteration) for i in range(len(s.steps))]
    marks = marks_of(s.run_statuses)
    rows = [
        Item(
            number=len(steps) + i + 1, kind="example", place=ManualPlace(example=i + 1), title=f"Row {i + 1}",
            action=", ".join(f"{k}: {v}" for k, v in x.values.items()) or f"Row {i + 1}", expected=filled(s.scenario, x.values) if s.scenario else "",
            status=x.status, mark=marks[x.status], href=f"?example={i + 1}",
        )
        for i, x in enumerate(s.examples)
    ]  # fmt: skip
    return steps + rows


def values_of(s: ManualState, iteration: int) -> dict[str, str]:
    """The parameters of an iteration."""
    return next((x.parameters for x in s.scopes if x.iteration == iteration), {})


def filled(scenario: str, values: Mapping[str, str]) -> str:
    """The steps of an outline with a row's values in them, without its tables."""
    steps = re.split(r"^\s*(?:Examples|Scenarios)\s*:", scenario, maxsplit=1, flags=re.MULTILINE)[0]
    return _CELL.sub(lambda found: values.get(found[1], found[0]), steps).strip()


def _step(s: ManualState, index: int, values: Mapping[str, str], iteration: int) -> Item:
    said: ManualStep = s.steps[index]
    result = s.results.get(f"{iteration}/{index + 1}", _TODO)
    action, data, expected = (resolved(text, values) for text in (said.action, said.data, said.expected))
    query = f"iteration={iteration}&step={index + 1}" if iteration else f"step={index + 1}"
    return Item(
        number=index + 1, kind="step", place=ManualPlace(iteration=iteration, step=index + 1), title=f"Step {index + 1}", action=action, data=data,
        expected=expected, status=result.status, mark=marks_of(s.step_statuses)[result.status], href=f"?{query}", actual=result.actual,
        comment=result.comment, locked=result.locked, files=said.files, evidence=result.evidence, defects=result.defects,
    )  # fmt: skip


def whole_run(s: ManualState) -> Item:
    """The run itself, where it has no steps and no rows."""
    mark = marks_of(s.run_statuses)[s.run.status]
    return Item(number=0, kind="run", place=ManualPlace(), title="The run", action="", status=s.run.status, mark=mark, href="?")


def describe(s: ManualState, item: Item, summary: str, link: str) -> None:
    """Write what a Bug that this step shows would say: the steps so far, what was expected and what came."""
    what = f"step {item.number}" if item.kind == "step" else item.title.lower()
    item.bug_summary = cut(f"{summary}: {what} fails" if item.kind != "run" else f"{summary} fails", 255)
    values = values_of(s, item.place.iteration)
    lines = [
        f"{i + 1}. {resolved(x.action, values)}" + (f" ({resolved(x.data, values)})" if x.data else "")
        for i, x in enumerate(s.steps[: item.number])
    ]
    parts = ["Steps:\n" + "\n".join(lines)] if item.kind == "step" else []
    parts += [f"Expected:\n{item.expected}"] if item.expected else []
    parts += [f"Actual:\n{item.actual}"] if item.actual else ["Actual:\n"]
    item.bug_description = cut("\n\n".join([*parts, f"Seen in {s.test} of {s.execution}: {link}"]), 20_000)
