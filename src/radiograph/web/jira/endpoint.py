# SPDX-License-Identifier: Apache-2.0
"""An endpoint of Jira's API, in each of the versions that clients ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.web.endpoints import Answer, Endpoint, Whole

if TYPE_CHECKING:
    from radiograph.web.endpoints import Handler

ISSUE = {"key": (str, "The key or id of the issue.", "DEMO-7")}
PROJECT = {"key": (str, "The key or id of the project.", "DEMO")}
START = Whole("startAt", "How many to skip.", 0, 10**9, 0)
NONE: dict[int, Answer] = {204: Answer()}


def jira_endpoint(name: str, method: str, path: str, handler: Handler, answers: Any, **more: Any) -> Endpoint:  # noqa: ANN401
    """The endpoint; `answers` are by status, or the type of the one with 200. `more` are members of Endpoint."""
    paths = tuple(f"/rest/api/{v}/{path}" for v in ("2", "latest"))
    answers = answers if isinstance(answers, dict) else {200: Answer(answers)}
    return Endpoint(id=name, group="Jira", method=method, paths=paths, handler=handler, answers=answers, **more)


def most(default: int = 50) -> Whole:
    """How many rows a page has at most."""
    return Whole("maxResults", "How many a page has; more than 1000 are answered as 1000.", 0, 1000, default, capped=True)
