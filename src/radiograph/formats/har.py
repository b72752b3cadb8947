# SPDX-License-Identifier: Apache-2.0
"""HTTP archives (HAR): the requests that a browser made, without their bodies."""

from __future__ import annotations

import msgspec
from msgspec import Struct, field

MOST_BYTES = 64_000_000
"""Bigger archives are a download."""


class HarRequest(Struct, frozen=True):
    """One request and how it was answered; `status` 0 is no answer, times are in milliseconds, sizes in bytes (-1: unknown)."""

    method: str
    url: str
    status: int
    reason: str
    kind: str
    size: int
    took: float
    started: str


class _Content(Struct):
    size: float | None = None
    mime: str | None = field(name="mimeType", default=None)


class _Request(Struct):
    method: str = ""
    url: str = ""


class _Response(Struct):
    status: float | None = None
    reason: str | None = field(name="statusText", default=None)
    content: _Content = field(default_factory=_Content)


class _Entry(Struct):
    request: _Request = field(default_factory=_Request)
    response: _Response = field(default_factory=_Response)
    time: float | None = None
    started: str = field(name="startedDateTime", default="")


class _Log(Struct):
    entries: list[_Entry] = []


class _Har(Struct):
    log: _Log


def read_har(data: bytes) -> list[HarRequest] | None:
    """The requests of an archive in its order; None when it is none."""
    try:
        har = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Har)
    except (ValueError, RecursionError):
        return None
    return [_read(entry) for entry in har.log.entries]


def _read(entry: _Entry) -> HarRequest:
    content = entry.response.content
    return HarRequest(
        entry.request.method, entry.request.url, int(entry.response.status or 0), entry.response.reason or "",
        (content.mime or "").partition(";")[0].strip(), int(-1 if content.size is None else content.size), entry.time or 0.0, entry.started,
    )  # fmt: skip
