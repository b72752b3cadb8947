# SPDX-License-Identifier: Apache-2.0
"""Clients that import all kinds of reports as fast as they can, and remember what became of each."""

from __future__ import annotations

import base64
import http.client
import json
import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from tests.live import TOKEN

BEARER = {"Authorization": f"Bearer {TOKEN}"}
IMPORT = "/rest/raven/2.0/import/execution"
KNOWN = 40
_SHARED = 30
_PIECE = 16_384
_SLOW_S = 0.003
"""Between the pieces of a slow client, in seconds."""


@dataclass
class Sent:
    """An import: its mark is in every comment, file name and file of it."""

    mark: str
    results: int
    files: int = 0
    fresh: bool = True
    """Whether it makes a Test Execution of its own, whose summary is the mark."""
    stage: str = "sending"
    execution: int = 0
    """The id of its Test Execution, once it was answered 200."""

    @property
    def answered(self) -> bool:
        """Whether the client has been told that the import is stored."""
        return self.stage == "answered"


@dataclass
class Crowd:
    """Client threads that import until they are told to stop or the server is gone."""

    port: int
    shared: str
    seed: int
    sent: list[Sent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def start(self, clients: int) -> None:
        """Let the clients begin."""
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(clients)]
        for thread in self._threads:
            thread.start()

    def wait_for_an_answer(self) -> None:
        """Wait until one of their imports is stored."""
        while not any(s.answered for s in self.sent) and any(thread.is_alive() for thread in self._threads):
            time.sleep(0.005)

    def end(self) -> None:
        """Wait for the clients, who stop before their next import."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        chance = random.Random(f"{self.seed}.{number}")
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            for turn in range(1_000):
                if self._over.is_set():
                    return
                sent, report = make_import(f"m{self.seed}x{number}x{turn}", self.shared, chance)
                self.sent.append(sent)
                try:
                    self.refused += filter(None, [send(connection, sent, report, slowly=number == 0)])
                except (OSError, http.client.HTTPException):
                    return


def send(connection: http.client.HTTPConnection, sent: Sent, report: dict[str, Any], *, slowly: bool = False) -> str:
    """Import a report, noting how far it came; why it was refused, or "". Raises OSError or HTTPException when the server is gone."""
    body = json.dumps(report).encode()
    connection.putrequest("POST", IMPORT)
    for name, value in (BEARER | {"Content-Type": "application/json", "Content-Length": str(len(body))}).items():
        connection.putheader(name, value)
    connection.endheaders()
    for start in range(0, len(body), _PIECE):
        connection.send(body[start : start + _PIECE])
        time.sleep(_SLOW_S if slowly else 0)
    sent.stage = "waiting"
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        return f"{answer.status} {text[:300]!r}"
    sent.execution = int(json.loads(text)["testExecIssue"]["id"])
    sent.stage = "answered"
    return ""


def make_import(mark: str, shared: str, chance: random.Random) -> tuple[Sent, dict[str, Any]]:
    """An import of new Tests into a new execution, of known Tests into a new one, or an update of the shared one."""
    kind = chance.choice(["new tests", "new execution", "update"])
    count = _SHARED if kind == "update" else chance.randint(1, KNOWN)
    files = min(count, chance.choice([0, 2, 5]))
    size = chance.choice([50, 5_000, 150_000])
    tests = [_result(mark, i, f"{mark}." if kind == "new tests" else "known.", size if i < files else 0, chance) for i in range(count)]
    head = {"testExecutionKey": shared} if kind == "update" else {"info": {"project": "KILL", "summary": mark}}
    return Sent(mark, count, files, fresh=kind != "update"), head | {"tests": tests}


def first_import(mark: str) -> tuple[Sent, dict[str, Any]]:
    """The import that makes the shared execution and the known Tests."""
    tests = [_result(mark, i, "known.", 0, random.Random(0)) for i in range(KNOWN)]
    return Sent(mark, KNOWN), {"info": {"project": "KILL", "summary": mark}, "tests": tests}


def _result(mark: str, number: int, prefix: str, size: int, chance: random.Random) -> dict[str, Any]:
    info = {"projectKey": "KILL", "summary": f"{prefix}{number}", "testType": "Generic", "definition": f"{prefix}{number}"}
    result: dict[str, Any] = {"testInfo": info, "status": chance.choice(["PASS", "FAIL"]), "comment": f"{mark} {number}"}
    if size:
        content = f"{mark} {number}\n".encode() + chance.randbytes(size)
        result["evidence"] = [{"data": base64.b64encode(content).decode(), "filename": f"{mark}-{number}.bin"}]
    return result
