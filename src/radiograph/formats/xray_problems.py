# SPDX-License-Identifier: Apache-2.0
"""Everything that is wrong or unknown in a part of an Xray JSON report; read only when decoding it failed."""

from __future__ import annotations

import difflib
import functools
import re
from typing import Any

import msgspec
from msgspec import Raw, Struct

from radiograph.domain.errors import Problem
from radiograph.domain.report import RefusedResult
from radiograph.formats import xray_wire as wire
from radiograph.formats.escapes import ELEMENTS, MEMBERS

UNKNOWN = re.compile(r"Object contains unknown field `(.*)`(?: - at `\$(.*)`)?$", re.DOTALL)
_PLACE = re.compile(r"(.*?) - at `\$(.*)`$", re.DOTALL)
_LIKE = 0.75
_MAX_NAME = 100


class Findings(Struct):
    """What is wrong below a path, and the names that nobody knows: the path of their object, the name, a similar one."""

    problems: list[Problem] = []
    unknown: list[tuple[str, str, str]] = []


def split_place(error: Exception, path: str) -> Problem:
    """The problem that a validation error tells, at its place below `path`."""
    found = _PLACE.match(str(error))
    return Problem(path + found[2], found[1]) if found else Problem(path, str(error))


def examine(kind: type[Struct], raw: Raw, path: str, found: Findings) -> Findings:
    """Look at each member of an object by itself; values of unknown names are not even decoded."""
    members = _decoded(MEMBERS, raw, path, found)
    known = _fields(kind)
    for name, value in (members or {}).items():
        if name in known:
            _examine_value(known[name], value, f"{path}.{name}", found)
        else:
            found.unknown.append((path, str(name)[:_MAX_NAME], similar(name, known)))
    return found


def similar(name: str, known: Any) -> str:  # noqa: ANN401  (names, in any collection)
    """The known name that this one is probably meant to be, or nothing."""
    by_lower = {k.lower(): k for k in known}
    close = difflib.get_close_matches(name[:_MAX_NAME].lower(), list(by_lower), 1, _LIKE)
    return by_lower[close[0]] if close else ""


def refusal(index: int, raw: Raw, problems: list[Problem]) -> RefusedResult:
    """A refused result, told by what can still be read of it."""
    inside = _lenient_members(raw)
    info = _lenient_members(inside.get("testInfo"))
    definition = _lenient_text(info.get("definition")) or _lenient_text(info.get("summary"))
    return RefusedResult(index, problems, _lenient_text(inside.get("testKey")), definition)


def _examine_value(kind: Any, raw: Raw, path: str, found: Findings) -> None:  # noqa: ANN401
    inner, in_list = struct_in(kind)
    if inner is None or memoryview(raw) == b"null":
        _decoded(_decoder(kind), raw, path, found)
    elif not in_list:
        examine(inner, raw, path, found)
    else:
        for i, item in enumerate(_decoded(ELEMENTS, raw, path, found) or []):
            examine(inner, item, f"{path}[{i}]", found)


def _decoded(decoder: Any, raw: Raw, path: str, found: Findings) -> Any:  # noqa: ANN401
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        found.problems.append(split_place(error, path))
    except UnicodeDecodeError as error:
        found.problems.append(Problem(path, f"is not valid UTF-8 ({error.reason})"))
    except RecursionError:
        found.problems.append(Problem(path, "is nested too deeply"))
    return None


def struct_in(kind: Any) -> tuple[type[Struct] | None, bool]:  # noqa: ANN401
    """The struct inside a field's type (`list[X] | None`), and whether it is in a list."""
    if isinstance(kind, type) and issubclass(kind, Struct) and kind is not Raw:
        return kind, False
    for argument in getattr(kind, "__args__", ()):
        inner, _ = struct_in(argument)
        if inner is not None:
            return inner, getattr(kind, "__origin__", None) is list or struct_in(argument)[1]
    return None, False


@functools.cache
def _fields(kind: type[Struct]) -> dict[str, Any]:
    return {f.encode_name: f.type for f in msgspec.structs.fields(kind)}


@functools.cache
def _decoder(kind: Any) -> Any:  # noqa: ANN401
    return msgspec.json.Decoder(kind)


@functools.cache
def decoder(kind: Any, *, lenient: bool) -> Any:  # noqa: ANN401
    """A decoder of a struct that refuses unknown names, or ignores them."""
    return msgspec.json.Decoder(wire.lenient(kind) if lenient else kind)


def _lenient_members(raw: Raw | None) -> dict[str, Raw]:
    try:
        return {str(k): v for k, v in MEMBERS.decode(raw).items()} if raw is not None else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _lenient_text(raw: Raw | None) -> str:
    try:
        value = _decoder(str | int).decode(raw) if raw is not None else ""
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return str(value)
