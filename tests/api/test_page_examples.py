# SPDX-License-Identifier: Apache-2.0
"""The eight bodies of the documentation page do what it says (tests/fixtures/page), and GETs prove it."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from radiograph.actions.instance import prepare
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.settings import Settings

PAGE = Path(__file__).parent.parent / "fixtures" / "page"
RAVEN = "/rest/raven/1.0"


@pytest.fixture
def client(settings: Settings, seeded: Path) -> Iterator[TestClient]:
    """The demonstration."""
    copytree(seeded, settings.data)
    services = prepare(settings)
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.auth = ("admin", "admin")
        yield http
    services.db.close()


def send(client: TestClient, name: str) -> dict[str, Any]:
    path = f"{RAVEN}/import/execution"
    if name.startswith("json"):
        answer = client.post(path, content=(PAGE / f"{name}.json").read_bytes(), headers={"Content-Type": "application/json"})
    else:
        files = {part: (PAGE / f"{name}-{part}.json").read_bytes() for part in ("info", "result")}
        answer = client.post(f"{path}/multipart", files=files)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body["testIssues"]["error"] == []
    return body


def run(client: TestClient, execution: str, test: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{RAVEN}/api/testrun", params={"testExecIssueKey": execution, "testIssueKey": test}).json()
    return found


def test_example_1_makes_an_execution_with_two_runs(client: TestClient) -> None:
    key = send(client, "json-1-new-execution")["testExecIssue"]["key"]
    assert [(r["key"], r["status"]) for r in client.get(f"{RAVEN}/api/testexec/{key}/test").json()] == [
        ("DEMO-6", "PASS"),
        ("DEMO-7", "FAIL"),
    ]
    failed = run(client, key, "DEMO-7")
    assert [e["status"] for e in failed["examples"]] == ["PASS", "PASS", "PASS", "PASS", "FAIL"]
    assert failed["examples"][0]["values"] == ["1", "2", "3"]
    assert [d["key"] for d in failed["defects"]] == ["DEMO-10", "DEMO-11"]
    assert failed["steps"][0]["actualResult"]["raw"] == "Actual result on Test Step 1"
    assert failed["startedOn"] == "2014-08-30T11:51:00+01:00"
    assert (failed["executedBy"], failed["assignee"], failed["duration"]) == ("admin", "admin", 90_000)
    assert sorted(failed["testEnvironments"]) == ["Android", "iOS"]
    (evidence,) = failed["evidences"]
    assert (evidence["fileName"], evidence["mimeType"]) == ("image21.jpg", "image/png")
    picture = client.get(evidence["fileURL"])
    assert picture.content.startswith(b"\x89PNG")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert key in [e["key"] for e in client.get(f"{RAVEN}/api/testplan/DEMO-100/testexecution").json()]


def test_example_2_updates_the_run_and_keeps_the_old_result_as_an_attempt(client: TestClient) -> None:
    before = run(client, "DEMO-1206", "DEMO-6")
    send(client, "json-2-update-execution")
    after = run(client, "DEMO-1206", "DEMO-6")
    assert (before["id"], before["status"], after["status"]) == (after["id"], "TODO", "PASS")
    assert after["attempts"] == 0
    send(client, "json-2-update-execution")
    assert run(client, "DEMO-1206", "DEMO-6")["attempts"] == 1


def test_example_3_creates_a_manual_test_with_two_steps(client: TestClient) -> None:
    (created,) = send(client, "json-3-create-test")["testIssues"]["success"]
    found = run(client, "DEMO-1206", created["key"])
    assert [(s["step"]["raw"], s["data"]["raw"], s["status"]) for s in found["steps"]] == [
        ("Step action 1", "Data 1", "PASS"),
        ("Step action 2", "Data 2", "FAIL"),
    ]


def test_example_4_updates_the_manual_test(client: TestClient) -> None:
    send(client, "json-4-update-test")
    found = run(client, "DEMO-1206", "DEMO-1207")
    assert found["status"] == "FAIL"
    assert [s["result"]["raw"] for s in found["steps"]] == ["Step result 1", "Step result 2"]


def test_multipart_example_1_makes_an_execution_from_the_info_part(client: TestClient) -> None:
    key = send(client, "multipart-1")["testExecIssue"]["key"]
    assert run(client, key, "DEMO-7")["status"] == "FAIL"


def test_multipart_example_2_updates_the_execution(client: TestClient) -> None:
    body = send(client, "multipart-2")
    assert body["testExecIssue"]["key"] == "DEMO-1206"
    assert run(client, "DEMO-1206", "DEMO-6")["status"] == "PASS"


def test_the_status_of_a_run_can_be_set_and_v2_answers_204(client: TestClient) -> None:
    number = run(client, "DEMO-1206", "DEMO-6")["id"]
    assert client.put(f"/rest/raven/2.0/api/testrun/{number}/status?status=ABORTED").status_code == 204
    assert client.get(f"{RAVEN}/api/testrun/{number}/status").text == "ABORTED"


def test_the_fixtures_are_json() -> None:
    assert len([json.loads(p.read_bytes()) for p in PAGE.glob("*.json")]) == 8
