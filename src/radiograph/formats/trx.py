# SPDX-License-Identifier: Apache-2.0
"""Visual Studio's TRX, as MSTest, `dotnet test`, the Microsoft Testing Platform and reporters of other languages write it.

Source: Visual Studio's vstst.xsd, the TRX logger of the Visual Studio Test Platform. The rules are in
docs/reference/formats/trx.md. Results may stand before or after the definitions of their tests: both are read in one
go, and joined at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.report import ExecutionInfo, Report
from radiograph.formats.dotnet_properties import note_of
from radiograph.formats.dotnet_results import files_left_out, give_bounds, instant_of, read_events
from radiograph.formats.reading import MAX_SUMMARY, Format, ReadOptions, Source
from radiograph.formats.trx_definition import read_definition
from radiograph.formats.trx_join import join
from radiograph.formats.trx_result import RESULTS, Row, read_row
from radiograph.formats.xml_events import root_of

if TYPE_CHECKING:
    from radiograph.formats.trx_definition import Definition
    from radiograph.formats.xml_events import Element, Kind

_NAMESPACE = "http://microsoft.com/schemas/VisualStudio/TeamTest/"
_TESTS = {"UnitTest", "OrderedTest", "ManualTest", "GenericTest", "CodedWebTest", "DeclarativeWebTest", "LoadTest", "Test"}
_WHOLE = {*RESULTS, *_TESTS, "RunInfo", "CollectorDataEntries", "ResultFiles"}
_SKIP = {"TestSettings", "TestRunConfiguration", "TestEntries", "TestLists", "Build"}
_MADE_UP = re.compile(r".*@.* \d{4}-\d\d-\d\d.*")
"""A run's name that its writer made up of user, computer and time."""
_SHORT = 200


def read(source: Source, options: ReadOptions) -> Report:
    """Read a report."""
    return read_events(source, _Reading(options), _WHOLE, _SKIP)


class _Reading:
    """The state of reading: results, and definitions by their ids."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._rows: list[Row] = []
        self._definitions: dict[str, Definition] = {}
        self._notes: list[str] = []
        self._info = ExecutionInfo()

    def take(self, kind: Kind, element: Element) -> None:
        """Take an event."""
        if element.name in RESULTS:
            self._rows.append(read_row(element, keep_output=self._options.keep_output))
        elif element.name in _TESTS:
            self._define(element)
        elif kind == "start" and element.name == "TestRun":
            name = " ".join(element.get("name").split())
            self._info.fields.summary = name[:MAX_SUMMARY] if name and not _MADE_UP.fullmatch(name) else None
        elif kind == "start" and element.name == "Times":
            self._info.begin, self._info.end = instant_of(element.get("start")), instant_of(element.get("finish"))
        elif kind == "whole":
            self._note(element)

    def report(self) -> Report:
        """What was read."""
        results, refused = join(self._rows, self._definitions)
        give_bounds(self._info, results)
        other = note_of(name for d in self._definitions.values() for name in d.stated.other)
        return Report("", self._info, results, refused, [*self._notes, *other])

    def _define(self, element: Element) -> None:
        definition = read_definition(element)
        ids = [element.get("id"), *(e.get("id") for e in element.all("Execution"))]
        self._definitions.update((i.lower(), definition) for i in ids if i)

    def _note(self, element: Element) -> None:
        """What is of the whole run and no result of a Test."""
        if element.name == "RunInfo":
            text = element.find("Text")
            said = " ".join(text.text.split())[:_SHORT] if text else ""
            self._notes.append(f"line {element.line}: the run says ({element.get('outcome') or 'no outcome'}): {said}")
        else:
            words = files_left_out(_paths(element))
            self._notes += [f"line {element.line}: {words}"] if words else []


def _paths(element: Element) -> list[str]:
    """The paths of files that are named anywhere in an element."""
    own = [element.get("path") or element.get("href")] if element.name in {"ResultFile", "A"} else []
    return [*own, *(path for child in element.children for path in _paths(child))]


def _looks_like(head: str) -> bool:
    root = root_of(head)
    return root is not None and root[0] == "TestRun" and any(v.startswith(_NAMESPACE) for n, v in root[1].items() if n.startswith("xmlns"))


FORMAT = Format("trx", "Visual Studio TRX", _looks_like, read)
