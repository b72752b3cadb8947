# SPDX-License-Identifier: Apache-2.0
"""A test case of NUnit: which Test it is of, its status, what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from radiograph.domain.report import TestResult
from radiograph.formats.dotnet_names import Name, name_of, parameters
from radiograph.formats.dotnet_properties import Stated
from radiograph.formats.dotnet_results import add_output, files_left_out, give_times
from radiograph.formats.failure_text import failure_text
from radiograph.formats.reading import derived_test
from radiograph.formats.rounds import Round

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.formats.xml_events import Element

_STATUSES = {
    "passed": "PASS", "success": "PASS", "warning": "PASS",
    "failed": "FAIL", "failure": "FAIL", "error": "FAIL", "notrunnable": "FAIL", "cancelled": "FAIL",
    "skipped": "TODO", "ignored": "TODO", "inconclusive": "TODO", "explicit": "TODO",
}  # fmt: skip
_METHODS = {"ParameterizedMethod", "ParameterizedTest", "GenericMethod", "Theory"}
"""The types of suites that hold the rounds of one method."""
_PROPERTIES = {"properties", "categories"}
_NAMING = {"Namespace", "TestFixture", "TestSuite", "SetUpFixture"}


class Suite(Struct):
    """A suite around a test; `assembly` numbers the assembly that it is of."""

    type: str
    name: str
    site: str
    assembly: int
    stated: Stated = field(default_factory=Stated)

    def state(self, element: Element) -> None:
        """Take its properties or categories."""
        _state(self.stated, element)


class Case(Struct):
    """A test case as it was read; `other` are names of properties that mean nothing here."""

    result: TestResult
    definition: str
    name: str
    is_round: bool
    parameters: list[tuple[str, str]]
    duration: str
    other: list[str]

    def as_round(self) -> Round:
        """The case as a round of its Test."""
        return Round(self.result, self.name, self.parameters, self.duration)


def read_case(element: Element, suites: Sequence[Suite], around: Stated, index: int, *, keep_output: bool) -> Case | None:
    """Read a test case; None when it has no name. `around` is what the suites state for all tests in them."""
    named = _named(element, suites)
    if named is None:
        return None
    result = TestResult(index, place=f"line {element.line}", status=_status(element), info=derived_test(named.definition, named.summary))
    other = _state_all(element, suites, around, result)
    duration = element.get("duration") or element.get("time")
    give_times(result, element.get("start-time"), element.get("end-time"), duration)
    if element.children:
        _read_inside(element, result, keep_output=keep_output)
    return Case(result, named.definition, named.name, named.is_round, named.parameters, duration, other)


def _read_inside(element: Element, result: TestResult, *, keep_output: bool) -> None:
    result.comment = _comment(element, result.status)
    words = files_left_out(f.text for group in element.all("attachments") for a in group.all("attachment") for f in a.all("filePath"))
    if words:
        result.warnings = [*result.warnings, f"{result.place}: {words}"]
    if keep_output:
        add_output(result, "".join(o.text for o in element.all("output")))


class _Named(Struct):
    definition: str
    summary: str
    name: str
    is_round: bool
    parameters: list[tuple[str, str]]


def _named(element: Element, suites: Sequence[Suite]) -> _Named | None:
    """Which Test a case is of: class and method, as the vendor joins them, else the full name without arguments."""
    full, method, owner = element.get("fullname") or element.get("name"), element.get("methodname"), element.get("classname")
    if not full.strip():
        return None
    around = suites[-1] if suites and suites[-1].type in _METHODS else None
    if around is None and method.isidentifier() and "(" not in owner and full == f"{owner}.{method}":
        short = element.get("name") or method
        return _Named(full, short, short, is_round=False, parameters=[])
    whole = name_of(full)
    # version 2 tells one name, which is the full one
    shown = element.get("name") if element.get("fullname") and element.get("name") else whole.short
    if method and owner:
        bare = name_of(method).plain
        definition = f"{name_of(owner).plain}.{bare}"
        summary = shown if whole.arguments is None else bare
    else:
        definition = _definition(whole, suites, around)
        summary = shown if whole.arguments is None else name_of(definition).short
    is_round = around is not None or whole.arguments is not None or bool(whole.owner_arguments)
    if around and around.name:
        summary = name_of(around.name).plain
    name = f"{name_of(whole.owner).short}.{shown}" if whole.owner_arguments else shown
    return _Named(definition, summary, name, is_round, _parameters(whole))


def _definition(whole: Name, suites: Sequence[Suite], around: Suite | None) -> str:
    owner = name_of(whole.owner).plain
    if around is not None and around.name:
        # a round may have any name (`TestName`), out of which no class is told
        owner = owner or ".".join(name_of(s.name).plain for s in suites if s.type in _NAMING and s.name)
        return f"{owner}.{name_of(around.name).plain}" if owner else around.name
    if "." not in whole.plain and " " not in whole.plain:  # no full name after all
        return ".".join([*(name_of(s.name).plain for s in suites if s.type in _NAMING and s.name), whole.plain])
    return whole.plain


def _parameters(whole: Name) -> list[tuple[str, str]]:
    of_fixture = [p for text in whole.owner_arguments for p in parameters(text, "fixture argument")]
    return of_fixture + ([] if whole.arguments is None else parameters(whole.arguments))


def _status(element: Element) -> str:
    written = element.get("result").strip()
    if written:
        return _STATUSES.get(written.lower(), written)
    if element.get("executed").lower() == "false":
        return "TODO"
    return "PASS" if element.get("success").lower() == "true" else "FAIL"


def _state(stated: Stated, element: Element) -> None:
    for child in element.children:
        stated.add("Category" if child.name == "category" else child.get("name"), child.get("value") or child.get("name"))


def _state_all(element: Element, suites: Sequence[Suite], around: Stated, result: TestResult) -> list[str]:
    """Give a result what its properties say, and those of the suites around it; a method's go to all its rounds."""
    stated = Stated(description=element.get("description"))
    for group in element.children:
        if group.name in _PROPERTIES:
            _state(stated, group)
    if suites and suites[-1].type in _METHODS:
        of_method = suites[-1].stated
        stated.test_key, stated.test_id = stated.test_key or of_method.test_key, stated.test_id or of_method.test_id
        stated.summary, stated.description = stated.summary or of_method.summary, of_method.description or stated.description
    if result.info:
        stated.give(result, result.info, around)
    return stated.other


def _comment(element: Element, status: str) -> str:
    """Why a test failed; of others the reason, else a message that stands in place of one."""
    groups = ("failure", "reason") if status == "FAIL" else ("reason", "failure")
    texts = [_text(part) for part in (element.find(name) for name in groups) if part]
    said = next(filter(None, texts), "")
    if said:
        return said
    return "\n\n".join(filter(None, (_text(a) for group in element.all("assertions") for a in group.all("assertion"))))


def _text(part: Element) -> str:
    message, trace = part.find("message"), part.find("stack-trace")
    said, traced = message.text if message else "", trace.text if trace else ""
    return failure_text("", said, "" if traced.strip() == "None" else traced)
