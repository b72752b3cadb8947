# SPDX-License-Identifier: Apache-2.0
"""XML reports as events: what comes, with which line, and what is refused in which words."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import UnreadableReport
from radiograph.formats import xml_events
from radiograph.formats.xml_events import Element, XmlReport, root_of


def events(body: bytes, *whole: str, skip: tuple[str, ...] = ()) -> list[tuple[str, Element]]:
    return list(XmlReport(body).events(whole, skip))


def test_elements_come_at_their_start_and_end_or_whole() -> None:
    found = events(b'<r a="1">\n<s>\n<c n="x">t<d/>u</c></s>\n<log>a<b/></log></r>', "c", skip=("log",))
    assert [(kind, e.name, e.line) for kind, e in found] == [
        ("start", "r", 1), ("start", "s", 2), ("whole", "c", 3), ("end", "s", 2), ("end", "r", 1),
    ]  # fmt: skip
    case = found[2][1]
    assert (case.get("n"), case.get("m"), case.text, [c.name for c in case.children]) == ("x", "", "tu", ["d"])
    assert case.find("d") is case.children[0]
    assert list(case.all("e")) == []


def test_prefixes_of_names_are_left_away() -> None:
    assert [e.name for _, e in events(b'<a:r xmlns:a="u"><a:c/></a:r>', "c")] == ["r", "c", "r"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Line 1: it ends too early: it was cut off. Send it whole"),
        (b"<a>\n<b>", "Line 2: it ends too early"),
        (b"<a>\n<b x='", "Line 2: it ends too early"),
        (b"\n<!DOCTYPE a><a/>", "Line 2: it has a document type (DOCTYPE)"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "Line 1: it has a document type"),
        (b"<a>\n\n\xff</a>", "Line 3: it has the byte 0xff, which is not in its encoding"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "has an encoding that can't be read (unknown encoding: klingon)"),
        (b"<a>&nbsp;</a>", "undefined entity"),
        (b"nope", "is not well-formed XML: syntax error, in column 1"),
        (b"<a></b>", "mismatched tag"),
        (b"<a/><b/>", "junk after document element"),
        (b"<a>" * 600, "is nested too deeply"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_line(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableReport) as caught:
        events(body)
    assert message in caught.value.message
    assert caught.value.details[0].path.startswith("line ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "windows-1252"])
def test_encodings_are_read_as_the_first_line_names_them(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><a>\u00e9</a>'
    assert events(text.encode(encoding))[-1][1].text == "\u00e9"


@pytest.mark.parametrize("inside", ["\x1b[31mred", "&#27;[31mred", "&#x1B;[31mred", "&#x0;[31mred", "&#55357;[31mred", "&#xFFFE;[31mred"])
def test_characters_that_xml_can_not_hold_are_replaced_and_counted(inside: str) -> None:
    report = XmlReport(f"<a>&#10;{inside}</a>".encode())
    assert [e.text for _, e in report.events(())][-1] == "\n\ufffd[31mred"
    assert report.notes == ["1 control characters that XML can't hold were replaced"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\x1b\0"), max_size=100), st.integers(1, 40))
def test_a_text_arrives_whole_wherever_pieces_are_cut(text: str, piece: int) -> None:
    text = text.replace("\ufffe", "").replace("\uffff", "")
    escaped = text.replace("&", "&#38;").replace("<", "&#x3C;").replace(">", "&gt;")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_events, "_FIRST_PIECE", piece)
        found = [e.text for _, e in XmlReport(f"<a>{escaped}</a>".encode()).events(())][-1]
    assert found == text.replace("\x1b", "\ufffd").replace("\0", "\ufffd")


def test_a_long_report_is_read_in_little_memory() -> None:
    body = b"<a>" + b'<c n="x"><f>trace</f></c>\n' * 50_000 + b"</a>"
    tracemalloc.start()
    count = sum(kind == "whole" for kind, _ in XmlReport(body).events(("c",)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 12 * 2**20


def test_the_root_is_told_behind_what_may_stand_before_it() -> None:
    assert root_of('\ufeff<?xml version="1.0"?>\n<!-- a\n> -->\n<n:testsuites name="x" b=\'y\'>') == ("testsuites", {"name": "x", "b": "y"})
    assert root_of("{}") is None
