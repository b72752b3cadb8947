# SPDX-License-Identifier: Apache-2.0
"""The bytes of a JSON report, and clear words for what makes them unreadable as a whole."""

from __future__ import annotations

import codecs
import mmap
import re
from typing import TYPE_CHECKING, TypeAlias

from radiograph.domain.errors import Problem, UnreadableReport

if TYPE_CHECKING:
    from collections.abc import Iterator

Body: TypeAlias = bytes | bytearray | memoryview | mmap.mmap

_PIECE = 1024 * 1024
_CONTINUATION = bytes(range(0x80, 0xC0))
_BYTE = re.compile(r" \(byte (\d+)\)$")
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|.\x00|\x00", re.DOTALL)
_FOREIGN = (
    (re.compile(rb"\s*<"), "It looks like XML: send it to the address of its format, such as .../import/execution/junit."),
    (re.compile(rb"\s*--[^\s]"), "It looks like a multipart body: send it to the address that ends in /multipart."),
    (re.compile(rb"\x1f\x8b|PK\x03\x04"), "It is compressed: send it as it was before."),
)


def open_body(body: Body, what: str = "report") -> memoryview:
    """A flat view of the body, without a UTF-8 byte order mark.

    Raises UnreadableReport when it is empty, in UTF-16 or UTF-32, or plainly another format.
    """
    view = memoryview(body)
    view = view if view.format == "B" and view.c_contiguous else view.cast("B")
    head = bytes(view[:64])
    if head.startswith(codecs.BOM_UTF8):
        return open_body(view[3:], what)
    if not head.strip() and not any(piece.strip() for piece in _pieces(view)):
        message = f"The {what} is empty: the request had no body, or it got lost on the way."
        raise UnreadableReport(message, [Problem("$", "is empty")])
    if _UTF16.match(head):
        message = f"The {what} is in UTF-16 or UTF-32: write it in UTF-8."
        raise UnreadableReport(message, [Problem("$", "is not UTF-8")])
    for pattern, hint in _FOREIGN:
        if pattern.match(head):
            message = f"The {what} is not JSON. {hint}"
            raise UnreadableReport(message, [Problem("$", "is not JSON")])
    return view


def malformed(view: memoryview, error: Exception, what: str = "report") -> UnreadableReport:
    """What a decoding error means, with line, column and byte."""
    if isinstance(error, RecursionError):
        message = f"The {what} is nested too deeply to be one of test results."
        return UnreadableReport(message, [Problem("$", "is nested too deeply")])
    text = str(error)
    found = _BYTE.search(text)
    at = int(found[1]) if found else len(view)
    place = place_of(view, at)
    if "truncated" in text:
        message = f"The {what} ends too early, at {place}: it was cut off. Send it whole."
        return UnreadableReport(message, [Problem("$", f"is cut off at {place}")])
    reason = _BYTE.sub("", text).removeprefix("JSON is malformed: ")
    message = f"The {what} is not valid JSON: {reason} at {place}{_near(view, at)}."
    return UnreadableReport(message, [Problem("$", f"{reason} at {place}")])


def bad_encoding(view: memoryview, path: str, what: str = "report") -> UnreadableReport:
    """Bytes that are no UTF-8, with the place of the first of them in the body."""
    place = place_of(view, _first_bad_byte(view))
    message = f"The {what} is not valid UTF-8 in {path}, at {place}: write it in UTF-8."
    return UnreadableReport(message, [Problem(path, f"is not valid UTF-8, at {place}")])


def bad_byte(data: memoryview) -> str:
    """What the first byte is that is no UTF-8, and what stands before it; empty when all are."""
    at = _first_bad_byte(data)
    before = bytes(data[max(0, at - 20) : at]).decode("utf-8", "replace")
    return f" (byte 0x{data[at]:02x} after {before!r})" if at < len(data) else ""


def place_of(view: memoryview, at: int) -> str:
    """`line 3, column 14 (byte 120)`; lines and columns from 1, bytes from 0."""
    line, column = 1, 1
    for piece in _pieces(view[:at]):
        newlines = piece.count(b"\n")
        if newlines:
            line, column = line + newlines, 1
            piece = piece[piece.rfind(b"\n") + 1 :]  # noqa: PLW2901
        column += len(piece.translate(None, _CONTINUATION))
    return f"line {line}, column {column} (byte {at})"


def _near(view: memoryview, at: int) -> str:
    text = bytes(view[max(0, at - 20) : at + 10]).decode("utf-8", "replace")
    return f", near {text!r}" if text.strip() else ""


def _first_bad_byte(view: memoryview) -> int:
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    for piece in _pieces(view):
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            return done - kept + error.start
        done += len(piece)
    return done


def _pieces(view: memoryview) -> Iterator[bytes]:
    return (bytes(view[i : i + _PIECE]) for i in range(0, len(view), _PIECE))
