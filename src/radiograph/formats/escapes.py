# SPDX-License-Identifier: Apache-2.0
r"""Escapes that no database can store: `\u0000`, and halves of surrogate pairs.

Reporters that cut texts make them. A body that has any is copied, and each is replaced by U+FFFD,
which is as long, so that nothing is lost over a character. One half of a pair would otherwise make
the whole body unreadable.
"""

from __future__ import annotations

import mmap
import re
import tempfile
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY = 64 * 1024 * 1024
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|\\.",
    re.DOTALL,
)
_SHOWN = 5
_PIECE = 1024 * 1024
_LONGEST = 5
"""So much of an escape can be beyond the end of a piece, in bytes."""


class Name(str):
    """A key of an object that is equal to no other, so that a repeated key isn't lost."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        """Only itself."""
        return self is other


MEMBERS = msgspec.json.Decoder(dict[Name, msgspec.Raw], dec_hook=lambda _, text: Name(text))
ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])


def may_have_bad_escapes(view: memoryview) -> bool:
    r"""Whether `\u0000` or half a surrogate pair can be in the body; False is certain, True isn't."""
    for at in range(0, len(view), _PIECE):
        piece = bytes(view[at : at + _PIECE + _LONGEST])
        if b"\\" in piece and _SUSPECT.search(piece):  # evidence has none, and finding one byte is quickest
            return True
    return False


class Repair:
    r"""A writable copy of a body in which each bad escape is a marker, until `finish` writes `\ufffd`.

    `view` is the copy; it stays the same memory. Above 64 MiB the copy is a temporary file.
    """

    def __init__(self, body: memoryview, places: list[int]) -> None:
        """Copy the body and mark the escapes at these offsets."""
        self._store, self.view = _copy(body)
        self._places = places
        self._marker = _unused_escape(body)
        self._find = re.compile(re.escape(self._marker))
        self._write(self._marker)

    def paths(self, raw: msgspec.Raw, path: str) -> list[str]:
        """Paths, five at most, of the texts below `path` with a marked escape; before `finish` only."""
        found = self._walk(raw, path) if self._find.search(memoryview(raw)) else iter(())
        return [p for p, _ in zip(found, range(_SHOWN), strict=False)]

    def finish(self) -> None:
        """Replace each marker by U+FFFD, in place."""
        self._write(rb"\ufffd")

    def _write(self, escape: bytes) -> None:
        for at in self._places:
            self._store[at : at + 6] = escape

    def _walk(self, raw: msgspec.Raw, path: str) -> Iterator[str]:
        token = memoryview(raw)
        if bytes(token[:1]) not in {b"{", b"["}:
            yield path
            return
        for below, value in _inside(token, path):
            if self._find.search(memoryview(value)):
                yield from self._walk(value, below)


def _inside(token: memoryview, path: str) -> list[tuple[str, msgspec.Raw]]:
    """The values of an object or a list, with their paths; none where a name is no UTF-8: reading tells of that."""
    if bytes(token[:1]) == b"[":
        return [(f"{path}[{i}]", value) for i, value in enumerate(ELEMENTS.decode(token))]
    try:
        return [(f"{path}.{name}", value) for name, value in MEMBERS.decode(token).items()]
    except UnicodeDecodeError:
        return []


def repair(body: memoryview) -> Repair | None:
    """A repaired copy, or None when there is nothing to repair."""
    places = [found.start() for found in _ESCAPE.finditer(body) if found[1]]
    return Repair(body, places) if places else None


def _unused_escape(body: memoryview) -> bytes:
    codes = (f"{code:04x}" for code in range(0xFDD0, 0xFDF0))
    free = (rf"\u{c}".encode() for c in codes if not re.search(rf"\\u{c}".encode(), body, re.IGNORECASE))
    return next(free, rb"\ufffd")


def _copy(body: memoryview) -> tuple[bytearray | mmap.mmap, memoryview]:
    if len(body) <= _IN_MEMORY:
        store = bytearray(body)
        return store, memoryview(store)
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0)
    return mapped, memoryview(mapped)
