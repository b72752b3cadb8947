# SPDX-License-Identifier: Apache-2.0
"""Reads the JSON body of a request that is no report: any value, or one of a given type."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from radiograph.formats.body import Body, bad_encoding, malformed, open_body
from radiograph.formats.escapes import may_have_bad_escapes, repair

MAX_SIZE = 16 * 1024 * 1024
"""The largest body without files, in bytes."""
_T = TypeVar("_T")


def read_value(body: Body, what: str) -> Any:  # noqa: ANN401  (any JSON)
    """The value of a body, which errors call `what`; escapes that no database can store become U+FFFD.

    Raises UnreadableReport with line and column.
    """
    return _read(body, Any, what)


def read_typed(body: Body, kind: type[_T], what: str, *, lenient: bool = False) -> _T:
    """The value of a body as a type; its `Raw` members are views of the body, or of a copy that was repaired.

    `lenient` takes a number or a truth value that was written as a text, as Jira does. Raises UnreadableReport with line and column, and msgspec.ValidationError with the place of a wrong type.
    """
    found: _T = _read(body, kind, what, strict=not lenient)
    return found


def _read(body: Body, kind: Any, what: str, *, strict: bool = True) -> Any:  # noqa: ANN401
    view = open_body(body, what)
    mended = repair(view) if may_have_bad_escapes(view) else None
    if mended is not None:
        mended.finish()
    try:
        return msgspec.json.decode(mended.view if mended else view, type=kind, strict=strict)
    except UnicodeDecodeError:
        raise bad_encoding(view, "$", what) from None
    except (msgspec.DecodeError, RecursionError) as error:
        if kind is not Any and isinstance(error, msgspec.ValidationError):
            raise
        raise malformed(view, error, what) from None
