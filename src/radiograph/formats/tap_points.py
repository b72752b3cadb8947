# SPDX-License-Identifier: Apache-2.0
"""One test point of a TAP report: its line, its diagnostics, and the result that they make."""

from __future__ import annotations

import re

from msgspec import Struct

from radiograph.domain.errors import shown
from radiograph.domain.report import TestResult
from radiograph.formats.reading import check_count, seconds
from radiograph.formats.tap_yaml import dedented, read_block

POINT = re.compile(r"(not )?ok(?:\s+(\d{1,9}))?(?:\s+(.*))?")
_DIRECTIVE = re.compile(r"(?:^|(?<=\s))#\s*(skip|todo)\S*\s*(.*)$", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(r"(?:^|\s)#\s*time=([\d.,]+)\s*(ms|s)?(?=\s|$)")
_CHECK = re.compile(r"(\S+\.[A-Za-z]+:[^:]+:[A-Za-z_]\w*): (.*)", re.DOTALL)
"""A description as the Check library writes it: file, case and function, and then what came of it."""
_ESCAPED = re.compile(r"\\([#\\])")
_NOT_TOLD = frozenset({"duration_ms", "type", "failureType", "message", "error", "stack", "name", "code"})
"""What stands elsewhere in a result, or says what its status says already."""
_SUMS_UP = "subtestsFailed"
_CLASS = re.compile(r"[A-Za-z_$][\w$.:]*")


class Point(Struct):
    """A test point as its line says, with what follows it: the lines of its YAML, and what was said of its failure."""

    line: int
    ok: bool
    number: str
    name: str
    directive: str = ""
    reason: str = ""
    elapsed: float | None = None
    yaml: list[str] | None = None
    told: list[str] = []
    printed: list[str] = []
    opens: bool = False

    @property
    def failed(self) -> bool:
        """Whether it counts as a failure."""
        return not self.ok and not self.directive


def read_point(found: re.Match[str], line: int) -> Point:
    """A test point out of its line."""
    text = found[3] or ""
    opens = text == "{" or text.endswith(" {")
    text = text[:-1].rstrip() if opens else text
    point = Point(line, not found[1], found[2] or "", "", opens=opens)
    time = _TIME.search(text)
    if time:
        value = seconds(time[1])
        point.elapsed = round(value / 1000, 9) if value is not None and time[2] != "s" else value
        text = text[: time.start()] + text[time.end() :]
    directive = _DIRECTIVE.search(text)
    if directive:
        point.directive, point.reason = directive[1].upper(), directive[2].strip(" -")
        text = text[: directive.start()]
    point.name = unescaped(text.strip().removeprefix("- ").strip() if text.strip() != "-" else "")
    check = _CHECK.fullmatch(point.name)
    if check:
        point.name = check[1]
        point.told = [] if check[2] == "Passed" else [check[2]]
    return point


def unescaped(text: str) -> str:
    """A description without TAP's escapes of `#` and of the backslash."""
    return _ESCAPED.sub(r"\1", text)


def has_own_failure(point: Point) -> bool:
    """Whether a parent says that it failed by itself, as node's does when a hook fails, and not for its subtests."""
    fields = read_block(point.yaml) if point.yaml and point.failed else None
    return fields is not None and fields.get("failureType", _SUMS_UP) != _SUMS_UP


def result_of(point: Point, index: int) -> TestResult:
    """The result of a point; which Test it is of is not told yet."""
    check_count(index + 1)
    place = f"line {point.line}"
    result = TestResult(index, status=_status(point), place=place, warnings=[], elapsed=point.elapsed)
    if point.ok and point.directive == "TODO":
        result.warnings.append(f"{place}: it passed, but is marked TODO; it counts as TODO until the mark is taken away")
    fields = read_block(point.yaml) if point.yaml is not None else {}
    parts = [point.reason]
    if fields is None:
        result.warnings.append(f"{place}: its diagnostics are no simple YAML, and were kept as text")
        parts.append(dedented(point.yaml or []))
    else:
        _take_duration(fields, result)
        parts += _comment(fields, told=not point.ok)
    parts.append(dedented(point.told))
    result.comment = "\n\n".join(part for part in parts if part)
    return result


def _status(point: Point) -> str:
    return "TODO" if point.directive else "PASS" if point.ok else "FAIL"


def _take_duration(fields: dict[str, str], result: TestResult) -> None:
    text = fields.get("duration_ms", "")
    found = seconds(text)
    if found is not None:
        result.elapsed = round(found / 1000, 9)
    elif text:
        result.warnings.append(f"{result.place}: the duration {shown(text)} can't be read and was left out")


def _comment(fields: dict[str, str], *, told: bool) -> list[str]:
    """The message, what else is told of a failure, and the trace unless it begins with the message."""
    message, kind = _message(fields)
    stack = fields.get("stack", "")
    if not told:
        return [message]
    rest = [f"{k}:\n{v}" if "\n" in v else f"{k}: {v}" for k, v in fields.items() if k not in _NOT_TOLD and v]
    if message and kind and kind not in message:
        message = f"{kind}: {message}"
    if stack and message and message in stack:
        message = ""
    return [message, "\n".join(rest), stack]


def _message(fields: dict[str, str]) -> tuple[str, str]:
    """The message and the class of the exception; where `error` has both inside, they are taken out of it."""
    error = fields.get("error", "")
    inner = read_block(error.split("\n")) if error.startswith(("name:", "message:")) else None
    if inner and "message" in inner:
        return inner["message"], inner.get("name", "")
    name = fields.get("name", "")
    return fields.get("message") or error, name if _CLASS.fullmatch(name) else ""
