# SPDX-License-Identifier: Apache-2.0
"""The part of JQL that is understood: `project`, `issuetype`, `key`, `summary` joined by AND."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<sign>!=|!~|[=~(),])|(?P<word>[^\s=~!(),"']+))""")
FIELDS = {
    "project": "project",
    "issuetype": "issuetype",
    "type": "issuetype",
    "key": "key",
    "issue": "key",
    "issuekey": "key",
    "id": "key",
    "summary": "summary",
}
_SIGNS = {"project": {"=", "in"}, "issuetype": {"=", "in"}, "key": {"=", "in"}, "summary": {"~"}}


class Clause(Struct, frozen=True):
    """One condition: any of `values` for `=` and `in`; every word of the one value for `~`."""

    field: str
    values: tuple[str, ...]


class Query(Struct, frozen=True):
    """Conditions that all hold, and whether the newest come first."""

    clauses: tuple[Clause, ...]
    descending: bool = False


def words(text: str) -> list[str]:
    """The words that `~` looks for; `*` stands between words as a space does."""
    return text.replace("*", " ").split()


class _Token(Struct, frozen=True):
    text: str
    at: int
    quoted: bool = False


_MAX_TEXT, _MAX_PARTS = 65_536, 50
"""Characters of a query; its conditions, and the words of one `~`: a database takes so many and no more."""


def parse_jql(text: str) -> Query:
    """The query; an empty one has no conditions. Raises Refused that points at the place."""
    if len(text) > _MAX_TEXT:
        raise _wrong(f"a query has at most {_MAX_TEXT} characters", _MAX_TEXT)
    return _Parser(list(_tokens(text)), text).query()


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise _wrong("this can't be read", len(text) - len(text[at:].lstrip()))
        start = found.start(found.lastgroup or 0)
        if found["text"] is not None:
            yield _Token(re.sub(r"\\(.)", r"\1", found["text"][1:-1]), start, quoted=True)
        else:
            yield _Token(found["sign"] or found["word"], start)
        at = found.end()


def _wrong(what: str, at: int) -> Refused:
    text = f"Error in the JQL query at character {at + 1}: {what}."
    return Refused(text, [Problem("jql", text)])


class _Parser:
    def __init__(self, tokens: list[_Token], text: str) -> None:
        self.tokens, self.text, self.i = tokens, text, 0

    def peek(self) -> _Token:
        return self.tokens[self.i] if self.i < len(self.tokens) else _Token("", len(self.text))

    def take(self) -> _Token:
        token = self.peek()
        self.i += 1
        return token

    def word(self, *wanted: str) -> bool:
        token = self.peek()
        if token.quoted or token.text.lower() not in wanted:
            return False
        self.i += 1
        return True

    def query(self) -> Query:
        clauses: list[Clause] = []
        if self.peek().text and self.peek().text.lower() != "order":
            clauses.append(self.clause())
            while self.word("and"):
                if len(clauses) == _MAX_PARTS:
                    raise _wrong(f"a query has at most {_MAX_PARTS} conditions", self.peek().at)
                clauses.append(self.clause())
        descending = self.order()
        if self.i < len(self.tokens):
            raise _wrong(f"expected AND or ORDER BY, not {self.peek().text!r}", self.peek().at)
        return Query(tuple(clauses), descending)

    def order(self) -> bool:
        if not self.word("order"):
            return False
        if not self.word("by"):
            raise _wrong("expected BY after ORDER", self.peek().at)
        if not self.word("key", "created", "id", "issuekey"):
            raise _wrong("results can be ordered by key or created", self.peek().at)
        descending = self.word("desc")
        self.word("asc")
        return descending

    def clause(self) -> Clause:
        named = self.take()
        field = FIELDS.get(named.text.lower())
        if field is None:
            raise _wrong(f"there is no field {named.text!r}; known are {', '.join(sorted(set(FIELDS.values())))}", named.at)
        sign = self.take()
        if sign.text.lower() not in _SIGNS[field]:
            raise _wrong(f"{field} can be used with {' and '.join(sorted(_SIGNS[field]))} only", sign.at)
        at = self.peek().at
        values = self.listed() if sign.text.lower() == "in" else (self.value(),)
        if sign.text == "~" and len(words(values[0])) > _MAX_PARTS:
            raise _wrong(f"at most {_MAX_PARTS} words can be looked for", at)
        return Clause(field, values)

    def value(self) -> str:
        token = self.take()
        if not token.quoted and token.text in {"", "(", ")", ",", "=", "~"}:
            raise _wrong("a value is missing", token.at)
        return token.text

    def listed(self) -> tuple[str, ...]:
        if not self.word("("):
            raise _wrong("expected ( after IN", self.peek().at)
        values = [self.value()]
        while self.word(","):
            values.append(self.value())
        if not self.word(")"):
            raise _wrong("expected , or )", self.peek().at)
        return tuple(values)
