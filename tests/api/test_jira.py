# SPDX-License-Identifier: Apache-2.0
"""Jira's issues, as clients of Xray make and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def make(client: TestClient, kind: str, **fields: Any) -> str:
    answer = client.post("/rest/api/2/issue", json={"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": kind}} | fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def field(client: TestClient, name: str) -> str:
    return next(str(f["id"]) for f in client.get("/rest/api/2/field").json() if f["name"] == name)


def test_a_generic_test_is_made_and_found_by_its_definition(client: TestClient) -> None:
    key = make(
        client,
        "Test",
        summary="Adds",
        **{field(client, "Test Type"): {"value": "Generic"}, field(client, "Generic Test Definition"): "calc.adds"},
    )
    shown = client.get(f"/rest/api/2/issue/{key}").json()["fields"]
    assert shown[field(client, "Generic Test Definition")] == "calc.adds"
    info = {"projectKey": "DEMO", "testType": "Generic", "definition": "calc.adds", "summary": "Adds"}
    body = client.post(
        "/rest/raven/2.0/import/execution", json={"info": {"project": "DEMO"}, "tests": [{"testInfo": info, "status": "PASS"}]}
    ).json()
    assert body["testIssues"]["success"][0]["key"] == key


@pytest.mark.parametrize(
    "steps",
    [
        {"steps": [{"index": 1, "fields": {"Action": "Open", "Data": "x", "Expected Result": "shown"}}]},
        {"steps": [{"index": 1, "step": "Open", "data": "x", "result": "shown"}]},
    ],
)
def test_manual_steps_come_in_both_of_the_vendors_shapes(client: TestClient, steps: dict[str, Any]) -> None:
    key = make(client, "Test", summary="Opens", **{field(client, "Manual Test Steps"): steps})
    shown = client.get(f"/rest/api/2/issue/{key}").json()["fields"][field(client, "Manual Test Steps")]
    assert shown == {"steps": [{"index": 1, "fields": {"Action": "Open", "Data": "x", "Expected Result": "shown"}}]}


def test_an_edit_changes_only_what_it_gives(client: TestClient) -> None:
    key = make(
        client, "Test Execution", summary="Nightly", description="old", labels=["a"], **{field(client, "Test Environments"): ["iOS"]}
    )
    changes = {"fields": {"summary": "Weekly", field(client, "Revision"): "42"}, "update": {"labels": [{"add": "b"}]}}
    assert client.put(f"/rest/api/2/issue/{key}", json=changes).status_code == 204
    shown = client.get(f"/rest/api/latest/issue/{key}").json()["fields"]
    assert (shown["summary"], shown["description"], shown["labels"]) == ("Weekly", "old", ["a", "b"])
    assert (shown[field(client, "Revision")], shown[field(client, "Test Environments")]) == ("42", ["iOS"])


def test_a_new_definition_is_a_new_version_and_matches_from_then_on(client: TestClient) -> None:
    definition = field(client, "Generic Test Definition")
    key = make(client, "Test", summary="Adds", **{definition: "calc.adds"})
    assert client.put(f"/rest/api/2/issue/{key}", json={"fields": {definition: "calc.sums"}}).status_code == 204
    info = {"projectKey": "DEMO", "testType": "Generic", "definition": "calc.sums", "summary": "Adds"}
    body = client.post(
        "/rest/raven/2.0/import/execution", json={"info": {"project": "DEMO"}, "tests": [{"testInfo": info, "status": "PASS"}]}
    ).json()
    assert body["testIssues"]["success"][0]["key"] == key


def test_errors_name_the_field(client: TestClient) -> None:
    answer = client.post("/rest/api/2/issue", json={"fields": {"project": {"key": "NOPE"}, "issuetype": {"name": "Bug"}, "summary": "x"}})
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [], "errors": {"project": "There is no project NOPE."}})
    assert client.post("/rest/api/2/issue", json={"fields": {}}).json()["errors"] == {"project": "project is required"}
    missing = client.get("/rest/api/2/issue/DEMO-99")
    assert (missing.status_code, missing.json()["errorMessages"]) == (404, ["Issue DEMO-99 does not exist."])


def test_search_finds_by_project_type_key_and_words(client: TestClient) -> None:
    keys = [make(client, "Bug", summary="Payment times out"), make(client, "Story", summary="Pay with a card")]

    def found(jql: str) -> list[str]:
        answer = client.get("/rest/api/2/search", params={"jql": jql})
        assert answer.status_code == 200, answer.text
        return [i["key"] for i in answer.json()["issues"]]

    assert found("project = DEMO ORDER BY key DESC") == keys[::-1]
    assert found("issuetype = Bug AND summary ~ 'payment'") == keys[:1]
    assert found(f"key in ({keys[1]}) OR issue = DEMO-1 AND summary ~ nothing") == keys[1:]
    assert client.post("/rest/api/2/search", json={"jql": "", "maxResults": 1, "startAt": 1}).json()["total"] == 2
    wrong = client.get("/rest/api/2/search", params={"jql": "project = DEMO AND colour = red"})
    assert wrong.status_code == 400
    assert wrong.json()["errorMessages"] == ["Error in the JQL query at character 20: there is no field 'colour'."]


def test_who_asks_is_told_who_they_are_and_what_server_this_is(client: TestClient) -> None:
    assert client.get("/rest/api/2/myself").json()["displayName"] == "Administrator"
    assert client.get("/rest/api/latest/serverInfo").json()["deploymentType"] == "Server"
    assert client.get("/rest/api/2/project/10402").json()["key"] == "DEMO"
    assert "Test Execution" in [k["name"] for k in client.get("/rest/api/2/project/DEMO").json()["issueTypes"]]
