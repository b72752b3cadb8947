# SPDX-License-Identifier: Apache-2.0
"""The requests of the story (`tests/api/story.py`) for flaky Tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions.flakiness import refresh

if TYPE_CHECKING:
    from tests.api.story import Story

    from radiograph.actions.services import Services

_INFO = {"projectKey": "DEMO", "summary": "Waits", "testType": "Generic", "definition": "calc.waits"}
_HEAD = {"project": "DEMO", "revision": "r1", "testEnvironments": ["iOS"], "startDate": "2026-01-01T10:00:00Z"}


def ask_flaky(story: Story, services: Services) -> None:
    """Make a Test flaky by both kinds of strong evidence, and ask for it."""
    first = _load(story, "FAIL", {"info": _HEAD})
    _load(story, "PASS", {"testExecutionKey": first})
    _load(story, "FAIL", {"info": _HEAD})
    refresh(services)
    story.ask("flaky-tests", "GET", "/api/projects/DEMO/flaky", params={"environments": '["iOS"]', "q": "wai"})
    story.ask("error-404-flaky-tests", "GET", "/api/projects/NOPE/flaky")
    story.ask("error-400-flaky-tests", "GET", "/api/projects/DEMO/flaky", params={"after": "x"})


def _load(story: Story, status: str, head: dict[str, Any]) -> str:
    test = {"testInfo": _INFO, "status": status, "start": "2026-01-01T10:00:00Z"}
    return str(story.client.post("/rest/raven/2.0/import/execution", json=head | {"tests": [test]}).json()["testExecIssue"]["key"])
