# SPDX-License-Identifier: Apache-2.0
"""xUnit.net XML, format 2 as xUnit.net 2 and 3 and the loggers of `dotnet test` write it, and format 1.

Source: xUnit.net's documents on its XML formats. The rules are in docs/reference/formats/xunit.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, shown
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report
from radiograph.formats.dotnet_properties import note_of
from radiograph.formats.dotnet_results import Clock, give_bounds, instant_of, read_events
from radiograph.formats.reading import Format, ReadOptions, Source
from radiograph.formats.rounds import Gathered
from radiograph.formats.xml_events import root_of
from radiograph.formats.xunit_test import read_test
from radiograph.formats.xunit_text import unescaped

if TYPE_CHECKING:
    from radiograph.domain.clock import Instant
    from radiograph.formats.xml_events import Element, Kind

_GROUPS = {"collection", "class"}
_SHORT = 200


def read(source: Source, options: ReadOptions) -> Report:
    """Read a report."""
    return read_events(source, _Reading(options), {"test", "error", "failure"})


class _Reading:
    """The state of reading: which assembly and collection a test is in, and what was found."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._gathered = Gathered()
        self._refused: list[RefusedResult] = []
        self._notes: list[str] = []
        self._other: dict[str, None] = {}
        self._info = ExecutionInfo()
        self._begin: Instant | None = None
        self._clock = Clock()
        self._methods = True
        self._count = self._assembly = 0

    def take(self, kind: Kind, element: Element) -> None:
        """Take an event."""
        if element.name == "test":
            self._test(element)
        elif element.name in {"error", "failure"}:
            self._error(element)
        elif kind == "start" and element.name in _GROUPS:
            # collections run beside each other, the tests of one after each other
            self._clock.at = self._begin
        elif kind == "start" and element.name == "assembly":
            self._start(element)
        elif kind == "start" and element.name == "assemblies":
            self._info.begin, self._info.end = instant_of(element.get("start-rtf")), instant_of(element.get("finish-rtf"))

    def report(self) -> Report:
        """What was read."""
        results = self._gathered.results()
        give_bounds(self._info, results)
        return Report("", self._info, results, self._refused, [*self._notes, *note_of(self._other)])

    def _start(self, assembly: Element) -> None:
        self._assembly += 1
        self._methods = assembly.get("test-framework", "xUnit").lower().startswith("xunit")
        written = f"{assembly.get('run-date')}T{assembly.get('run-time')}"
        begin = instant_of(assembly.get("start-rtf")) or instant_of(written)
        if begin is None and written != "T":
            self._notes.append(f"line {assembly.line}: the date and time {shown(written)} of the assembly can't be read")
        self._begin = self._clock.at = begin
        if self._info.begin is None or (begin and begin.ms < self._info.begin.ms):
            self._info.begin = begin or self._info.begin

    def _error(self, element: Element) -> None:
        """What failed outside of any test: a cleanup, a fixture. It is no result of a Test, so it is told."""
        failure = element if element.name == "failure" else element.find("failure")
        message = failure.find("message") if failure else None
        text = unescaped(message.text).strip().partition("\n")[0][:_SHORT] if message else ""
        what = " of ".join(filter(None, (element.get("type") or "a fixture", element.get("name"))))
        self._notes.append(f"line {element.line}: {what} failed outside of any test: {text}")

    def _test(self, element: Element) -> None:
        index, self._count = self._count, self._count + 1
        found = read_test(element, index, methods=self._methods, keep_output=self._options.keep_output)
        if found is None:
            self._refused.append(RefusedResult(index, [Problem(f"line {element.line}", "a test has no name, and no type and method")]))
            return
        self._clock.run(found.result)
        if found.other:
            self._other.update(dict.fromkeys(found.other))
        if found.one_round is None:
            self._gathered.add(found.result)
        else:
            key = found.result.test_key or found.result.test_id or found.definition
            self._gathered.add_round((self._assembly, key), found.one_round)


def _looks_like(head: str) -> bool:
    root = root_of(head)
    if root is None or root[0] not in {"assemblies", "assembly"}:
        return False
    return root[0] == "assemblies" or "run-date" in root[1] or "start-rtf" in root[1]


FORMAT = Format("xunit", "xUnit v2 XML", _looks_like, read)
