# SPDX-License-Identifier: Apache-2.0
"""NUnit XML of versions 2 and 3, as NUnit's runners, `dotnet test` loggers and tools of other languages write it.

Source: NUnit's Test Result XML Format, reports of nunit-console 2.6. The rules are in docs/reference/formats/nunit.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report
from radiograph.formats.dotnet_properties import Stated, note_of, together
from radiograph.formats.dotnet_results import Clock, files_left_out, give_bounds, instant_of, read_events
from radiograph.formats.nunit_case import Suite, read_case
from radiograph.formats.reading import Format, ReadOptions, Source
from radiograph.formats.rounds import Gathered
from radiograph.formats.xml_events import root_of

if TYPE_CHECKING:
    from radiograph.formats.xml_events import Element, Kind

_DIALECTS = {"test-run": "NUnit 3", "test-results": "NUnit 2"}
_OF_SUITES = {"properties", "categories", "failure", "output", "attachments"}
_WHOLE = {"test-case", "reason", "assertions", *_OF_SUITES}
_SKIP = {"settings", "environment", "filter", "command-line", "culture-info"}


def read(source: Source, options: ReadOptions) -> Report:
    """Read a report of either version."""
    return read_events(source, _Reading(options), _WHOLE, _SKIP)


class _Reading:
    """The state of reading: the suites around, and what was found."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._suites: list[Suite] = []
        self._around: Stated | None = None
        self._gathered = Gathered()
        self._refused: list[RefusedResult] = []
        self._notes: list[str] = []
        self._other: dict[str, None] = {}
        self._info = ExecutionInfo()
        self._clock = Clock()
        self._count = self._silent_suites = self._assembly = 0

    def take(self, kind: Kind, element: Element) -> None:
        """Take an event."""
        if element.name == "test-case":
            self._case(element)
        elif element.name == "test-suite":
            self._suite(kind, element)
        elif element.name in _OF_SUITES:
            self._of_suite(element)
        elif kind == "start" and element.name in _DIALECTS:
            self._root(element)

    def report(self) -> Report:
        """What was read."""
        results = self._gathered.results()
        give_bounds(self._info, results)
        notes = [*self._notes, *note_of(self._other)]
        if self._silent_suites:
            notes.append(f"Only the output of tests is kept; that of suites was left out ({self._silent_suites})")
        return Report("", self._info, results, self._refused, notes)

    def _root(self, element: Element) -> None:
        self._info.begin, self._info.end = instant_of(element.get("start-time")), instant_of(element.get("end-time"))
        if element.name == "test-results":
            # version 2 tells when the run began, and how long each test took, one after the other
            self._info.begin = self._clock.at = instant_of(f"{element.get('date')}T{element.get('time')}")

    def _suite(self, kind: Kind, element: Element) -> None:
        self._around = None
        if kind == "end":
            self._suites.pop()
            return
        self._assembly += element.get("type") in {"Assembly", "Project", "Test Project"}
        self._suites.append(Suite(element.get("type"), element.get("name"), element.get("site"), self._assembly))

    def _of_suite(self, element: Element) -> None:
        """What stands in a suite itself: properties go to its tests, failures of its teardown and files are noted."""
        if not self._suites:
            return
        suite = self._suites[-1]
        if element.name in {"properties", "categories"}:
            suite.state(element)
            self._around = None
            self._other.update(dict.fromkeys(suite.stated.other))
        elif element.name == "attachments":
            words = files_left_out(f.text for a in element.all("attachment") for f in a.all("filePath"))
            self._notes += [f"line {element.line}: {words}"] if words else []
        elif element.name == "output":
            self._silent_suites += self._options.keep_output and bool(element.text.strip())
        else:
            self._teardown(suite, element)

    def _teardown(self, suite: Suite, failure: Element) -> None:
        message = failure.find("message")
        text = message.text.strip() if message else ""
        if suite.site == "TearDown" or text.lower().startswith(("teardown", "onetimeteardown")):
            self._notes.append(f"line {failure.line}: the teardown of {suite.name} failed: {text.partition(chr(10))[0][:200]}")

    def _case(self, element: Element) -> None:
        index, self._count = self._count, self._count + 1
        if self._around is None:
            self._around = together(suite.stated for suite in self._suites)
        found = read_case(element, self._suites, self._around, index, keep_output=self._options.keep_output)
        if found is None:
            self._refused.append(RefusedResult(index, [Problem(f"line {element.line}", "a test case has no name")]))
            return
        self._clock.run(found.result)
        if found.other:
            self._other.update(dict.fromkeys(found.other))
        if found.is_round:
            key = found.result.test_key or found.result.test_id or found.definition
            self._gathered.add_round((self._suites[-1].assembly if self._suites else 0, key), found.as_round())
        else:
            self._gathered.add(found.result)


def _dialect(head: str) -> str:
    root = root_of(head)
    return _DIALECTS.get(root[0] if root else "", "NUnit XML")


def _looks_like(head: str) -> bool:
    root = root_of(head)
    return root is not None and root[0] in _DIALECTS


FORMAT = Format("nunit", "NUnit XML", _looks_like, read, dialect=_dialect)
