# SPDX-License-Identifier: Apache-2.0
"""Reads the diagnostics of a test point as reporters write them: a flat block of YAML, whose deeper parts are kept as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENTRY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\w.$@/ -]+?)\s*:(?:\s+(.*))?""")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\ufffd", "b": "\ufffd", "e": ""}


def read_block(lines: Sequence[str]) -> dict[str, str] | None:
    """The entries of a block, in their order; None where it is none of `key: value` lines."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        return {}
    indent = _indent(filled[0])
    found: dict[str, str] = {}
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        entry = _ENTRY.fullmatch(lines[at][indent:].rstrip()) if _indent(lines[at]) == indent else None
        if entry is None:
            return None
        end = _end(lines, at + 1, indent)
        found[_scalar(entry[1])] = _value(entry[2] or "", lines[at + 1 : end])
        at = end
    return found


def _end(lines: Sequence[str], at: int, indent: int) -> int:
    """Where the lines end that are deeper than an entry, or empty."""
    while at < len(lines) and (not lines[at].strip() or _indent(lines[at]) > indent):
        at += 1
    return at


def _value(text: str, below: Sequence[str]) -> str:
    inner = dedented(below)
    if not text or _BLOCK.fullmatch(text):
        return inner
    return _scalar(" ".join([text, *inner.split("\n")]) if inner else text)


def dedented(lines: Sequence[str]) -> str:
    """Lines without the indent of the first that isn't empty."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        return ""
    indent = _indent(filled[0])
    return "\n".join(line[indent:] if not line[:indent].strip() else line.lstrip() for line in lines).strip("\n")


def _scalar(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPE.sub(_escaped, text[1:-1])
    return text


def _escaped(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) > 1:
        char = chr(int(code[1:], 16))
        return char if char.isprintable() or char in "\n\t\r" else "\ufffd"
    return _ESCAPES.get(code, code)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
