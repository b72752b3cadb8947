# SPDX-License-Identifier: Apache-2.0
"""The rules of an import: which Test, what its testInfo changes, and which results are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, imported, key_of, told

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services


def manual(summary: str, **more: Any) -> dict[str, Any]:
    return {"projectKey": "DEMO", "summary": summary, "testType": "Manual"} | more


def test_manual_and_cucumber_tests_are_found_by_summary_generic_ones_by_definition(door: Door) -> None:
    infos = [
        manual("Opens"),
        {"projectKey": "DEMO", "summary": "Closes", "testType": "Cucumber", "scenario": "Given a door"},
        {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"},
    ]
    first = imported(door.load(*({"testInfo": info, "status": "PASS"} for info in infos)))
    infos[2]["summary"] = "Adds numbers"
    assert imported(door.load(*({"testInfo": info, "status": "PASS"} for info in infos))) == first
    assert door.fields(first[2])["summary"] == "Adds numbers"


def test_a_summary_of_another_type_is_another_test(door: Door) -> None:
    one = imported(door.load({"testInfo": manual("Same"), "status": "PASS"}))
    info = {"projectKey": "DEMO", "summary": "Same", "testType": "Cucumber", "scenario": "Given x"}
    assert imported(door.load({"testInfo": info, "status": "PASS"})) != one


def test_an_alias_kept_after_a_rename_matches_too(door: Door, services: Services) -> None:
    test = imported(door.load(generic(1)))[0]
    with services.db.write() as conn:
        number = conn.execute(sa.text("SELECT id FROM issues WHERE key = :k"), {"k": test}).scalar_one()
        conn.execute(sa.text("INSERT INTO issue_aliases (key, issue_id) VALUES ('OLD-7', :i)"), {"i": number})
    assert imported(door.load({"testKey": "OLD-7", "status": "PASS"})) == [test]


def test_keys_are_found_in_small_letters_and_with_spaces(door: Door) -> None:
    test = imported(door.load(generic(1)))[0]
    assert imported(door.load({"testKey": f" {test.lower()} ", "status": "PASS"})) == [test]


def test_test_info_overwrites_only_what_it_gives_and_a_new_definition_is_a_new_version(door: Door, services: Services) -> None:
    steps = [{"action": "Open", "data": "x", "result": "shown"}]
    key = imported(door.load({"testInfo": manual("Opens", steps=steps, description="old", labels=["a"]), "status": "PASS"}))[0]
    door.load({"testKey": key, "testInfo": {"summary": "Opens twice", "testType": "Manual"}, "status": "PASS"})
    fields = door.fields(key)
    assert (fields["summary"], fields["description"], fields["labels"]) == ("Opens twice", "old", ["a"])
    assert fields["steps"]["steps"][0]["fields"]["Action"] == "Open"
    door.load({"testKey": key, "testInfo": {"testType": "Manual", "steps": [*steps, {"action": "Close"}]}, "status": "PASS"})
    door.load({"testKey": key, "testInfo": {"testType": "Manual", "steps": [*steps, {"action": "Close"}]}, "status": "PASS"})
    assert len(door.fields(key)["steps"]["steps"]) == 2
    with services.db.read() as conn:
        numbers = conn.execute(sa.text("SELECT number FROM test_versions ORDER BY number")).scalars().all()
    assert list(numbers) == [1, 2]


def test_a_run_keeps_the_definition_version_that_it_ran(door: Door) -> None:
    one = [{"action": "Open"}]
    first = door.load({"testInfo": manual("Opens", steps=one), "status": "PASS"})
    key = imported(first)[0]
    door.load({"testKey": key, "testInfo": {"testType": "Manual", "steps": [*one, {"action": "Close"}]}, "status": "PASS"})
    assert len(door.run(key_of(first), key)["steps"]) == 1


def test_requirement_links_are_added_and_none_is_removed(door: Door, services: Services) -> None:
    stories = [door.make("Story") for _ in range(2)]
    for story in stories:
        answer = door.load(generic(1) | {"testInfo": generic(1)["testInfo"] | {"requirementKeys": [story, "NOPE-1"]}})
        assert "requirementKeys[1]: NOPE-1 is not a requirement issue" in told(answer)
    with services.db.read() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM requirement_links")).scalar_one() == 2


def test_several_tests_with_the_same_summary_mean_the_lowest_key_with_a_warning(door: Door) -> None:
    keys = [door.make("Test", summary="Twice", type={"value": "Manual"}) for _ in range(2)]
    answer = door.load({"testInfo": manual("Twice"), "status": "PASS"})
    assert imported(answer) == keys[:1]
    assert f"the one with the lowest key, {keys[0]}, was taken" in told(answer)


BAD = [
    ({"testKey": "DEMO-404", "status": "PASS"}, "$.tests[1].testKey", "DEMO-404 not found"),
    ({"status": "PASS"}, "$.tests[1]", "neither testKey nor testInfo"),
    ({"testInfo": manual("x"), "status": "NOPE"}, "$.tests[1].status", "'NOPE' is no status here; the statuses are PASS"),
    ({"testInfo": manual("x")}, "$.tests[1].status", "no status is given"),
    ({"testInfo": manual("x"), "status": 7}, "$.tests[1].status", "Expected `str | null`, got `int`"),
    ({"testInfo": {"summary": "x", "testType": "Manual"}, "status": "PASS"}, "$.tests[1].testInfo.projectKey", "projectKey is needed"),
    ({"testInfo": manual("x") | {"projectKey": "NOPE"}, "status": "PASS"}, "$.tests[1].testInfo.projectKey", "no project NOPE"),
    ({"testInfo": {"projectKey": "DEMO", "testType": "Manual"}, "status": "PASS"}, "$.tests[1].testInfo.summary", "none is given"),
    ({"testInfo": manual("x", testType="Odd"), "status": "PASS"}, "$.tests[1].testInfo.testType", "'Odd' is not a test type"),
    ({"testInfo": manual("x" * 256), "status": "PASS"}, "$.tests[1].testInfo.summary", "longer than 255"),
    ({"testInfo": manual("x"), "examples": ["PASS", "ODD"]}, "$.tests[1].examples[1]", "'ODD' is no status"),
    ({"testInfo": manual("x"), "steps": [{"status": "ODD"}]}, "$.tests[1].steps[0].status", "'ODD' is no status"),
    ({"testInfo": manual("x"), "iterations": [{}]}, "$.tests[1].iterations[0].status", "needs a status or steps"),
    ("text", "$.tests[1]", "Expected `object`, got `str`"),
]


@pytest.mark.parametrize(("bad", "path", "reason"), BAD)
def test_a_bad_result_among_good_ones_is_told_with_its_path_and_the_good_ones_are_stored(
    door: Door, bad: Any, path: str, reason: str
) -> None:
    answer = door.load(generic(1), bad, generic(2))
    assert len(imported(answer)) == 2
    (error,) = answer["testIssues"]["error"]
    assert any(text.startswith(f"{path}: ") and reason in text for text in error["messages"]), error


@pytest.mark.parametrize(("bad", "path", "reason"), BAD[:4])
def test_strict_refuses_the_whole_for_one_bad_result(door: Door, bad: Any, path: str, reason: str) -> None:
    before = door.executions()
    answer = door.send({"info": {"project": "DEMO"}, "tests": [generic(1), bad]}, strict="true")
    assert answer.status_code == 400
    assert any(d["path"] == path and reason in d["problem"] for d in answer.json()["details"])
    assert door.executions() == before


def test_all_results_bad_is_a_400_with_every_reason_and_nothing_stored(door: Door) -> None:
    before = door.executions()
    answer = door.send({"info": {"project": "DEMO"}, "tests": [b for b, _, _ in BAD]})
    assert answer.status_code == 400
    assert len(answer.json()["details"]) >= len(BAD)
    assert door.executions() == before


def test_results_that_cannot_even_be_read_are_the_reason_and_not_a_missing_project(door: Door) -> None:
    answer = door.send({"tests": [{"testKey": 5, "status": "PASS"}, "text"]})
    assert answer.status_code == 400
    assert [d["path"] for d in answer.json()["details"]] == ["$.tests[0].testKey", "$.tests[1]"]


def test_keys_that_are_hinted_at_are_those_of_tests(door: Door) -> None:
    bug = door.make("Bug")
    answer = door.load(generic(1), {"testKey": bug, "status": "PASS"}, {"testKey": f"{bug}0", "status": "PASS"})
    assert "Did you mean" not in str(answer["testIssues"]["error"][1])


def test_a_refused_result_is_named_by_key_or_definition(door: Door) -> None:
    answer = door.load(generic(1), {"testKey": "DEMO-404", "status": "PASS"}, generic(2, "ODD"))
    assert [e.get("testKey") or e.get("testDefinition") for e in answer["testIssues"]["error"]] == ["DEMO-404", "calc.t2"]


def test_dry_run_stores_nothing_and_tells_what_would_be(door: Door) -> None:
    before = door.executions()
    answer = door.load(generic(1), {"testKey": "DEMO-404", "status": "PASS"}, dryRun="true")
    assert answer["dryRun"] is True
    assert answer["testExecIssue"] == {"id": "0", "key": "", "self": ""}
    known = door.make("Test Execution")
    assert door.load(generic(1), execution=known, dryRun="true")["testExecIssue"]["key"] == known
    before = door.executions()
    assert (len(answer["testIssues"]["success"]), len(answer["testIssues"]["error"])) == (1, 1)
    assert door.executions() == before
    assert door.http.get("/rest/api/2/search", params={"jql": "issuetype = Test"}).json()["total"] == 0


@pytest.mark.parametrize("tests", [[], None])
def test_no_results_is_said_in_the_vendors_words(door: Door, tests: Any) -> None:
    answer = door.send({"info": {"project": "DEMO"}, "tests": tests})
    assert (answer.status_code, answer.json()["error"]) == (400, "No execution results where provided.")
    assert door.send({}).status_code == 400


def test_the_key_of_an_issue_that_is_no_test_is_that_results_error(door: Door) -> None:
    bug = door.make("Bug")
    answer = door.load(generic(1), {"testKey": bug, "status": "PASS"})
    assert answer["testIssues"]["error"][0]["messages"] == [f"$.tests[1].testKey: {bug} is not a Test"]


def test_empty_texts_empty_lists_and_nulls_are_as_if_absent(door: Door) -> None:
    empty: dict[str, Any] = {
        "comment": None, "start": "", "finish": None, "steps": [], "examples": None, "iterations": [], "defects": [""], "evidence": None,
        "executedBy": "", "assignee": None, "customFields": [],
    }  # fmt: skip
    info = {"project": "DEMO", "summary": "", "testPlanKey": "", "testEnvironments": [""], "revision": None, "startDate": ""}
    answer = door.load(generic(1, **empty), info=info)
    run = door.run(key_of(answer), imported(answer)[0])
    assert (run["status"], run["comment"], run["defects"], run["evidences"]) == ("PASS", "", [], [])
    assert told(answer) == ""


def test_unknown_names_are_ignored_and_told_once_with_what_was_meant(door: Door) -> None:
    results = [generic(i, stattus="x", steps=[{"status": "PASS", "odd": 1}]) for i in range(3)]
    answer = door.send({"testExecutionKy": "DEMO-1", "info": {"project": "DEMO", "sumary": "x"}, "tests": results}).json()
    assert answer["infoMessages"] == [
        "$.testExecutionKy is not known and was ignored. Did you mean testExecutionKey?",
        "$.info.sumary is not known and was ignored. Did you mean summary?",
        "$.tests[0].stattus is not known and was ignored. Did you mean status?",
        "$.tests[0].steps[0].odd is not known and was ignored.",
    ]
