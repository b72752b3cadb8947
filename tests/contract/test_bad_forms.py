# SPDX-License-Identifier: Apache-2.0
"""Packed bodies and forms, whole and not."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from tests.contract.bodies import GOOD, post, refused
from tests.contract.door import IMPORT, generic, imported, key_of, told

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door


# --- gzip ------------------------------------------------------------------------------------------
def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # the time would make other names for the same tests


ZIPPED = zipped(GOOD)


@pytest.mark.parametrize(
    "body",
    [
        ZIPPED,
        zipped(GOOD[:10]) + zipped(GOOD[10:]),
        ZIPPED + b"\0" * 100,
        zipped(b"") + ZIPPED,
        zipped(GOOD + b" " * 2**22),
    ],
    ids=["one", "two members", "padded", "an empty one first", "4 MiB of spaces"],
)
def test_gzip_is_unpacked(door: Door, body: bytes) -> None:
    for encoding in ("gzip", "x-gzip", " GZIP "):
        assert len(imported(post(door, body, **{"Content-Encoding": encoding}).json())) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (ZIPPED[:-1], "ends in the middle"), (ZIPPED[: len(ZIPPED) // 2], "ends in the middle"), (ZIPPED[:5], "ends in the middle"),
        (ZIPPED + b"garbage", "can't be unpacked"), (GOOD, "can't be unpacked"), (ZIPPED[:-8] + b"\0" * 8, "can't be unpacked"),
        (ZIPPED + ZIPPED[:-3], "ends in the middle"), (b"", "empty"), (zipped(b""), "empty"),
    ],
)  # fmt: skip
def test_gzip_that_is_not_whole_is_refused_and_nothing_is_stored(door: Door, body: bytes, words: str) -> None:
    assert words in refused(post(door, body, **{"Content-Encoding": "gzip"}))
    assert door.executions() == 0


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x"])
def test_an_unknown_encoding_is_a_415(door: Door, encoding: str) -> None:
    assert encoding in refused(post(door, GOOD, **{"Content-Encoding": encoding}), 415)


# --- multipart -------------------------------------------------------------------------------------
FORM = f"{IMPORT}/multipart"
INFO = json.dumps({"fields": {"project": {"key": "DEMO"}, "summary": "From a form", "issuetype": {"name": "Test Execution"}}})
RESULT = json.dumps({"tests": [generic(1)]})


def part(name: str, content: str, more: str = "", end: str = "\r\n") -> str:
    return f'--x{end}Content-Disposition: form-data; name="{name}"{more}{end}{end}{content}{end}'


def form(door: Door, body: str, content_type: str = "multipart/form-data; boundary=x") -> httpx2.Response:
    return post(door, body.encode(), FORM, **{"Content-Type": content_type})


BOTH = part("info", INFO) + part("result", RESULT)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (BOTH + "--x--\r\n", "multipart/form-data; boundary=x"),
        (BOTH + "--x--", 'Multipart/Form-Data; charset=UTF-8; boundary="x"'),
        (BOTH + "--x--\r\nepilogue\r\n--x\r\n", "multipart/form-data; boundary=x"),
        ("preamble\r\n--xyz\r\n" + BOTH + "--x--", "multipart/form-data; boundary=x"),
        (part("info", INFO, end="\n") + part("result", RESULT, end="\n") + "--x--\n", "multipart/form-data; boundary=x"),
        (BOTH + "--x--", "application/json"),
        (BOTH + "--x--", "multipart/form-data"),
        (BOTH + "--x--", "text/plain"),
        (part("info", INFO, '; filename="../../../etc/passwd"') + part("result", RESULT, '; filename="C:\\\\x\\\\r.json"') + "--x--", "multipart/form-data; boundary=x"),
        (part("info", INFO, '; filename="a\\"b"\r\nContent-Type: image/png') + part("result", RESULT) + "--x--", "multipart/form-data; boundary=x"),
        (part("result", RESULT) + part("info", INFO) + part("other", "5") + part("tail", "--xy\r\n--x-\r\n --x") + "--x--", "multipart/form-data; boundary=x"),
        (part("info", json.dumps(INFO)) + part("results", RESULT) + "--x--", "multipart/form-data; boundary=x"),
        (part("info", "\ufeff" + INFO) + part("file", RESULT) + "--x--", "multipart/form-data; boundary=x"),
        (BOTH.replace("--x\r\n", "--x \t\r\n") + "--x-- \r\n", "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_forms_are_read_as_clients_write_them(door: Door, body: str, content_type: str) -> None:
    answer = form(door, body, content_type)
    assert answer.status_code == 200, answer.text
    assert door.fields(key_of(answer.json()))["summary"] == "From a form"


def test_several_reports_of_a_form_go_into_one_execution(door: Door) -> None:
    body = BOTH + part("results", RESULT) + part("file", json.dumps({"tests": [generic(2)]})) + "--x--"
    answer = form(door, body)
    assert answer.status_code == 200, answer.text
    assert len(imported(answer.json())) == 2
    assert "report 2: $.tests[0]: Test 1 has a result already at report 1: $.tests[0]; both were merged" in told(answer.json())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BOTH, "ends in the middle of a part"),
        (BOTH[:-30], "ends in the middle of a part"),
        ("nothing", "has no part: --x is not in it"),
        ("--y\r\n\r\n\r\n--y--", "has no part: --x is not in it"),
        ("--x--", "The part 'result' is missing; there is no parts"),
        (part("info", INFO) + "--x--", "The part 'result' is missing; there is info"),
        (BOTH + part("info", INFO) + "--x--", "The part 'info' is there twice"),
        ("".join(part(f"p{i}", "") for i in range(10_000)) + "--x--", "more than 100 parts"),
        (f"--x\r\n\r\n{RESULT}\r\n--x--", "has no name"),
        (f"--x\r\nContent-Type: text/plain\r\n\r\n{RESULT}\r\n--x--", "has no name"),
        (f"--x\r\n{'X: y' * 10_000}\r\n\r\n{RESULT}\r\n--x--", "has no headers, or they are too long"),
        (part("result", part("result", RESULT).replace("--x", "--xx") + "--xx--") + "--x--", "looks like a multipart body"),
        (part("info", "") + part("result", RESULT) + "--x--", "The info part is empty"),
        (part("info", "[]") + part("result", RESULT) + "--x--", "$info must be an object, not []"),
        (part("info", "5") + part("result", RESULT) + "--x--", "$info must be an object, not 5"),
        (part("info", "{") + part("result", RESULT) + "--x--", "The info part ends too early, at line 1, column 2 (byte 1)"),
        (part("info", '"{"') + part("result", RESULT) + "--x--", "The info part ends too early"),
        (part("info", "[" * 100_000) + part("result", RESULT) + "--x--", "nested too deeply"),
        (part("info", '{"fields":{"summary":NaN}}') + part("result", RESULT) + "--x--", "The info part is not valid JSON"),
        (part("info", '{"fields":[]}') + part("result", RESULT) + "--x--", "Project"),
        (part("info", INFO) + part("result", "") + "--x--", "The report is empty"),
        (part("info", INFO) + part("result", "[]") + "--x--", "$: Expected `object`"),
    ],
)
def test_forms_that_are_not_whole_are_refused_and_nothing_is_stored(door: Door, body: str, words: str) -> None:
    text = refused(form(door, body))
    assert words.lower() in text.lower(), text
    assert door.executions() == 0


def test_a_form_without_any_boundary_is_refused(door: Door) -> None:
    assert "names no boundary" in refused(form(door, "{}", "multipart/form-data"))
    assert "takes multipart/form-data" in refused(form(door, RESULT, "application/json"))
