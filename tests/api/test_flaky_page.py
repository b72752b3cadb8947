# SPDX-License-Identifier: Apache-2.0
"""The page of flaky Tests over HTTP: what it says, whom it shows it to, and that names stay texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.flakiness import refresh
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from radiograph.actions.services import Services

PATH = "/rest/raven/1.0/import/execution"
NAMES = ["<script>alert(1)</script>", "\u202e\u0646\u0635\u202c 🧪", "x" * 255]


def load(client: TestClient, status: str, summary: str, environments: list[str], project: str = "DEMO") -> str:
    info = {"projectKey": project, "summary": summary, "testType": "Generic", "definition": summary[:200]}
    head: dict[str, Any] = {"project": project, "revision": "<b>r</b>", "testEnvironments": environments}
    answer = client.post(PATH, json={"info": head, "tests": [{"testInfo": info, "status": status, "start": "2026-01-01T00:00:00Z"}]})
    return str(answer.json()["testExecIssue"]["key"])


@pytest.mark.parametrize("name", NAMES, ids=["script", "right to left", "long"])
def test_names_of_tests_and_environments_stay_texts(client: TestClient, services: Services, name: str) -> None:
    keys = [load(client, status, name, [name[:100]]) for status in ("FAIL", "PASS")]
    refresh(services)
    page = client.get("/projects/DEMO/flaky")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<b>r</b>" not in page.text
    assert "1 Test is flaky" in page.text
    assert "1 of the last 2 runs failed while another run at the same revision passed" in page.text
    assert all(f">{key}</a>" in page.text for key in keys), "both runs are linked"
    assert len(page.content) < 150_000


def test_before_anything_was_looked_at_the_page_teaches_what_is_needed(client: TestClient) -> None:
    page = client.get("/projects/DEMO/flaky").text
    assert "flakiness is worked out after imports" in page
    assert "<code>revision</code>" in page


def test_filters_are_in_the_address_and_one_that_finds_nothing_says_so(client: TestClient, services: Services) -> None:
    for environment in ("iOS", "Android"):
        for status in ("FAIL", "PASS"):
            load(client, status, "Pays", [environment])
    refresh(services)
    page = client.get("/projects/DEMO/flaky", params={"environments": '["iOS"]'}).text
    assert page.count("data-failure") == 1
    assert "environments=%5B%22Android%22%5D" in page, "the other set is one click away"
    nothing = client.get("/projects/DEMO/flaky", params={"q": "100%_"}).text
    assert "No flaky Test matches" in nothing
    assert client.get("/projects/DEMO/flaky", params={"environments": "{not json"}).status_code == 200
    assert client.get("/projects/DEMO/flaky", params={"after": "a.b"}).status_code == 400


def test_a_project_that_the_reader_cannot_see_is_not_there_and_neither_are_summaries_of_its_tests(
    client: TestClient, services: Services
) -> None:
    hidden = add_project(services, "HIDE", "Hidden")
    put_user(services, "vera", "vera-password")
    give_role(services, "vera", 10402, Role.VIEWER)
    info = {"projectKey": "HIDE", "summary": "The secret of HIDE", "testType": "Generic", "definition": "secret"}
    for status in ("FAIL", "PASS"):
        body = {"info": {"project": "DEMO", "revision": "r1"}, "tests": [{"testInfo": info, "status": status}]}
        assert client.post(PATH, json=body).status_code == 200
    refresh(services)
    assert hidden
    assert "The secret of HIDE" in client.get("/projects/DEMO/flaky").text
    client.cookies.clear()
    client.auth = ("vera", "vera-password")
    seen = client.get("/projects/DEMO/flaky")
    assert (seen.status_code, "The secret" in seen.text, "HIDE-1" in seen.text) == (200, False, True)
    assert "secret" not in client.get("/api/projects/DEMO/flaky").text
    assert client.get("/projects/HIDE/flaky").status_code == 404
    assert client.get("/api/projects/HIDE/flaky").status_code == 404
    client.cookies.clear()
    client.auth = httpx2.Auth()
    assert client.get("/projects/DEMO/flaky", follow_redirects=False).status_code == 303
    assert client.get("/api/projects/DEMO/flaky").status_code == 401
