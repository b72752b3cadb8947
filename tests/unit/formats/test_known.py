# SPDX-License-Identifier: Apache-2.0
"""Formats are told from the beginning of a report."""

from __future__ import annotations

import pytest

from radiograph.domain.errors import UnreadableReport
from radiograph.formats.known import detect
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports


def source(body: bytes) -> Source:
    return Source("r.txt", memoryview(body))


def test_what_is_like_no_format_is_told_with_those_that_are() -> None:
    assert detect(memoryview(b"hello")) is None
    with pytest.raises(UnreadableReport, match=r"The report r\.txt can't be read: its format can't be told .* Xray JSON"):
        read_reports([source(b"hello")], "auto", ReadOptions())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_the_beginning_is_read_in_its_encoding(encoding: str) -> None:
    found = detect(memoryview('{"tests": []}'.encode(encoding) if encoding != "utf-16-le" else '<a b="{"/>'.encode(encoding)))
    assert (found.name if found else "") == ("xray" if encoding != "utf-16-le" else "")
