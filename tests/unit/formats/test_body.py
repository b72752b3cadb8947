# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the bytes of a body, and where."""

from __future__ import annotations

import codecs
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import UnreadableReport
from radiograph.formats import body as module
from radiograph.formats.body import bad_byte, bad_encoding, malformed, open_body, place_of


@pytest.mark.parametrize("body", [b"{}", bytearray(b"{}"), memoryview(b"{}"), codecs.BOM_UTF8 + b"{}", codecs.BOM_UTF8 * 2 + b"{}"])
def test_a_body_is_a_view_without_its_mark(body: bytes) -> None:
    assert bytes(open_body(body)) == b"{}"


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\n" * 3_000_000, codecs.BOM_UTF8])
def test_an_empty_body_is_told_by_what_it_is(body: bytes) -> None:
    with pytest.raises(UnreadableReport, match="The info part is empty"):
        open_body(body, "info part")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_utf_16_and_32_are_told(encoding: str) -> None:
    with pytest.raises(UnreadableReport, match="UTF-16 or UTF-32"):
        open_body('{"tests": []}'.encode(encoding))


@given(st.text(alphabet="ab\né☕\U0001f600\r", max_size=60), st.data(), st.integers(1, 8))
def test_a_place_is_the_line_and_column_that_an_editor_shows(text: str, data: st.DataObject, piece: int) -> None:
    at = data.draw(st.integers(0, len(text)))
    before = text[:at].encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", piece)
        found = place_of(memoryview(text.encode()), len(before))
    lines = text[:at].split("\n")
    assert found == f"line {len(lines)}, column {len(lines[-1]) + 1} (byte {len(before)})"


@given(
    st.text(max_size=20),
    st.sampled_from([b"\xff", b"\x80", b"\xc3(", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80"]),
    st.text(max_size=20),
    st.integers(1, 8),
)
def test_the_first_byte_that_is_no_utf_8_is_found_in_any_pieces(before: str, bad: bytes, after: str, piece: int) -> None:
    view = memoryview(before.encode() + bad + after.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", piece)
        assert place_of(view, len(before.encode())) in bad_encoding(view, "$.info").message
        assert bad_byte(view).startswith(f" (byte 0x{bad[0]:02x} after ")


def test_good_text_has_no_bad_byte() -> None:
    assert bad_byte(memoryview("é".encode())) == ""


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.integers(),
        lambda i: st.lists(i, min_size=1, max_size=3) | st.dictionaries(st.text(max_size=3), i, min_size=1),
        max_leaves=8,
    ),
    st.data(),
)
def test_every_cut_of_a_json_text_is_told_as_cut_off(value: object, data: st.DataObject) -> None:
    text = json.dumps({"tests": value}).encode()
    view = memoryview(text[: data.draw(st.integers(1, len(text) - 1))])
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(view)
    told = malformed(view, caught.value)
    assert "line 1, column " in told.message
    assert [p.path for p in told.details] == ["$"]


def test_nesting_is_told_without_a_place() -> None:
    assert "nested too deeply" in malformed(memoryview(b"["), RecursionError()).message
