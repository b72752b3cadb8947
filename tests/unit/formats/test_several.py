# SPDX-License-Identifier: Apache-2.0
"""All that one request brings: reports of several formats, and zips of them."""

from __future__ import annotations

import json

import pytest
from tests.unit.formats.test_archive import zipped

from radiograph.domain.errors import UnreadableReport
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

ONE, TWO = (json.dumps({"tests": [{"testKey": f"A-{n}", "status": "PASS"}]}).encode() for n in (1, 2))


def read(name: str, *bodies: bytes) -> tuple[list[str], list[str], str]:
    report, kinds = read_reports([Source("", memoryview(body)) for body in bodies], name, ReadOptions())
    return [f"{r.path} {r.test_key}" for r in report.results], report.notes, kinds


def test_several_reports_and_zips_become_one() -> None:
    files = {"b.json": ONE, "shot.png": b"\x89PNG", "sub/c.json": TWO}
    assert read("auto", ONE, zipped(files)) == (
        ["report 1: $.tests[0] A-1", "b.json: $.tests[0] A-1", "sub/c.json: $.tests[0] A-2"],
        ["shot.png: no report of a known format, and left out"],
        "xray",
    )


def test_a_zip_with_one_report_is_that_report() -> None:
    assert read("xray", zipped({"a.json": ONE})) == (["$.tests[0] A-1"], [], "xray")


def test_a_zip_without_a_report_is_refused_with_the_names_in_it() -> None:
    with pytest.raises(UnreadableReport, match=r"None of the 2 files in the zip is a report that can be read: a\.png, b\.txt"):
        read("auto", zipped({"a.png": b"\x89PNG", "b.txt": b"hello"}))


@pytest.mark.parametrize("name", ["auto", "allure"])
def test_a_zip_that_is_one_report_is_read_as_when_it_is_named(name: str) -> None:
    body = zipped({"allure-results/a-result.json": json.dumps({"name": "Pays", "fullName": "shop.pays", "status": "passed"}).encode()})
    report, kinds = read_reports([Source("", memoryview(body))], name, ReadOptions())
    assert ([r.status for r in report.results], kinds, report.info.implied) == (["PASS"], "allure", True)
