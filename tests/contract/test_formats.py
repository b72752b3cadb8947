# SPDX-License-Identifier: Apache-2.0
"""Real reports of every format through the import: all of each is told, and the same report again finds the same Tests."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.bodies import refused
from tests.contract.door import IMPORT, imported, key_of, told

from radiograph.actions.projects import add_project
from radiograph.formats.known import formats

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

REPORTS = Path(__file__).parents[1] / "fixtures" / "reports"
FILES = sorted(p for p in REPORTS.glob("*/*") if p.suffix != ".md" and p.parent.name != "xray")
JUNIT = b"""<testsuite name="shop" timestamp="2026-11-23T10:00:00Z">
<testcase classname="shop.Cart" name="adds" time="1.5"><properties><property name="requirements" value="DEMO-99"/></properties></testcase>
<testcase classname="shop.Cart" name="pays" time="2"><failure message="boom" type="E">E: boom
 at line 7</failure><system-out>said</system-out></testcase></testsuite>"""
ONE = {"projectKey": "DEMO"}


def post(door: Door, kind: str, body: bytes, **query: str) -> httpx2.Response:
    return door.http.post(f"{IMPORT}/{kind}", content=body, params=ONE | query, headers={"Content-Type": "application/xml"})


def form(door: Door, kind: str, *files: tuple[str, Any], **query: str) -> httpx2.Response:
    return door.http.post(f"{IMPORT}/{kind}/multipart", files=list(files), params=ONE | query)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_real_report_is_imported_and_again_finds_the_same_tests(door: Door, services: Services, path: Path) -> None:
    add_project(services, "TILL")  # one that no report names a key of, which a Test made by the first import might get
    here = {"projectKey": "TILL"}
    body, kind = path.read_bytes(), path.parent.name
    answer = form(door, kind, ("file", (path.name, body)), **here)
    if answer.status_code == 400:
        assert "No execution results where provided." in refused(answer)
        return
    assert answer.status_code == 200, answer.text
    first = answer.json()
    refusals = [message for error in first["testIssues"]["error"] for message in error["messages"]]
    assert [m for m in refusals if ".testKey: Test issue with key " not in m and not m.endswith(" is not a Test")] == []
    again = post(door, kind, body, keepOutput="true", **here)
    assert again.status_code == 200, again.text
    assert imported(again.json()) == imported(first)
    assert imported(form(door, "auto", ("result", (path.name, body)), **here).json()) == imported(first)


def test_every_format_has_a_real_report() -> None:
    assert {p.parent.name for p in FILES} == formats().keys() - {"xray"}


def test_a_report_of_another_format_is_told_what_it_looks_like(door: Door) -> None:
    said = refused(post(door, "xray", JUNIT))
    assert said == "The report can't be read: this looks like JUnit XML, not Xray JSON; send it to .../import/execution/junit."
    assert "this looks like JUnit XML, not TestNG XML" in refused(post(door, "testng", JUNIT))
    assert "its format can't be told from its beginning" in refused(post(door, "auto", b"hello"))


def test_a_junit_report_gives_runs_their_dates_comments_and_output(door: Door) -> None:
    answer = post(door, "junit", JUNIT, keepOutput="true", testEnvironments="iOS", branch="main", revision="7")
    found = answer.json()
    adds, pays = imported(found)
    run = door.run(key_of(found), pays)
    assert (run["status"], run["comment"], run["duration"]) == ("FAIL", "E: boom\n at line 7", 2000)
    assert [file["fileName"] for file in run["evidences"]] == ["system-out.txt"]
    assert door.run(key_of(found), adds)["startedOn"].startswith("2026-11-23T10:00:00")
    assert "DEMO-99 is not a requirement issue" in told(found)
    assert door.fields(key_of(found))["environments"] == ["iOS"]


def test_several_reports_and_a_zip_of_one_form_go_into_one_execution(door: Door) -> None:
    other = JUNIT.replace(b"shop.Cart", b"shop.Till")
    found = form(
        door, "junit", ("file", ("a.xml", JUNIT)), ("file", ("b.xml", other)), ("info", ("info.json", b'{"fields": {"summary": "Both"}}'))
    )
    assert len(imported(found.json())) == 4
    assert door.fields(key_of(found.json()))["summary"] == "Both"


def test_a_reports_name_is_the_summary_of_a_new_execution_only(door: Door) -> None:
    named = b'<testsuites name="Nightly of the shop">' + JUNIT + b"</testsuites>"
    first = key_of(post(door, "junit", named).json())
    assert door.fields(first)["summary"] == "Nightly of the shop"
    assert key_of(post(door, "junit", named.replace(b"Nightly", b"Weekly"), testExecKey=first).json()) == first
    assert door.fields(first)["summary"] == "Nightly of the shop"


def test_a_test_info_part_is_for_tests_that_are_made(door: Door) -> None:
    info = b'{"fields": {"labels": ["auto"], "components": [{"name": "Shop"}]}}'
    found = form(door, "junit", ("file", ("a.xml", JUNIT)), ("testInfo", ("t.json", info))).json()
    assert [door.fields(key)["labels"] for key in imported(found)] == [["auto"], ["auto"]]


def test_a_packed_body_is_unpacked(door: Door) -> None:
    packed = door.http.post(f"{IMPORT}/junit", content=gzip.compress(JUNIT), params=ONE, headers={"Content-Encoding": "gzip"})
    assert len(imported(packed.json())) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (JUNIT[:-20], "Line 4: it ends too early"),
        (JUNIT.replace(b"boom", b"\xff", 1), "Line 3: it has the byte 0xff"),
        (b"<!DOCTYPE x>" + JUNIT, "it has a document type (DOCTYPE)"),
        (b"<testsuite/>", "No execution results where provided."),
    ],
)
def test_a_report_that_can_not_be_read_is_refused_and_nothing_is_stored(door: Door, body: bytes, words: str) -> None:
    before = door.executions()
    assert words in refused(post(door, "junit", body))
    assert door.executions() == before


def test_control_characters_and_odd_times_are_told_and_the_results_kept(door: Door) -> None:
    odd = JUNIT.replace(b"boom", b"\x1b[31mboom").replace(b'time="2"', b'time="3,000.457"').replace(b'time="1.5"', b'time="-1"')
    found = post(door, "junit", odd).json()
    assert len(imported(found)) == 2
    assert "control characters that XML can't hold were replaced" in told(found)
