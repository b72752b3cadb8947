# SPDX-License-Identifier: Apache-2.0
"""Reads Xray JSON (Xray docs, Import Execution Results) in place: no copy of the body is made.

A name that is given twice in one result counts as the JSON library has it: the last one wins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Raw

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report, TestResult
from radiograph.formats import xray_wire as wire
from radiograph.formats.body import Body, bad_encoding, first_bad_byte, malformed, open_body
from radiograph.formats.escapes import ELEMENTS, MEMBERS, Repair, repair
from radiograph.formats.xray_problems import UNKNOWN, Findings, decoder, examine, refusal, similar, split_place
from radiograph.formats.xray_results import read_info, read_result

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_RESULTS = 2_000_000
"""More results than this in one report are refused: a bound for memory."""
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ROOT = ("testExecutionKey", "info", "tests")
_INDEX = re.compile(r"\[\d+\]")
_SHOWN_UNKNOWN = 100
_EXAMINED = 200
_PIECE = 1 << 20
_LARGE = 32 << 20
_COMMAS_EACH = 30
_KEY = msgspec.json.Decoder(str | None)


def read_xray_json(body: Body) -> Report:
    """The report in a body. A result that can't be read is in `refused`, and the others are kept.

    Raises UnreadableReport, with line and column or JSON path, when the body as a whole can't be read.
    """
    view = open_body(body)
    mended = repair(view) if _SUSPECT.search(view) else None
    return _Reader(mended.view if mended else view, mended).read()


class _Reader:
    def __init__(self, view: memoryview, mended: Repair | None) -> None:
        self.view, self.mended = view, mended
        self.notes: list[str] = []
        self.unknown: set[str] = set()
        self.examined = 0
        self.strict = decoder(wire.WireTest, lenient=False)
        self.refused: list[RefusedResult] = []

    def read(self) -> Report:
        root = self.root()
        raws = self.elements(root.get("tests"))
        if self.mended is not None:
            self.tell_mended(self.mended, root, raws)
        key = self.part(_KEY, root.get("testExecutionKey"), "$.testExecutionKey") or ""
        info = self.info(root.get("info"))
        results = [r for i, raw in enumerate(raws) if (r := self.result(i, raw)) is not None]
        if len(self.unknown) >= _SHOWN_UNKNOWN:
            self.notes.append("more names were not known and were ignored")
        return Report(key.strip(), info, results, self.refused, self.notes)

    def root(self) -> dict[str, Raw]:
        """The members of the root that aren't null; unknown names are noted."""
        try:
            members = MEMBERS.decode(self.view)
        except msgspec.ValidationError as error:
            problem = split_place(error, "$")
            hint = " (Cucumber and Behave reports have addresses of their own)" if "got `array`" in str(error) else ""
            raise _unreadable(Problem(problem.path, problem.problem + hint)) from None
        except UnicodeDecodeError:
            raise bad_encoding(self.view, "$") from None
        except (msgspec.DecodeError, RecursionError) as error:
            raise malformed(self.view, error) from None
        found: dict[str, Raw] = {}
        for name, raw in members.items():
            if name not in _ROOT:
                self.note_unknown("$", str(name), similar(name, _ROOT))
            elif str(name) in found:
                raise _unreadable(Problem(f"$.{name}", "is there twice, and one of the two would be lost"))
            elif memoryview(raw) != b"null":
                found[str(name)] = raw
        return found

    def elements(self, tests: Raw | None) -> Sequence[Raw]:
        if tests is None:
            return []
        _check_size(memoryview(tests))
        found: Sequence[Raw] = self.part(ELEMENTS, tests, "$.tests")
        return found

    def part(self, reader: Any, raw: Raw | None, path: str) -> Any:  # noqa: ANN401  (what the decoder makes)
        """Decode a part of the root; raises UnreadableReport with the path."""
        if raw is None:
            return None
        try:
            return reader.decode(raw)
        except msgspec.ValidationError as error:
            raise _unreadable(split_place(error, path)) from None
        except UnicodeDecodeError:
            raise bad_encoding(self.view, path) from None
        except RecursionError as error:
            raise malformed(self.view, error) from None

    def tell_mended(self, mended: Repair, root: dict[str, Raw], raws: Sequence[Raw]) -> None:
        parts = [(f"$.{name}", raw) for name, raw in root.items() if name != "tests"]
        parts += [(f"$.tests[{i}]", raw) for i, raw in enumerate(raws)]
        for below, raw in parts:
            for path in mended.paths(raw, below):
                self.notes.append(f"{path} has a character that can't be stored; it was replaced by U+FFFD")
        mended.finish()

    def info(self, raw: Raw | None) -> ExecutionInfo:
        if raw is None:
            return ExecutionInfo()
        found = examine(wire.WireInfo, raw, "$.info", Findings())
        if found.problems:
            raise _unreadable(*found.problems)
        self.note_all(found)
        return read_info(self.part(decoder(wire.WireInfo, lenient=True), raw, "$.info"), self.notes)

    def result(self, index: int, raw: Raw) -> TestResult | None:
        try:
            test = self.strict.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            test = self.second_look(index, raw, error)
            if test is None:
                return None
        problems: list[Problem] = []
        result = read_result(index, test, problems)
        if problems:
            self.refused.append(refusal(index, raw, problems))
            return None
        return result

    def second_look(self, index: int, raw: Raw, error: Exception) -> wire.WireTest | None:
        """The result without the names nobody knows; None, with every problem told, when it can't be read."""
        path = f"$.tests[{index}]"
        try:
            test: wire.WireTest = decoder(wire.WireTest, lenient=True).decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as worse:
            found = examine(wire.WireTest, raw, path, Findings())
            self.refused.append(refusal(index, raw, found.problems or [_problem(worse, raw, path)]))
            return None
        first = UNKNOWN.match(str(error))
        if first is None or _general(f"{path}{first[2] or ''}", first[1]) not in self.unknown or self.examined < _EXAMINED:
            self.examined += 1
            self.note_all(examine(wire.WireTest, raw, path, Findings()))
        return test

    def note_all(self, found: Findings) -> None:
        for path, name, near in found.unknown:
            self.note_unknown(path, name, near)

    def note_unknown(self, path: str, name: str, near: str) -> None:
        """Note a name once, wherever in a list it stands."""
        general = _general(path, name)
        if general in self.unknown or len(self.unknown) >= _SHOWN_UNKNOWN:
            return
        self.unknown.add(general)
        hint = f" Did you mean {near}?" if near else f" It belongs at the root: $.{name}" if name in _ROOT else ""
        self.notes.append(f"{path}.{name} is not known and was ignored.{hint}")


def _general(path: str, name: str) -> str:
    """The name and its path, without the places in lists."""
    return f"{_INDEX.sub('[]', path)}.{name}"


def _problem(error: Exception, raw: Raw, path: str) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        return Problem(path, f"is not valid UTF-8 at byte {first_bad_byte(memoryview(raw))} of this result: write it in UTF-8")
    if isinstance(error, RecursionError):
        return Problem(path, "is nested too deeply")
    return split_place(error, path)


def _unreadable(*problems: Problem) -> UnreadableReport:
    told = "; ".join(f"{p.path}: {p.problem}" for p in problems)
    return UnreadableReport(f"The report can't be read: {told}", problems)


def _check_size(tests: memoryview) -> None:
    """Refuse what would take a great many objects to hold, before any is made."""
    if len(tests) < _LARGE:
        return
    commas = sum(bytes(tests[i : i + _PIECE]).count(b",") for i in range(0, len(tests), _PIECE))
    if commas > MAX_RESULTS * _COMMAS_EACH:
        raise _unreadable(Problem("$.tests", f"holds more than {MAX_RESULTS} results; send it in parts"))
