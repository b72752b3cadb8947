# SPDX-License-Identifier: Apache-2.0
"""A project's settings are kept on a page by leads and administrators; deleting one takes all that it has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.check import examine
from radiograph.actions.project_parts import create_component, create_version
from radiograph.domain.issues import IssueType
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t
from radiograph.store.project_admin import some_issues

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services

PAGE, TWIN = "/projects/DEMO/settings", "/api/projects/DEMO/settings"


@pytest.fixture
def as_(client: TestClient, services: Services) -> Callable[[str], TestClient]:
    """A browser in which somebody with that role in DEMO is signed in."""

    def signed_in(role: str) -> TestClient:
        put_user(services, f"the {role}", "a long password")
        give_role(services, f"the {role}", 10402, Role[role.upper()])
        http = TestClient(client.app, raise_server_exceptions=False)
        http.auth = (f"the {role}", "a long password")
        return http

    return signed_in


def test_name_description_and_main_branch_are_kept(client: TestClient) -> None:
    form = {"do": "describe", "name": "The <shop>", "description": "Sells", "main_branch": "trunk"}
    page = client.post(PAGE, data=form)
    assert "are kept" in page.text
    assert "The &lt;shop&gt;" in page.text
    found = client.get(TWIN).json()
    assert (found["name"], found["description"], found["main_branch"]) == ("The <shop>", "Sells", "trunk")
    refused = client.post(PAGE, data=form | {"name": "", "description": "<b>Not lost"})
    assert (refused.status_code, "&lt;b&gt;Not lost</textarea>" in refused.text) == (400, True)


def test_people_get_roles_and_lose_them(client: TestClient, services: Services) -> None:
    put_user(services, "ana", "a long password")
    client.post(PAGE, data={"do": "role", "person": "ana", "role": "lead"})
    assert [(m["name"], m["role"]) for m in client.get(TWIN).json()["members"]] == [("ana", "LEAD")]
    assert "ana has no role here any more" in client.post(PAGE, data={"do": "role", "person": "ana", "role": ""}).text
    assert client.get(TWIN).json()["members"] == []
    assert client.post(PAGE, data={"do": "role", "person": "nobody", "role": "lead"}).status_code == 404
    assert client.post(PAGE, data={"do": "role", "person": "ana", "role": "king"}).status_code == 400


def test_versions_are_added_released_archived_and_merged(client: TestClient) -> None:
    for name in ("1.0", "1.O"):
        client.post(PAGE, data={"do": "version", "name": name, "release_date": "2026-12-24"})
    one, _ = (v["id"] for v in client.get(TWIN).json()["versions"])
    fields = {"project": {"key": "DEMO"}, "issuetype": {"name": "Bug"}, "summary": "B", "fixVersions": [{"name": "1.O"}]}
    bug = client.post("/rest/api/2/issue", json={"fields": fields}).json()["key"]
    for to, state in (("release", "released"), ("archive", "archived"), ("restore", "released"), ("reopen", "open")):
        assert f"is {state}" in client.post(PAGE, data={"do": "edit-version", "id": one, "to": to}).text
    for wrong in ({"name": "2.0"}, {"name": "1.O", "instead": "2.0"}, {"name": ""}):
        assert client.post(PAGE, data={"do": "remove-version"} | wrong).status_code == 400
    client.post(PAGE, data={"do": "remove-version", "name": "1.O", "instead": "1.0"})
    assert [v["name"] for v in client.get(TWIN).json()["versions"]] == ["1.0"]
    assert client.get(f"/rest/api/2/issue/{bug}").json()["fields"]["fixVersions"][0]["name"] == "1.0"
    assert client.post(PAGE, data={"do": "version", "name": "1.0"}).status_code == 400


def test_the_settings_of_many_versions_and_components_are_a_short_page(client: TestClient, services: Services) -> None:
    for n in range(300):
        create_version(services, Caller(1, "admin", admin=True), "DEMO", {"name": f"1.{n}"})
        create_component(services, Caller(1, "admin", admin=True), "DEMO", {"name": f"Part {n}"})
    page = client.get(PAGE)
    assert len(page.text) < 150_000
    assert ("1.299</td>" in page.text, "1.249</td>" in page.text, "300 versions" in page.text) == (True, False, True)
    assert "1.249</td>" in client.get(PAGE, params={"versions": "50"}).text
    assert "More components" not in client.get(PAGE, params={"components": "250"}).text
    for path in ("/projects/DEMO/coverage", "/projects/DEMO/create"):
        choices = client.get(path).text
        assert ("1.299<" in choices or '"1.299"' in choices, "1.99<" in choices or '"1.99"' in choices) == (True, False)


def test_components_and_fields_come_and_go(client: TestClient) -> None:
    client.post(PAGE, data={"do": "component", "name": "Basket"})
    client.post(PAGE, data={"do": "field", "of": "run", "name": "Browser", "type": "select", "options": "Chrome, Firefox", "required": "1"})
    found = client.get(TWIN).json()
    assert ([c["name"] for c in found["components"]], [f["options"] for f in found["fields"]]) == (["Basket"], [["Chrome", "Firefox"]])
    client.post(PAGE, data={"do": "remove-component", "name": "Basket"})
    client.post(PAGE, data={"do": "remove-field", "of": "run", "id": found["fields"][0]["id"]})
    found = client.get(TWIN).json()
    assert (found["components"], found["fields"]) == ([], [])


def test_roles_see_and_change_what_is_theirs(as_: Callable[[str], TestClient], services: Services) -> None:
    assert [as_(r).get(PAGE).status_code for r in ("viewer", "tester", "lead", "admin")] == [403, 403, 200, 200]
    lead = as_("lead")
    assert "Delete the project" not in lead.get(PAGE).text
    for form in ({"do": "describe", "name": "X"}, {"do": "role", "person": "the lead", "role": "admin"}, {"do": "delete", "key": "DEMO"}):
        assert lead.post(PAGE, data=form).status_code == 403
    assert lead.post(PAGE, data={"do": "version", "name": "1"}).status_code == 200
    assert as_("tester").post(PAGE, data={"do": "version", "name": "2"}).status_code == 403
    put_user(services, "stranger", "a long password")
    stranger = as_("viewer")
    stranger.auth = ("stranger", "a long password")
    assert (stranger.get(PAGE).status_code, stranger.get(TWIN).status_code) == (404, 404)


def test_a_project_is_made_by_administrators_only(client: TestClient, as_: Callable[[str], TestClient]) -> None:
    made = client.post("/projects/create", data={"do": "create", "key": "shop", "name": "Shop"})
    assert made.url.path == "/projects/SHOP"
    assert client.post("/projects/create", data={"do": "create", "key": "SHOP", "name": "Shop"}).status_code == 400
    assert client.post("/projects/create", data={"do": "create", "key": "1", "name": "Shop"}).status_code == 400
    assert as_("admin").post("/projects/create", data={"do": "create", "key": "MORE", "name": "More"}).status_code == 403


def test_a_deleted_project_leaves_nothing_but_the_audit(client: TestClient, services: Services) -> None:
    client.post("/projects/create", data={"do": "create", "key": "SHOP", "name": "Shop"})
    info = {"projectKey": "SHOP", "summary": "Pays", "testType": "Generic", "definition": "shop.pays"}
    evidence = [{"filename": "a.txt", "data": "YWJj"}]
    tests = [
        {"testInfo": info | {"definition": f"shop.{i}"}, "status": "FAIL", "evidence": evidence, "defects": ["X-1"]} for i in range(120)
    ]
    sent = client.post("/rest/raven/2.0/import/execution", json={"info": {"project": "SHOP", "version": "1"}, "tests": tests}).json()
    key = sent["testIssues"]["success"][0]["key"]
    client.post("/rest/raven/2.0/import/execution", json={"info": {"project": "DEMO"}, "tests": [{"testKey": key, "status": "PASS"}]})
    with services.db.read() as conn:  # an execution goes first, and by itself: with its Tests each of its runs would go alone
        number = conn.execute(sa.select(t.projects.c.id).where(t.projects.c.key == "SHOP")).scalar_one()
        kinds = sa.select(t.issues.c.type_id).where(t.issues.c.id.in_(some_issues(conn, number, 50)))
        assert list(conn.execute(kinds).scalars()) == [IssueType.TEST_EXECUTION]
    assert client.post("/projects/SHOP/settings", data={"do": "delete", "key": "SHOPS"}).status_code == 400
    page = client.post("/projects/SHOP/settings", data={"do": "delete", "key": "SHOP"})
    assert page.url.path.startswith("/jobs/")
    for _ in range(500):
        job = client.get(f"/rest/raven/2.0/api/job/{page.url.path.rpartition('/')[2]}").json()
        if job["state"] != "running":
            break
        time.sleep(0.02)
    assert (job["state"], job["done"]) == ("done", 121), job
    assert client.get("/projects/SHOP").status_code == 404
    assert client.get("/projects/DEMO").status_code == 200
    assert [f.what for f in examine(services, deep=True) if not f.good] == []
    with services.db.read() as conn:
        left = [n for n in (t.runs, t.run_evidence, t.tests) if conn.execute(sa.select(sa.func.count()).select_from(n)).scalar()]
        actions = set(conn.execute(sa.select(t.audit.c.action)).scalars())
    assert (left, "project.delete" in actions) == ([], True)
