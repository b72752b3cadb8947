# SPDX-License-Identifier: Apache-2.0
"""A form that is refused is shown again on its page: what was wrong, what was ticked and what was filled in."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.actions.triage import NONE

if TYPE_CHECKING:
    import httpx2
    from starlette.testclient import TestClient


@pytest.fixture
def sent(client: TestClient) -> dict[str, Any]:
    """An execution with three failures: its key, its Tests, its runs."""
    tests = [
        {"testInfo": {"projectKey": "DEMO", "summary": f"T {n}", "testType": "Generic", "definition": f"t.{n}"}, "status": "FAIL"}
        for n in range(3)
    ]
    found = client.post("/rest/raven/1.0/import/execution", json={"info": {"project": "DEMO"}, "tests": tests}).json()
    key = found["testExecIssue"]["key"]
    runs = [str(r["id"]) for r in client.get(f"/rest/raven/2.0/api/testexec/{key}/test").json()]
    return {"key": key, "tests": [t["key"] for t in found["testIssues"]["success"]], "runs": runs}


def ticks(page: httpx2.Response) -> list[str]:
    return re.findall(r'value="([^"]*)" checked', page.text)


def told(page: httpx2.Response) -> str:
    found = re.search(r'role="alert">(.*?)</p>', page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def test_runs_stay_chosen(client: TestClient, sent: dict[str, Any]) -> None:
    form = {"run": sent["runs"][:2], "status": "PASS", "assignee": "nobody-known", "defect": "ELSE-1", "back": "?status=FAIL"}
    page = client.post(f"/browse/{sent['key']}?status=FAIL", data=form)
    assert (page.status_code, "nobody-known" in told(page), sorted(filter(str.isdigit, ticks(page)))) == (
        400,
        True,
        sorted(sent["runs"][:2]),
    )
    assert ("<option selected>PASS</option>" in page.text, 'value="nobody-known"' in page.text, 'value="ELSE-1"' in page.text) == (
        True,
    ) * 3
    assert f'action="/browse/{sent["key"]}?status=FAIL"' in page.text
    page = client.post(f"/browse/{sent['key']}?status=FAIL", data=form | {"assignee": "admin"})
    assert page.status_code == 200, told(page)
    assert (page.status_code, "2 runs are PASS" in page.text, str(page.url).endswith("?status=FAIL")) == (200, True, True)


def test_tests_stay_ticked_and_the_error_is_no_success(client: TestClient, sent: dict[str, Any]) -> None:
    page = client.post("/projects/DEMO/tests", data={"keys": sent["tests"][1:], "do": "gather", "value": "DEMO-999"})
    assert (page.status_code, ticks(page), 'role="status"' in page.text) == (404, sent["tests"][1:], False)
    assert ('value="DEMO-999"' in page.text, '<option value="gather" selected>' in page.text) == (True, True)


def test_failures_stay_ticked(client: TestClient, sent: dict[str, Any]) -> None:
    form = {"do": "link", "group": NONE, "run": sent["runs"][0], "defect": "no key", "future": "1", "summary": "Mine"}
    page = client.post("/projects/DEMO/triage", data=form)
    assert (page.status_code, "no key" in told(page), set(ticks(page))) == (400, True, {NONE, sent["runs"][0], "1"})
    assert ('value="no key"' in page.text, 'value="Mine"' in page.text) == (True, True)


def test_a_hook_keeps_all_but_its_secret(client: TestClient) -> None:
    form = {"name": "Chat", "url": "ftp://chat.example", "shape": "slack", "event": ["plan.done"], "secret": "hidden words"}
    page = client.post("/projects/DEMO/sharing", data=form)
    assert (page.status_code, bool(told(page)), ticks(page), "hidden words" in page.text) == (400, True, ["plan.done"], False)
    assert ('value="ftp://chat.example"' in page.text, '<option value="slack" selected>' in page.text) == (True, True)


@pytest.mark.parametrize(
    ("path", "form", "kept"),
    [
        ("quarantine", {"do": "put", "test": "DEMO-999", "reason": "It flickers", "until": "2026-12-01"}, ["DEMO-999", "It flickers", "2026-12-01"]),
        ("coverage", {"do": "add", "requirement": "DEMO-999", "tests": "DEMO-1"}, ["DEMO-999", "DEMO-1"]),
        ("execute", {"tests": "DEMO-999", "summary": "By hand", "environments": "iOS", "revision": "7", "plan": ""}, ["DEMO-999", "By hand", "iOS", "7"]),
    ],
)  # fmt: skip
def test_what_was_filled_in_stays(client: TestClient, path: str, form: dict[str, str], kept: list[str]) -> None:
    page = client.post(f"/projects/DEMO/{path}", data=form)
    assert (page.status_code in {400, 404}, "DEMO-999" in told(page)) == (True, True)
    assert [f'value="{value}"' in page.text for value in kept] == [True] * len(kept)
    assert 'name="mine" value="1" checked' not in page.text


def test_a_name_that_is_refused_is_told_as_an_error(client: TestClient, sent: dict[str, Any]) -> None:
    page = client.post(f"/browse/{sent['tests'][0]}/names", data={"name": "t.1"})
    assert 'class="alert is-fail" role="alert"' in page.text
    assert told(page)
    assert "!" not in told(page)[:1]
