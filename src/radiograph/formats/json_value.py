# SPDX-License-Identifier: Apache-2.0
"""Reads a small body of any JSON, as Jira's API takes it."""

from __future__ import annotations

from typing import Any

import msgspec

from radiograph.formats.body import Body, bad_encoding, malformed, open_body
from radiograph.formats.escapes import may_have_bad_escapes, repair

MAX_SIZE = 16 * 1024 * 1024
"""The largest such body, in bytes."""


def read_value(body: Body, what: str) -> Any:  # noqa: ANN401  (any JSON)
    """The value of a body, which errors call `what`; escapes that no database can store become U+FFFD.

    Raises UnreadableReport with line and column.
    """
    view = open_body(body, what)
    mended = repair(view) if may_have_bad_escapes(view) else None
    if mended is not None:
        mended.finish()
    try:
        return msgspec.json.decode(mended.view if mended else view)
    except UnicodeDecodeError:
        raise bad_encoding(view, "$", what) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise malformed(view, error, what) from None
