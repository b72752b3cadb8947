# SPDX-License-Identifier: Apache-2.0
"""JUnit XML reports, in the dialects that its many writers have.

A test case's Test is told by the property `test_id`, else `test_key`, else by its definition: class name and name
with a point between, the suite's name standing in for a missing class name (Xray docs, Taking advantage of JUnit
XML reports).
"""

from __future__ import annotations

import re
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import Instant, later, parse_instant
from radiograph.domain.errors import Problem, UnreadableReport, shown
from radiograph.domain.issues import IssueFields
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report, TestResult
from radiograph.formats.failure_text import failure_text
from radiograph.formats.junit_case import FAILURES, read_outcome, stated
from radiograph.formats.junit_properties import add_requirements, read_properties
from radiograph.formats.reading import MAX_SUMMARY, Format, derived_test, seconds
from radiograph.formats.testng_times import Dates
from radiograph.formats.xml_events import XmlReport, root_of

if TYPE_CHECKING:
    from radiograph.formats.reading import ReadOptions, Source
    from radiograph.formats.xml_events import Element

_ROOTS = frozenset({"testsuites", "testsuite", "test_suite"})
_CASES = ("testcase", "test_case")
_USUAL = frozenset({"name", "classname", "class", "time", "duration", "file", "line", "assertions"})
_UNSET_MS = 365 * 86_400_000
"""Instants before 1971 are what tools write that have none."""
_FAR_MS = 10**14
"""In the year 5138: what is before it needs no care at the end of the calendar."""
_STAMPED = re.compile(r"-\d{14}")
_TOOLS_NAMES = frozenset({
    "alltests", "jest tests", "mocha tests", "pytest tests", "pytest", "vitest tests", "test run", "tests", "root suite",
})  # fmt: skip
_SHOWN = 10


def looks_like(head: str) -> bool:
    """Whether its root is one of a JUnit report."""
    root = root_of(head)
    return root is not None and root[0] in _ROOTS


def read(source: Source, options: ReadOptions) -> Report:
    """Read a report; raises UnreadableReport with the line."""
    xml = XmlReport(source.data)
    reader = _Reader(options)
    for kind, element in xml.events(whole=(*_CASES, "properties")):
        if kind == "start":
            reader.start(element)
        elif kind == "end":
            reader.end(element)
        elif element.name != "properties":
            reader.case(element)
    return reader.report(xml.notes)


class _Suite(Struct):
    """A suite: when it began (UTC milliseconds; None: unknown), and the seconds that its tests took so far.

    `lasted` are the seconds that it says it took; `told` means that an error of its own is noted.
    """

    name: str
    line: int
    begin: Instant | None
    lasted: float | None
    spent: float = 0.0
    cases: int = 0
    told: bool = False


class _Reader:
    """What has been read so far of one report."""

    def __init__(self, options: ReadOptions) -> None:
        self._keep_output = options.keep_output
        self._suites: list[_Suite] = []
        self._results: list[TestResult] = []
        self._refused: list[RefusedResult] = []
        self._notes: list[str] = []
        self._dates = Dates(self._notes)
        self._unknown: dict[str, Counter[str]] = {"properties": Counter(), "elements": Counter()}
        self._printed = 0
        self._info = ExecutionInfo()

    def start(self, element: Element) -> None:
        """A suite begins; another element of one waits for its end."""
        if not self._suites and element.name not in _ROOTS:
            raise _no_junit(element)
        if element.name not in _ROOTS:
            return
        outer = self._suites[-1] if self._suites else None
        if outer is None and element.name == "testsuites":
            self._title(element.get("name"))
        begin = self._instant(element, "timestamp", self._notes)
        lasted = seconds(_duration(element)) or None
        if begin is None and outer is not None and outer.begin is not None:
            begin = later(outer.begin, outer.spent * 1000)
        self._suites.append(_Suite(element.get("name"), element.line, begin, lasted))

    def end(self, element: Element) -> None:
        """A suite ends, or an element in one."""
        if element.name in _ROOTS:
            self._end_suite(element)
        elif element.name in FAILURES:
            self._of_no_case(element)
        elif element.name in {"system-out", "system-err"}:
            self._printed += bool(element.text.strip())

    def _of_no_case(self, element: Element) -> None:
        suite = self._suites[-1]
        suite.told = True
        said = failure_text(element.get("type"), element.get("message"), element.text)
        what = "an error" if element.name == "error" else "a failure"
        self._notes.append(f"line {element.line}: the suite {shown(suite.name)} has {what} that is of no test case: {shown(said)}")

    def case(self, case: Element) -> None:
        """Read a test case."""
        if not self._suites:
            raise _no_junit(case)
        index = len(self._results) + len(self._refused)
        suite = self._suites[-1]
        suite.cases += 1
        attrs = case.attrs
        name = attrs.get("name", "")
        group = attrs.get("classname") or attrs.get("class") or _STAMPED.sub("", suite.name)
        definition = f"{group}.{name}" if group and name else group or name
        result = TestResult(index, "", derived_test(definition, name), "PASS", place=f"line {case.line}")
        usual = attrs.keys() <= _USUAL
        if not usual:
            self._own_times(case, result)
            result.status = stated(case)
        self._times(case, result, suite)
        if case.children:
            self._inside(case, result)
        if not usual:
            _further(attrs, result)
        if definition or result.test_key or result.test_id:
            self._results.append(result)
        else:
            problem = Problem(result.place, "has no name and no classname, so its Test can't be told")
            self._refused.append(RefusedResult(index, [problem]))

    def report(self, mended: list[str]) -> Report:
        """The report."""
        notes = self._notes + mended
        for what, names in self._unknown.items():
            if names:
                notes.append(f"{what} of test cases that mean nothing here were left out: {_counted(names)}")
        if self._printed and self._keep_output:
            notes.append(f"what suites printed, outside of their test cases, was left out ({self._printed} times)")
        return Report("", self._info, self._results, self._refused, notes)

    def _title(self, name: str) -> None:
        name = name.strip()
        if name and name.lower() not in _TOOLS_NAMES:
            self._info.fields = IssueFields(summary=name[:MAX_SUMMARY])

    def _end_suite(self, element: Element) -> None:
        suite = self._suites.pop()
        wrong = [f'{n}="{element.get(n)}"' for n in ("errors", "failures") if element.get(n).strip(" 0")]
        if wrong and not suite.cases and not suite.told:
            self._notes.append(
                f"line {suite.line}: the suite {shown(suite.name)} has {' and '.join(wrong)}, but no test case: it may not have run"
            )
        if suite.begin is not None:
            self._within(suite.begin, later(suite.begin, (suite.lasted or suite.spent) * 1000))
        if self._suites:
            self._suites[-1].cases += suite.cases
            self._suites[-1].told |= suite.told
            self._suites[-1].spent += suite.spent

    def _inside(self, case: Element, result: TestResult) -> None:
        properties = [p for c in case.children if c.name == "properties" for p in c.children]
        properties += case.all("property")
        if properties:
            self._unknown["properties"].update(read_properties(properties, result))
        read_outcome(case, result, self._unknown["elements"], keep_output=self._keep_output)

    def _times(self, case: Element, result: TestResult, suite: _Suite) -> None:
        """When it ran: by its own attributes, else by the suite's begin and what the tests before it took."""
        took = None
        written = case.attrs.get("time") or case.attrs.get("duration")
        if written:
            took = seconds(written)
            if took is None:
                result.warnings.append(f"{result.place}: {shown(written)} is no duration in seconds; it was left out")
        if result.start is not None:
            if result.finish is None and took is not None:
                result.finish = later(result.start, took * 1000)
            self._within(result.start, result.finish)
            suite.begin = None  # where tests have times that of a suite may be when it was written
        elif suite.begin is None or result.finish is not None:
            result.elapsed = took
        else:
            _place(result, suite.begin, suite, took)
        suite.spent += took or 0.0

    def _own_times(self, case: Element, result: TestResult) -> None:
        for name in ("started-at", "timestamp"):
            result.start = result.start or self._instant(case, name, result.warnings)
        result.finish = self._instant(case, "finished-at", result.warnings)
        self._within(result.finish, result.finish)

    def _within(self, begin: Instant | None, end: Instant | None) -> None:
        """Widen the time that the whole took."""
        info = self._info
        if begin is not None and (info.begin is None or begin.ms < info.begin.ms):
            info.begin = begin
        end = end or begin
        if end is not None and (info.end is None or end.ms > info.end.ms):
            info.end = end

    def _instant(self, element: Element, name: str, warnings: list[str]) -> Instant | None:
        text = element.get(name)
        if not text:
            return None
        found = parse_instant(text) or _mail_date(text) or self._dates.zoned(text.strip())  # the last one is TestNG's
        if found is None:
            warnings.append(f"line {element.line}: {name} {shown(text)} is no date such as 2014-08-30T11:47:35+01:00; it was left out")
        return found if found is not None and found.ms >= _UNSET_MS else None


def _duration(element: Element) -> str:
    return element.attrs.get("time") or element.attrs.get("duration") or ""


def _place(result: TestResult, begin: Instant, suite: _Suite, took: float | None) -> None:
    """Set when it ran: after the tests before it. Tests side by side take longer together than their suite, so none ends after it."""
    before = suite.spent
    if took is None:
        result.start = later(begin, before * 1000)
        return
    if suite.lasted is not None and before + took > suite.lasted:
        suite.lasted = max(suite.lasted, took)
        before = suite.lasted - took
    start = begin.ms + int(before * 1000 + 0.5)
    finish = start + int(took * 1000 + 0.5)
    if finish < _FAR_MS:
        result.start, result.finish = Instant(start, begin.offset), Instant(finish, begin.offset)
    else:
        result.start = far = later(begin, before * 1000)
        result.finish = later(far, took * 1000)


def _further(attrs: dict[str, str], result: TestResult) -> None:
    """What attributes say that few reports have."""
    requirement = attrs.get("requirement") or attrs.get("requirements")
    if requirement and result.info is not None:
        add_requirements(result.info, requirement)
    if parameter := attrs.get("value_param"):
        result.comment = "\n\n".join(filter(None, (result.comment, f"value_param: {parameter}")))


def _mail_date(text: str) -> Instant | None:
    """A date as Mocha writes it, `Mon, 01 Jan 2024 10:00:00 GMT`."""
    try:
        return parse_instant(parsedate_to_datetime(text).isoformat())
    except (ValueError, OverflowError):
        return None


def _counted(names: Counter[str]) -> str:
    known = ", ".join(f"{shown(name)} ({count})" for name, count in names.most_common(_SHOWN))
    return known + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _no_junit(root: Element) -> UnreadableReport:
    problem = f"its root is <{root.name}>, where a JUnit report has <testsuites> or <testsuite>"
    return UnreadableReport(f"The report can't be read. Line {root.line}: {problem}.", [Problem(f"line {root.line}", problem)])


FORMAT = Format("junit", "JUnit XML", looks_like, read)
