# SPDX-License-Identifier: Apache-2.0
"""A client that hangs up before it is answered, and sends the same request again."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from tests.live import TOKEN, LiveServer, radiograph

from radiograph.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = "/rest/raven/2.0/import/execution"
INFO = {"projectKey": "CALC", "testType": "Generic", "summary": "Adds", "definition": "calc.adds"}
BODY = json.dumps({"info": {"project": "CALC"}, "tests": [{"testInfo": INFO, "status": "PASS"}]}).encode()
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
ARRIVED_S = 1.0
"""How long a body of 200 bytes is given to be read, and a hang-up to be noticed, on a busy machine."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server with the project CALC."""
    live = LiveServer(tmp_path / "data")
    radiograph("project", "add", "CALC", "--data", str(live.data))
    # A token with a role gets no session, so that signing in writes nothing: only the import waits.
    radiograph("token", "add", "admin", "--name", "ci", "--role", "tester", "--secret", TOKEN, "--data", str(live.data))
    yield live
    live.stop()


def send_and_hang_up(server: LiveServer) -> None:
    """Send the import whole, and hang up while the database makes it wait."""
    head = [f"POST {PATH} HTTP/1.1", "Host: localhost", *(f"{n}: {v}" for n, v in HEADERS.items()), f"Content-Length: {len(BODY)}"]
    database = Database(f"sqlite+pysqlite:///{server.data / 'radiograph.db'}")
    with database.write():
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall("\r\n".join([*head, "", ""]).encode() + BODY)
            time.sleep(ARRIVED_S)
        time.sleep(ARRIVED_S)
    database.close()


def send(server: LiveServer) -> dict[str, Any]:
    answer = httpx2.post(f"{server.url}{PATH}", content=BODY, headers=HEADERS, timeout=60)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_answer_that_was_not_delivered_is_given_to_the_same_request(server: LiveServer) -> None:
    send_and_hang_up(server)
    again = send(server)
    assert again["testExecIssue"]["key"] == "CALC-1"
    assert "nothing was imported twice" in again["infoMessages"][0]
    assert send(server)["testExecIssue"]["key"] == "CALC-3"
