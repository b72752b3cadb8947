# SPDX-License-Identifier: Apache-2.0
r"""Undoes the escapes that xUnit.net's own writers put into names and messages, and the loggers of `dotnet test` don't.

The writers put a backslash before quotes and backslashes and, most of them, write line ends as `\r\n`. A text is
taken as escaped only if all of it can be and something in it is seldom anything else, so that `C:\new` stays.
"""

from __future__ import annotations

import re

_ESCAPED = re.compile(r'(?:[^\\"]|\\(?:[\\"rnt0abvf]|x[0-9a-fA-F]{2,4}))*+')
_SIGNS = ('\\"', "\\\\", "\\r\\n", "\\nExpected:", "\\nActual:")
_ESCAPE = re.compile(r'\\([\\"rnt])')
_MEANT = {"r": "\r", "n": "\n", "t": "\t"}


def unescaped(text: str) -> str:
    """The text as the test wrote it."""
    if "\\" not in text or not any(sign in text for sign in _SIGNS) or not _ESCAPED.fullmatch(text):
        return text
    return _ESCAPE.sub(lambda m: _MEANT.get(m[1], m[1]), text).replace("\r\n", "\n")
