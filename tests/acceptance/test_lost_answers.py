# SPDX-License-Identifier: Apache-2.0
"""Clients that hang up, and come again: one import is one execution."""

from __future__ import annotations

import base64
import contextlib
import json
import sqlite3
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.acceptance.conftest import furnish
from tests.acceptance.reports import IMPORT, client, executions, results
from tests.live import TOKEN, LiveServer, done

from radiograph.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from tests.acceptance.conftest import Serve

SAME = "This is the answer to the same request"


@pytest.fixture
def server(serve: Serve, where: list[str]) -> LiveServer:
    """A server on each database in turn, with the project CALC."""
    made = serve(*where[2:])
    furnish(where)
    return made


@pytest.fixture
def http(server: LiveServer) -> Iterator[httpx2.Client]:
    """A client whose session is open, so that its requests write nothing of their own."""
    with client(server) as made:
        assert made.get("/rest/api/2/myself").status_code == 200
        yield made


def body_of(count: int) -> bytes:
    """A report of so many results, and one file."""
    report = results(count)
    report["tests"][0]["evidence"] = [{"data": base64.b64encode(b"a file").decode(), "filename": "file.txt"}]
    return json.dumps(report).encode()


@contextlib.contextmanager
def sending(server: LiveServer, body: bytes, sent: int, **headers: str) -> Iterator[None]:
    """Send the first `sent` bytes of an import; hang up at the end."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.putrequest("POST", IMPORT)
        for name, value in ({"Authorization": f"Bearer {TOKEN}", "Content-Length": str(len(body))} | headers).items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        connection.send(body[:sent])
        yield


def lose_the_answer(server: LiveServer, where: list[str], body: bytes, **headers: str) -> None:
    """Send an import and hang up when it is as good as done: its file is stored, its rows are waiting."""
    with held(where), sending(server, body, len(body), **headers):
        wait_for(lambda: any((server.data / "evidence").glob("??/??/*")))


@contextlib.contextmanager
def held(where: list[str]) -> Iterator[None]:
    """The database, in which nobody else can import meanwhile."""
    if where[3:]:
        with sa.create_engine(where[3], poolclass=sa.NullPool).begin() as conn:
            conn.execute(sa.select(tables.projects.c.id).with_for_update())
            yield
        return
    with closing(sqlite3.connect(f"{where[1]}/radiograph.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


def wait_for(happened: Any) -> None:
    """Wait until something is so."""
    for _ in range(1_200):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError(happened)


def told(answer: dict[str, Any]) -> bool:
    """Whether an answer says that it is an earlier one."""
    return any(SAME in text for text in answer["infoMessages"])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.9])
def test_who_hangs_up_in_the_middle_leaves_nothing_and_can_send_it_again(server: LiveServer, http: httpx2.Client, share: float) -> None:
    body = body_of(1_000)
    with sending(server, body, int(len(body) * share)):
        pass
    answer = http.post(IMPORT, content=body).json()
    assert not told(answer)
    assert executions(http) == 1
    assert len(answer["testIssues"]["success"]) == 1_000


@pytest.mark.parametrize("size", [1, 1_000])  # a piece of the network's, and more than a server reads ahead
def test_who_hangs_up_before_the_answer_gets_it_when_asking_again(
    server: LiveServer, http: httpx2.Client, where: list[str], size: int,
) -> None:  # fmt: skip
    body = body_of(size)
    lose_the_answer(server, where, body)
    again = http.post(IMPORT, content=body).json()
    assert told(again)
    assert len(again["testIssues"]["success"]) == size
    assert executions(http) == 1
    third = http.post(IMPORT, content=body).json()
    assert not told(third)
    assert executions(http) == 2


def test_a_lost_answer_is_kept_while_the_server_is_away(server: LiveServer, http: httpx2.Client, where: list[str]) -> None:
    body = body_of(1)
    lose_the_answer(server, where, body)
    wait_for(lambda: executions(http) == 1)
    server.stop()
    server.start()
    assert told(http.post(IMPORT, content=body).json())
    assert executions(http) == 1
    assert done("check", "--deep", *where)


def test_another_body_another_query_and_another_key_are_other_imports(server: LiveServer, http: httpx2.Client, where: list[str]) -> None:
    body = body_of(1)
    lose_the_answer(server, where, body)
    assert not told(http.post(IMPORT, content=body + b" ").json())
    assert not told(http.post(IMPORT, content=body, params={"revision": "2"}).json())
    assert not told(http.post(IMPORT, content=body, headers={"Idempotency-Key": "k"}).json())
    assert told(http.post(IMPORT, content=body).json())
    assert executions(http) == 4


def test_a_key_makes_one_execution_of_a_lost_answer_and_many_retries(server: LiveServer, http: httpx2.Client, where: list[str]) -> None:
    body = body_of(1)
    lose_the_answer(server, where, body, Idempotency_Key="build-17")
    answers = [http.post(IMPORT, content=body, headers={"Idempotency-Key": "build-17"}) for _ in range(3)]
    assert {a.headers["Idempotent-Replayed"] for a in answers} == {"true"}
    assert len({a.json()["testExecIssue"]["key"] for a in answers}) == 1
    assert executions(http) == 1
    assert http.post(IMPORT, content=body + b" ", headers={"Idempotency-Key": "build-17"}).status_code == 409
