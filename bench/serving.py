# SPDX-License-Identifier: Apache-2.0
"""A server process to measure, and what its memory is."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from bench.sites import TOKEN

if TYPE_CHECKING:
    from types import TracebackType

IMPORT = "/rest/raven/2.0/import/execution"
_OK = 200
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


class Server:
    """`radiograph serve` on a database, as a process of its own; `ready` is how long it took, in seconds."""

    def __init__(self, url: str, data: Path | None = None) -> None:
        """Start it and wait until it serves."""
        self.data = data or Path(tempfile.mkdtemp(prefix="bench-data-"))
        with closing(socket.socket()) as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = int(sock.getsockname()[1])
        args = ["serve", "--data", str(self.data), "--database", url, "--port", str(self.port)]
        began = time.perf_counter()
        env = os.environ | {"RADIOGRAPH_ADMIN_PASSWORD": "x"}
        self.process = subprocess.Popen([sys.executable, "-m", "radiograph.cli", *args], env=env, stdout=subprocess.DEVNULL)
        while not self._ready():
            time.sleep(0.005)
        self.ready = time.perf_counter() - began

    def _ready(self) -> bool:
        if self.process.poll() is not None:
            message = "The server ended before it was ready."
            raise RuntimeError(message)
        try:
            return self.call("GET", "/health/ready")[0] == _OK
        except OSError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.process.terminate()
        self.process.wait()

    def connection(self) -> http.client.HTTPConnection:
        """A connection to keep."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600, blocksize=1 << 20)

    def call(self, method: str, path: str, body: bytes | IO[bytes] | None = None, **headers: str) -> tuple[int, bytes]:
        """One request; its status and answer."""
        connection = self.connection()
        connection.request(method, path, body, HEADERS | headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def send(self, body: bytes) -> tuple[float, dict[str, Any]]:
        """Import a report; the seconds until the answer was there, and the answer."""
        began = time.perf_counter()
        status, answer = self.call("POST", IMPORT, body)
        seconds = time.perf_counter() - began
        if status != _OK:
            raise RuntimeError(answer[:2000].decode())
        return seconds, json.loads(answer)

    def anonymous(self) -> int:
        """The server's anonymous memory, in bytes."""
        text = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("RssAnon"))


class Peak:
    """The highest anonymous memory of a server while a block runs, in bytes; sampled every 10 ms."""

    def __init__(self, server: Server) -> None:
        """Watch this server."""
        self.server = server
        self.before = self.highest = 0
        self._done = threading.Event()

    def __enter__(self) -> Self:
        self.before = self.highest = self.server.anonymous()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._done.wait(0.01):
            self.highest = max(self.highest, self.server.anonymous())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()

    @property
    def growth(self) -> int:
        """How much more there was than before, in bytes."""
        return self.highest - self.before
