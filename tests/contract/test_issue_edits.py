# SPDX-License-Identifier: Apache-2.0
"""Issues that are created and edited by hand, field by field, with their history."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import FIELDS, generic, imported, key_of

from radiograph.actions import issues, workflow
from radiograph.domain.errors import Refused
from radiograph.store import accounts

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/api/2"
F = FIELDS | {
    "path": "customfield_10110", "precondition_type": "customfield_10111", "preconditions": "customfield_10114", "sets": "customfield_10115",
    "tests": "customfield_10116", "condition": "customfield_10117", "plan_status": "customfield_10118", "execution_status": "customfield_10119",
    "set_tests": "customfield_10120", "plan_tests": "customfield_10121", "scenario": "customfield_10107",
}  # fmt: skip


def edit(door: Door, key: str, fields: dict[str, Any]) -> None:
    answer = door.http.put(f"{API}/issue/{key}", json={"fields": fields})
    assert answer.status_code == 204, answer.text


def operate(door: Door, key: str, **update: Any) -> None:
    answer = door.http.put(f"{API}/issue/{key}", json={"update": update})
    assert answer.status_code == 204, answer.text


def shown(door: Door, key: str) -> dict[str, Any]:
    found: dict[str, Any] = door.http.get(f"{API}/issue/{key}").json()["fields"]
    return found


def history(door: Door, key: str) -> list[tuple[str, str | None, str | None]]:
    log = door.http.get(f"{API}/issue/{key}", params={"expand": "changelog"}).json()["changelog"]
    return [(i["field"], i["fromString"], i["toString"]) for h in log["histories"] for i in h["items"]]


def refused(door: Door, key: str, fields: dict[str, Any]) -> dict[str, str]:
    answer = door.http.put(f"{API}/issue/{key}", json={"fields": fields})
    assert answer.status_code == 400, answer.text
    errors: dict[str, str] = answer.json()["errors"]
    return errors


def test_every_system_field_is_set_shown_and_cleared(door: Door) -> None:
    fields = {
        "description": "old", "labels": ["a"], "components": [{"name": "Pay"}], "fixVersions": [{"name": "1.0"}], "versions": [{"name": "0.9"}],
        "priority": {"name": "High"}, "duedate": "2026-12-24", "environment": "iOS 26", "assignee": {"name": "admin"}, "reporter": {"name": "admin"},
    }  # fmt: skip
    key = door.make("Bug", **fields)
    found = shown(door, key)
    assert (found["description"], found["labels"], found["priority"]["name"]) == ("old", ["a"], "High")
    assert [[p["name"] for p in found[n]] for n in ("components", "fixVersions", "versions")] == [["Pay"], ["1.0"], ["0.9"]]
    assert (found["duedate"], found["environment"], found["assignee"]["name"]) == ("2026-12-24", "iOS 26", "admin")
    cleared: dict[str, Any] = {
        "description": None,
        "labels": [],
        "components": [],
        "fixVersions": None,
        "versions": [],
        "duedate": None,
        "environment": "",
        "assignee": None,
    }
    edit(door, key, cleared)
    found = shown(door, key)
    assert [found[n] for n in cleared] == [None, [], [], [], [], None, None, None]
    assert ("description", "old", None) in history(door, key)
    assert ("Fix Version", "1.0", None) in history(door, key)


def test_operations_add_and_remove_in_lists(door: Door) -> None:
    key = door.make("Story", labels=["a", "b"], fixVersions=[{"name": "1.0"}])
    version = shown(door, key)["fixVersions"][0]["id"]
    operate(
        door,
        key,
        labels=[{"add": "c"}, {"remove": "a"}],
        fixVersions=[{"add": {"name": "2.0"}}, {"remove": {"id": version}}],
        components=[{"set": [{"name": "X"}]}],
    )
    found = shown(door, key)
    assert (found["labels"], [v["name"] for v in found["fixVersions"]], found["components"][0]["name"]) == (["b", "c"], ["2.0"], "X")
    assert set(history(door, key)) == {("labels", "a b", "b c"), ("Fix Version", "1.0", "2.0"), ("Component", None, "X")}


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("Bug", "customfield_99999", "x"), ("Bug", F["definition"], "x"), ("Story", F["steps"], []), ("Test", F["plan"], []),
        ("Test Execution", F["execution_status"], "x"), ("Test Plan", F["plan_status"], "x"), ("Test Set", F["tests"], []), ("Bug", "parent", {"key": "DEMO-1"}),
    ],
)  # fmt: skip
def test_a_field_that_the_type_lacks_or_that_is_computed_is_refused_in_jiras_words(door: Door, kind: str, name: str, value: Any) -> None:
    key = door.make(kind)
    assert refused(door, key, {name: value}) == {name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."}
    fields = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": "s", name: value}
    assert door.http.post(f"{API}/issue", json={"fields": fields}).json()["errors"].keys() == {name}


def test_a_field_that_is_named_as_people_name_it_is_refused_with_its_key(door: Door) -> None:
    fields = {"project": {"key": "DEMO"}, "issuetype": {"name": "Test"}, "summary": "s", "test type": {"value": "Manual"}}
    answer = door.http.post(f"{API}/issue", json={"fields": fields})
    assert answer.json()["errors"]["test type"].endswith("or unknown. Send it as customfield_10105.")


def test_a_body_that_is_cut_off_is_told_as_a_message_and_not_as_a_field(door: Door) -> None:
    answer = door.http.post(f"{API}/issue", content=b'{"fields": {', headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json() == {"errorMessages": [answer.json()["errorMessages"][0]], "errors": {}}
    assert "it was cut off" in answer.json()["errorMessages"][0]


def test_what_names_nothing_is_refused_under_its_field_and_nothing_is_stored(door: Door) -> None:
    test, bug = door.make("Test"), door.make("Bug")
    assert refused(door, bug, {"summary": "new", "assignee": {"name": "nobody"}})["assignee"] == "User 'nobody' does not exist."
    assert refused(door, bug, {"components": [{"id": "999"}]})["components"] == "Component with id '999' does not exist in this project."
    assert refused(door, test, {F["sets"]: [bug]}) == {F["sets"]: f"{bug} is not a Test Set."}
    assert refused(door, test, {F["sets"]: ["DEMO-999"]}) == {F["sets"]: "DEMO-999 is not a Test Set."}
    assert "can't be changed" in refused(door, bug, {"issuetype": {"name": "Story"}})["issuetype"]
    assert shown(door, bug)["summary"] == "A Bug"
    assert history(door, bug) == []


def test_a_definition_is_changed_in_parts_and_each_change_is_a_version(door: Door, services: Services) -> None:
    key = door.make("Test")
    edit(door, key, {F["scenario"]: "Given x"})
    edit(door, key, {"customfield_10108": {"value": "Scenario Outline"}})
    found = shown(door, key)
    assert (found[F["type"]]["value"], found[F["scenario"]], found["customfield_10108"]["value"]) == (
        "Cucumber",
        "Given x",
        "Scenario Outline",
    )
    edit(door, key, {F["type"]: {"value": "Generic"}, F["definition"]: "calc.adds"})
    edit(door, key, {F["definition"]: "calc.adds"})
    assert imported(
        door.load({"testInfo": {"projectKey": "DEMO", "summary": "x", "testType": "Generic", "definition": "calc.adds"}, "status": "PASS"})
    ) == [key]
    assert [h for h in history(door, key) if h[0] == "Generic Test Definition"] == [("Generic Test Definition", None, "calc.adds")]
    with services.db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM test_versions").scalar() == 4


def test_a_test_is_filed_under_a_path_that_is_made(door: Door) -> None:
    key = door.make("Test", **{F["path"]: "Calculator/Basic"})
    assert shown(door, key)[F["path"]] == "/Calculator/Basic"
    edit(door, key, {F["path"]: "/Other"})
    assert shown(door, key)[F["path"]] == "/Other"
    edit(door, key, {F["path"]: None})
    assert shown(door, key)[F["path"]] is None
    assert F["path"] in refused(door, key, {F["path"]: "/".join("a" * 300)})


def test_a_precondition_has_a_type_and_a_text(door: Door) -> None:
    key = door.make("Pre-Condition", **{F["precondition_type"]: {"value": "Cucumber"}, F["condition"]: "Given a user"})
    assert (shown(door, key)[F["precondition_type"]]["value"], shown(door, key)[F["condition"]]) == ("Cucumber", "Given a user")
    edit(door, key, {F["condition"]: "Given two users"})
    assert history(door, key) == [("Conditions", "Given a user", "Given two users")]


def test_relations_are_written_from_either_side(door: Door) -> None:
    condition, group, one, two = door.make("Precondition"), door.make("Test Set"), door.make("Test"), door.make("Test")
    edit(door, one, {F["preconditions"]: [condition], F["sets"]: [group]})
    assert shown(door, group)[F["set_tests"]] == [one]
    edit(door, group, {F["set_tests"]: [two]})
    assert (shown(door, one)[F["sets"]], shown(door, two)[F["sets"]]) == ([], [group])
    assert shown(door, one)[F["preconditions"]] == [condition]
    operate(door, group, **{F["set_tests"]: [{"add": one}, {"remove": two}]})
    assert shown(door, group)[F["set_tests"]] == [one]
    assert ("Tests", two, one) in history(door, group)
    plan = door.make("Test Plan", **{F["plan_tests"]: [one, two]})
    assert shown(door, plan)[F["plan_tests"]] == [one, two]
    assert shown(door, plan)[F["plan_status"]] == {"count": 2, "statuses": [{"name": "TODO", "count": 2}]}


def test_tests_of_an_execution_become_runs_to_do_and_go_with_the_field(door: Door) -> None:
    execution = key_of(door.load(generic(1)))
    one = shown(door, execution)[F["tests"]][0]
    two, three = door.make("Test"), door.make("Test")
    operate(door, execution, **{F["tests"]: [{"add": two}, {"add": three}]})
    assert (shown(door, execution)[F["tests"]], door.run(execution, three)["status"]) == ([one, two, three], "TODO")
    assert shown(door, execution)[F["execution_status"]] == {
        "count": 3,
        "statuses": [{"name": "PASS", "count": 1}, {"name": "TODO", "count": 2}],
    }
    edit(door, execution, {F["tests"]: [three]})
    rows = door.http.get(f"/rest/raven/2.0/api/testexec/{execution}/test").json()
    assert [(r["key"], r["rank"]) for r in rows] == [(three, 1)]


def test_an_executions_own_fields_and_plans_are_set_and_cleared(door: Door) -> None:
    plans = [door.make("Test Plan"), door.make("Test Plan")]
    execution = door.make("Test Execution", plan=plans[:1], environments=["iOS"], revision="42", begin="2014-08-30T11:47:35.000+0100")
    edit(door, execution, {F["plan"]: plans, F["environments"]: ["Android", "iOS"], F["begin"]: None, F["revision"]: None})
    found = shown(door, execution)
    assert (found[F["plan"]], found[F["environments"]], found[F["begin"]], found[F["revision"]]) == (plans, ["Android", "iOS"], None, None)
    edit(door, execution, {F["plan"]: [], F["environments"]: []})
    assert (shown(door, execution)[F["plan"]], shown(door, execution)[F["environments"]]) == ([], [])


def test_a_sub_test_execution_has_a_parent_that_shows_it(door: Door) -> None:
    story = door.make("Story")
    key = door.make("Sub Test Execution", parent={"key": story})
    assert (shown(door, key)["parent"]["key"], [s["key"] for s in shown(door, story)["subtasks"]]) == (story, [key])
    assert "can't be the parent" in refused(door, key, {"parent": {"key": key}})["parent"]


def test_transitions_move_an_issue_and_comment_it(door: Door) -> None:
    key = door.make("Bug")
    found = door.http.get(f"{API}/issue/{key}/transitions").json()["transitions"]
    assert [(w["id"], w["to"]["name"]) for w in found] == [("11", "To Do"), ("21", "In Progress"), ("31", "Done")]
    body = {
        "transition": {"id": "31"},
        "fields": {"resolution": {"name": "Done"}, "labels": ["x"]},
        "update": {"comment": [{"add": {"body": "Fixed"}}]},
    }
    assert door.http.post(f"{API}/issue/{key}/transitions", json=body).status_code == 204
    issue = shown(door, key)
    assert (issue["status"]["name"], issue["resolution"]["name"], issue["labels"], issue["comment"]["comments"][0]["body"]) == (
        "Done",
        "Done",
        ["x"],
        "Fixed",
    )
    assert ("status", "To Do", "Done") in history(door, key)
    assert door.http.post(f"{API}/issue/{key}/transitions", json={"transition": {"name": "in progress"}}).status_code == 204
    assert shown(door, key)["resolution"] is None
    bad: list[Any] = [{}, {"transition": {"id": "99"}}, {"transition": {"name": "Fly"}}, {"transition": {}}]
    for wrong in bad:
        answer = door.http.post(f"{API}/issue/{key}/transitions", json=wrong)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["transition"])


def test_a_transition_beside_the_fields_of_a_new_issue_is_taken(door: Door) -> None:
    body = {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Task"}, "summary": "s"}, "transition": {"id": "21"}}
    assert shown(door, door.http.post(f"{API}/issue", json=body).json()["key"])["status"]["name"] == "In Progress"


def test_another_workflow_is_followed_and_keeps_the_statuses_in_use(door: Door, services: Services) -> None:
    old = door.make("Bug")
    with pytest.raises(Refused, match=r"To Do \(1 issues\)"):
        workflow.load_workflow(services, {"statuses": [{"name": "Open"}]})
    statuses = [{"name": "Open"}, {"name": "To Do"}, {"name": "Closed", "category": "done"}]
    workflow.load_workflow(services, {"statuses": statuses, "transitions": [{"name": "Close", "from": "Open", "to": "Closed"}]})
    new = door.make("Bug")
    assert shown(door, new)["status"]["name"] == "Open"
    assert imported(door.load(generic(1)))
    assert door.http.get(f"{API}/issue/{old}/transitions").json()["transitions"] == []
    assert door.http.post(f"{API}/issue/{new}/transitions", json={"transition": {"name": "Closed"}}).status_code == 204
    assert shown(door, new)["resolution"]["name"] == "Done"
    assert [s["name"] for s in door.http.get(f"{API}/status").json()] == ["Open", "To Do", "Closed"]


def test_concurrent_edits_of_one_field_are_all_in_its_history_and_the_last_wins(door: Door, services: Services) -> None:
    key = door.make("Bug")
    with services.db.read() as conn:
        account = accounts.find_account(conn, "admin")
        assert account is not None
        caller = accounts.caller(conn, account)
    texts = [f"text {i}" for i in range(8)]
    threads = [threading.Thread(target=issues.edit, args=(services, caller, key, {"fields": {"summary": text}})) for text in texts]
    threads += [
        threading.Thread(target=issues.edit, args=(services, caller, key, {"update": {"labels": [{"add": f"l{i}"}]}})) for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found, log = shown(door, key), [h for h in history(door, key) if h[0] == "summary"]
    assert sorted(found["labels"]) == [f"l{i}" for i in range(8)]
    assert sorted(h[2] or "" for h in log) == texts
    assert log[-1][2] == found["summary"]
    assert [h[1] for h in log] == ["A Bug", *(h[2] for h in log[:-1])]


def test_several_issues_are_created_and_the_bad_ones_told_by_their_place(door: Door) -> None:
    good = {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Task"}, "summary": "s"}}
    answer = door.http.post(f"{API}/issue/bulk", json={"issueUpdates": [good, {"fields": {}}, {"fields": 5}, good]})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert len(body["issues"]) == 2
    assert [(e["failedElementNumber"], e["status"], list(e["elementErrors"]["errors"])) for e in body["errors"]] == [
        (1, 400, ["project"]),
        (2, 400, ["fields"]),
    ]
    none = door.http.post(f"{API}/issue/bulk", json={"issueUpdates": [{"fields": {}}]})
    assert (none.status_code, none.json()["issues"], len(none.json()["errors"])) == (400, [], 1)
    bad: list[Any] = [{}, {"issueUpdates": []}, {"issueUpdates": 5}, {"issueUpdates": [good] * 1001}]
    for wrong in bad:
        assert door.http.post(f"{API}/issue/bulk", json=wrong).status_code == 400
