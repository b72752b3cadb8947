# SPDX-License-Identifier: Apache-2.0
"""Badges over HTTP: what they say, to whom, and that nothing else is told."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import httpx2
import pytest

from radiograph.actions import sharing
from radiograph.domain.people import Caller

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)
PATH = "/rest/raven/1.0/import/execution"


def load(client: TestClient, statuses: str, branch: str, plan: str = "") -> str:
    words = {"P": "PASS", "F": "FAIL", "T": "TODO"}
    tests = [
        {"testInfo": {"projectKey": "DEMO", "summary": f"T{i}", "testType": "Generic", "definition": f"t{i}"}, "status": words[s]}
        for i, s in enumerate(statuses)
    ]
    body = {"info": {"project": "DEMO", "summary": "The secret plan"} | ({"testPlanKey": plan} if plan else {}), "tests": tests}
    return str(client.post(PATH, json=body, params={"branch": branch}).json()["testExecIssue"]["key"])


def name(answer: httpx2.Response) -> str:
    root = ET.fromstring(answer.text)  # noqa: S314  (our own)
    assert root.get("role") == "img"
    return str(root.get("aria-label"))


@pytest.fixture
def key(services: Services) -> str:
    """The key of DEMO's badges."""
    return sharing.renew_badges(services, CALLER, "DEMO", on=True)


def ask(client: TestClient, path: str, key: str, **headers: str) -> httpx2.Response:
    client.cookies.clear()
    return client.get(f"/badges/{path}", params={"key": key}, headers=headers, auth=httpx2.Auth())


def test_a_badge_says_how_the_newest_results_of_a_branch_stand_without_signing_in(client: TestClient, key: str) -> None:
    load(client, "FF", "main")
    load(client, "PPT", "main")
    load(client, "PF", "feature/a b")
    assert name(ask(client, "DEMO/main.svg", key)) == "tests: 2 passed, 1 to run"
    assert name(ask(client, "DEMO/feature/a%20b.svg", key)) == "tests: 1 of 2 failed"
    assert name(ask(client, "DEMO/nowhere.svg", key)) == "tests: no results"


def test_a_badge_of_an_execution_and_of_a_plan(client: TestClient, key: str) -> None:
    fields = {"project": {"key": "DEMO"}, "issuetype": {"name": "Test Plan"}, "summary": "Plan"}
    plan = client.post("/rest/api/2/issue", json={"fields": fields}).json()["key"]
    execution = load(client, "PPF", "main", plan)
    assert name(ask(client, f"DEMO/{execution}.svg", key)) == "tests: 1 of 3 failed"
    assert name(ask(client, f"DEMO/{plan.lower()}.svg", key)) == "tests: 1 of 3 failed"
    load(client, "PPP", "main", plan)
    assert name(ask(client, f"DEMO/{plan}.svg", key)) == "tests: 3 passed"


def test_who_guesses_is_told_the_same_whatever_there_is(client: TestClient, services: Services, key: str) -> None:
    execution = load(client, "P", "main")
    answers = [
        ask(client, path, given)
        for path, given in (
            ("DEMO/main.svg", "wrong"),
            ("DEMO/main.svg", ""),
            ("NOPE/main.svg", key),
            ("DEMO/main.png", key),
            (f"DEMO/{execution}.svg", "x"),
        )
    ]
    assert {(a.status_code, a.text) for a in answers} == {(404, answers[0].text)}
    sharing.renew_badges(services, CALLER, "DEMO", on=True)
    assert ask(client, "DEMO/main.svg", key).status_code == 404
    sharing.renew_badges(services, CALLER, "DEMO", on=False)
    assert ask(client, "DEMO/main.svg", "").status_code == 404


def test_a_badge_names_nothing_and_runs_nothing(client: TestClient, key: str) -> None:
    load(client, "PF", "<script>")
    answer = ask(client, "DEMO/%3Cscript%3E.svg", key)
    assert "secret" not in answer.text
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert answer.headers["content-type"].startswith("image/svg+xml")


def test_a_badge_is_kept_for_a_minute_and_asked_for_by_its_mark(client: TestClient, key: str) -> None:
    load(client, "P", "main")
    first = ask(client, "DEMO/main.svg", key)
    assert first.headers["cache-control"] == "public, max-age=60"
    again = ask(client, "DEMO/main.svg", key, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    load(client, "F", "main")
    assert ask(client, "DEMO/main.svg", key, **{"If-None-Match": first.headers["etag"]}).status_code == 200
