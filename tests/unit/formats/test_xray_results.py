# SPDX-License-Identifier: Apache-2.0
"""From the wire to the domain: names, dates, summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from radiograph.formats import xray_wire as wire
from radiograph.formats.xray_results import read_info, read_result, texts

if TYPE_CHECKING:
    from radiograph.domain.errors import Problem


def info(**given: Any) -> tuple[Any, list[str]]:
    notes: list[str] = []
    return read_info(msgspec.convert(given, wire.WireInfo), notes), notes


def result(**given: Any) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    return read_result(3, msgspec.convert(given, wire.WireTest), problems), problems


@pytest.mark.parametrize(
    ("given", "found"), [(None, []), ("", []), ("a, b,,c ", ["a", "b", "c"]), (["a", "", None, " b "], ["a", "b"]), ([], [])]
)
def test_lists_of_texts_lose_what_is_empty(given: Any, found: list[str]) -> None:
    assert texts(given) == found


def test_what_a_report_says_of_its_execution() -> None:
    found, notes = info(
        project=" DEMO ", summary="s", description="d", version="v1", user=" ana ", revision="7", startDate="2020-01-01T00:00:00Z",
        finishDate="2019-01-01T00:00:00Z", testPlanKey="DEMO-1,DEMO-2", testEnvironments=["iOS", ""],
    )  # fmt: skip
    assert (found.project, found.user, found.revision, found.plan_keys, found.environments) == (
        "DEMO",
        "ana",
        "7",
        ["DEMO-1", "DEMO-2"],
        ["iOS"],
    )
    assert (found.fields.summary, found.fields.description, found.fields.fix_versions) == ("s", "d", ["v1"])
    assert notes == ["$.info.finishDate is before startDate"]


def test_what_is_too_long_is_cut_and_noted() -> None:
    found, notes = info(summary="s" * 256, version="v" * 256, user="u" * 256, testEnvironments=["e" * 256, "ok"])
    assert (len(found.fields.summary), found.fields.fix_versions, found.user) == (255, ["v" * 255], "u" * 255)
    assert found.environments == ["e" * 255, "ok"]
    assert [n.split()[0].rstrip(":") for n in notes] == ["$.info.version", "$.info.summary", "$.info.user", "$.info.testEnvironments"]


def test_a_date_that_is_none_is_noted_with_its_path_and_the_rest_is_kept() -> None:
    found, notes = info(startDate="soon", finishDate="2020-01-01T00:00:00Z")
    assert (found.begin, found.end.ms) == (None, 1_577_836_800_000)
    assert notes == ["$.info.startDate: 'soon' is no date such as 2014-08-30T11:47:35+01:00; it was left out"]
    test, problems = result(start="soon", finish="later", status="PASS")
    assert [w.split(":")[0] for w in test.warnings] == ["$.tests[3].start", "$.tests[3].finish"]
    assert problems == []


def test_a_finish_before_the_start_is_a_warning() -> None:
    test, _ = result(start="2020-01-02T00:00:00Z", finish="2020-01-01T00:00:00Z")
    assert test.warnings == ["$.tests[3].finish is before its start"]
    assert result(start="2020-01-01T01:00:00+01:00", finish="2020-01-01T00:00:00Z")[0].warnings == []


@pytest.mark.parametrize(("length", "count"), [(255, 0), (256, 1)])
def test_a_summary_of_a_test_is_as_long_as_jira_has_it(length: int, count: int) -> None:
    assert len(result(testInfo={"summary": "s" * length})[1]) == count


@pytest.mark.parametrize(("given", "kind"), [("Manual", "MANUAL"), ("cucumber", "CUCUMBER"), (" GENERIC ", "GENERIC")])
def test_the_type_of_a_test_is_read_in_any_case_and_by_either_name(given: str, kind: str) -> None:
    for name in ("testType", "type"):
        test, _ = result(testInfo={name: given})
        assert test.info.type.name == kind
    assert result(testInfo={"testType": "Odd"})[0].info.type is None


def test_results_of_an_old_format_are_told() -> None:
    def of(raw: bytes) -> list[str]:
        problems: list[Problem] = []
        return read_result(0, msgspec.json.decode(b'{"results":' + raw + b"}", type=wire.WireTest), problems).warnings

    assert of(b'[{"status":"PASS"}]') == ["$.tests[0].results is of an old format and was ignored; use steps, examples or iterations"]
    assert of(b"[]") == of(b"null") == []
