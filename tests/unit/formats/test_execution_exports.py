# SPDX-License-Identifier: Apache-2.0
"""The writers of executions: what they write is well formed, whatever the runs hold."""

from __future__ import annotations

import base64
import csv
import io
import json
import tracemalloc
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.clock import Instant
from radiograph.formats.csv_export import guarded, write_csv
from radiograph.formats.ctrf_export import write_ctrf
from radiograph.formats.exported import (
    ExportedExecution,
    ExportedFile,
    ExportedIteration,
    ExportedRun,
    ExportedStep,
    ExportOptions,
    Writer,
    first_line,
)
from radiograph.formats.junit_export import write_junit
from radiograph.formats.streamed_json import Content, json_pieces
from radiograph.formats.xray_json import read_xray_json
from radiograph.formats.xray_json_export import write_xray_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WRITERS: tuple[Writer, ...] = (write_xray_json, write_junit, write_ctrf, write_csv)
EXECUTION = ExportedExecution(
    "DEMO-1", "DEMO", "Nightly", "", [], "", "", "", Instant(1_700_000_000_000, 60), None, [], [], {"OK": 1, "NOK": 2, "NOTRUN": 3}
)
RUN = ExportedRun(
    1, "DEMO-7", "Adds", "Generic", "calc.adds", [], "FAIL", "NOK", None, None, "", "", "", 0, [], [], [], [], [], []
)  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
"""No database holds a NUL."""


def run(**values: Any) -> ExportedRun:
    return msgspec.structs.replace(RUN, **values)


def write(writer: Writer, *runs: ExportedRun, evidence: bool = True) -> bytes:
    return b"".join(writer(EXECUTION, runs, ExportOptions(evidence, "1.0")))


def file(content: bytes, size: int = 3) -> ExportedFile:
    def pieces() -> Iterator[bytes]:
        return (content[i : i + size] for i in range(0, len(content), size))

    return ExportedFile('a "file".txt', "text/plain", "https://example.org/1", pieces)


@given(TEXTS, TEXTS, TEXTS, st.binary(max_size=20))
def test_any_texts_come_out_as_they_are_or_as_near_as_xml_can(comment: str, name: str, value: str, content: bytes) -> None:
    step = ExportedStep("FAIL", name, comment, value, [], [file(content)])
    rounds = [ExportedIteration(name, "FAIL", [(name, value)], comment, "", [step])]
    one = run(comment=comment, summary=name, steps=[step], iterations=rounds, custom_fields=[{"name": name, "value": value}])
    (result,) = read_xray_json(write(write_xray_json, one)).results
    assert (result.comment, result.steps[0].actual, result.iterations[0].parameters) == (comment, value, [(name, value)])
    assert bytes(result.steps[0].evidence[0].data or b'""').strip(b'"') == base64.b64encode(content)
    assert json.loads(write(write_ctrf, one))["results"]["tests"][0]["extra"]["testKey"] == "DEMO-7"
    (_, row) = csv.reader(io.StringIO(write(write_csv, one).decode(), newline=""))
    assert row[10].removeprefix("'") == comment.removeprefix("'")
    failure = ET.fromstring(write(write_junit, one)).find(".//failure")  # noqa: S314  (our own)
    assert failure is not None
    assert len(failure.text or "") == len(comment)


def test_what_xml_can_not_hold_is_replaced_and_what_it_would_change_kept() -> None:
    text = "a\x00\x0b\ufffe\ud800b\r\n\t<&>\"']]>"
    case = ET.fromstring(write(write_junit, run(comment=text, summary=text)))[0][0]  # noqa: S314
    failure = case.find("failure")
    assert failure is not None
    assert failure.text == "a\ufffd\ufffd\ufffd\ufffdb\r\n\t<&>\"']]>"
    assert [p.get("value") for p in case.iter("property")][1] == failure.text


@pytest.mark.parametrize(
    ("value", "written"),
    [("a;b", "a\\;b"), (["a", "b;c", "d\\"], "a;b\\;c;d\\\\"), ("C:\\x", "C:\\x"), (7, "7"), (None, ""), ({"a": 1}, '{"a": 1}'), ([], "")],
)
def test_custom_fields_are_written_as_xrays_listener_does(value: Any, written: str) -> None:
    root = ET.fromstring(write(write_junit, run(custom_fields=[{"id": 3, "name": None, "value": value}])))  # noqa: S314
    assert [(item.get("name"), item.text or "") for item in root.iter("item")] == [("3", written)]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_looks_like_a_formula_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "plain", "1-1", " =1", "'=1"])
def test_another_cell_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell


@pytest.mark.parametrize(
    ("definition", "kind", "names"),
    [
        ("a.b.C.d", "Generic", ("a.b.C", "d")),
        ("alone", "Generic", ("DEMO", "Adds")),
        ("ends.", "Generic", ("ends", "Adds")),
        ("Scenario: a.b", "Cucumber", ("DEMO", "Adds")),
        ("", "Manual", ("DEMO", "Adds")),
    ],
)
def test_junit_names_a_test_by_its_definition_if_it_is_generic(definition: str, kind: str, names: tuple[str, str]) -> None:
    case = ET.fromstring(write(write_junit, run(definition=definition, type=kind)))[0][0]  # noqa: S314
    assert (case.get("classname"), case.get("name")) == names


def test_the_first_line_is_the_first_with_something_in_it() -> None:
    assert [first_line(text) for text in ("", "\n \n a \nb", "one")] == ["", "a", "one"]


def test_json_comes_in_pieces_with_files_in_it() -> None:
    value = {"a": [1, Content(file(b"hello")), {}], "b": Content(file(b""), 'x"')}
    assert json.loads(b"".join(json_pieces(value))) == {"a": [1, base64.b64encode(b"hello").decode(), {}], "b": 'x"'}


@pytest.mark.parametrize("writer", WRITERS)
def test_many_runs_and_big_files_need_little_memory(writer: Writer) -> None:
    piece = bytes(3 * 100_000)
    big = ExportedFile("big", "text/plain", "", lambda: (piece for _ in range(100)))

    def runs() -> Iterable[ExportedRun]:
        for number in range(20_000):
            yield run(id=number, comment="x" * 100, evidence=[big] if number == 0 else [])

    tracemalloc.start()
    size = sum(map(len, writer(EXECUTION, runs(), ExportOptions(evidence=True))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 2_000_000
    assert peak < 5_000_000
