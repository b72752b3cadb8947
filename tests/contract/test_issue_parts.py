# SPDX-License-Identifier: Apache-2.0
"""What people add to issues: links, comments, files; and what projects have: versions and components; who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic, imported

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/api/2"


def _nobody(request: httpx2.Request) -> httpx2.Request:
    """Signs nobody: the headers say who asks."""
    return request


@pytest.fixture
def ana(door: Door, services: Services) -> Callable[..., httpx2.Response]:
    """What Ana, a tester, asks."""
    put_user(services, "ana", "ana", display_name="Ana Lead")
    give_role(services, "ana", 10402, Role.TESTER)
    add_token(services, "ana", "t", "ana-token")

    def ask(method: str, path: str, **more: Any) -> httpx2.Response:
        return door.http.request(method, f"{API}/{path}", headers={"Authorization": "Bearer ana-token"}, auth=_nobody, **more)

    return ask


def link(door: Door, kind: str, source: str, target: str) -> httpx2.Response:
    body = {"type": {"name": kind}, "inwardIssue": {"key": source}, "outwardIssue": {"key": target}}
    return door.http.post(f"{API}/issueLink", json=body)


def links(door: Door, key: str) -> list[tuple[str, str, str]]:
    found = door.http.get(f"{API}/issue/{key}").json()["fields"]["issuelinks"]
    ends = [("outward", one["outwardIssue"]) if "outwardIssue" in one else ("inward", one["inwardIssue"]) for one in found]
    return [(one["type"]["name"], way, end["key"]) for one, (way, end) in zip(found, ends, strict=True)]


def test_a_link_is_shown_at_both_ends_and_removed_from_both(door: Door) -> None:
    one, two = door.make("Bug"), door.make("Story")
    assert link(door, "blocks", one, two).status_code == 201
    assert link(door, "Blocks", one, two).status_code == 201
    assert (links(door, one), links(door, two)) == ([("Blocks", "outward", two)], [("Blocks", "inward", one)])
    number = door.http.get(f"{API}/issue/{one}").json()["fields"]["issuelinks"][0]["id"]
    whole = door.http.get(f"{API}/issueLink/{number}").json()
    assert (whole["inwardIssue"]["key"], whole["outwardIssue"]["key"]) == (one, two)
    assert door.http.delete(f"{API}/issueLink/{number}").status_code == 204
    assert (links(door, one), links(door, two)) == ([], [])
    assert door.http.delete(f"{API}/issueLink/{number}").status_code == 404


@pytest.mark.parametrize("turned", [False, True])
def test_a_tests_link_between_a_test_and_a_story_is_coverage_whichever_way_it_is_sent(door: Door, turned: bool) -> None:  # noqa: FBT001
    test, story = door.make("Test"), door.make("Story")
    assert link(door, "Tests", *((story, test) if turned else (test, story))).status_code == 201
    assert (links(door, test), links(door, story)) == ([("Tests", "outward", story)], [("Tests", "inward", test)])
    number = door.http.get(f"{API}/issue/{story}").json()["fields"]["issuelinks"][0]["id"]
    assert door.http.get(f"{API}/issueLink/{number}").json()["inwardIssue"]["key"] == test
    assert door.http.delete(f"{API}/issueLink/{number}").status_code == 204
    assert links(door, test) == []


def test_requirements_of_an_import_are_links_and_links_of_an_edit_too(door: Door) -> None:
    story = door.make("Story")
    info = {"projectKey": "DEMO", "summary": "T", "testType": "Generic", "definition": "d", "requirementKeys": [story]}
    (test,) = imported(door.load({"testInfo": info, "status": "PASS"}))
    assert links(door, story) == [("Tests", "inward", test)]
    assert door.fields(story)["customfield_10122"] == "OK"
    door.load({"testKey": test, "status": "FAIL"})
    assert (door.fields(story)["customfield_10122"], door.fields(door.make("Story"))["customfield_10122"]) == ("NOK", "UNCOVERED")
    update = {"issuelinks": [{"add": {"type": {"name": "Relates"}, "outwardIssue": {"key": story}}}]}
    assert door.http.put(f"{API}/issue/{test}", json={"update": update}).status_code == 204
    assert links(door, test) == [("Relates", "outward", story), ("Tests", "outward", story)]


def test_a_link_to_an_issue_that_one_cannot_see_is_not_told(door: Door, ana: Callable[..., httpx2.Response], services: Services) -> None:
    add_project(services, "SHOP", project_id=10500)
    body = {"fields": {"project": {"key": "SHOP"}, "issuetype": {"name": "Story"}, "summary": "secret"}}
    hidden, bug = door.http.post(f"{API}/issue", json=body).json()["key"], door.make("Bug")
    assert link(door, "Blocks", bug, hidden).status_code == 201
    number = door.http.get(f"{API}/issue/{bug}").json()["fields"]["issuelinks"][0]["id"]
    assert ana("GET", f"issue/{bug}").json()["fields"]["issuelinks"] == []
    assert ana("GET", "search", params={"jql": f"key = {bug}"}).json()["issues"][0]["fields"]["issuelinks"] == []
    assert ana("GET", f"issueLink/{number}").status_code == 404


def test_a_wrong_link_says_what_is_wrong(door: Door) -> None:
    bug = door.make("Bug")
    assert link(door, "Blocks", bug, bug).json()["errors"] == {"outwardIssue": "An issue can't be linked to itself."}
    assert "there are Blocks" in link(door, "Odd", bug, bug).json()["errors"]["type"]
    assert link(door, "Blocks", bug, "DEMO-99").status_code == 404
    assert door.http.post(f"{API}/issueLink", json={"type": {"name": "Blocks"}, "inwardIssue": {}, "outwardIssue": {}}).status_code == 400
    for wrong in ("x", "1-", "1-2-3", "-", "9" * 30):
        assert door.http.get(f"{API}/issueLink/{wrong}").status_code == 404


def test_comments_are_added_changed_and_removed_by_those_who_may(door: Door, ana: Callable[..., httpx2.Response]) -> None:
    key = door.make("Bug")
    first = door.http.post(f"{API}/issue/{key}/comment", json={"body": "One"}).json()
    own = ana("POST", f"issue/{key}/comment", json={"body": "Two"})
    assert (own.status_code, own.json()["author"]["displayName"]) == (201, "Ana Lead")
    assert ana("PUT", f"issue/{key}/comment/{first['id']}", json={"body": "No"}).status_code == 403
    assert ana("PUT", f"issue/{key}/comment/{own.json()['id']}", json={"body": "Three"}).json()["body"] == "Three"
    page = door.http.get(f"{API}/issue/{key}/comment", params={"maxResults": 1, "orderBy": "-created"}).json()
    assert ([c["body"] for c in page["comments"]], page["total"], page["startAt"], page["maxResults"]) == (["Three"], 2, 0, 1)
    assert door.http.get(f"{API}/issue/{key}/comment", params={"startAt": 5}).json()["comments"] == []
    assert door.http.delete(f"{API}/issue/{key}/comment/{own.json()['id']}").status_code == 204
    assert door.http.get(f"{API}/issue/{key}/comment/{own.json()['id']}").status_code == 404
    other = door.make("Bug")
    assert door.http.get(f"{API}/issue/{other}/comment/{first['id']}").status_code == 404
    for wrong in ({}, {"body": ""}, {"body": " "}, {"body": 5}):
        assert door.http.post(f"{API}/issue/{key}/comment", json=wrong).status_code == 400
    assert door.http.get(f"{API}/issue/DEMO-99/comment").status_code == 404
    assert (
        door.http.put(f"{API}/issue/{key}", json={"update": {"comment": [{"edit": {"id": first["id"], "body": "New"}}]}}).status_code == 204
    )
    assert door.http.get(f"{API}/issue/{key}/comment/{first['id']}").json()["body"] == "New"


def test_files_are_added_several_at_once_fetched_and_removed(door: Door, ana: Callable[..., httpx2.Response]) -> None:
    key = door.make("Bug")
    files: list[tuple[str, Any]] = [
        ("file", ("ä.txt", b"one", "text/plain")),
        ("file", ("run.sh", b"two", "text/x-sh")),
        ("comment", b"ignored"),
    ]
    answer = door.http.post(f"{API}/issue/{key}/attachments", files=files, headers={"X-Atlassian-Token": "no-check"})
    assert answer.status_code == 200, answer.text
    first, second = answer.json()
    assert (first["filename"], first["size"], first["mimeType"], first["author"]["name"]) == ("ä.txt", 3, "text/plain", "admin")
    assert [a["id"] for a in door.http.get(f"{API}/issue/{key}").json()["fields"]["attachment"]] == [first["id"], second["id"]]
    path = first["content"].removeprefix("http://testserver")
    content = door.http.get(path)
    assert (content.content, content.headers["content-security-policy"]) == (b"one", "sandbox; default-src 'none'")
    assert door.http.get(second["content"].removeprefix("http://testserver")).headers["content-disposition"].startswith("attachment")
    assert ana("DELETE", f"attachment/{first['id']}").status_code == 403
    own = ana("POST", f"issue/{key}/attachments", files={"file": ("b", b"x")}).json()[0]
    assert ana("DELETE", f"attachment/{own['id']}").status_code == 204
    assert door.http.delete(f"{API}/attachment/{first['id']}").status_code == 204
    assert [door.http.get(f"{API}/attachment/{i}").status_code for i in (first["id"], second["id"], "x", "9" * 30)] == [404, 200, 404, 404]
    assert door.http.get(path).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b"x"},
        {"json": {}},
        {"files": {"other": ("a", b"x")}},
        {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    ],
)
def test_what_is_no_form_with_a_file_is_refused(door: Door, sent: dict[str, Any]) -> None:
    answer = door.http.post(f"{API}/issue/{door.make('Bug')}/attachments", **sent)
    assert (answer.status_code, answer.json().keys()) == (400, {"errorMessages", "errors"})


def test_versions_are_kept_and_given_to_other_versions_when_they_go(door: Door) -> None:
    made = door.http.post(f"{API}/version", json={"name": "1.0", "project": "DEMO", "releaseDate": "2026-12-24", "released": False})
    assert (made.status_code, made.json()["releaseDate"], made.json()["projectId"]) == (201, "2026-12-24", 10402)
    one, two = made.json()["id"], door.http.post(f"{API}/version", json={"name": "2.0", "projectId": 10402}).json()["id"]
    key = door.make("Bug", fixVersions=[{"id": one}])
    changed = door.http.put(f"{API}/version/{one}", json={"name": "1.1", "released": True, "releaseDate": None}).json()
    assert (changed["name"], changed["released"], "releaseDate" in changed) == ("1.1", True, False)
    assert door.http.get(f"{API}/version/{one}/relatedIssueCounts").json()["issuesFixedCount"] == 1
    assert [v["name"] for v in door.http.get(f"{API}/project/DEMO/versions").json()] == ["1.1", "2.0"]
    assert door.http.delete(f"{API}/version/{one}", params={"moveFixIssuesTo": two}).status_code == 204
    assert [v["name"] for v in door.fields(key)["fixVersions"]] == ["2.0"]
    assert door.http.get(f"{API}/version/{one}").status_code == 404


def test_components_are_kept_and_go(door: Door) -> None:
    made = door.http.post(f"{API}/component", json={"name": "Pay", "project": "DEMO", "description": "Cards"}).json()
    assert (made["name"], made["description"], made["project"]) == ("Pay", "Cards", "DEMO")
    key = door.make("Bug", components=[{"name": "Pay"}])
    assert door.http.put(f"{API}/component/{made['id']}", json={"name": "Payment"}).json()["description"] == "Cards"
    assert [c["name"] for c in door.fields(key)["components"]] == ["Payment"]
    assert door.http.delete(f"{API}/component/{made['id']}").status_code == 204
    assert door.fields(key)["components"] == []


@pytest.mark.parametrize("what", ["version", "component"])
def test_a_wrong_version_or_component_says_what_is_wrong(door: Door, services: Services, what: str) -> None:
    add_project(services, "SHOP", project_id=10500)
    number = door.http.post(f"{API}/{what}", json={"name": "x", "project": "DEMO"}).json()["id"]
    foreign = door.http.post(f"{API}/{what}", json={"name": "x", "project": "SHOP"}).json()["id"]
    wrong: list[Any] = [
        {},
        {"name": "x"},
        {"name": "", "project": "DEMO"},
        {"name": "x", "project": "DEMO"},
        {"name": "y" * 300, "project": "DEMO"},
        {"name": 5, "project": "DEMO"},
        [],
    ]
    for body in wrong:
        assert door.http.post(f"{API}/{what}", json=body).status_code == 400, body
    assert door.http.post(f"{API}/{what}", json={"name": "z", "project": "NOPE"}).status_code == 404
    assert door.http.put(f"{API}/{what}/999", json={"name": "z"}).status_code == 404
    move = "moveFixIssuesTo" if what == "version" else "moveIssuesTo"
    for other, status in ((foreign, 404), (number, 400), ("x", 400), ("999", 404)):
        assert door.http.delete(f"{API}/{what}/{number}", params={move: other}).status_code == status


def test_a_tester_changes_executions_and_comments_and_nothing_else(
    door: Door, ana: Callable[..., httpx2.Response], services: Services
) -> None:
    bug, execution = door.make("Bug"), door.make("Test Execution")
    assert ana("PUT", f"issue/{execution}", json={"fields": {"summary": "x"}}).status_code == 204
    assert ana("POST", f"issue/{execution}/transitions", json={"transition": {"id": "31"}}).status_code == 204
    assert ana("PUT", f"issue/{execution}/assignee", json={"name": "ana"}).status_code == 204
    assert ana("PUT", f"issue/{bug}", json={"update": {"comment": [{"add": {"body": "x"}}]}}).status_code == 204
    new = {"project": {"key": "DEMO"}, "issuetype": {"name": "Bug"}, "summary": "s"}
    forbidden = [
        ("PUT", f"issue/{bug}", {"fields": {"summary": "x"}}), ("PUT", f"issue/{bug}/assignee", {"name": "ana"}),
        ("POST", f"issue/{bug}/transitions", {"transition": {"id": "31"}}), ("POST", "issue", {"fields": new}),
        ("POST", "version", {"name": "x", "project": "DEMO"}), ("POST", "component", {"name": "x", "project": "DEMO"}),
        ("POST", "project", {"key": "NEW"}), ("POST", "field", {"name": "New"}),
        ("POST", "issueLink", {"type": {"name": "Blocks"}, "inwardIssue": {"key": bug}, "outwardIssue": {"key": execution}}),
    ]  # fmt: skip
    for method, path, body in forbidden:
        assert ana(method, path, json=body).status_code == 403, path
    have = ana("GET", "mypermissions", params={"projectKey": "DEMO"}).json()["permissions"]
    assert (have["ADD_COMMENTS"]["havePermission"], have["EDIT_ISSUES"]["havePermission"], have["ADMINISTER"]["havePermission"]) == (
        True,
        False,
        False,
    )
    give_role(services, "ana", 10402, None)
    for path in (
        f"issue/{bug}",
        f"issue/{bug}/comment",
        f"issue/{bug}/transitions",
        f"issue/{bug}/editmeta",
        "project/DEMO",
        "project/DEMO/versions",
    ):
        assert ana("GET", path).status_code == 404, path
    assert ana("POST", "issue", json={"fields": new}).json()["errors"] == {"project": "There is no project DEMO."}


def test_a_relation_to_a_plan_of_another_project_takes_a_role_there(
    door: Door, ana: Callable[..., httpx2.Response], services: Services
) -> None:
    add_project(services, "SHOP", project_id=10500)
    body = {"fields": {"project": {"key": "SHOP"}, "issuetype": {"name": "Test Plan"}, "summary": "s"}}
    plan, execution = door.http.post(f"{API}/issue", json=body).json()["key"], door.make("Test Execution")
    change = {"fields": {"customfield_10100": [plan]}}
    assert ana("PUT", f"issue/{execution}", json=change).json()["errors"] == {"customfield_10100": f"{plan} is not a Test Plan."}
    give_role(services, "ana", 10500, Role.TESTER)
    assert ana("PUT", f"issue/{execution}", json=change).status_code == 403
    give_role(services, "ana", 10500, Role.LEAD)
    assert ana("PUT", f"issue/{execution}", json=change).status_code == 204


def test_own_fields_are_added_by_administrators_and_kept_on_every_issue(door: Door) -> None:
    made = [
        door.http.post(f"{API}/field", json={"name": name, "type": kind}).json()
        for name, kind in (("Severity", "option"), ("Effort", "com.atlassian.jira:float"))
    ]
    severity, effort = (f["id"] for f in made)
    key = door.make("Bug", **{severity: {"value": "High"}, effort: 3})
    found = door.fields(key)
    assert (found[severity], found[effort]) == ({"value": "High"}, 3)
    assert door.http.put(f"{API}/issue/{key}", json={"fields": {effort: None}}).status_code == 204
    assert door.fields(key)[effort] is None
    for wrong in ({"name": "severity"}, {"name": ""}, {"name": "x", "type": "odd"}, {"name": 5}):
        assert door.http.post(f"{API}/field", json=wrong).status_code == 400


def test_projects_are_added_once(door: Door) -> None:
    assert (
        door.http.post(f"{API}/project", json={"key": "SHOP", "name": "Shop", "projectTypeKey": "software", "lead": "admin"}).status_code
        == 201
    )
    for wrong in ({"key": "SHOP"}, {"key": "1"}, {"key": ""}, {}):
        assert door.http.post(f"{API}/project", json=wrong).status_code == 400
    assert [p["key"] for p in door.http.get(f"{API}/project").json()] == ["DEMO", "SHOP"]


def test_people_are_found_by_name_display_name_or_address(door: Door, ana: Callable[..., httpx2.Response]) -> None:
    assert [p["name"] for p in door.http.get(f"{API}/user/search", params={"username": "LEAD"}).json()] == ["ana"]
    assert [p["name"] for p in ana("GET", "user/search", params={"username": "."}).json()] == ["admin", "ana"]
    assert door.http.get(f"{API}/user/search", params={"username": ".", "startAt": 1, "maxResults": 1}).json()[0]["name"] == "ana"
    assert door.http.get(f"{API}/user", params={"username": "ana"}).json()["displayName"] == "Ana Lead"
    assert door.http.get(f"{API}/user", params={"username": "nobody"}).status_code == 404
    assert door.http.get(f"{API}/user").status_code == 400
    assert [u["name"] for u in door.http.get(f"{API}/user/picker", params={"query": "an"}).json()["users"]] == ["ana"]
    door.load(generic(1, executedBy="robot"))
    assert door.http.get(f"{API}/user/search", params={"username": "robot"}).json() == []
    assert door.http.get(f"{API}/user/search", params={"username": "robot", "includeInactive": "true"}).json()[0]["active"] is False
