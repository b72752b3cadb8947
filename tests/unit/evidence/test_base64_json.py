# SPDX-License-Identifier: Apache-2.0
"""Base64 in JSON tokens: any bytes, written in any way that is met, come back."""

from __future__ import annotations

import base64
import json
import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.evidence import base64_json
from radiograph.evidence.base64_json import NotBase64, decode

if TYPE_CHECKING:
    from collections.abc import Callable

WAYS: dict[str, Callable[[bytes], str]] = {
    "plain": lambda data: base64.b64encode(data).decode(),
    "without padding": lambda data: base64.b64encode(data).decode().rstrip("="),
    "url-safe": lambda data: base64.urlsafe_b64encode(data).decode(),
    "url-safe without padding": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "lines": lambda data: base64.encodebytes(data).decode(),
    "lines of CRLF": lambda data: "\r\n".join(textwrap.wrap(base64.b64encode(data).decode(), 76)),
    "spaces": lambda data: " " + " ".join(base64.b64encode(data).decode()) + "\t",
    "data URI": lambda data: "data:image/png;base64," + base64.b64encode(data).decode(),
    "data URI with lines": lambda data: "data:text/plain;charset=utf-8;base64," + base64.encodebytes(data).decode(),
}


def token(text: str, *, slashes: bool = False, letters: bool = False) -> memoryview:
    """The JSON token of a text, `/` written as PHP does it, or every letter as an escape."""
    if letters:
        return memoryview(('"' + "".join(f"\\u{ord(c):04x}" for c in text) + '"').encode())
    written = json.dumps(text)
    return memoryview((written.replace("/", "\\/") if slashes else written).encode())


@pytest.mark.parametrize("way", WAYS)
@given(data=st.binary(max_size=200), piece=st.integers(4, 40), written=st.sampled_from(["plain", "slashes", "letters"]))
def test_any_bytes_come_back_however_they_were_written(way: str, data: bytes, piece: int, written: str) -> None:
    found = token(WAYS[way](data), slashes=written == "slashes", letters=written == "letters" and not way.startswith("data"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64_json, "PIECE", piece * 4)
        assert b"".join(decode(found)) == data


@given(st.binary(min_size=1, max_size=2000))
def test_big_files_come_in_pieces(data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64_json, "PIECE", 64)
        pieces = list(decode(token(base64.b64encode(data).decode())))
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= 48


@pytest.mark.parametrize(
    "text", ["YWJj!", "YWJ*", "a", "YWJjZ", "YW=Jj", "YWJj====YWJj", "YQ==YQ==", "data:text/plain,hello", "é", "<svg/>", "YWJj\0"]
)  # fmt: skip
def test_what_is_no_base64_is_told(text: str) -> None:
    with pytest.raises(NotBase64):
        list(decode(token(text)))


@pytest.mark.parametrize("raw", [b"null", b"5", b"[]", b"{}", b"true", b"", b'"'])
def test_a_value_that_is_no_text_is_told(raw: bytes) -> None:
    with pytest.raises(NotBase64, match="it is not a text"):
        list(decode(memoryview(raw)))


@given(st.text(max_size=60), st.integers(4, 10))
def test_any_text_is_decoded_or_refused(text: str, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64_json, "PIECE", piece * 4)
        try:
            found = b"".join(decode(token(text)))
        except NotBase64:
            return
    bare = "".join(text.split()).replace("-", "+").replace("_", "/")
    bare = bare.partition(";base64,")[2] if bare.lower().startswith("data:") else bare
    assert found == base64.b64decode(bare.rstrip("=") + "=" * (-len(bare.rstrip("=")) % 4))


@pytest.mark.parametrize("spaces", range(16))
def test_padding_may_lie_on_both_sides_of_a_piece(spaces: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64_json, "PIECE", 16)
        assert b"".join(decode(token("YWJj" + " " * spaces + "YQ=="))) == b"abca"
