# SPDX-License-Identifier: Apache-2.0
"""Finds the parts of a multipart/form-data body (RFC 7578) in a spooled body, by name, without copying them.

The parts are slices of the memory map, so that a report of 1 GiB is spooled once and decoded in
place (docs/decisions/0003-multipart-in-place.md). File names and types of parts are not looked at
to tell what a part is: real clients send wrong ones.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from radiograph.domain.errors import Refused

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

MAX_PARTS = 100
_MAX_HEAD = 16 * 1024
_NAME = re.compile(rb'^content-disposition:[^\r\n]*?[;\s]name="?([^";\r\n]*)"?', re.IGNORECASE | re.MULTILINE)
_FILE_NAME = re.compile(rb'^content-disposition:[^\r\n]*?[;\s]filename="?([^"\r\n]*?)"?[;\s]*\r?$', re.IGNORECASE | re.MULTILINE)
_STAR_NAME = re.compile(rb"^content-disposition:[^\r\n]*?[;\s]filename\*=(?:utf-8|UTF-8)''([^;\s]*)", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^content-type:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_LINE_END = re.compile(rb"[ \t]*\r?\n")
_CLOSE = re.compile(rb"--[ \t]*(?:\r?\n|\Z)")
_BLANK_LINE = re.compile(rb"\n\r?\n")
_LAST_LINE = re.compile(rb"\r?\n?\Z")
"""The headers of a part without content end where the line of the boundary begins."""
_LONGEST_PADDING = 100
_SNIFF = re.compile(rb"\s*--([^\r\n]{1,200}?)[ \t]*\r?\n[^\r\n]*:", re.IGNORECASE)


def boundary_of(content_type: str, start: bytes) -> bytes | None:
    """The boundary that the Content-Type names, or that the body plainly begins with; None: not multipart.

    Raises Refused when the Content-Type is multipart without a boundary and none can be seen.
    """
    message = Message()
    message["content-type"] = content_type
    multipart = content_type.strip().lower().startswith("multipart/")
    named = message.get_boundary() if multipart else None
    if named:
        return named.encode("latin-1", "replace")
    seen = _SNIFF.match(start)
    if seen:
        return seen[1]
    if multipart:
        raise Refused("The Content-Type is multipart but names no boundary; let your HTTP client set it.")
    return None


class Part(NamedTuple):
    """A part of a form; `filename` and `content_type` are as its sender wrote them, "" where they are missing."""

    name: str
    filename: str
    content_type: str
    data: memoryview


def split(body: memoryview, boundary: bytes) -> dict[str, memoryview]:
    """The parts by name. Raises Refused that says what is wrong: no end, doubled or nameless or too many parts."""
    parts: dict[str, memoryview] = {}
    for part in parts_of(body, boundary):
        if part.name in parts:
            raise Refused(f"The part {part.name!r} is there twice.")
        parts[part.name] = part.data
    return parts


def parts_of(body: memoryview, boundary: bytes) -> list[Part]:
    """The parts in their order; a name may stand more than once. Raises Refused as `split` does."""
    whole = _searchable(body)
    lines = _boundaries(whole, b"--" + boundary)
    _, head, last = next(lines, (0, 0, None))
    if last is None:
        raise Refused(f"The multipart body has no part: --{boundary.decode('latin-1')} is not in it.")
    parts: list[Part] = []
    while not last:
        if len(parts) == MAX_PARTS:
            raise Refused(f"The multipart body has more than {MAX_PARTS} parts.")
        end, following, last = next(lines, (0, 0, None))
        if last is None:
            raise Refused("The multipart body ends in the middle of a part; it was cut off on the way.")
        name, start, headers = _head(whole, head, end)
        parts.append(Part(name, _filename(headers), _header(headers, _TYPE), body[start:end]))
        head = following
    return parts


def _filename(headers: bytes) -> str:
    """The file's name, the one in UTF-8 (RFC 5987) first; without the folders that old browsers send."""
    star = _STAR_NAME.search(headers)
    text = unquote(star[1].decode("latin-1"), "utf-8", "replace") if star else _header(headers, _FILE_NAME).replace("%22", '"')
    return text.replace("\0", "\ufffd").replace("\\", "/").rpartition("/")[2]


def _header(headers: bytes, pattern: re.Pattern[bytes]) -> str:
    found = pattern.search(headers)
    return found[1].decode("utf-8", "replace").strip() if found else ""


def _boundaries(whole: bytes | bytearray | mmap.mmap, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """The lines that are the boundary: where what stands before ends, where what follows starts, and whether it is the last.

    A line that only begins like it belongs to a part: the boundary of a form inside may be a longer one.
    """
    at = 0 if whole[: len(mark)] == mark else whole.find(b"\n" + mark) + 1
    found = at > 0 or whole[: len(mark)] == mark
    while found:
        after = at + len(mark)
        tail = bytes(whole[after : after + _LONGEST_PADDING])
        line_end = _LINE_END.match(tail)
        if line_end or _CLOSE.match(tail):
            carriage = at > 1 and whole[at - 2 : at] == b"\r\n"
            yield max(0, at - 1 - carriage), after + (line_end.end() if line_end else 2), line_end is None
        at = whole.find(b"\n" + mark, after - 1) + 1
        found = at > 0


def _searchable(body: memoryview) -> bytes | bytearray | mmap.mmap:
    found: bytes | bytearray | mmap.mmap = body.obj  # type: ignore[assignment]
    return found


def _head(whole: bytes | bytearray | mmap.mmap, at: int, end: int) -> tuple[str, int, bytes]:
    head = bytes(whole[at : min(end, at + _MAX_HEAD)])
    stop = _BLANK_LINE.search(head) or (_LAST_LINE.search(head) if end - at < _MAX_HEAD else None)
    if stop is None:
        raise Refused("A part of the multipart body has no headers, or they are too long.")
    found = _NAME.search(head[: stop.start() + 1])
    if found is None or not found[1]:
        raise Refused("A part of the multipart body has no name; use for example -F result=@results.json.")
    return found[1].decode("utf-8", "replace"), at + stop.end(), head[: stop.start() + 1]
