# SPDX-License-Identifier: Apache-2.0
"""Runs to edit, and short words for what clients do with them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.contract.door import generic, imported, key_of

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

V1, V2 = "/rest/raven/1.0/api/testrun", "/rest/raven/2.0/api/testrun"
OUTLINE = "Scenario Outline: Adding\n  When I add <a>\n\n  Examples:\n    | a |\n    | 1 |\n    | 2 |\n    | 3 |\n"
TEXT = {"filename": "log.txt", "contentType": "plain/text", "data": base64.b64encode(b"hello").decode()}
_STEPS = [{"action": "Open ${page}", "data": "as ${user}", "result": "It is shown"}, {"action": "Pay"}]


def manual(status: str | None = "TODO", **more: Any) -> dict[str, Any]:
    """A result of a Manual Test of two steps."""
    info = {"projectKey": "DEMO", "summary": "Pays", "testType": "Manual", "steps": _STEPS}
    return {"testInfo": info} | ({"status": status} if status else {}) | more


def outline(status: str = "TODO", **more: Any) -> dict[str, Any]:
    """A result of a scenario outline of three rows."""
    info = {"projectKey": "DEMO", "summary": "Adds", "testType": "Cucumber", "scenario": OUTLINE, "scenarioType": "Scenario Outline"}
    return {"testInfo": info, "status": status} | more


class Run:
    """One run, over either version of the API."""

    def __init__(self, door: Door, result: dict[str, Any] | None = None) -> None:
        """Import the result (a Generic one that is TODO, unless told otherwise)."""
        self.door = door
        answer = door.load(result or generic(1, "TODO"))
        self.execution, (self.test,) = key_of(answer), imported(answer)
        self.id = int(door.run(self.execution, self.test)["id"])

    def ask(self, method: str, path: str = "", *, v1: bool = False, **more: Any) -> httpx2.Response:
        """A request at the run's address."""
        return self.door.http.request(method, f"{V1 if v1 else V2}/{self.id}{path}", **more)

    def put(self, body: dict[str, Any]) -> dict[str, Any]:
        """Change the run; what came of it."""
        answer = self.ask("PUT", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    @property
    def now(self) -> dict[str, Any]:
        """The run as it is."""
        found: dict[str, Any] = self.ask("GET").json()
        return found

    @property
    def history(self) -> list[tuple[str, str, str]]:
        """What was changed by hand."""
        return [(c["field"], c["before"], c["after"]) for c in self.ask("GET", "/history").json()]


def refused(answer: httpx2.Response, status: int) -> str:
    """The text of an error."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    return str(answer.json()["error"])
