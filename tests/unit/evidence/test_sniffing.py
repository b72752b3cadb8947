# SPDX-License-Identifier: Apache-2.0
"""The type of a file, whatever its sender says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.evidence.sniffing import HEAD, sniff

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("head", "declared", "name", "kind"),
    [
        (PNG, "text/html", "a.html", "image/png"),
        (b"\xff\xd8\xff\xe0", "", "", "image/jpeg"),
        (b"GIF89a", "", "", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "", "", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "", "a", "application/octet-stream"),
        (b"\0\0\0\x18ftypmp42", "", "", "video/mp4"),
        (b"\x1a\x45\xdf\xa3", "", "", "video/webm"),
        (b"%PDF-1.7", "", "", "application/pdf"),
        (b"hello", "image/png", "a.png", "text/plain"),
        (b"hello", "", "a.png", "text/plain"),
        (b"hello", "TEXT/HTML; charset=utf-8", "a", "text/html"),
        (b"hello", "application/octet-stream", "a.json", "application/json"),
        (b"\0\1", "", "a", "application/octet-stream"),
        ("é".encode() * 256, "", "a", "text/plain"),
        (b"", "", "", "text/plain"),
        (b"x", "nonsense", "a", "text/plain"),
        (b"x", "x-evil/y", "a", "text/plain"),
        (b"x", "text/plain\r\nSet-Cookie: a=b", "a", "text/plain"),
        (b"x", "text/" + "x" * 10_000, "a", "text/plain"),
    ],
)
def test_a_type_is_what_the_bytes_say_then_the_sender_then_the_name(head: bytes, declared: str, name: str, kind: str) -> None:
    assert sniff(head, declared, name) == kind


@given(st.binary(max_size=HEAD), st.text(max_size=300), st.text(max_size=50))
def test_a_type_can_always_stand_in_a_header(head: bytes, declared: str, name: str) -> None:
    kind = sniff(head, declared, name)
    assert re.fullmatch(r"[a-zA-Z]+/[A-Za-z0-9.+_-]{1,127}", kind)
