# SPDX-License-Identifier: Apache-2.0
"""Forms are split at their boundary, whatever is inside the parts."""

from __future__ import annotations

import mmap
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import Refused
from radiograph.web.multipart import boundary_of, split


def form(parts: list[tuple[str, bytes]], boundary: bytes = b"b", end: bytes = b"\r\n") -> bytes:
    lines = [
        b"--%b%b" % (boundary, end)
        + b'Content-Disposition: form-data; name="%b"; filename="x.json"%b%b' % (name.encode(), end, end)
        + content
        + end
        for name, content in parts
    ]
    return b"".join(lines) + b"--%b--%b" % (boundary, end)


def found(body: bytes, boundary: bytes = b"b") -> dict[str, bytes]:
    return {name: bytes(part) for name, part in split(memoryview(body), boundary).items()}


CONTENT = st.lists(
    st.sampled_from([b"--b", b"--bb", b"--b-", b"\r\n", b"\n", b"\r", b"--", b"-", b"b", b"x", b" ", b"\0", b"\r\n\r\n", b'name="c"']),
    max_size=12,
).map(b"".join)
BOUNDARY_LINE = re.compile(rb"(?:^|\n)--b[ \t]*(?:\r?\n|--[ \t]*(?:\r?\n|\Z))")


@given(st.lists(CONTENT, max_size=3), st.booleans())
def test_parts_come_back_unless_they_hold_the_boundary_itself(contents: list[bytes], crlf: bool) -> None:  # noqa: FBT001
    end = b"\r\n" if crlf else b"\n"
    if any(BOUNDARY_LINE.search(b"\n" + content + end) for content in contents):
        return
    parts = [(f"p{i}", content) for i, content in enumerate(contents)]
    expected = {name: content if crlf else content.removesuffix(b"\r") for name, content in parts}
    assert found(form(parts, end=end)) == expected


@given(CONTENT, st.sampled_from([b"b", b"bb", b"--", b"-"]))
def test_any_bytes_are_parts_or_refused(body: bytes, boundary: bytes) -> None:
    try:
        parts = split(memoryview(body), boundary)
    except Refused:
        return
    assert all(bytes(part) in body for part in parts.values())


def test_a_boundary_that_begins_like_another_is_not_taken_for_it() -> None:
    inner = form([("inside", b"1")], b"bb")
    assert found(form([("result", inner), ("info", b"2")])) == {"result": inner, "info": b"2"}
    outer = form([("result", form([("inside", b"1")], b"b")), ("info", b"2")], b"bb")
    assert list(found(outer, b"bb")) == ["result", "info"]


def test_parts_are_slices_of_the_map() -> None:
    body = form([("result", b"x" * 10_000)])
    with mmap.mmap(-1, len(body)) as mapped:
        mapped[:] = body
        view = memoryview(mapped)
        part = split(view, b"b")["result"]
        assert part.obj is mapped
        assert bytes(part) == b"x" * 10_000
        part.release()
        view.release()


def test_a_hundred_parts_are_taken_and_no_more() -> None:
    assert len(found(form([(f"p{i}", b"") for i in range(100)]))) == 100
    with pytest.raises(Refused, match="more than 100 parts"):
        found(form([(f"p{i}", b"") for i in range(101)]))


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'Content-Disposition: form-data; name="a"', "a"),
        (b"content-disposition:form-data;name=a", "a"),
        (b'Content-Type: x/y; name="wrong"\r\nContent-Disposition: form-data; filename="name=x"; name="a"', "a"),
        (b'X-Content-Disposition: form-data; name="wrong"\r\nContent-Disposition: form-data; name="a"', "a"),
        (b'Content-Disposition: form-data; name="\xc3\xa9"', "é"),
        (b'Content-Disposition: form-data; name="\xff"', "�"),
    ],
)
def test_the_name_of_a_part_is_that_of_its_disposition(head: bytes, name: str) -> None:
    assert found(b"--b\r\n" + head + b"\r\n\r\n1\r\n--b--") == {name: b"1"}


@pytest.mark.parametrize(
    ("content_type", "start", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"", b"abc"),
        ('MULTIPART/form-data; charset=utf-8; Boundary="a b=c"', b"", b"a b=c"),
        ("multipart/form-data", b'--abc\r\nContent-Disposition: form-data; name="x"', b"abc"),
        ("application/json", b'--abc\r\nContent-Disposition: form-data; name="x"', b"abc"),
        ("", b"\r\n--abc \r\nX: y", b"abc"),
        ("application/json; boundary=abc", b"{}", None),
        ("application/json", b"{}", None),
        ("application/json", b"--5\n", None),
        ("application/json", b"--", None),
        ("application/json", b"", None),
    ],
)
def test_a_boundary_is_named_or_seen(content_type: str, start: bytes, boundary: bytes | None) -> None:
    assert boundary_of(content_type, start) == boundary


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", 'multipart/form-data; boundary=""', "multipart/form-data; boundary", "multipart/mixed;"]
)
def test_a_multipart_without_any_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(Refused, match="names no boundary"):
        boundary_of(content_type, b"{}")


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60).map(lambda t: "multipart/form-data; " + t),
    st.binary(max_size=40),
)
def test_no_content_type_is_too_odd(content_type: str, start: bytes) -> None:
    try:
        boundary = boundary_of(content_type, start)
    except Refused:
        return
    assert boundary
