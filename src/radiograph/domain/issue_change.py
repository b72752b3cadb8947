# SPDX-License-Identifier: Apache-2.0
"""What a request changes in an issue, field by field, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from msgspec import Struct

from radiograph.domain.issues import Definition, TestType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from radiograph.domain.issues import IssueType

_T = TypeVar("_T")
Verb: TypeAlias = Literal["set", "add", "remove"]


class ListOperation(Struct, frozen=True):
    """What is done to a field that has several values; an item is a name or key, or (int) an id."""

    verb: Verb
    items: tuple[str | int, ...]


class CommentOperation(Struct, frozen=True):
    """A comment to `add`, or the one of that id to `edit` or `remove`."""

    verb: Literal["add", "edit", "remove"]
    id: str = ""
    body: str = ""


class NewLink(Struct, frozen=True):
    """A link to make: `source` <outward> `target` by key or id; "" is the issue that is changed."""

    type: str
    source: str = ""
    target: str = ""


class IssueChange(Struct, kw_only=True):
    """What a request says of an issue.

    `values` are by field: `summary`, what a field of Xray's means (`revision`), or `customfield_...` of the
    instance's own; None clears. `lists` are the operations on fields that have several values, in order.
    `transition` is an id or name.
    """

    project: str | None = None
    type: IssueType | None = None
    values: dict[str, Any] = {}
    lists: dict[str, list[ListOperation]] = {}
    comments: list[CommentOperation] = []
    links: list[NewLink] = []
    transition: str = ""


def changed_list(now: Iterable[_T], operations: Iterable[tuple[str, Sequence[_T]]]) -> list[_T]:
    """The values after the operations (verb, items) one after the other; each value stands once."""
    values = list(now)
    for verb, items in operations:
        if verb == "set":
            values = list(items)
        elif verb == "add":
            values += items
        else:
            values = [v for v in values if v not in items]
    return list(dict.fromkeys(values))


_PARTS = {
    TestType.MANUAL: {"steps"},
    TestType.GENERIC: {"definition"},
    TestType.CUCUMBER: {"scenario", "scenario_type"},
}
DEFINING = frozenset({"test_type", "steps", "definition", "scenario", "scenario_type"})
"""The fields that make a Test's definition."""


def changed_definition(now: Definition | None, given: Mapping[str, Any]) -> Definition | None:
    """A Test's definition after the defining fields in `given` (None clears one); None when they say nothing.

    A type that isn't given is the present one where that has the fields that are, else the one that has them.
    Another type starts empty. Parts of a type that the Test isn't of are left out, as Jira hides them.
    """
    given = {name: value for name, value in given.items() if name in DEFINING}
    if not given or (now is None and not any(given.values())):
        return None
    kind = _kind(now, given)
    old = now if now is not None and now.type is kind else Definition(kind)
    if kind is TestType.MANUAL:
        return Definition(kind, steps=tuple(given["steps"] or ()) if "steps" in given else old.steps)
    if kind is TestType.GENERIC:
        return Definition(kind, (given["definition"] or "") if "definition" in given else old.text)
    outline = given.get("scenario_type") or old.scenario_type or "Scenario"
    return Definition(kind, (given["scenario"] or "") if "scenario" in given else old.text, outline)


def _kind(now: Definition | None, given: Mapping[str, Any]) -> TestType:
    named = given.get("test_type")
    if named is not None:
        return TestType[str(named).upper()]
    said = {name for name, value in given.items() if value}
    if now is not None and (not said or said & _PARTS[now.type]):
        return now.type
    return next((kind for kind in (TestType.CUCUMBER, TestType.GENERIC, TestType.MANUAL) if said & _PARTS[kind]), TestType.MANUAL)
