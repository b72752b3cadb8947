# SPDX-License-Identifier: Apache-2.0
"""The steps of a Manual Test as people edit them: what stands beside their texts, and how a list of them changes. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.domain.errors import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.issues import Step

MOST_STEPS = 10_000
"""How many steps a definition has at most: a step's id leaves room for so many positions."""
_COMPARED = 200
"""Longer stretches of changed steps aren't compared with each other: it would cost seconds."""


class StepDetail(Struct, frozen=True, omit_defaults=True):
    """What a step has beside its texts. `id` is stable; `attachments` are ids, `calls` is the id of the Test that it calls.

    `fields` are custom ones by name, each with its text, or with the texts that were chosen.
    """

    id: int
    attachments: tuple[int, ...] = ()
    fields: dict[str, str | list[str]] = {}
    calls: int | None = None


class TestStep(Struct, frozen=True):
    """A step of a Test with its details."""

    __test__ = False

    step: Step
    detail: StepDetail


class StepChange(Struct, kw_only=True):
    """What a request says of a step; None leaves a text as it is.

    `index` counts from 1, `calls` is the key of a Test, `remove` are ids of attachments, `custom` are custom
    fields by name with what was sent.
    """

    action: str | None = None
    data: str | None = None
    result: str | None = None
    custom: dict[str, Any] = {}
    index: int | None = None
    calls: str = ""
    remove: list[int] = []


def step_id(version_id: int, position: int) -> int:
    """The id of the step that first stood at this position (from 0) of a definition version."""
    return version_id * MOST_STEPS + position


def details_of(version_id: int, count: int) -> list[StepDetail]:
    """The details of the steps of a version that says nothing of them."""
    return [StepDetail(step_id(version_id, i)) for i in range(count)]


def joined(steps: Sequence[Step], details: Sequence[StepDetail]) -> list[TestStep]:
    """The steps with their details."""
    return [TestStep(step, detail) for step, detail in zip(steps, details, strict=True)]


def position_of(steps: Sequence[TestStep], number: int, key: str) -> int:
    """Where the step of this id stands, from 0; raises NotFound that names the Test."""
    for i, one in enumerate(steps):
        if one.detail.id == number:
            return i
    raise NotFound(f"{key} has no step with the id {number}.")


def insert(steps: Sequence[TestStep], new: TestStep, index: int | None) -> list[TestStep]:
    """The steps with one more, at `index` (from 1; None or beyond the end: the last). Raises Refused when there are too many."""
    if len(steps) >= MOST_STEPS:
        raise Refused(f"A Test has at most {MOST_STEPS} steps.")
    at = len(steps) if index is None else min(max(index - 1, 0), len(steps))
    return [*steps[:at], new, *steps[at:]]


def replace(steps: Sequence[TestStep], position: int, new: TestStep, index: int | None) -> list[TestStep]:
    """The steps with another one at this position (from 0), moved to `index` (from 1; None: it stays)."""
    rest = remove(steps, position)
    return insert(rest, new, position + 1 if index is None else index)


def remove(steps: Sequence[TestStep], position: int) -> list[TestStep]:
    """The steps without the one at this position (from 0)."""
    return [*steps[:position], *steps[position + 1 :]]


def carry(old: Sequence[TestStep], new: Sequence[Step], version_id: int) -> list[StepDetail] | None:
    """The details of new steps that were written as a whole: each step that equals an old one, in order, keeps the old one's.

    None when none is kept: then every id follows from the version's.
    """
    details = details_of(version_id, len(new))
    kept = False
    for a, b, size in _equal_stretches([one.step for one in old], new):
        details[b : b + size] = [one.detail for one in old[a : a + size]]
        kept = True
    return details if kept else None


def _equal_stretches(old: Sequence[Step], new: Sequence[Step]) -> list[tuple[int, int, int]]:
    """Where equal steps stand: at the beginning, in what lies between, and at the end; (old, new, how many)."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [(0, 0, head), (len(old) - tail, len(new) - tail, tail)]
    if all(middle) and max(map(len, middle)) <= _COMPARED:
        blocks = SequenceMatcher(None, *middle, autojunk=False).get_matching_blocks()
        found += [(head + b.a, head + b.b, b.size) for b in blocks]
    return [stretch for stretch in found if stretch[2]]


def shown_step(position: int, step: Step) -> str:
    """A step as the history of an issue has it."""
    return f"{position + 1}. {step.action} | {step.data} | {step.result}"


# --- custom fields ------------------------------------------------------------------------------
NATIVE = {"action": "action", "step": "action", "data": "data", "expected result": "result", "result": "result"}
"""The three fields that every step has, by the names that clients give them (in lower case)."""


class StepField(Struct, frozen=True):
    """A custom field of a project's steps; `options` are those that can be chosen, none for a text."""

    id: int
    name: str
    type: str
    options: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """How Xray shows it: `Option`, `Wiki` or `Data` (Xray docs, Test Steps - REST v2)."""
        if self.options:
            return "Option"
        return "Wiki" if any(word in self.type.lower() for word in ("wiki", "multi", "area")) else "Data"


def custom_values(given: dict[str, Any], fields: Sequence[StepField]) -> tuple[dict[str, str | list[str]], list[str]]:
    """The values of custom fields by their own names ("" or []: cleared), and warnings about those that are unknown."""
    by_name = {f.name.strip().lower(): f for f in fields}
    values: dict[str, str | list[str]] = {}
    warnings = []
    for name, value in given.items():
        field = by_name.get(name.strip().lower())
        if field is None:
            warnings.append(f"There is no step field {name[:100]!r} in this project; it was ignored.")
            continue
        chosen = [text for one in (value if isinstance(value, list) else [value]) if (text := plain(one))]
        if field.options:
            chosen, bad = _options(chosen, field)
            warnings += bad
        values[field.name] = chosen if field.options else " ".join(chosen)
    return values, warnings


def _options(chosen: list[str], field: StepField) -> tuple[list[str], list[str]]:
    known = {option.lower(): option for option in field.options}
    bad = [f"{text[:100]!r} is no option of the step field {field.name}; it was ignored." for text in chosen if text.lower() not in known]
    return [known[text.lower()] for text in chosen if text.lower() in known], bad


def plain(value: Any) -> str:  # noqa: ANN401  (any JSON)
    """The text in the shapes that fields come in: a text, a number, `{raw}`, `{value}`, also one inside the other."""
    if isinstance(value, dict):
        return plain(next((value[n] for n in ("raw", "value", "name") if value.get(n) is not None), None))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(filter(None, map(plain, value)))
    return "" if value is None else str(value)
