# SPDX-License-Identifier: Apache-2.0
"""What a client does with a server, in short words for the tests of the rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2
    from starlette.testclient import TestClient

IMPORT = "/rest/raven/2.0/import/execution"
FIELDS = {
    "plan": "customfield_10100", "environments": "customfield_10101", "revision": "customfield_10102",
    "begin": "customfield_10103", "end": "customfield_10104", "definition": "customfield_10106",
    "type": "customfield_10105", "steps": "customfield_10109", "branch": "customfield_10112", "build": "customfield_10113",
}  # fmt: skip


def generic(number: int, status: str | None = "PASS", **more: Any) -> dict[str, Any]:
    """A result of the Generic Test of that number."""
    info = {"projectKey": "DEMO", "summary": f"Test {number}", "testType": "Generic", "definition": f"calc.t{number}"}
    return {"testInfo": info} | ({"status": status} if status is not None else {}) | more


class Door:
    """A server as a signed-in client sees it."""

    def __init__(self, http: TestClient) -> None:
        self.http = http

    def send(self, report: Any, **query: Any) -> httpx2.Response:
        """Import a report as it is."""
        return self.http.post(IMPORT, json=report, params=query)

    def load(self, *tests: Any, info: Any = None, execution: str = "", **query: Any) -> dict[str, Any]:
        """Import results that are good, into a new execution of DEMO unless told otherwise; the answer."""
        head: dict[str, Any] = {"testExecutionKey": execution} if execution else {"info": {"project": "DEMO"}}
        if info is not None:
            head["info"] = info
        answer = self.send(head | {"tests": list(tests)}, **query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def form(self, info: Any, report: Any, **query: Any) -> httpx2.Response:
        """Import a multipart body."""
        files = {"info": json.dumps(info).encode(), "result": json.dumps(report).encode()}
        return self.http.post(f"{IMPORT}/multipart", files=files, params=query)

    def make(self, kind: str, **fields: Any) -> str:
        """Create an issue in DEMO; its key."""
        body = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": f"A {kind}"}
        body |= {FIELDS.get(name, name): value for name, value in fields.items()}
        answer = self.http.post("/rest/api/2/issue", json={"fields": body})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])

    def fields(self, key: str) -> dict[str, Any]:
        """The fields of an issue, custom fields by their short names."""
        answer = self.http.get(f"/rest/api/2/issue/{key}")
        assert answer.status_code == 200, answer.text
        short = {long: name for name, long in FIELDS.items()}
        return {short.get(name, name): value for name, value in answer.json()["fields"].items()}

    def run(self, execution: str, test: str) -> dict[str, Any]:
        """The Test Run of a Test in an execution."""
        answer = self.http.get("/rest/raven/2.0/api/testrun", params={"testExecIssueKey": execution, "testIssueKey": test})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def executions(self) -> int:
        """How many Test Executions there are."""
        answer = self.http.get("/rest/api/2/search", params={"jql": 'issuetype = "Test Execution"', "maxResults": 0})
        return int(answer.json()["total"])


def key_of(answer: dict[str, Any]) -> str:
    """The key of the execution."""
    return str(answer["testExecIssue"]["key"])


def imported(answer: dict[str, Any]) -> list[str]:
    """The keys of the Tests."""
    return [issue["key"] for issue in answer["testIssues"]["success"]]


def told(answer: dict[str, Any]) -> str:
    """Every info message and warning, for looking something up in."""
    warnings = [text for row in answer["testRunWarnings"] for text in row["warningCollection"]]
    return "\n".join([*answer["infoMessages"], *warnings])
