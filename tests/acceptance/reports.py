# SPDX-License-Identifier: Apache-2.0
"""Reports to import, and a client that is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
from tests.live import TOKEN

if TYPE_CHECKING:
    from tests.live import LiveServer

IMPORT = "/rest/raven/2.0/import/execution"


def results(count: int, *, execution: str = "", mark: str = "t", status: str = "PASS", project: str = "CALC") -> dict[str, Any]:
    """A report of `count` Tests whose names begin with `mark`, into a new execution unless one is named."""
    infos = [
        {"projectKey": project, "summary": f"{mark} {i}", "testType": "Generic", "definition": f"{mark}.{i}"} for i in range(count)
    ]  # fmt: skip
    head: dict[str, Any] = {"testExecutionKey": execution} if execution else {"info": {"project": project}}
    return head | {"tests": [{"testInfo": info, "status": status} for info in infos]}


def client(server: LiveServer, *, base: str = "", token: str = TOKEN) -> httpx2.Client:
    """A client with a token."""
    return httpx2.Client(base_url=f"{server.url}{base}", headers={"Authorization": f"Bearer {token}"}, timeout=300)


def imported(http: httpx2.Client, report: dict[str, Any]) -> str:
    """Import a report that is good; the key of its execution."""
    answer = http.post(IMPORT, json=report)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["testExecIssue"]["key"])


def statuses(http: httpx2.Client, execution: str) -> list[str]:
    """The status of each run of an execution."""
    return [row["status"] for row in http.get(f"/rest/raven/1.0/api/testexec/{execution}/test").json()]


def executions(http: httpx2.Client) -> int:
    """How many Test Executions there are."""
    answer = http.get("/rest/api/2/search", params={"jql": 'issuetype = "Test Execution"', "maxResults": 0})
    return int(answer.json()["total"])
