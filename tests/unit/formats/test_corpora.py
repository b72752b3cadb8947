# SPDX-License-Identifier: Apache-2.0
"""Real reports of every format, written by the real tools: read as their golden files say, however they are cut or changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.formats.telling import told

from radiograph.domain.errors import DomainError
from radiograph.formats import known
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

REPORTS = Path(__file__).parents[2] / "fixtures" / "reports"
GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(p for p in REPORTS.glob("*/*") if p.suffix != ".md")
OPTIONS = ReadOptions(keep_output=True, unpacked=64 * 1024 * 1024)
PLACES = 30


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def read(path: Path, body: bytes) -> Any:
    return read_reports([Source(path.name, memoryview(body))], path.parent.name, OPTIONS)[0]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_report_is_read_as_its_golden_file_says(path: Path, request: pytest.FixtureRequest) -> None:
    golden = GOLDEN / path.parent.name / f"{path.name}.json"
    text = json.dumps(told(read(path, path.read_bytes())), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_report_is_told_from_those_of_other_formats(path: Path) -> None:
    found = known.detect(memoryview(path.read_bytes()))
    assert found is not None
    assert found.name == path.parent.name


def assert_told(path: Path, body: bytes) -> None:
    """Read, or refused with a message and a place."""
    told_of: list[DomainError] = []
    try:
        read(path, body)
    except DomainError as error:
        told_of.append(error)
    assert all(error.message and all(d.path and d.problem for d in error.details) for error in told_of), body


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_beginning_of_a_report_is_read_or_refused(path: Path) -> None:
    body = path.read_bytes()
    for end in range(0, len(body), max(1, len(body) // PLACES)):
        assert_told(path, body[:end])


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_changed_report_is_read_or_refused(path: Path) -> None:
    body = path.read_bytes()

    @settings(max_examples=PLACES, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(body)), st.sampled_from([0, 1, 10, 200]), st.binary(max_size=6) | st.sampled_from([b"<", b'"', b"\0", b"{"]))
    def check(at: int, length: int, put: bytes) -> None:
        assert_told(path, body[:at] + put + body[at + length :])

    check()
