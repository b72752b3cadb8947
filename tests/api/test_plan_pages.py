# SPDX-License-Identifier: Apache-2.0
"""The pages of plans, of coverage and of making issues over HTTP: every view answers, texts stay texts, bad addresses are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

BAD = "<script>alert(1)</script> \u202eمرحبا 🧪"  # noqa: RUF001  (letters of another script)


def make(client: TestClient, kind: str, **fields: str) -> str:
    sent = client.post("/projects/DEMO/create", data={"type": kind, "summary": BAD} | fields, follow_redirects=False)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"]).rpartition("/")[2]


def test_every_view_of_a_plan_and_of_coverage_answers_and_runs_nothing(client: TestClient) -> None:
    test = make(client, "Test", test_type="Generic", text=BAD)
    plan, epic = make(client, "Test Plan", tests=test), make(client, "Epic")
    story = make(client, "Story", parent=epic, tests=test)
    made = {"projectKey": "DEMO", "summary": BAD, "testType": "Generic", "definition": BAD}
    info = {"project": "DEMO", "testPlanKey": plan, "testEnvironments": ["<i>iOS</i>"], "version": "<u>1</u>"}
    assert (
        client.post("/rest/raven/2.0/import/execution", json={"info": info, "tests": [{"testInfo": made, "status": "FAIL"}]}).status_code
        == 200
    )
    for path in (
        "/projects/DEMO/plans", f"/browse/{plan}", f"/browse/{plan}?view=progress", f"/browse/{plan}?view=board", f"/browse/{plan}?view=executions",
        f"/browse/{plan}?status=failing", f"/browse/{plan}?environment=%3Ci%3EiOS%3C/i%3E&status=not-run", "/projects/DEMO/coverage",
        "/projects/DEMO/coverage?version=%3Cu%3E1%3C/u%3E&at=2020-01-01", "/projects/DEMO/coverage?gap=unlinked", "/projects/DEMO/coverage?gap=never-run",
        f"/browse/{story}", f"/browse/{epic}?environment=%3Ci%3EiOS%3C/i%3E", f"/projects/DEMO/create?summary={BAD}",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text, path
        assert "<i>iOS" not in answer.text, path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/projects/NONE/plans", 404), ("/projects/NONE/coverage", 404), ("/projects/NONE/create", 404), ("/projects/DEMO/coverage?at=soon", 400),
        ("/projects/DEMO/coverage?status=BAD", 400), ("/projects/DEMO/coverage?after=1;2", 400), ("/projects/DEMO/coverage?plan=DEMO-1", 400),
        ("/projects/DEMO/plans?before=x", 200), ("/projects/DEMO/create?type=Nothing", 200), ("/projects/DEMO/coverage?gap=nothing", 200),
    ],
)  # fmt: skip
def test_a_bad_address_is_told(client: TestClient, path: str, status: int) -> None:
    assert client.get(path, headers={"Accept": "text/html"}).status_code == status


def test_what_is_wrong_in_a_form_keeps_what_was_written(client: TestClient) -> None:
    answer = client.post("/projects/DEMO/create", data={"type": "Story", "summary": BAD, "parent": "DEMO-999"})
    assert answer.status_code == 400
    assert 'value="&lt;script&gt;alert(1)' in answer.text
    assert "DEMO-999" in answer.text


def test_the_export_has_every_requirement_and_no_formula(client: TestClient) -> None:
    keys = [make(client, "Story", summary="=1+1") for _ in range(3)]
    csv = client.get("/api/projects/DEMO/coverage/export")
    assert (csv.headers["content-type"], csv.text.count("'=1+1"), csv.text.count("\r\n")) == ("text/csv; charset=utf-8", 3, 4)
    told = client.get("/api/projects/DEMO/coverage/export", params={"format": "json"}).json()
    assert [r["key"] for r in told] == keys
    assert client.get("/api/projects/DEMO/coverage/export", params={"format": "pdf"}).status_code == 400
