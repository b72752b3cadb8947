# SPDX-License-Identifier: Apache-2.0
"""A TAP stream line by line: its levels of subtests, its plans, and the results that come of its test points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import cut
from radiograph.formats.reading import derived_test, plain_file
from radiograph.formats.tap_points import POINT, Point, has_own_failure, read_point, result_of, unescaped

if TYPE_CHECKING:
    from radiograph.domain.report import TestResult

_INDENT = 4
"""Spaces by which a subtest stands deeper than its parent."""
_DEEPEST = 64 * _INDENT
_MOST_NOTES = 50
_VERSION = re.compile(r"TAP version \d+\s*")
_PLAN = re.compile(r"1\.\.(\d{1,9})\s*(?:#\s*(?:skip\S*\s*)?(.*))?", re.IGNORECASE)
_BAIL = re.compile(r"Bail out!\s*(.*)", re.IGNORECASE)
_SUBTEST = re.compile(r"# Subtest(?:: ?(.*))?")
_FILE = re.compile(r"(\S*[./]\S*) \.{2,} ?")
"""The line that prove writes before the output of a file."""
_SUMMARY = re.compile(
    r"# (?:(?:tests|suites|pass|fail|cancelled|skipped?|todo|ok|duration_ms|time)\b[\s=:]*[\d.]*(?:ms|s)?|\{ total: .*\}|failed \d+ of \d+ tests?)\s*"
)
_TIMED = re.compile(r"(.+) in (\d+)ms")
_TELLS = re.compile(r"(?:not )?ok\b|1\.\.\d|TAP version \d|# Subtest\b|Bail out!|[{}]\s*$", re.IGNORECASE)
"""What a line of the protocol begins with, comments aside."""


class _Level(Struct):
    """The stream or one subtest: its name once it is known, its plan, and how its points ended."""

    indent: int
    line: int
    parent: _Level | None = None
    name: str = ""
    opener: Point | None = None
    plan: int | None = None
    plan_line: int = 0
    count: int = 0
    filled: bool = False
    failed: bool = False
    next_name: str = ""
    group: str = ""
    closed: _Level | None = None

    @property
    def path(self) -> list[str]:
        """The names of the subtests that it is in, and its own."""
        return [*(self.parent.path if self.parent else ()), *([self.name] if self.name else ())]


class Stream:
    """A TAP stream, or several one behind the other, as its lines come."""

    def __init__(self, *, keep_output: bool) -> None:
        """Begin with nothing; with `keep_output` what tests printed becomes evidence."""
        self._keep_output = keep_output
        self._results: list[TestResult] = []
        self._names: list[tuple[_Level, str, str]] = []
        self.notes: list[str] = []
        self._level = _Level(0, 1)
        self._pending: tuple[Point, _Level] | None = None
        self._yaml: tuple[list[str], int] | None = None
        self._printed: list[str] = []
        self._grouped: bool | None = None
        self._versioned = False

    def read(self, number: int, line: str) -> None:
        """Take a line."""
        text = line.lstrip(" \t")
        indent = len(line) - len(text)
        if self._yaml is not None and self._in_yaml(line, text, indent):
            return
        if not text:
            return
        if (
            text[0] == "-"
            and text.rstrip() == "---"
            and self._pending is not None
            and self._pending[0].yaml is None
            and indent > self._pending[1].indent
        ):
            self._pending[0].yaml = []
            self._yaml = self._pending[0].yaml, indent
        elif (
            _TELLS.match(text)
            and indent <= _DEEPEST
            and (indent - self._base(indent)) % _INDENT == 0
            and self._protocol(number, indent, text.rstrip())
        ):
            return
        elif text[0] == "#":
            self._comment(line, text.rstrip())
        elif indent == 0 and self._may_begin() and (file := _FILE.fullmatch(text)):
            self._begin(number, file[1])
        else:
            self._unknown(line, indent)

    def _may_begin(self) -> bool:
        """Whether another file's stream can begin here: none has begun, or this one has told its plan."""
        return self._level.plan is not None or (self._level.parent is None and not self._level.count)

    def _in_yaml(self, line: str, text: str, indent: int) -> bool:
        """Take a line of diagnostics; False when the block ended before it, as it was cut off."""
        assert self._yaml is not None  # noqa: S101  (the caller looks)
        lines, own = self._yaml
        if text and indent < own:
            self._yaml = None
            return False
        if text.rstrip() == "..." and indent == own:
            self._yaml = None
        else:
            lines.append(line)
        return True

    def _base(self, indent: int) -> int:
        """The indent of the level that a line of this indent belongs to, or is below."""
        level = self._level
        while level.parent is not None and level.indent > indent:
            level = level.parent
        return level.indent

    def _protocol(self, number: int, indent: int, text: str) -> bool:
        """Take a line of the protocol; False where it only looks like one."""
        if (found := POINT.fullmatch(text)) is not None:
            if not found[2] and not found[3] and self._is_over():
                return False  # prove's verdict on a file
            self._point(number, indent, read_point(found, number))
        elif (found := _PLAN.fullmatch(text)) is not None:
            self._plan(number, indent, int(found[1]), found[2] or "")
        elif (found := _SUBTEST.fullmatch(text)) is not None:
            self._move(number, indent, own=unescaped(found[1] or ""))
            self._level.next_name = unescaped(found[1] or "")
            self._grouped = False
        elif (found := _BAIL.fullmatch(text)) is not None:
            self._flush()
            self._note(f"line {number}: the run was given up: Bail out!{f' {cut(found[1])}' if found[1] else ''}")
        elif text in {"{", "}"}:
            return self._brace(number, indent, opens=text == "{")
        elif _VERSION.fullmatch(text):
            self._version(number, indent)
        else:
            return False
        return True

    def _is_over(self) -> bool:
        """Whether the stream has all that its plan promised."""
        return self._level.parent is None and self._level.plan is not None and self._level.count >= self._level.plan

    def _version(self, number: int, indent: int) -> None:
        """A version line begins a stream."""
        self._move(number, indent)
        if self._level.parent is None:
            if self._level.count or self._pending:
                self._begin(number, "")
            self._versioned, self._grouped = True, None

    def _begin(self, number: int, name: str) -> None:
        """A stream begins, behind another or as the first."""
        self._end()
        self._level = _Level(0, number, name=name)
        self._versioned, self._grouped = False, None

    def _plan(self, number: int, indent: int, count: int, reason: str) -> None:
        self._flush()
        self._move(number, indent)
        if self._is_over():
            self._begin(number, "")
        self._level.plan, self._level.plan_line = count, number
        if count == 0 and self._level.parent is None:
            self._note(f"line {number}: no tests were planned{f': {cut(reason)}' if reason else ''}")
        if self._grouped is None:
            self._grouped = False

    def _point(self, number: int, indent: int, point: Point) -> None:
        self._move(number, indent)
        level = self._level
        if self._grouped is None:
            self._grouped = self._versioned and bool(level.group)
        point.printed, self._printed = self._printed, []
        level.count += 1
        level.filled = True
        if point.opens:
            self._level = _Level(level.indent + _INDENT, number, level, point.name or level.next_name, opener=point)
        else:
            self._pending = point, level

    def _brace(self, number: int, indent: int, *, opens: bool) -> bool:
        """The braces around a subtest that stands behind its parent's line."""
        if opens:
            if self._pending is None or self._pending[1].indent != indent:
                return False
            (point, level), self._pending = self._pending, None
            self._level = _Level(level.indent + _INDENT, number, level, point.name or level.next_name, opener=point)
            return True
        self._flush()
        while self._level.opener is None and self._level.parent is not None and self._level.indent > indent + _INDENT:
            self._pop()
        if self._level.opener is None or self._level.indent != indent + _INDENT:
            return False
        self._pop()
        return True

    def _move(self, number: int, indent: int, own: str = "") -> None:
        """Go to the level of a line; a deeper one begins a subtest, whose name is `own` where nobody above has named it."""
        self._flush()
        while self._level.parent is not None and indent < self._level.indent:
            self._pop()
        while indent > self._level.indent:
            parent = self._level
            self._level = _Level(parent.indent + _INDENT, number, parent, parent.next_name or own)
            parent.next_name, parent.closed = "", None

    def _pop(self) -> None:
        level = self._level
        self._check(level)
        assert level.parent is not None  # noqa: S101  (the callers look)
        self._level, level.parent.closed = level.parent, level
        level.parent.filled, level.parent.failed = level.parent.filled or level.filled, level.parent.failed or level.failed
        if level.opener is not None:
            self._pending = level.opener, level.parent
            self._flush()

    def _check(self, level: _Level) -> None:
        """Tell where a plan wasn't kept."""
        if level.plan is not None and level.count != level.plan:
            where = f" of {cut('.'.join(level.path))}" if level.path else ""
            self._note(
                f"line {level.plan_line}: the plan{where} promises {level.plan} tests, but {level.count} {'was' if level.count == 1 else 'were'} reported"
            )

    def _comment(self, line: str, text: str) -> None:
        """A comment says why the point before it failed, or names what follows, or was printed."""
        said = text[1:].removeprefix(" ")
        if _SUMMARY.fullmatch(text):
            return
        if self._level.parent is None and self._versioned and self._grouped is not False:
            self._flush()
            self._level.group = said.strip()
            if self._grouped is None:
                self._print(line)
        elif self._pending is not None and not self._pending[0].ok:
            self._pending[0].told.append(said)
        else:
            self._print(line)

    def _unknown(self, line: str, indent: int) -> None:
        """No TAP: what mocha says of a failure is indented; all else was printed."""
        if self._pending is not None and self._pending[0].failed and indent > self._pending[1].indent:
            self._pending[0].told.append(line[self._pending[1].indent :])
        else:
            self._print(line)

    def _print(self, line: str) -> None:
        if self._keep_output:
            self._printed.append(line)

    def _flush(self) -> None:
        """Make a result of the point that was waited with for its diagnostics, unless it only sums up its subtests."""
        self._yaml = None
        if self._pending is None:
            return
        (point, level), self._pending = self._pending, None
        below, level.closed = level.closed, None
        level.failed = level.failed or point.failed
        if below is not None:
            below.name = below.name or point.name or level.next_name
            if below.filled and (below.failed or not point.failed) and not has_own_failure(point):
                level.next_name = ""
                return
        result = result_of(point, len(self._results))
        name = point.name or (below.name if below else level.next_name) or f"test {point.number or level.count}"
        level.next_name = ""
        if point.printed:
            result.evidence = [
                plain_file("system-out.txt", "text/plain", "\n".join(point.printed).encode("utf-8", "replace"), result.place)
            ]
        self._results.append(result)
        self._names.append((level, level.group if self._grouped else "", name))

    def _end(self) -> None:
        """End the stream."""
        self._flush()
        while self._level.parent is not None:
            self._pop()
        self._check(self._level)

    def _note(self, text: str) -> None:
        if len(self.notes) < _MOST_NOTES:
            self.notes.append(text)

    def results(self) -> list[TestResult]:
        """End the last stream: all results, with the Tests that they are of."""
        self._end()
        in_names = bool(self._names) and not self._versioned and all(_TIMED.fullmatch(name) for _, _, name in self._names)
        for result, (level, group, name) in zip(self._results, self._names, strict=True):
            own = name
            if in_names and (time := _TIMED.fullmatch(name)) is not None:  # as bats --timing has it
                own, result.elapsed = time[1], int(time[2]) / 1000
            result.info = derived_test(".".join([*level.path, *([group] if group and group != own else ()), own]), own)
        return self._results
