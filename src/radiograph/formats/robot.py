# SPDX-License-Identifier: Apache-2.0
"""Reads the output of Robot Framework 3 to 7: `output.xml`, also as Rebot merged it, and `output.json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import parse_instant
from radiograph.domain.errors import cut
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report
from radiograph.formats.reading import MAX_SUMMARY, Format, ReadOptions, Source
from radiograph.formats.robot_json import read_json
from radiograph.formats.robot_steps import failure_of, plain_text, status_of
from radiograph.formats.robot_tests import Times, read_test
from radiograph.formats.xml_events import XmlReport, root_of

if TYPE_CHECKING:
    from radiograph.domain.clock import Instant
    from radiograph.domain.errors import Problem
    from radiograph.formats.xml_events import Element

_JSON = re.compile(r"""\s*\{\s*"generator"\s*:\s*"(?:Robot|Rebot)""")
_MOST_ERRORS = 20
_FAILED = "Parent suite teardown failed:\n"
_SKIPPED = "Skipped in parent suite teardown:\n"


def _looks_like(head: str) -> bool:
    root = root_of(head)
    return _JSON.match(head) is not None if root is None else root[0] == "robot"


def read_robot(source: Source, options: ReadOptions) -> Report:
    """The report in an `output.xml` or `output.json`. Raises UnreadableReport."""
    reading = Reading(options)
    if bytes(source.data[:16]).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        read_json(source.data, reading)
        return reading.report
    xml = XmlReport(source.data)
    for kind, element in xml.events(whole={"test", "kw"}, skip={"statistics"}):
        if kind == "whole":
            reading.take(element, f"line {element.line}")
        elif kind == "start":
            reading.enter(element)
        else:
            reading.leave(element)
    reading.report.notes += xml.notes
    return reading.report


FORMAT = Format("robot", "Robot Framework XML", _looks_like, read_robot)


class _Suite(Struct):
    """A suite that is being read: its name, where its results begin, and how its teardown ended unless it passed."""

    name: str
    first: int
    teardown: tuple[str, str] | None = None


class Reading:
    """A report as it is read, suite by suite; elements are told as Robot Framework 7's XML names them."""

    def __init__(self, options: ReadOptions) -> None:
        """Begin with nothing."""
        self.report = Report("", ExecutionInfo(), [], [], [])
        self._keep_output = options.keep_output
        self._suites: list[_Suite] = []
        self._times = Times()
        self._by_robot = False
        self._index = self._errors = 0

    def enter(self, element: Element) -> None:
        """Begin an element."""
        if element.name == "suite":
            self._suites.append(_Suite(element.get("name"), len(self.report.results)))
            if len(self._suites) == 1:
                self.report.info.fields.summary = element.get("name").strip()[:MAX_SUMMARY] or None
        elif element.name == "robot":
            self._by_robot = element.get("generator").startswith("Robot")
            generated = parse_instant(element.get("generated"))
            self._times = Times(generated.offset if generated else 0)
        elif element.name == "status" and len(self._suites) == 1:
            self._span(*self._times.start_and_finish(element, "", [])[:2])

    def leave(self, element: Element) -> None:
        """End an element: of a suite whose teardown failed, Robot Framework holds that its tests failed too, and its own report says so."""
        if element.name == "suite":
            suite = self._suites.pop()
            if suite.teardown is not None and self._by_robot:  # Rebot has written it into the tests
                self._undo(suite.first, *suite.teardown)
        elif element.name == "msg" and element.get("level") == "ERROR":
            self._errors += 1
            if self._errors <= _MOST_ERRORS:
                self.report.notes.append(f"Robot Framework told of an error: {cut(plain_text(element.text.strip()))}")

    def take(self, element: Element, place: str) -> None:
        """Take a test, or the setup or teardown of a suite."""
        if element.name == "kw":
            status, _ = status_of(element)
            if self._suites and element.get("type").lower() == "teardown" and status in {"FAIL", "SKIP"}:
                self._suites[-1].teardown = status, failure_of(element)
            return
        names = [suite.name for suite in self._suites]
        found = read_test(element, names, (self._index, place), self._times, keep_output=self._keep_output)
        self._index += 1
        if isinstance(found, RefusedResult):
            self.report.refused.append(found)
            return
        self.report.results.append(found)
        self._span(found.start, found.finish)

    def refuse(self, problem: Problem) -> None:
        """Note a test that can't be read."""
        self.report.refused.append(RefusedResult(self._index, [problem]))
        self._index += 1

    def _undo(self, first: int, status: str, message: str) -> None:
        for result in self.report.results[first:]:
            if status == "SKIP":
                result.status = "TODO"
                result.comment = f"{_SKIPPED}{message}" + (f"\n\nEarlier message:\n{result.comment}" if result.comment else "")
            else:
                result.status = "FAIL" if result.status == "PASS" else result.status
                also = f"{result.comment}\n\nAlso p" if result.comment else "P"
                result.comment = f"{also}{_FAILED[1:]}{message}"

    def _span(self, start: Instant | None, finish: Instant | None) -> None:
        info = self.report.info
        if start is not None and (info.begin is None or start.ms < info.begin.ms):
            info.begin = start
        if finish is not None and (info.end is None or finish.ms > info.end.ms):
            info.end = finish
