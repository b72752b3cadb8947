# SPDX-License-Identifier: Apache-2.0
"""atlassian-python-api, unmodified: what its Xray class asks that is served so far."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from atlassian import Jira, Xray

if TYPE_CHECKING:
    from tests.live import LiveServer

PAGE = Path(__file__).parent.parent / "fixtures" / "page"


@pytest.fixture
def xray(server: LiveServer) -> Xray:
    return Xray(url=server.url, username="admin", password="admin")


def test_runs_of_an_execution_are_listed(xray: Xray) -> None:
    assert "DEMO-1207" in [row["key"] for row in xray.get_tests_with_test_execution("DEMO-1206")]


def test_a_run_is_read_whole(xray: Xray) -> None:
    rows = xray.get_tests_with_test_execution("DEMO-1206", detailed=True)
    run = xray.get_test_run(rows[0]["id"])
    assert run["testExecKey"] == "DEMO-1206"
    assert xray.get_test_run_status(rows[0]["id"]) is not None


def test_the_settings_are_listed(xray: Xray) -> None:
    assert len(xray.get_test_statuses()) >= 5
    assert len(xray.get_test_step_statuses()) >= 4


def test_jira_issues_are_read_and_found(server: LiveServer) -> None:
    jira = Jira(url=server.url, token="radiograph-demo-token")
    assert jira.issue("DEMO-7")["fields"]["issuetype"]["name"] == "Test"
    assert [i["key"] for i in jira.jql("project = DEMO AND issuetype = Bug")["issues"]] == ["DEMO-10", "DEMO-11"]


def test_a_multipart_import_is_taken_although_it_comes_as_json(xray: Xray) -> None:
    files = {part: (PAGE / f"multipart-2-{part}.json").open("rb") for part in ("info", "result")}
    try:
        answer = xray.import_test_execution_multipart(files=files)
    finally:
        for file in files.values():
            file.close()
    assert answer["testExecIssue"]["key"] == "DEMO-1206"


def test_an_import_answers_with_the_execution(xray: Xray) -> None:
    answer = xray.import_test_execution({"testExecutionKey": "DEMO-1206", "tests": [{"testKey": "DEMO-6", "status": "PASS"}]})
    assert answer["testExecIssue"]["key"] == "DEMO-1206"
