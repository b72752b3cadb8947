# SPDX-License-Identifier: Apache-2.0
"""A query's text in pieces: texts in quotes, signs, words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.jql.errors import wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT = 262_144
"""The longest query, in characters."""
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<sign>!=|!~|>=|<=|&&|\|\||[=~<>!&|(),])"""
    r"""|(?P<word>[cC][fF]\[\d{1,18}\]|(?:\\.|[^\s=~<>!&|(),"'\\])+))""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r"}


class Token(Struct, frozen=True):
    """A piece: its text without quotes and escapes, where it begins, and what it is: text, sign, word or end."""

    text: str
    at: int
    kind: str

    @property
    def lower(self) -> str:
        """Its text in lower case when it is no text in quotes: what it may be as a keyword."""
        return "" if self.kind == "text" else self.text.lower()

    @property
    def shown(self) -> str:
        """The piece as a message names it."""
        return "the end" if self.kind == "end" else repr(self.text if len(self.text) <= 40 else self.text[:40] + "…")  # noqa: PLR2004


def tokens(text: str) -> Iterator[Token]:
    """The pieces and then the end; raises WrongQuery where something can't be read."""
    if len(text) > MAX_TEXT:
        raise wrong(f"a query has at most {MAX_TEXT} characters.", MAX_TEXT)
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            quote = text[place] in "\"'"
            raise wrong("this quote is never closed." if quote else f"{text[place]!r} can't be read here; put it in quotes.", place)
        kind = found.lastgroup or ""
        raw = found[kind]
        yield Token(_plain(raw[1:-1] if kind == "text" else raw, kind), found.start(kind), kind)
        at = found.end()
    yield Token("", len(text), "end")


def _plain(raw: str, kind: str) -> str:
    if kind == "sign" or "\\" not in raw:
        return raw.replace("\0", "\ufffd")
    return _ESCAPE.sub(lambda m: _char(m[1]) if m[1] else _CONTROL.get(m[2], m[2]), raw).replace("\0", "\ufffd")


def _char(digits: str) -> str:
    code = int(digits, 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004  (half of a pair: no database keeps it)
