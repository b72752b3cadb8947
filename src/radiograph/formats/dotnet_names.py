# SPDX-License-Identifier: Apache-2.0
"""The names of tests as runners of .NET write them, with the arguments of a round in them: `Acme.Money("EUR").Rounds(1,2)`."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct

_SPECIAL = re.compile(r"[\"'()\[\]{},.\\]")
_MARKED = re.compile(r"[\"'(\[{]")
"""What a name has in it that isn't simple."""
_NAMED = re.compile(r"\s*([\w?@]+): ?(.*)", re.DOTALL)
_CLOSES = {"(": ")", "[": "]", "{": "}"}


class Name(Struct):
    """A name taken apart: `plain` is it without arguments, `short` its last part with them, `owner` what stands before that.

    `arguments` are those of the last part (None: it has none), `owner_arguments` those of what stands before.
    """

    plain: str
    short: str
    owner: str = ""
    arguments: str | None = None
    owner_arguments: tuple[str, ...] = ()


def name_of(text: str, *, spaced: bool = False) -> Name:
    """Take a name apart; one whose quotes or brackets don't match is a name without arguments.

    So is one with spaces, which is a sentence and no method's name, unless `spaced` says otherwise.
    """
    if _MARKED.search(text) is None:
        cut = -1 if " " in text else text.rfind(".")
        return Name(text, text[cut + 1 :], text[: max(cut, 0)])
    marks = _marks(text)
    calls = [] if marks is None else [(a, b) for a, b in marks[0] if _is_call(text, a, b)]
    dots = [at for at in (marks[1] if marks else []) if at]
    pieces, at = [], 0
    for a, b in calls:
        pieces.append(text[at:a])
        at = b + 1
    plain = "".join(pieces) + text[at:]
    if " " in plain and not (spaced and calls):
        return Name(text, text)
    cut = dots[-1] if dots and " " not in plain else -1
    inside = [text[a + 1 : b] for a, b in calls]
    last = inside.pop() if calls and calls[-1][1] == len(text) - 1 else None
    return Name(plain, text[cut + 1 :], text[: max(cut, 0)], last, tuple(inside))


def parameters(arguments: str, word: str = "argument") -> list[tuple[str, str]]:
    """The parameters of a round: `x: 1, y: 2` are named, `1,2` are numbered; one where commas can't be told apart."""
    marks = _marks(arguments)
    if not arguments.strip():
        return []
    if marks is None:
        return [(f"{word}s", arguments)]
    commas = [-1, *marks[2], len(arguments)]
    values = [arguments[a + 1 : b] for a, b in pairwise(commas)]
    named = [_NAMED.fullmatch(v) for v in values]
    return [(m[1], m[2]) if m and all(named) else (f"{word} {n}", v.strip()) for n, (m, v) in enumerate(zip(named, values, strict=True), 1)]


def are_named(arguments: str) -> bool:
    """Whether arguments are written with their names, as xUnit.net always does."""
    return _NAMED.match(arguments) is not None


def _is_call(text: str, start: int, end: int) -> bool:
    """Whether brackets hold arguments: they follow a name at once, and the name ends or goes on with a member after them."""
    return start > 0 and not text[start - 1].isspace() and (end == len(text) - 1 or text[end + 1] in ".+")


def _marks(text: str) -> tuple[list[tuple[int, int]], list[int], list[int]] | None:
    """The round brackets, dots and commas that stand in no other brackets and no quotes; None where these don't match."""
    brackets: list[tuple[int, int]] = []
    dots: list[int] = []
    commas: list[int] = []
    stack: list[tuple[str, int]] = []
    at = 0
    while found := _SPECIAL.search(text, at):
        mark, at = found[0], found.end()
        if mark in "\"'":
            at = _end_of_quote(text, at, mark)
            if not at:
                return None
        elif mark in _CLOSES:
            stack.append((_CLOSES[mark], at - 1))
        elif mark in ")]}":
            if not stack or stack[-1][0] != mark:
                return None
            _, start = stack.pop()
            if not stack and mark == ")":
                brackets.append((start, at - 1))
        elif not stack and mark in ".,":
            (dots if mark == "." else commas).append(at - 1)
    return None if stack else (brackets, dots, commas)


def _end_of_quote(text: str, at: int, quote: str) -> int:
    """Where a quoted text ends that begins at a place; 0 where it doesn't."""
    while at < len(text):
        if text[at] == quote:
            return at + 1
        at += 2 if text[at] == "\\" else 1
    return 0
