# SPDX-License-Identifier: Apache-2.0
"""Finds the parts of a multipart/form-data body (RFC 7578) in a spooled body, by name, without copying them.

The parts are slices of the memory map, so that a report of 1 GiB is spooled once and decoded in
place (docs/decisions/0003-multipart-in-place.md). File names and types of parts are not looked at:
real clients send wrong ones.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING

from radiograph.domain.errors import Refused

if TYPE_CHECKING:
    import mmap

MAX_PARTS = 100
_MAX_HEAD = 16 * 1024
_NAME = re.compile(rb'content-disposition:[^\r\n]*?[;\s]name="?([^";\r\n]*)"?', re.IGNORECASE)
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


def split(body: memoryview, boundary: bytes) -> dict[str, memoryview]:
    """The parts by name. Raises Refused that says what is wrong: no end, doubled or nameless or too many parts."""
    whole = _searchable(body)
    mark = b"--" + boundary
    at = 0 if whole[: len(mark)] == mark else whole.find(b"\n" + mark) + 1
    if at == 0 and whole[: len(mark)] != mark:
        raise Refused(f"The multipart body has no part: --{boundary.decode('latin-1')} is not in it.")
    parts: dict[str, memoryview] = {}
    for _ in range(MAX_PARTS + 1):
        head = at + len(mark)
        if whole[head : head + 2] == b"--":
            return parts
        end = whole.find(b"\r\n" + mark, head)
        if end < 0:
            raise Refused("The multipart body ends in the middle of a part; it was cut off on the way.")
        name, start = _head(whole, head, end)
        if name in parts:
            raise Refused(f"The part {name!r} is there twice.")
        parts[name] = body[start:end]
        at = end + 2
    raise Refused(f"The multipart body has more than {MAX_PARTS} parts.")


def _searchable(body: memoryview) -> bytes | bytearray | mmap.mmap:
    found: bytes | bytearray | mmap.mmap = body.obj  # type: ignore[assignment]
    return found


def _head(whole: bytes | bytearray | mmap.mmap, at: int, end: int) -> tuple[str, int]:
    stop = whole.find(b"\r\n\r\n", at, min(end + 4, at + _MAX_HEAD))
    if stop < 0:
        raise Refused("A part of the multipart body has no headers, or they are too long.")
    found = _NAME.search(bytes(whole[at:stop]))
    if found is None or not found[1]:
        raise Refused("A part of the multipart body has no name; use for example -F result=@results.json.")
    return found[1].decode("utf-8", "replace"), min(stop + 4, end)
