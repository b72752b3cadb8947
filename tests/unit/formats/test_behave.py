# SPDX-License-Identifier: Apache-2.0
"""Behave's own JSON."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.formats.test_cucumber import read

from radiograph.domain.errors import UnreadableReport
from radiograph.formats import known


def step(status: str = "passed", **more: Any) -> dict[str, Any]:
    ran = {"result": {"status": status, "duration": 0.25}} if status else {}
    return {"keyword": "Given", "name": "a step", "location": "f/a.feature:5", "step_type": "given", **ran, **more}


def scenario(status: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "scenario", "keyword": "Scenario", "name": "s", "location": "f/a.feature:4", "status": status, "steps": steps, **more}


def feature(*elements: dict[str, Any], status: str = "passed") -> dict[str, Any]:
    return {"keyword": "Feature", "name": "f", "location": "f/a.feature:1", "status": status, "tags": ["a"], "elements": elements}


def one(*elements: dict[str, Any]) -> Any:
    (result,) = read([feature(*elements)], name="behave").results
    return result


def test_durations_are_seconds() -> None:
    assert one(scenario("passed", step(), step())).elapsed == 0.5


def test_a_scenarios_own_status_counts() -> None:
    undefined = one(scenario("failed", step("undefined")))
    assert (undefined.status, undefined.comment) == ("FAIL", "Given a step: undefined")
    hook = one(scenario("hook_error", step("")))
    assert (hook.status, hook.comment) == ("FAIL", "The scenario failed, though none of its steps did: a hook may have.")
    assert one(scenario("passed")).status == "PASS"


def test_a_step_that_failed_fails_its_scenario_whatever_is_said_of_it() -> None:
    assert one(scenario("passed", step("failed"))).status == "FAIL"


def test_tables_and_texts_are_written_again() -> None:
    table: dict[str, Any] = {"table": {"headings": ["a", "b"], "rows": [["1", "2"]]}}
    result = one(scenario("passed", step(**table), step(text=["one", "two"]), step(text="three")))
    assert result.info.scenario == (
        'Given a step\n  | a | b |\n  | 1 | 2 |\nGiven a step\n  """\n  one\n  two\n  """\nGiven a step\n  """\n  three\n  """'
    )


def test_a_background_that_only_tells_what_it_is_did_not_run() -> None:
    background = {"type": "background", "keyword": "Background", "name": "", "steps": [step("", location="f/a.feature:3")]}
    result = one(background, scenario("passed", step(location="f/a.feature:3", name="before"), step()))
    assert (len(result.steps), result.info.scenario) == (2, "Given a step")


def test_a_feature_that_failed_without_a_scenario_is_told_of() -> None:
    report = read([feature(scenario("passed", step()), status="failed")], name="behave")
    assert report.notes == ["$[0]: the feature failed, though none of its scenarios did: a hook may have"]


def test_tags_come_without_a_sign() -> None:
    assert one(scenario("passed", step(), tags=["DEMO-1", 5])).tags == ["DEMO-1", "5", "a"]


def test_a_report_of_cucumber_sent_as_behaves_is_refused_with_a_hint() -> None:
    body = b'[{"uri": "a.feature", "keyword": "Feature", "line": 1, "elements": []}]'
    with pytest.raises(UnreadableReport, match="looks like Cucumber JSON, not Behave JSON"):
        read(body, name="behave")
    assert known.formats()["cucumber"].looks_like(body.decode())
