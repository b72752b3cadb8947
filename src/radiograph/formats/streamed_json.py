# SPDX-License-Identifier: Apache-2.0
"""Writes JSON in pieces, so that files in it are never whole in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from radiograph.formats.exported import base64_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.formats.exported import ExportedFile


class Content(Struct, frozen=True):
    """Stands in a value for a file's content as base64; `prefix` comes before it in the same text."""

    file: ExportedFile
    prefix: str = ""


def json_pieces(value: Any) -> Iterator[bytes]:  # noqa: ANN401  (any JSON)
    """The value as JSON, `Content` in it as texts of base64."""
    if isinstance(value, Content):
        yield msgspec.json.encode(value.prefix)[:-1]
        yield from base64_pieces(value.file)
        yield b'"'
    elif isinstance(value, (dict, list)):
        yield from _nested(value)
    else:
        yield msgspec.json.encode(value)


def _nested(value: dict[str, Any] | list[Any]) -> Iterator[bytes]:
    pairs = value.items() if isinstance(value, dict) else [("", item) for item in value]
    ends = (b"{", b"}") if isinstance(value, dict) else (b"[", b"]")
    yield ends[0]
    for number, (name, item) in enumerate(pairs):
        yield b"," if number else b""
        if isinstance(value, dict):
            yield msgspec.json.encode(name) + b":"
        yield from json_pieces(item)
    yield ends[1]


def without_empty(value: dict[str, Any]) -> dict[str, Any]:
    """Without members that are None, "", [] or {}."""
    return {name: item for name, item in value.items() if item is not None and item not in ("", [], {})}
