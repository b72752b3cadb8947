# SPDX-License-Identifier: Apache-2.0
"""A JSON report whose members are decoded one at a time: nothing but the one in hand is in memory as objects."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.formats.body import Body, bad_byte, bad_encoding, malformed, open_body
from radiograph.formats.escapes import may_have_bad_escapes, repair

_T = TypeVar("_T")


class RawJson:
    """The bytes of a JSON report; `notes` say what was mended in them."""

    def __init__(self, body: Body) -> None:
        """Take the bytes, in a copy where they have escapes that can't be stored. Raises UnreadableReport."""
        self.view = open_body(body)
        self.notes: list[str] = []
        mended = repair(self.view) if may_have_bad_escapes(self.view) else None
        if mended is not None:
            mended.finish()
            self.view = mended.view
            self.notes.append("characters that can't be stored (the escape of NUL, or half a surrogate pair) were replaced by U+FFFD")

    def root(self, kind: type[_T]) -> _T:
        """The whole report as a type, whose `Raw` members are views of it. Raises UnreadableReport with line and column."""
        try:
            return msgspec.json.decode(self.view, type=kind)
        except msgspec.ValidationError as error:
            raise _wrong(str(error)) from None
        except UnicodeDecodeError:
            raise bad_encoding(self.view, "$") from None
        except (msgspec.DecodeError, RecursionError) as error:
            raise malformed(self.view, error) from None

    def member(self, raw: msgspec.Raw, kind: type[_T], path: str) -> _T:
        """A member as a type. Raises UnreadableReport with its path."""
        try:
            return msgspec.json.decode(raw, type=kind)
        except msgspec.ValidationError as error:
            raise _wrong(str(error).replace("`$", f"`{path}"), path) from None
        except UnicodeDecodeError:
            raise bad_encoding(self.view, path) from None
        except RecursionError as error:
            raise malformed(self.view, error) from None

    def result(self, raw: msgspec.Raw, path: str) -> dict[str, Any] | Problem:
        """One result as an object, or why it is none."""
        try:
            found = msgspec.json.decode(raw)
        except UnicodeDecodeError:
            return Problem(path, f"is not valid UTF-8{bad_byte(memoryview(raw))}; write the report in UTF-8")
        except RecursionError:
            return Problem(path, "is nested too deeply to be a result")
        return found if isinstance(found, dict) else Problem(path, f"is {_kind(found)}, but a result is an object")


def _wrong(text: str, around: str = "$") -> UnreadableReport:
    problem, _, path = text.partition(" - at ")
    path = path.strip("`") or around
    return UnreadableReport(f"The report can't be read: {path}: {problem}", [Problem(path, problem)])


def _kind(value: Any) -> str:  # noqa: ANN401  (any JSON)
    names = {str: "a text", list: "a list", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
