# SPDX-License-Identifier: Apache-2.0
"""What each answer of a server means for the results that were sent."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from radiograph.clients.posting import Answer, Door
from radiograph.clients.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT = httpx2.Client
TARGET = Target(url="http://server", token="t")


def answered(respond: Callable[[httpx2.Request], httpx2.Response], monkeypatch: pytest.MonkeyPatch) -> Answer:
    """What the door makes of an answer to a report."""

    def mocked(**options: Any) -> httpx2.Client:
        return CLIENT(**options, transport=httpx2.MockTransport(respond))

    monkeypatch.setattr(httpx2, "Client", mocked)
    with closing(Door(TARGET)) as door:
        return door.post(b"{}", {"branch": "main"}, "key-1")


def said(status: int, monkeypatch: pytest.MonkeyPatch, **answer: Any) -> Answer:
    return answered(lambda _: httpx2.Response(status, **answer), monkeypatch)


def test_an_import_tells_its_execution_its_refusals_and_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        issue = {"id": "1", "key": "CALC-1", "self": "http://outside/jira/rest/api/2/issue/1"}
        error = [{"testKey": "CALC-9", "messages": ["not found"], "index": 3}]
        warned = [{"testKey": "CALC-2", "warningCollection": ["too big"]}]
        return httpx2.Response(200, json={"testExecIssue": issue, "testIssues": {"error": error}, "testRunWarnings": warned})

    answer = answered(respond, monkeypatch)
    assert (answer.stored, answer.key, answer.page) == (True, "CALC-1", "http://outside/jira/browse/CALC-1")
    assert (answer.errors, answer.warnings) == ({3: "not found"}, ("CALC-2: too big",))
    assert (asked[0].headers["Idempotency-Key"], asked[0].url.query) == ("key-1", b"branch=main")


@pytest.mark.parametrize("status", [408, 425, 429, 502, 503, 504, 507])
def test_a_server_that_cant_now_is_away_for_as_long_as_it_says(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said(status, monkeypatch, headers={"Retry-After": "7"})
    assert (answer.away, answer.pause, answer.crashed) == (True, 7.0, False)


def test_a_crash_is_away_too_and_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said(500, monkeypatch, headers={"Retry-After": "soon"})
    assert (answer.away, answer.crashed, answer.pause) == (True, True, 0.0)


@pytest.mark.parametrize(("status", "step"), [(401, "radiograph token add"), (403, "the role tester"), (404, "base path")])
def test_a_door_that_stays_closed_says_what_to_do(status: int, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said(status, monkeypatch, json={"error": "no"})
    assert (answer.closed, answer.away) == (True, False)
    assert step in answer.problem


def test_a_refusal_is_told_in_the_servers_words(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = said(400, monkeypatch, json={"error": "all bad", "details": [{"path": "$.tests[0]", "problem": "no status"}]})
    assert (answer.problem, answer.closed, answer.away, answer.too_large) == ("all bad; $.tests[0]: no status", False, False, False)
    assert said(413, monkeypatch).too_large


def test_what_is_no_radiograph_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "proxy" in said(200, monkeypatch, html="<h1>Sign in</h1>").problem
    assert "which Test Execution" in said(200, monkeypatch, json={}).problem
    assert "sends us on to" in said(302, monkeypatch, headers={"Location": "http://login"}).problem


def test_a_connection_that_breaks_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    answer = answered(respond, monkeypatch)
    assert (answer.away, answer.problem) == (True, "could not reach http://server: refused")
