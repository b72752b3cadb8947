# SPDX-License-Identifier: Apache-2.0
"""An import over HTTP, and what was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PATH = "/rest/raven/1.0/import/execution"


def test_a_new_test_is_created_with_its_run(client: TestClient) -> None:
    info = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}
    answer = client.post(PATH, json={"info": {"project": "DEMO"}, "tests": [{"testInfo": info, "status": "PASS"}]})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["testExecIssue"]["key"] == "DEMO-1"
    assert [i["key"] for i in body["testIssues"]["success"]] == ["DEMO-2"]
    assert body["testIssues"]["error"] == []
