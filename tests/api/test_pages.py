# SPDX-License-Identifier: Apache-2.0
"""Pages over HTTP: who may see them, and that texts from reports stay texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PATH = "/rest/raven/1.0/import/execution"


def load(client: TestClient, comment: str = "") -> str:
    info = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}
    body = {"info": {"project": "DEMO"}, "tests": [{"testInfo": info, "status": "FAIL", "comment": comment}]}
    return str(client.post(PATH, json=body).json()["testExecIssue"]["key"])


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client: TestClient) -> None:
    client.auth = httpx2.Auth()
    answer = client.get("/projects/DEMO", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/projects/DEMO")
    answer = client.post("/sign-in?next=/projects/DEMO", data={"name": "admin", "password": "admin"})
    assert (answer.status_code, answer.url.path) == (200, "/projects/DEMO")
    assert "No executions yet" in answer.text


def test_signing_in_never_leads_to_another_site(client: TestClient) -> None:
    answer = client.post("/sign-in?next=//evil.example", data={"name": "admin", "password": "admin"}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_every_page_of_an_execution_shows_what_was_imported(client: TestClient) -> None:
    key = load(client, "boom <script>alert(1)</script>")
    for path in (
        "/",
        "/projects/DEMO",
        f"/browse/{key}",
        f"/browse/{key}?status=FAIL",
        f"/browse/{key}?q=adds",
        "/browse/DEMO-2",
        "/runs/1",
        "/imports",
        "/imports/1",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>" not in answer.text
    assert "boom &lt;script&gt;" in client.get("/runs/1").text


def test_an_error_is_a_page_for_people_and_json_for_the_api(client: TestClient) -> None:
    page = client.get("/browse/DEMO-99", headers={"Accept": "text/html"})
    assert (page.status_code, "Issue DEMO-99 does not exist" in page.text) == (404, True)
    api = client.get("/rest/raven/1.0/api/testrun/999")
    assert api.status_code == 404
    assert api.json().keys() == {"error", "message", "details"}
