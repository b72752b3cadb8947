# SPDX-License-Identifier: Apache-2.0
"""The rules of an import for reports that only imply their Tests: ids, tags, attempts, durations, fields of new Tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.contract.door import generic, imported, key_of

from radiograph.actions.import_records import Sent
from radiograph.actions.importing import import_report
from radiograph.domain.outcome import ImportOptions
from radiograph.domain.people import Caller
from radiograph.domain.report import EvidenceFile, ExecutionInfo, Report, StepResult, TestResult
from radiograph.formats.jira_info import read_test_info
from radiograph.formats.reading import derived_test

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services
    from radiograph.domain.outcome import Outcome

ADMIN = Caller(1, "admin", admin=True)


def load(services: Services, *results: TestResult, caller: Caller = ADMIN, **more: Any) -> Outcome:
    report = Report("", ExecutionInfo(), list(results), [], [], **more)
    return import_report(services, caller, report, ImportOptions(project_key="DEMO"), Sent("junit", 0, ""))


def derived(name: str = "calc.adds", status: str = "PASS", **more: Any) -> TestResult:
    return TestResult(0, info=derived_test(name, "Adds"), status=status, place="line 3", **more)


def test_a_test_is_found_by_its_definition_and_stays_as_it_is(door: Door, services: Services) -> None:
    first = load(services, derived()).tests
    result = derived()
    assert result.info is not None
    result.info.summary, result.info.labels, result.info.description = "Adds numbers", ["new"], "other"
    assert load(services, result).tests == first
    fields = door.fields(first[0].key)
    assert (fields["summary"], fields["labels"], fields["description"]) == ("Adds", [], None)
    result.info.given = ("summary", "labels")
    result.test_key = ""
    load(services, result)
    fields = door.fields(first[0].key)
    assert (fields["summary"], fields["labels"], fields["description"]) == ("Adds numbers", ["new"], None)


def test_results_of_one_test_are_merged_by_the_vendors_rule(door: Door, services: Services) -> None:
    outcome = load(services, derived(status="PASS"), derived(status="TODO"), derived("b", "PASS"), derived("b", "FAIL"))
    assert [door.run(outcome.execution.key, test.key)["status"] for test in outcome.tests] == ["TODO", "FAIL"]


def test_ids_and_tags_name_tests_requirements_and_the_execution(door: Door, services: Services) -> None:
    execution = door.load(generic(1))
    test, story = imported(execution)[0], door.make("Story")
    number = door.http.get(f"/rest/api/2/issue/{test}").json()["id"]
    by_id = load(services, derived("x", test_id=number))
    assert [t.key for t in by_id.tests] == [test]
    by_tag = load(services, derived("y", tags=[key_of(execution), f"TEST_{test}", story, "smoke"]))
    assert (by_tag.execution.key, [t.key for t in by_tag.tests]) == (key_of(execution), [test])
    fresh = load(services, derived("z", tags=[story, "smoke"])).tests[0]
    assert door.fields(fresh.key)["labels"] == ["smoke"]
    covered = door.http.post("/rest/api/2/search", json={"jql": f"issue in requirementTests({story})"}).json()["issues"]
    assert {issue["key"] for issue in covered} == {test, fresh.key}


def test_an_id_or_a_tag_of_nothing_here_is_that_results_error(services: Services) -> None:
    outcome = load(services, derived("a"), derived("b", test_id="424242"), derived("c", tags=["TEST_DEMO-999"]))
    assert len(outcome.tests) == 1
    assert [e.problems[0].problem for e in outcome.errors] == [
        "Test issue with key 424242 not found.", "Test issue with key DEMO-999 not found.",
    ]  # fmt: skip
    assert outcome.errors[0].problems[0].path == "line 3.testKey"


def test_earlier_tries_of_a_report_become_attempts_with_all_that_they_have(door: Door, services: Services) -> None:
    earlier = TestResult(
        0, status="FAIL", comment="boom", steps=[StepResult("FAIL")], evidence=[EvidenceFile("a.txt", "", memoryview(b'"YQ=="'), "x")]
    )
    odd = TestResult(0, status="WONDERFUL", place="line 4")
    outcome = load(services, derived(attempts=[earlier, odd]))
    (test,) = outcome.tests
    run = door.run(outcome.execution.key, test.key)
    assert (run["status"], run["attempts"]) == ("PASS", 1)
    assert outcome.counts["attempts"] == 1
    assert "line 4: attempt 2 was left out: 'WONDERFUL' is no status here" in outcome.warnings[0].warnings[0]
    page = door.http.get(f"/runs/{run['id']}", headers={"Accept": "text/html"})
    assert "boom" in page.text


def test_a_duration_without_dates_ends_at_the_import(door: Door, services: Services) -> None:
    outcome = load(services, derived(elapsed=61.5))
    assert door.run(outcome.execution.key, outcome.tests[0].key)["duration"] == 61_500


def test_test_info_of_a_form_is_for_tests_that_are_created(door: Door, services: Services) -> None:
    old = load(services, derived("old")).tests[0]
    body = {
        "fields": {"labels": ["auto"], "components": [{"name": "Core"}], "priority": {"name": "High"}, "summary": "no", "description": "d"}
    }
    fields, notes = read_test_info(json.dumps(body).encode(), {})
    assert notes == ["$testInfo.fields.summary was ignored: a Test gets it from its result"]
    outcome = load(services, derived("old"), derived("new", tags=["smoke"]), new_tests=fields)
    known, made = (door.fields(t.key) for t in outcome.tests)
    assert (outcome.tests[0], known["labels"], known["components"]) == (old, [], [])
    assert (made["labels"], [c["name"] for c in made["components"]], made["description"], made["summary"]) == (
        ["smoke", "auto"], ["Core"], "d", "Adds",
    )  # fmt: skip
    assert "Component Core was not known and was added" in outcome.messages
