# SPDX-License-Identifier: Apache-2.0
"""TestNG XML reports (`testng-results.xml`).

A Test is told by the attribute `test` of its result, else by its definition, class and method with a point between.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, UnreadableReport, shown
from radiograph.domain.issues import IssueFields
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report, TestResult
from radiograph.formats.reading import MAX_SUMMARY, Format
from radiograph.formats.testng_method import Try, Unknown, exception_text, read_method
from radiograph.formats.testng_rounds import results_of
from radiograph.formats.testng_times import Dates
from radiograph.formats.xml_events import XmlReport, root_of

if TYPE_CHECKING:
    from radiograph.domain.clock import Instant
    from radiograph.formats.reading import ReadOptions, Source
    from radiograph.formats.xml_events import Element

_ROOT = "testng-results"
_TOOLS_NAMES = frozenset({"default suite", "command line suite", "surefire suite", "gradle suite", "suite", "all test suite"})
_SHOWN = 5
_LONGEST = 200


def looks_like(head: str) -> bool:
    """Whether its root is that of a TestNG report."""
    root = root_of(head)
    return root is not None and root[0] == _ROOT


def read(source: Source, options: ReadOptions) -> Report:
    """Read a report; raises UnreadableReport with the line."""
    xml = XmlReport(source.data)
    reader = _Reader(options)
    for kind, element in xml.events(whole=("test-method", "group"), skip=() if options.keep_output else ("reporter-output",)):
        if kind == "start":
            reader.start(element)
        elif kind == "end":
            reader.end(element)
        elif element.name == "group":
            reader.group(element)
        else:
            reader.method(element)
    return reader.report(xml.notes)


class _Reader:
    """What has been read so far of one report. Methods wait for the end of their class, as calls of one belong together."""

    def __init__(self, options: ReadOptions) -> None:
        self._keep_output = options.keep_output
        self._in_root = False
        self._notes: list[str] = []
        self._dates = Dates(self._notes)
        self._info = ExecutionInfo()
        self._suites: list[str] = []
        self._groups: dict[tuple[str, str], list[str]] = {}
        self._class = ""
        self._calls: dict[str, list[Try]] = {}
        self._results: list[TestResult] = []
        self._refused: list[RefusedResult] = []
        self._unknown: Unknown = {"attributes": Counter(), "elements": Counter()}
        self._configured = 0
        self._broken: list[str] = []

    def start(self, element: Element) -> None:
        """An element begins that holds others."""
        self._check_root(element)
        if element.name in {"suite", "test"} and element.get("url"):
            self._notes.append(
                f"line {element.line}: the results of a {element.name} are in the file {shown(element.get('url'))}, which is not here"
            )
        if element.name == "suite":
            self._suite(element)
        elif element.name == "class":
            package = element.get("package").replace("[default]", "")
            self._class = f"{package}.{element.get('name')}" if package else element.get("name")

    def end(self, element: Element) -> None:
        """A class or a suite ends."""
        if element.name == "class":
            self._flush()
        elif element.name == "suite":
            self._groups = {}

    def group(self, group: Element) -> None:
        """The methods of a group have its name as a label."""
        self._check_root(group)
        for method in group.all("method"):
            self._groups.setdefault((method.get("class"), method.get("name")), []).append(group.get("name"))

    def method(self, method: Element) -> None:
        """Read a call of a method; one that sets up or tidies up is no test."""
        name = method.get("name")
        self._check_root(method)
        if method.get("is-config") == "true":
            self._configure(method)
            return
        groups = self._groups.get((self._class, name), ())
        call = read_method(method, self._class, groups, self._dates, self._unknown, keep_output=self._keep_output)
        self._calls.setdefault(name, []).append(call)

    def report(self, mended: list[str]) -> Report:
        """The report."""
        self._flush()
        if self._configured:
            self._notes.append(self._configuration())
        for what, names in self._unknown.items():
            if names:
                told = ", ".join(f"{shown(name)} ({count})" for name, count in names.most_common(_SHOWN))
                more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
                self._notes.append(f"{what} of test methods that mean nothing here were left out: {told}{more}")
        if len(self._suites) == 1 and self._suites[0].lower() not in _TOOLS_NAMES:
            self._info.fields = IssueFields(summary=self._suites[0][:MAX_SUMMARY])
        return Report("", self._info, self._results, self._refused, self._notes + mended)

    def _check_root(self, element: Element) -> None:
        if not self._in_root and element.name != _ROOT:
            problem = f"its root is <{element.name}>, where a TestNG report has <{_ROOT}>"
            place = f"line {element.line}"
            raise UnreadableReport(f"The report can't be read. L{place[1:]}: {problem}.", [Problem(place, problem)])
        self._in_root = True

    def _suite(self, suite: Element) -> None:
        if name := suite.get("name").strip():
            self._suites.append(name)
        place = f"line {suite.line}"
        begin = self._dates.read(suite.get("started-at"), place, self._notes)
        end = self._dates.read(suite.get("finished-at"), place, self._notes)
        self._dates.suite(begin, end)
        self._within(begin, end)

    def _within(self, begin: Instant | None, end: Instant | None) -> None:
        """Widen the time that the whole took."""
        info = self._info
        if begin is not None and (info.begin is None or begin.ms < info.begin.ms):
            info.begin = begin
        if end is not None and (info.end is None or end.ms > info.end.ms):
            info.end = end

    def _configure(self, method: Element) -> None:
        self._configured += 1
        if method.get("status") == "FAIL":
            exception = method.find("exception")
            said = exception_text(exception).partition("\n")[0] if exception else "no exception"
            self._broken.append(f"line {method.line}: {self._class}.{method.get('name')}: {said[:_LONGEST]}")

    def _configuration(self) -> str:
        which = "; ".join(self._broken[:_SHOWN]) + ("; ..." if len(self._broken) > _SHOWN else "")
        failed = f"{len(self._broken)} of them failed: {which}" if self._broken else "none of them failed"
        return f"{self._configured} configuration methods, which are no tests, were left out; {failed}"

    def _flush(self) -> None:
        """Make results of the calls of a class."""
        calls, self._calls = self._calls, {}
        for several in calls.values():
            for result in results_of(several):
                result.index = len(self._results) + len(self._refused)
                self._within(result.start, result.finish)
                for attempt in result.attempts:
                    attempt.index = result.index
                if result.test_key or (result.info is not None and result.info.definition):
                    self._results.append(result)
                else:
                    problem = Problem(result.place, "has no name and no class, so its Test can't be told")
                    self._refused.append(RefusedResult(result.index, [problem]))


FORMAT = Format("testng", "TestNG XML", looks_like, read)
