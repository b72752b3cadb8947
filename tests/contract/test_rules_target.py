# SPDX-License-Identifier: Apache-2.0
"""The rules of an import: which execution, which fields of it, which plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.contract.door import generic, imported, key_of, told

if TYPE_CHECKING:
    from tests.contract.door import Door


def test_test_execution_key_in_the_body_wins_over_the_query(door: Door) -> None:
    first, second = key_of(door.load(generic(1))), key_of(door.load(generic(1)))
    assert key_of(door.load(generic(1), execution=first, testExecKey=second)) == first


def test_test_exec_key_in_the_query_names_the_execution(door: Door) -> None:
    key = key_of(door.load(generic(1)))
    assert key_of(door.load(generic(2), info={}, testExecKey=key)) == key


def test_a_new_execution_goes_to_infos_project(door: Door) -> None:
    assert key_of(door.load(generic(1), info={"project": "DEMO"})).startswith("DEMO-")


def test_a_new_execution_goes_to_the_querys_project_when_info_names_none(door: Door) -> None:
    assert key_of(door.load(generic(1), info={"summary": "x"}, projectKey="DEMO")).startswith("DEMO-")


def test_a_new_execution_goes_to_the_project_of_the_first_known_test(door: Door) -> None:
    test = imported(door.load(generic(1)))[0]
    assert key_of(door.load({"testKey": "NOPE-1", "status": "PASS"}, {"testKey": test, "status": "PASS"}, info={})).startswith("DEMO-")


def test_without_any_project_the_error_says_how_to_give_one(door: Door) -> None:
    answer = door.send({"tests": [{"testKey": "NOPE-1", "status": "PASS"}]})
    assert answer.status_code == 400
    assert "Error assembling issue data: project is required" in answer.json()["error"]
    assert "projectKey" in answer.json()["error"]


@pytest.mark.parametrize(
    ("report", "path"),
    [
        ({"testExecutionKey": "DEMO-404"}, "$.testExecutionKey"),
        ({"info": {"project": "NOPE-404"}}, "$.info.project"),
        ({"info": {"project": "DEMO", "testPlanKey": "DEMO-404"}}, "$.info.testPlanKey"),
    ],
)
def test_an_unknown_execution_plan_or_project_is_refused_by_its_key(door: Door, report: dict[str, object], path: str) -> None:
    before = door.executions()
    answer = door.send(report | {"tests": [generic(1)]})
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, path)
    assert "-404" in answer.json()["error"]
    assert door.executions() == before


def test_a_key_of_another_kind_of_issue_is_no_execution(door: Door) -> None:
    bug = door.make("Bug")
    answer = door.send({"testExecutionKey": bug, "tests": [generic(1)]})
    assert answer.status_code == 400
    assert f"{bug} is not a Test Execution, it is a Bug" in answer.json()["error"]


def test_info_updates_the_fields_that_it_gives_of_an_existing_execution_and_no_others(door: Door) -> None:
    key = key_of(door.load(generic(1), info={"project": "DEMO", "summary": "Nightly", "description": "All", "revision": "1"}))
    door.load(generic(1), execution=key, info={"revision": "2", "description": ""})
    fields = door.fields(key)
    assert (fields["summary"], fields["description"], fields["revision"]) == ("Nightly", "All", "2")


def test_in_multipart_the_info_inside_the_result_is_ignored_but_not_its_execution_key(door: Door) -> None:
    key = key_of(door.load(generic(1), info={"project": "DEMO", "summary": "Nightly"}))
    report = {"testExecutionKey": key, "info": {"summary": "inside"}, "tests": [generic(1)]}
    answer = door.form({"fields": {"description": "of the part"}}, report)
    assert (answer.status_code, key_of(answer.json())) == (200, key)
    assert (door.fields(key)["summary"], door.fields(key)["description"]) == ("Nightly", "of the part")


def test_info_of_a_form_is_jiras_body(door: Door) -> None:
    plan = door.make("Test Plan")
    info = {
        "fields": {
            "project": {"id": "10402"}, "summary": "Weekly", "issuetype": {"id": "10007"}, "labels": ["a", "b"],
            "components": [{"name": "Core"}], "fixVersions": [{"name": "v1.3"}], "assignee": {"name": "ana"},
            "customfield_10100": [plan], "customfield_10101": ["iOS"], "customfield_10102": "rev 7",
            "customfield_10103": "2026-11-01T10:00:00.000+0100", "customfield_10104": "2026-11-01T11:00:00.000+0100",
            "customfield_10112": "main", "customfield_10113": "https://ci.example/7", "customfield_99999": {"value": "kept"},
        },
    }  # fmt: skip
    answer = door.form(info, {"tests": [generic(1)]})
    assert answer.status_code == 200, answer.text
    fields = door.fields(key_of(answer.json()))
    assert (fields["summary"], fields["labels"]) == ("Weekly", ["a", "b"])
    assert [c["name"] for c in fields["components"]] == ["Core"]
    assert [v["name"] for v in fields["fixVersions"]] == ["v1.3"]
    assert fields["assignee"]["name"] == "ana"
    assert (fields["plan"], fields["environments"], fields["revision"]) == ([plan], ["iOS"], "rev 7")
    assert fields["begin"].startswith("2026-11-01T10:00:00")
    assert fields["end"].endswith("+0100")
    assert (fields["branch"], fields["build"], fields["customfield_99999"]) == ("main", "https://ci.example/7", {"value": "kept"})
    assert "customfield_99999 is no field of this instance; it was kept as it came" in told(answer.json())


def test_the_execution_is_linked_to_the_plan_and_the_plan_gets_the_tests_that_it_lacks(door: Door) -> None:
    plan = door.make("Test Plan")
    answer = door.load(generic(1), generic(2), info={"project": "DEMO", "testPlanKey": plan})
    listed = door.http.get(f"/rest/raven/2.0/api/testplan/{plan}/testexecution").json()
    assert [row["key"] for row in listed] == [key_of(answer)]
    door.load(generic(2), generic(3), testPlanKey=plan)
    assert len(door.http.get(f"/rest/raven/2.0/api/testplan/{plan}/testexecution").json()) == 2
    assert door.fields(key_of(answer))["plan"] == [plan]


def test_query_parameters_fill_in_what_the_body_does_not_say(door: Door) -> None:
    query = {"testEnvironments": "iOS; Android", "revision": "42", "fixVersion": "v2", "branch": "main", "buildUrl": "https://ci/1"}
    fields = door.fields(key_of(door.load(generic(1), **query)))
    assert (sorted(fields["environments"]), fields["revision"]) == (["Android", "iOS"], "42")
    assert [v["name"] for v in fields["fixVersions"]] == ["v2"]
    assert (fields["branch"], fields["build"]) == ("main", "https://ci/1")


def test_the_body_wins_over_the_query(door: Door) -> None:
    answer = door.load(generic(1), info={"project": "DEMO", "revision": "body", "version": "v1"}, revision="query", fixVersion="v2")
    fields = door.fields(key_of(answer))
    assert (fields["revision"], [v["name"] for v in fields["fixVersions"]]) == ("body", ["v1"])


def test_defaults_are_a_dated_summary_and_the_caller(door: Door) -> None:
    answer = door.load(generic(1))
    fields = door.fields(key_of(answer))
    assert fields["summary"].startswith("Execution results [20")
    assert fields["summary"].endswith("Z]")
    assert fields["assignee"]["name"] == "admin"
    run = door.run(key_of(answer), imported(answer)[0])
    assert (run["executedBy"], run["assignee"]) == ("admin", "admin")


def test_the_executor_is_the_tests_own_then_infos_user(door: Door) -> None:
    answer = door.load(generic(1, executedBy="ben"), generic(2), info={"project": "DEMO", "user": "ana"})
    key = key_of(answer)
    assert [door.run(key, test)["executedBy"] for test in imported(answer)] == ["ben", "ana"]
    assert "User ana was not known and was added" in told(answer)


def test_unknown_versions_environments_and_people_are_kept_with_a_message(door: Door) -> None:
    answer = door.load(generic(1), info={"project": "DEMO", "version": "v9", "testEnvironments": ["Mars"]})
    assert "Version v9 was not known" in told(answer)
    assert "Test environment Mars was not known" in told(answer)
    assert told(door.load(generic(1), info={"project": "DEMO", "version": "v9", "testEnvironments": ["Mars"]})) == ""


def test_dates_keep_their_offset_and_unreadable_ones_are_dropped_with_a_warning(door: Door) -> None:
    dates = [
        ("2014-08-30T11:47:35+01:00", "2014-08-30T11:50:56+0100"),
        ("2014-08-30T11:47:35Z", "2014-08-30T11:47:35.123456Z"),
        ("soon", "x"),
    ]
    answer = door.load(*(generic(i, start=a, finish=b) for i, (a, b) in enumerate(dates)))
    runs = [door.run(key_of(answer), test) for test in imported(answer)]
    assert (runs[0]["startedOnIso"], runs[0]["finishedOnIso"]) == ("2014-08-30T11:47:35+01:00", "2014-08-30T11:50:56+01:00")
    assert runs[1]["duration"] == 123
    assert "startedOn" not in runs[2]
    assert "$.tests[2].start: 'soon' is no date" in told(answer)


def test_a_finish_before_its_start_is_a_warning(door: Door) -> None:
    answer = door.load(generic(1, start="2026-01-02T00:00:00Z", finish="2026-01-01T00:00:00Z"))
    assert "$.tests[0].finish is before its start" in told(answer)
