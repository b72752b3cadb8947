# SPDX-License-Identifier: Apache-2.0
"""What pages say in words is so, and their links keep what was chosen."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.actions.browse_tests import change_tests
from radiograph.actions.projects import create_project
from radiograph.actions.retention import Going
from radiograph.domain.people import Caller
from radiograph.web.pages import retention

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from radiograph.actions.services import Services

ADMIN = Caller(1, "admin", admin=True)


def send(client: TestClient, statuses: list[str], query: str = "", **info: Any) -> dict[str, Any]:
    tests = [
        {"testInfo": {"projectKey": "DEMO", "summary": f"Test {n}", "testType": "Generic", "definition": f"t.{n}"}, "status": s, "comment": f"boom {n}"}
        for n, s in enumerate(statuses)
    ]  # fmt: skip
    answer = client.post(f"/rest/raven/1.0/import/execution{query}", json={"info": {"project": "DEMO"} | info, "tests": tests})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def make(client: TestClient, kind: str, **fields: Any) -> str:
    body = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": f"A {kind}"} | fields
    return str(client.post("/rest/api/2/issue", json={"fields": body}).json()["key"])


def links(page: str) -> list[str]:
    return [html.unescape(href) for href in re.findall(r'href="([^"]*)"', page)]


def test_the_failures_of_a_project_lead_to_all_of_them(client: TestClient) -> None:
    key = send(client, ["FAIL", "PASS"])["testExecIssue"]["key"]
    assert f"/browse/{key}?status=FAIL" in links(client.get("/projects/DEMO").text)
    client.post(
        "/admin/statuses", data={"do": "status", "of": "run", "name": "BROKEN", "color": "#ff0000", "final": "1", "requirement": "NOK"}
    )
    key = send(client, ["FAIL", "BROKEN"])["testExecIssue"]["key"]
    page = client.get("/projects/DEMO").text
    assert f"/browse/{key}?status=FAIL" not in links(page)
    assert "2 failures" in page


def test_a_page_of_plans_or_projects_speaks_for_itself_only(client: TestClient, services: Services) -> None:
    for _ in range(51):
        make(client, "Test Plan")
    assert "on this page" in client.get("/projects/DEMO/plans").text
    following = next(href for href in links(client.get("/projects/DEMO/plans").text) if "before=" in href)
    assert "The one plan on this page" in client.get(f"/projects/DEMO/plans{following}").text
    send(client, ["FAIL"])
    assert "on this page" not in client.get("/").text
    for n in range(50):
        create_project(services, ADMIN, f"P{n}", f"Project {n}", "")
    assert "in the newest execution on this page" in client.get("/").text


@pytest.mark.parametrize(
    ("going", "said"),
    [
        ({"imports": 3}, ["3 import records"]),
        ({"executions": 1, "runs": 2, "outgoing": 1}, ["1 execution with 2 runs", "1 call or mail"]),
        ({"warnings": 1, "attempts": 2, "evidence": 1}, ["1 file of passing runs", "2 attempts", "the warnings of 1 import record"]),
    ],
)
def test_retention_names_what_goes_and_nothing_else(going: dict[str, int], said: list[str]) -> None:
    nothing = dict.fromkeys(Going.__struct_fields__, 0)
    assert retention.going_words(Going(**nothing | going)) == said


def test_numbers_of_one_are_said_as_such(client: TestClient, services: Services) -> None:
    sent = send(client, ["FAIL"])
    key, test = sent["testExecIssue"]["key"], sent["testIssues"]["success"][0]["key"]
    assert "1 new failure allowed" in client.get("/gate", params={"execution": key, "allow_new": "1"}).text
    plan = make(client, "Test Plan", customfield_10121=[test])
    assert "its 1 Test stands in none" in client.get(f"/browse/{plan}?view=board").text
    assert change_tests(services, ADMIN, "DEMO", [test], "folder", "/One") == "1 Test is in /One now."
    assert change_tests(services, ADMIN, "DEMO", [test, "DEMO-999"], "gather", plan).startswith(f"1 Test went to {plan}. ")


def test_links_of_a_plan_keep_what_was_chosen(client: TestClient) -> None:
    sent = send(client, ["FAIL", "TODO"], testEnvironments=["iOS"])
    tests = [issue["key"] for issue in sent["testIssues"]["success"]]
    plan = make(client, "Test Plan", customfield_10121=tests)
    client.post(f"/rest/raven/1.0/api/testplan/{plan}/testexecution", json={"add": [sent["testExecIssue"]["key"]]})
    page = client.get(f"/browse/{plan}", params={"environment": "iOS", "q": "Test", "status": "not-run", "assignee": "admin"}).text
    kept = {"environment=iOS", "q=Test", "assignee=admin", "status=FAIL"}
    assert [set(href.lstrip("?").split("&")) for href in links(page) if "status=FAIL" in href] == [kept] * 2, "the bar's and the chip's"
    everybody = re.search(r'href="([^"]*)">Show those of everybody', page)
    assert everybody is not None
    assert set(html.unescape(everybody[1]).lstrip("?").split("&")) == {"environment=iOS", "q=Test", "status=not-run"}


def test_links_of_triage_keep_the_state_and_its_lists_have_the_branch_that_was_chosen(client: TestClient) -> None:
    send(client, ["FAIL"], "?branch=main")
    page = client.get("/projects/DEMO/triage", params={"branch": "main", "state": "new"}).text
    groups = [href for href in links(page) if "group=" in href]
    assert groups
    assert all("branch=main&state=new&group=" in href for href in groups)
    assert "<option selected>gone</option>" in client.get("/projects/DEMO/triage", params={"branch": "gone"}).text
