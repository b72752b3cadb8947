# SPDX-License-Identifier: Apache-2.0
"""Reads Xray JSON (Xray docs, Import Execution Results) in place: no copy of the body is made."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Raw

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report, TestResult
from radiograph.formats import xray_wire as wire
from radiograph.formats.body import Body, bad_byte, bad_encoding, malformed, open_body
from radiograph.formats.escapes import Repair, may_have_bad_escapes, repair
from radiograph.formats.reading import Format, check_count
from radiograph.formats.repeated import check_root, repeated_names
from radiograph.formats.xray_results import read_info, read_result

if TYPE_CHECKING:
    from collections.abc import Sequence

_T = TypeVar("_T")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`(?: - at `\$(.*)`)?$", re.DOTALL)
_PLACE = re.compile(r"(.*?) - at `\$(.*)`$", re.DOTALL)
_SHOWN_UNKNOWN = 100


def read_xray_json(body: Body) -> Report:
    """The report in a body. A result that can't be read is in `refused`, and the others are kept.

    Raises UnreadableReport, with line and column or JSON path, when the body as a whole can't be read.
    """
    view = open_body(body)
    mended = repair(view) if may_have_bad_escapes(view) else None
    reader = _Reader(mended.view if mended else view, mended)
    return reader.read()


def _looks_like(head: str) -> bool:
    return head.lstrip().startswith("{") and any(f'"{name}"' in head for name in ("tests", "info", "testExecutionKey"))


FORMAT = Format("xray", "Xray JSON", _looks_like, lambda source, _: read_xray_json(source.data))


class _Reader:
    def __init__(self, view: memoryview, mended: Repair | None) -> None:
        self.view, self.mended = view, mended
        self.notes: list[str] = []
        self.unknown: dict[str, None] = {}

    def read(self) -> Report:
        root = self.root()
        raws = root.tests or []
        check_count(len(raws))
        check_root(self.view, raws)
        if self.mended is not None:
            self.tell_mended(raws)
        info = self.info(root.info)
        results, refused = self.results(raws)
        notes = [*self.notes, *self.unknown_notes()]
        return Report((root.test_execution_key or "").strip(), info, results, refused, notes)

    def root(self) -> wire.WireReport:
        try:
            return self.decode(wire.WireReport, self.view, "$")
        except msgspec.ValidationError as error:
            path, text = _split(error, "$")
            raise UnreadableReport(f"The report can't be read: {path}: {text}", [Problem(path, text)]) from None
        except UnicodeDecodeError:
            raise bad_encoding(self.view, "$") from None
        except (msgspec.DecodeError, RecursionError) as error:
            raise malformed(self.view, error) from None

    def tell_mended(self, raws: Sequence[Raw]) -> None:
        assert self.mended is not None  # noqa: S101
        for index, raw in enumerate(raws):
            for path in self.mended.paths(raw, f"$.tests[{index}]"):
                self.notes.append(f"{path} has a character that can't be stored; it was replaced by U+FFFD")
        self.mended.finish()

    def info(self, raw: Raw) -> ExecutionInfo:
        token = bytes(raw)
        if token in {b"", b"null"}:
            return ExecutionInfo()
        try:
            found = self.decode(wire.WireInfo, memoryview(raw), "$.info")
        except msgspec.ValidationError as error:
            path, text = _split(error, "$.info")
            raise UnreadableReport(f"The report can't be read: {path}: {text}", [Problem(path, text)]) from None
        except UnicodeDecodeError:
            raise bad_encoding(self.view, "$.info") from None
        return read_info(found, self.notes)

    def results(self, raws: Sequence[Raw]) -> tuple[list[TestResult], list[RefusedResult]]:
        strict = _decoder(wire.WireTest, lenient=False).decode
        results: list[TestResult] = []
        refused: list[RefusedResult] = []
        for index, raw in enumerate(raws):
            problems: list[Problem] = []
            try:
                found = strict(raw)
            except (msgspec.ValidationError, UnicodeDecodeError):
                found = self.second_look(index, raw, problems)
            result = read_result(index, found, problems) if found is not None else None
            if result is not None:
                for name in repeated_names(raw):
                    result.warnings.append(f"$.tests[{index}].{name} is there twice; the last value was taken")
            if problems or result is None:
                refused.append(_refusal(index, raw, *problems))
            else:
                results.append(result)
        return results, refused

    def second_look(self, index: int, raw: Raw, problems: list[Problem]) -> wire.WireTest | None:
        """A result that isn't as the schema has it: with unknown names (they are noted), or unreadable."""
        path = f"$.tests[{index}]"
        try:
            return self.decode(wire.WireTest, memoryview(raw), path)
        except msgspec.ValidationError as error:
            problems.append(Problem(*_split(error, path)))
        except UnicodeDecodeError:
            problems.append(Problem(path, f"is not valid UTF-8{bad_byte(memoryview(raw))}; write the report in UTF-8"))
        return None

    def decode(self, kind: type[_T], data: memoryview, path: str) -> _T:
        """Decode strictly; where that meets an unknown name, leniently, and note the names."""
        try:
            return _decoder(kind, lenient=False).decode(data)  # type: ignore[no-any-return]
        except msgspec.ValidationError as error:
            if not _UNKNOWN.match(str(error)):
                raise
        found = _decoder(kind, lenient=True).decode(data)
        self.note_unknown(kind, msgspec.json.decode(data) if kind is not wire.WireReport else _names(data), path)
        return found  # type: ignore[no-any-return]

    def note_unknown(self, kind: Any, value: Any, path: str) -> None:  # noqa: ANN401
        for name, known, below in _unknown(kind, value, path):
            general = re.sub(r"\[\d+\]", "[]", below)
            if f"{general}.{name}" not in self.unknown and len(self.unknown) < _SHOWN_UNKNOWN:
                near = _near(name, known)
                self.unknown[f"{general}.{name}"] = None
                hint = f" Did you mean {near}?" if near else ""
                self.notes.append(f"{below}.{name} is not known and was ignored.{hint}")

    def unknown_notes(self) -> list[str]:
        return ["more names were not known and were ignored"] if len(self.unknown) >= _SHOWN_UNKNOWN else []


def _near(name: str, known: list[str]) -> str:
    by_lower = {k.lower(): k for k in known}
    close = difflib.get_close_matches(name.lower(), list(by_lower), 1, 0.75)
    return by_lower[close[0]] if close else ""


def _names(data: memoryview) -> dict[str, None]:
    return dict.fromkeys(msgspec.json.decode(data, type=dict[str, Raw]))


def _unknown(kind: Any, value: Any, path: str) -> list[tuple[str, list[str], str]]:  # noqa: ANN401
    """Unknown names below a value: the name, those known at its place, and the path of that place."""
    found: list[tuple[str, list[str], str]] = []
    if isinstance(value, list):
        for i, item in enumerate(value):
            found += _unknown(kind, item, f"{path}[{i}]")
    elif isinstance(value, dict):
        fields = {f.encode_name: f.type for f in msgspec.structs.fields(kind)}
        for name, inner in value.items():
            if name not in fields:
                found.append((name, list(fields), path))
                continue
            below = _struct_in(fields[name])
            if below is not None and inner:
                found += _unknown(below, inner, f"{path}.{name}")
    return found


def _struct_in(kind: Any) -> Any:  # noqa: ANN401
    """The struct inside a field's type (`list[X] | None`), or None."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    inside = (_struct_in(arg) for arg in getattr(kind, "__args__", ()))
    return next((s for s in inside if s is not None), None)


_DECODERS: dict[tuple[Any, bool], Any] = {}


def _decoder(kind: Any, *, lenient: bool) -> Any:  # noqa: ANN401
    if (kind, lenient) not in _DECODERS:
        _DECODERS[kind, lenient] = msgspec.json.Decoder(wire.lenient(kind) if lenient else kind)
    return _DECODERS[kind, lenient]


def _split(error: Exception, path: str) -> tuple[str, str]:
    found = _PLACE.match(str(error))
    if not found:
        return path, str(error)
    return path + found[2], found[1]


def _refusal(index: int, raw: Raw, *problems: Problem) -> RefusedResult:
    """A refused result, told by what can still be read of it."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = None
    value = value if isinstance(value, dict) else {}
    key = value.get("testKey")
    info = value.get("testInfo")
    info = info if isinstance(info, dict) else {}
    definition = info.get("definition") or info.get("summary")
    return RefusedResult(
        index,
        list(problems),
        key if isinstance(key, str) else "",
        definition if isinstance(definition, str) else "",
    )
