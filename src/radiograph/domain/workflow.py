# SPDX-License-Identifier: Apache-2.0
"""The workflow of issues and the types of links between them, as a new instance has them; an administrator can change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from radiograph.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class WorkflowStatus(Struct, frozen=True):
    """Where an issue can be; `category` is new, indeterminate or done (Jira's status categories)."""

    id: int
    name: str
    category: str


class Transition(Struct, frozen=True):
    """A way to the status `to_id`, from `from_id` only or (None) from anywhere."""

    id: int
    name: str
    to_id: int
    from_id: int | None = None


class Workflow(Struct, frozen=True):
    """The statuses in their order, the first that of a new issue, and the ways between them."""

    statuses: tuple[WorkflowStatus, ...]
    transitions: tuple[Transition, ...]


CATEGORIES = {"new": (2, "To Do"), "indeterminate": (4, "In Progress"), "done": (3, "Done")}
"""Jira's status categories: by key, their id and name."""


def possible_transitions(workflow: Workflow, status: str) -> list[Transition]:
    """The transitions that an issue of this status can take."""
    here = next((s.id for s in workflow.statuses if s.name == status), None)
    return [w for w in workflow.transitions if w.from_id in {None, here}]


class LinkType(Struct, frozen=True):
    """A type of links: the source `outward` the target, such as `blocks`; the target `inward` the source."""

    id: int
    name: str
    inward: str
    outward: str


WORKFLOW_STATUSES = (
    WorkflowStatus(10000, "To Do", "new"),
    WorkflowStatus(3, "In Progress", "indeterminate"),
    WorkflowStatus(10001, "Done", "done"),
)
TRANSITIONS = (Transition(11, "To Do", 10000), Transition(21, "In Progress", 3), Transition(31, "Done", 10001))
LINK_TYPES = (
    LinkType(10000, "Blocks", "is blocked by", "blocks"),
    LinkType(10001, "Cloners", "is cloned by", "clones"),
    LinkType(10002, "Duplicate", "is duplicated by", "duplicates"),
    LinkType(10003, "Relates", "relates to", "relates to"),
    LinkType(10004, "Tests", "tested by", "tests"),
    LinkType(10005, "Defect", "created by", "created"),
)
TESTS_LINK = 10004
"""A Test *tests* a requirement: links of this type are coverage, in `requirement_links`."""


class _GivenStatus(Struct):
    name: str
    category: str = "new"
    id: int | None = None


class _GivenTransition(Struct):
    name: str
    to: str
    from_: str | None = msgspec.field(default=None, name="from")
    id: int | None = None


class _GivenWorkflow(Struct):
    statuses: list[_GivenStatus]
    transitions: list[_GivenTransition] = []


_MOST = 100


def read_workflow(given: Any) -> Workflow:  # noqa: ANN401  (any JSON)
    """A workflow as `radiograph workflow show` writes it: statuses by name with a category, transitions between names.

    Without any transitions there is one from everywhere to each status; ids that are left out are made.
    Raises Refused that says what is wrong.
    """
    try:
        read = msgspec.convert(given, _GivenWorkflow)
    except msgspec.ValidationError as error:
        raise Refused(f"The workflow can't be read: {error}.") from None
    names = [s.name.strip() for s in read.statuses]
    if not names or len(names) > _MOST or not all(names) or len({n.lower() for n in names}) < len(names):
        raise Refused(f"A workflow has from 1 to {_MOST} statuses, each with a name of its own.")
    for status in read.statuses:
        if status.category not in CATEGORIES:
            raise Refused(f"The category of {status.name} is {status.category!r}; it must be new, indeterminate or done.")
    built_in = {s.name: s.id for s in WORKFLOW_STATUSES}
    ids = _numbered([built_in.get(s.name.strip()) if s.id is None else s.id for s in read.statuses], 10100, "status")
    statuses = tuple(WorkflowStatus(i, n, s.category) for i, n, s in zip(ids, names, read.statuses, strict=True))
    by_name = dict(zip(names, ids, strict=True))
    ways = read.transitions or [_GivenTransition(n, n) for n in names]
    numbers = _numbered([w.id for w in ways], 11, "transition", 10)
    return Workflow(statuses, tuple(_transition(w, number, by_name) for w, number in zip(ways, numbers, strict=True)))


def _transition(given: _GivenTransition, number: int, ids: Mapping[str, int]) -> Transition:
    for name in (given.to, given.from_):
        if name is not None and name not in ids:
            raise Refused(f"The transition {given.name} names the status {name!r}, which the workflow doesn't have.")
    return Transition(number, given.name, ids[given.to], None if given.from_ is None else ids[given.from_])


def _numbered(given: Sequence[int | None], first: int, what: str, step: int = 1) -> list[int]:
    known = [i for i in given if i is not None]
    if len(set(known)) < len(known) or any(not 0 < i < 2**31 for i in known):
        raise Refused(f"The ids of each {what} must be different whole numbers from 1.")
    found, at = [], first
    for number in given:
        if number is None:
            while at in known:
                at += step
            number, at = at, at + step  # noqa: PLW2901  (the one that is made)
        found.append(number)
    return found
