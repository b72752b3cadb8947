# SPDX-License-Identifier: Apache-2.0
"""The printable report of an execution over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PATH = "/rest/raven/1.0/import/execution"


def load(client: TestClient, *comments: str, **info: Any) -> str:
    tests = [
        {
            "testInfo": {"projectKey": "DEMO", "summary": f"T{i}", "testType": "Generic", "definition": f"t{i}"},
            "status": "FAIL" if c else "PASS",
            "comment": c,
        }
        for i, c in enumerate(comments)
    ]
    return str(client.post(PATH, json={"info": {"project": "DEMO"} | info, "tests": tests}).json()["testExecIssue"]["key"])


def test_failures_stand_in_groups_of_one_cause_with_the_facts_of_the_environment(client: TestClient) -> None:
    key = load(
        client,
        "Timeout after 30 s",
        "",
        "Boom <script>x</script>\n at a.py:3",
        "Timeout after 31 s",
        testEnvironments=["iOS"],
        revision="r7",
    )
    page = client.get(f"/browse/{key}/report")
    assert page.status_code == 200
    assert page.text.count('class="cause"') == 2
    assert page.text.index("Timeout after 30 s") < page.text.index("Boom &lt;script&gt;"), "the larger group first"
    assert "<script>x" not in page.text
    assert "<dd>iOS</dd>" in page.text
    assert "<dd>r7</dd>" in page.text
    assert f"http://testserver/browse/{key}" in page.text


def test_an_execution_without_failures_says_so_and_what_is_no_execution_has_no_report(client: TestClient) -> None:
    key = load(client, "", "")
    assert "Nothing failed." in client.get(f"/browse/{key}/report").text
    assert client.get("/browse/DEMO-1/report").status_code == (404 if key != "DEMO-1" else 200)
    assert client.get("/browse/DEMO-999/report").status_code == 404


def test_a_report_of_a_thousand_failures_stays_a_page(client: TestClient) -> None:
    key = load(client, *(f"error {'x' * (i % 7)}" for i in range(1000)))
    page = client.get(f"/browse/{key}/report")
    assert page.status_code == 200
    assert "800 more failures are not in this report." in page.text


def test_a_report_of_as_many_causes_as_failures_has_the_first_ones(client: TestClient) -> None:
    words = [f"{a}{b}" for a in "abcdefghijklmnopqr" for b in "stuvwxyz"]
    key = load(client, *(f"error: {word}\n  at {word} here\n" + "  at somewhere in the depth of it\n" * 20 for word in words))
    page = client.get(f"/browse/{key}/report").text
    assert page.count('<section class="cause"') == 75
    assert f"{len(words) - 75} more failures are not in this report." in page
    assert len(page) < 150_000
