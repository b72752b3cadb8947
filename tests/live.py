# SPDX-License-Identifier: Apache-2.0
"""A real server process for the tests that need one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOKEN = "live-token"
CLI = (sys.executable, "-m", "radiograph.cli")


def free_port() -> int:
    """A port that nobody listens at."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def radiograph(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, without a terminal."""
    return subprocess.run(
        [*CLI, *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env=os.environ | env,
    )


def done(*args: str) -> str:
    """Run a command that has to succeed; what it answered."""
    ended = radiograph(*args)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


class LiveServer:
    """`radiograph serve` (or `demo`) as its own process."""

    def __init__(self, data: Path, command: str = "serve", *extra: str, env: Mapping[str, str] | None = None) -> None:
        """Start it and wait until it is ready."""
        self.data, self.command, self.extra = data, command, extra
        self.env = {"RADIOGRAPH_ADMIN_PASSWORD": "admin"} | dict(env or {})
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / f"{data.name}.log"
        self.start()

    def start(self) -> None:
        """Start the process (again), and wait until it is ready."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start the process (again)."""
        args = [*CLI, self.command, "--data", str(self.data), "--port", str(self.port), *self.extra]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(args, stdout=out, stderr=out, env=os.environ | self.env)

    def wait(self) -> None:
        """Wait until it is ready."""
        deadline = time.monotonic() + 60
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(self.said)
            time.sleep(0.02)

    def _ready(self) -> bool:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as http:
            try:
                http.request("GET", "/health/ready")
                return http.getresponse().status == 200
            except OSError:
                return False

    @property
    def said(self) -> str:
        """Everything it has written, over all its starts."""
        return self.log.read_text()

    def kill(self) -> None:
        """End it without a warning (kill -9)."""
        self.process.kill()
        self.process.wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it as an operator does; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=60)
