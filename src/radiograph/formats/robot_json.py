# SPDX-License-Identifier: Apache-2.0
"""The `output.json` of Robot Framework 7.2 and later, told as the elements of its `output.xml`: one set of rules for both.

The shape is that of the User Guide's section on JSON output files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Raw, Struct

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.formats.raw_json import RawJson
from radiograph.formats.xml_events import Element

if TYPE_CHECKING:
    from radiograph.domain.report import Report
    from radiograph.formats.body import Body

_DEEPEST = 200
"""Keywords below keywords; Robot Framework itself stops at 140."""
_NAMES = {
    "MESSAGE": "msg", "FOR": "for", "WHILE": "while", "ITERATION": "iter", "GROUP": "group", "VAR": "variable", "RETURN": "return",
    "BREAK": "break", "CONTINUE": "continue", "ERROR": "error", "IF/ELSE ROOT": "if", "TRY/EXCEPT ROOT": "try",
} | dict.fromkeys(("IF", "ELSE IF", "ELSE", "TRY", "EXCEPT", "FINALLY"), "branch")  # fmt: skip
_COPIED = ("name", "type", "flavor", "condition", "level", "generator", "generated")
_TEXTS = {"args": "arg", "values": "value", "tags": "tag", "patterns": "pattern"}


class _Root(Struct):
    suite: Raw
    generator: str = ""
    generated: str = ""
    errors: list[dict[str, Any]] = []


class _Suite(Struct):
    name: str = ""
    suites: list[Raw] = []
    tests: list[Raw] = []
    setup: Any = None
    teardown: Any = None
    status: str = ""
    start_time: str = ""
    elapsed_time: float | None = None


class Listener(Protocol):
    """Who is told of a report's elements."""

    report: Report

    def enter(self, element: Element) -> None:
        """An element begins."""

    def leave(self, element: Element) -> None:
        """An element ends."""

    def take(self, element: Element, place: str) -> None:
        """A test or a keyword of a suite, whole."""

    def refuse(self, problem: Problem) -> None:
        """A test can't be read."""


def read_json(body: Body, to: Listener) -> None:
    """Tell of everything in a report. Raises UnreadableReport."""
    source = RawJson(body)
    root = source.root(_Root)
    outer = _plain("robot", generator=root.generator, generated=root.generated)
    to.enter(outer)
    _suite(source, root.suite, "$.suite", to)
    for error in root.errors:
        to.leave(_element(error | {"type": "MESSAGE"}, 0))
    to.leave(outer)
    to.report.notes += source.notes


def _suite(source: RawJson, raw: Raw, path: str, to: Listener, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise _too_deep(path)
    suite = source.member(raw, _Suite, path)
    element = _plain("suite", name=suite.name)
    to.enter(element)
    elapsed = "" if suite.elapsed_time is None else str(suite.elapsed_time)
    to.enter(_plain("status", status=suite.status, start=suite.start_time, elapsed=elapsed))
    for i, inner in enumerate(suite.suites):
        _suite(source, inner, f"{path}.suites[{i}]", to, depth + 1)
    for i, test in enumerate(suite.tests):
        _test(source, test, f"{path}.tests[{i}]", to)
    if isinstance(suite.teardown, dict):
        to.take(_element(suite.teardown | {"type": "TEARDOWN"}, 0), f"{path}.teardown")
    to.leave(element)


def _test(source: RawJson, raw: Raw, path: str, to: Listener) -> None:
    found = source.result(raw, path)
    if isinstance(found, Problem):
        to.refuse(found)
        return
    element = _element(found, 0)
    element.name = "test"
    to.take(element, path)


def _plain(tag: str, /, **attrs: str) -> Element:
    return Element(tag, attrs, 0, [])


def _element(item: dict[str, Any], depth: int) -> Element:
    """A test, keyword, control structure or message as the XML has it."""
    if depth > _DEEPEST:
        raise _too_deep("$.suite")
    kind = item.get("type")
    element = _plain(_NAMES.get(kind, "kw") if isinstance(kind, str) else "kw", **_attributes(item))
    if element.name == "msg":
        element.text = _text(item.get("message"))
        return element
    element.children = _inside(item, depth)
    element.children += [_leaf(_TEXTS[name], text) for name in _TEXTS for text in _list(item.get(name))]
    element.children += [_leaf("var", text) for text in _list(item.get("assign") or (item.get("value") if kind == "VAR" else None))]
    if item.get("doc"):
        element.children.append(_leaf("doc", item["doc"]))
    element.children.append(_status(item))
    return element


def _attributes(item: dict[str, Any]) -> dict[str, str]:
    attrs = {name: _text(item[name]) for name in _COPIED if name in item}
    return attrs | {"html": "true"} if item.get("html") is True else attrs


def _inside(item: dict[str, Any], depth: int) -> list[Element]:
    parts = [_part(item, "setup"), *_list(item.get("body")), _part(item, "teardown")]
    return [_element(part, depth + 1) for part in parts if isinstance(part, dict)]


def _part(item: dict[str, Any], name: str) -> dict[str, Any] | None:
    found = item.get(name)
    return found | {"type": name.upper()} if isinstance(found, dict) else None


def _status(item: dict[str, Any]) -> Element:
    attrs = {"status": _text(item.get("status")), "start": _text(item.get("start_time")), "elapsed": _text(item.get("elapsed_time"))}
    element = _plain("status", **attrs)
    element.text = _text(item.get("message"))
    return element


def _leaf(name: str, text: Any) -> Element:  # noqa: ANN401  (any JSON)
    return Element(name, {}, 0, [], _text(text))


def _text(value: Any) -> str:  # noqa: ANN401  (any JSON)
    return "" if value is None else value if isinstance(value, str) else str(value)


def _list(value: Any) -> list[Any]:  # noqa: ANN401  (any JSON)
    return value if isinstance(value, list) else [] if value is None else [value]


def _too_deep(path: str) -> UnreadableReport:
    problem = "is nested too deeply to be a report"
    return UnreadableReport(f"The report can't be read: {path} {problem}.", [Problem(path, problem)])
