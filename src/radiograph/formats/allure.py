# SPDX-License-Identifier: Apache-2.0
"""Reads a zip of a results folder of Allure (Allure docs, How it works), or one result file."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import msgspec

from radiograph.domain.clock import earliest, latest
from radiograph.domain.errors import Problem, UnreadableReport, cut, shown
from radiograph.domain.issues import IssueFields
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report, TestResult
from radiograph.formats.allure_fixtures import Fixtures
from radiograph.formats.allure_results import Try, read_try
from radiograph.formats.allure_rounds import join
from radiograph.formats.allure_steps import Folder
from radiograph.formats.allure_wire import WireContainer, WireExecutor, WireGlobals, WireResult, text
from radiograph.formats.archive import is_zip, unpack
from radiograph.formats.json_value import read_typed
from radiograph.formats.reading import MAX_SUMMARY, Format, ReadOptions, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_T = TypeVar("_T")
_RESULT, _CONTAINER = "-result.json", "-container.json"
_ENVIRONMENT, _EXECUTOR = "environment.properties", "executor.json"
_GLOBALS = "-globals.json"
_KNOWN = (_RESULT, _CONTAINER, _GLOBALS, _ENVIRONMENT, _EXECUTOR, "categories.json")
_ID = re.compile(r'"(?:historyId|testCaseId|fullName|titlePath|stage|labels)"\s*:')
_STATUS = re.compile(r'"status"\s*:\s*"(?:passed|failed|broken|skipped|unknown)"')
_FIRST = re.compile(r'\s*\{\s*"(?:uuid|name|historyId|testCaseId|fullName|status)"\s*:\s*"')
_PLACE = re.compile(r"(.*?)(?: - at `(\$.*)`)?$", re.DOTALL)
_PAIR = re.compile(r"\s*((?:\\.|[^=:\\\s])+)\s*[=:]?\s*(.*?)\s*")
_LONGEST_NOTE = 2000


def looks_like(head: str) -> bool:
    """Whether a report begins as a result file does, or as a zip that has some."""
    if head.startswith("PK\x03\x04"):
        return _RESULT in head
    return bool(_FIRST.match(head) and _STATUS.search(head) and ('"uuid"' in head or _ID.search(head)))


def holds_results(names: Iterable[str]) -> bool:
    """Whether a zip with these files is of a results folder."""
    return any(name.endswith(_RESULT) for name in names)


def read(source: Source, options: ReadOptions) -> Report:
    """The report in a zip or in one file. A result file that can't be read is in `refused`, and the others are kept.

    Raises UnreadableReport when the zip, or the only file, can't be read, and TooLarge.
    """
    if not is_zip(source.data):
        return _Reader({"$": source.data}, options).read([("$", source.data)])
    files = {file.name.replace("\\", "/"): file.data for file in unpack(source, options.unpacked)}
    return _Reader(files, options).read(list(files.items()))


FORMAT = Format("allure", "Allure results", looks_like, read, holds_results)


class _Reader:
    def __init__(self, files: Mapping[str, memoryview], options: ReadOptions) -> None:
        self.folder = Folder(files, options.keep_output, set())
        self.fixtures = Fixtures()
        self.tries: list[Try] = []
        self.refused: list[RefusedResult] = []
        self.notes: list[str] = []
        self.info = ExecutionInfo()

    def read(self, files: list[tuple[str, memoryview]]) -> Report:
        for name, data in files:
            self.file(name, data)
        self.tries.sort(key=lambda one: one.order)
        self.notes += self.fixtures.give(self.tries, self.folder)
        results = join(self.tries)
        self.notes += self.left_out()
        self.span(results)
        for number, refusal in enumerate(self.refused, len(results)):
            refusal.index = number
        return Report("", self.info, results, self.refused, self.notes)

    def file(self, name: str, data: memoryview) -> None:
        base = name.rpartition("/")[2]
        if name == "$" or name.endswith(_RESULT):
            self.result(name, data)
        elif name.endswith(_CONTAINER):
            if found := self.other(name, data, WireContainer):
                self.fixtures.add(found, name)
        elif name.endswith(_GLOBALS):
            self.notes += self.global_errors(name, data)
        elif base == _ENVIRONMENT:
            self.notes += _environment(name, data)
        elif base == _EXECUTOR and (executor := self.other(name, data, WireExecutor)):
            self.executor(executor)

    def result(self, name: str, data: memoryview) -> None:
        try:
            wire = read_typed(data, WireResult, "report" if name == "$" else f"file {name}", lenient=True)
        except (UnreadableReport, msgspec.ValidationError) as error:
            if name == "$" and isinstance(error, UnreadableReport):
                raise
            self.refused.append(RefusedResult(0, _problems(name, error)))
            return
        found = read_try(wire, name, self.folder)
        if found is None:
            self.refused.append(RefusedResult(0, [Problem(name, "has neither fullName nor name: it tells no Test")]))
        else:
            self.tries.append(found)

    def other(self, name: str, data: memoryview, kind: type[_T]) -> _T | None:
        """A file that isn't a result; one that can't be read is noted."""
        try:
            return read_typed(data, kind, f"file {name}", lenient=True)
        except (UnreadableReport, msgspec.ValidationError) as error:
            self.notes += [f"{problem.path}: {problem.problem}; the file was left out" for problem in _problems(name, error)]
            return None

    def global_errors(self, name: str, data: memoryview) -> list[str]:
        """What went wrong outside of any test, such as in a hook before them all."""
        whole = self.other(name, data, WireGlobals)
        told = [text(error.message) or text(error.trace) for error in (whole.errors if whole else None) or ()]
        return [f"{name}: it went wrong outside of any test: {shown(what)}" for what in told]

    def executor(self, executor: WireExecutor) -> None:
        """The name of the build becomes the summary."""
        url = text(executor.build_url)
        self.info.build_url = url if url.startswith(("http://", "https://")) else None
        self.info.fields = IssueFields(summary=text(executor.build_name)[:MAX_SUMMARY] or None)

    def span(self, results: Iterable[TestResult]) -> None:
        every = [one for result in results for one in (result, *result.attempts)]
        self.info.begin = earliest(r.start for r in every)
        self.info.end = latest(r.finish for r in every)

    def left_out(self) -> list[str]:
        """What no result has of the folder, counted."""
        kinds = Counter(kind for one in self.tries for kind in one.ignored)
        notes = [f"{count} links of type {cut(kind)} were left out" for kind, count in kinds.items()]
        rest = [n for n in self.folder.files if n != "$" and not n.endswith(_KNOWN) and n not in self.folder.named]
        if rest:
            notes.append(f"{len(rest)} files that no result names were left out, such as {cut(rest[0])}")
        return notes


def _problems(name: str, error: UnreadableReport | msgspec.ValidationError) -> list[Problem]:
    """What is wrong with a file, told with its name."""
    if isinstance(error, UnreadableReport):
        return [Problem(name, detail.problem) for detail in error.details]
    found = _PLACE.match(str(error))
    problem, path = (found[1], found[2] or "$") if found else (str(error), "$")
    return [Problem(path if name == "$" else f"{name}: {path}", problem)]


def _environment(name: str, data: memoryview) -> list[str]:
    """The environment as a note: it has names for anything, which no test environment has."""
    lines = str(data, "utf-8", "replace").splitlines()
    pairs = (_PAIR.fullmatch(line) for line in lines if line.strip() and not line.lstrip().startswith(("#", "!")))
    told = ", ".join(f"{_plain(p[1])} = {_plain(p[2])}" for p in pairs if p)
    return [f"{name}: {told[:_LONGEST_NOTE]}"] if told else []


def _plain(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word)
