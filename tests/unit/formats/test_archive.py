# SPDX-License-Identifier: Apache-2.0
"""Zips of reports: unpacked in bounds, and never anywhere."""

from __future__ import annotations

import io
import zipfile

import pytest

from radiograph.domain.errors import TooLarge, UnreadableReport
from radiograph.formats.archive import unpack
from radiograph.formats.reading import Source


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_files_come_in_their_order_with_their_names_as_words() -> None:
    body = zipped({"b/2.xml": b"two", "../../etc/passwd": b"slip", "__MACOSX/x": b"", "empty": b"", "d/": b""})
    assert [(s.name, bytes(s.data)) for s in unpack(Source("a.zip", memoryview(body)), 100)] == [
        ("b/2.xml", b"two"), ("../../etc/passwd", b"slip"), ("empty", b""),
    ]  # fmt: skip


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    with pytest.raises(TooLarge, match="The zip's content is larger than the limit of 1000000 bytes"):
        unpack(Source("a.zip", memoryview(zipped({"zeros": b"\0" * 50_000_000}))), 1_000_000)


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_zip_that_was_cut_off_is_refused(cut: int) -> None:
    body = zipped({"a.xml": b"x" * 1000})
    with pytest.raises(UnreadableReport, match=r"The zip a\.zip can't be unpacked"):
        unpack(Source("a.zip", memoryview(body[:-cut])), 10_000)


def test_a_zip_with_a_password_is_refused() -> None:
    body = bytearray(zipped({"a.xml": b"x"}))
    at = body.find(b"PK\x01\x02")
    body[at + 8] |= 1
    with pytest.raises(UnreadableReport, match="encrypted"):
        unpack(Source("", memoryview(bytes(body))), 10_000)
