# SPDX-License-Identifier: Apache-2.0
r"""Decodes base64 straight from the JSON string token that holds it, in pieces.

Met in the wild, and taken: white space, `\/` and `\n` escapes, missing padding, URL-safe letters,
and a `data:...;base64,` before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pybase64

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 3 * 1024 * 1024
"""How much of the token is looked at in one go, in bytes; a multiple of 4, and longer than an escape."""
_SPACE = re.compile(rb"[\s]+")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_PREFIX = re.compile(rb"data:[^,]{0,200};base64,", re.IGNORECASE)
_CLEAN_TAIL = 12
_MAX_PREFIX = 256


class NotBase64(ValueError):
    """The text is not base64."""


def decode(token: memoryview) -> Iterator[bytes]:
    """The decoded pieces of a raw JSON string token (quotes included). Raises NotBase64 with the reason."""
    if len(token) < 2 or bytes(token[:1]) != b'"':  # noqa: PLR2004  (two quotes)
        raise NotBase64("it is not a text")
    inner = token[1:-1]
    at = _after_prefix(inner)
    while at < len(inner):
        piece = inner[at : at + PIECE]
        plain = _plainly(piece)
        if plain is None or (bytes(piece[-1:]) == b"=" and at + PIECE < len(inner)):
            yield from _carefully(inner[at:])
            return
        yield plain
        at += len(piece)


def _plainly(piece: memoryview) -> bytes | None:
    """The piece decoded, if it is as most clients write it: padded, without white space or escapes."""
    try:
        return pybase64.b64decode(piece, validate=True)
    except ValueError:
        return None


def _carefully(inner: memoryview) -> Iterator[bytes]:
    kept = b""
    ended = False
    for piece in _pieces(inner):
        text = kept + _tidy(piece)
        if not text:
            continue
        if ended and text.strip(b"="):
            raise NotBase64("there is more after its end")
        if ended:
            continue  # the second half of the padding
        whole = len(text) - len(text) % 4
        ended = text.endswith(b"=")
        body, kept = text[:whole], text[whole:]
        if ended and kept:
            body, kept = text, b""
        if body:
            yield _decode(_padded(body) if ended else body)
    if kept and not ended:
        yield _decode(_padded(kept))


def _after_prefix(inner: memoryview) -> int:
    found = _PREFIX.match(inner[:_MAX_PREFIX])
    return found.end() if found else 0


def _pieces(inner: memoryview) -> Iterator[bytes]:
    """Pieces that don't cut an escape in two."""
    at = 0
    while at < len(inner):
        end = min(at + PIECE, len(inner))
        if end < len(inner):
            tail = bytes(inner[max(at, end - _CLEAN_TAIL) : end])
            escape = tail.rfind(b"\\")
            if escape >= 0:
                end = end - len(tail) + escape
                end = end if end > at else min(at + PIECE + _CLEAN_TAIL, len(inner))
        yield bytes(inner[at:end])
        at = end


def _tidy(piece: bytes) -> bytes:
    if b"\\" in piece:
        try:
            piece = msgspec.json.decode(b'"' + piece + b'"', type=str).encode()
        except (msgspec.DecodeError, UnicodeError) as error:
            raise NotBase64(str(error)) from None
    if b"-" in piece or b"_" in piece:
        piece = piece.translate(_URL_SAFE)
    return _SPACE.sub(b"", piece) if _SPACE.search(piece) else piece


def _padded(text: bytes) -> bytes:
    bare = text.rstrip(b"=")
    return bare + b"=" * (-len(bare) % 4)


def _decode(text: bytes) -> bytes:
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as error:
        raise NotBase64(f"it is not base64 ({error})") from None
