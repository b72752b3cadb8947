# SPDX-License-Identifier: Apache-2.0
"""Escapes that no database can store become U+FFFD, and nothing else changes."""

from __future__ import annotations

import json
import mmap
import re
import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.formats import escapes
from radiograph.formats.escapes import may_have_bad_escapes, repair

_LONE = re.compile(r"[\ud800-\udfff]|\0")


def mended(text: bytes) -> bytes:
    found = repair(memoryview(text))
    if found is None:
        return text
    found.finish()
    return bytes(found.view)


pieces = st.lists(
    st.sampled_from(["\\u0000", "\\ud800", "\\uDBFF", "\\udc00", "\\uDfFf", "\\ud83d\\ude00", "\\\\", "\\\\u0000", '\\"', "\\u0041", "\\n", "u0000", "é", "x", " "]),
    max_size=12,
).map("".join)  # fmt: skip


@given(pieces, st.integers(1, 12))
def test_what_is_replaced_is_what_python_reads_as_no_text(inside: str, piece: int) -> None:
    body = f'{{"a": "{inside}"}}'.encode()
    expected = _LONE.sub("�", json.loads(body)["a"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(escapes, "_PIECE", piece)
        suspicious = may_have_bad_escapes(memoryview(body))
    assert msgspec.json.decode(mended(body))["a"] == expected
    assert suspicious or mended(body) == body
    assert len(mended(body)) == len(body)


@given(st.text(max_size=40))
def test_a_good_text_is_left_alone(text: str) -> None:
    body = json.dumps(text.replace("\0", "")).encode()
    assert repair(memoryview(body)) is None


def test_the_places_of_what_is_replaced_are_told_at_most_five() -> None:
    body = json.dumps({"a": ["\0", {"b": "x\0"}, "good"], "c": "\0" * 3, "d": ["\0"] * 10}).encode()
    found = repair(memoryview(body))
    assert found is not None
    paths = found.paths(msgspec.Raw(bytes(found.view)), "$")
    assert paths == ["$.a[0]", "$.a[1].b", "$.c", "$.d[0]", "$.d[1]"]


def test_a_marker_is_found_even_when_the_usual_ones_are_in_the_body() -> None:
    body = json.dumps("".join(chr(c) for c in range(0xFDD0, 0xFDEF)) + "\0").encode()
    assert json.loads(mended(body))[-1] == "�"
    every = json.dumps("".join(chr(c) for c in range(0xFDD0, 0xFDF0)) + "\0").encode()
    assert json.loads(mended(every))[-1] == "�"


def test_a_body_of_100_mb_is_mended_in_a_file_and_little_memory() -> None:
    with mmap.mmap(-1, 100 * 2**20) as body:
        body[: 2**20] = b"x" * 2**20
        body[50 * 2**20 : 50 * 2**20 + 6] = b"\\u0000"
        view = memoryview(body)
        tracemalloc.start()
        try:
            assert may_have_bad_escapes(view)
            found = repair(view)
            assert found is not None
            found.finish()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert bytes(found.view[50 * 2**20 : 50 * 2**20 + 7]) == b"\\ufffd\0"
        assert bytes(view[50 * 2**20 : 50 * 2**20 + 6]) == b"\\u0000"
        assert peak < 8 * 2**20
        view.release()
