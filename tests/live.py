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
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "live-token"


def free_port() -> int:
    """A port that nobody listens at."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def radiograph(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "radiograph.cli", *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | env,
    )


class LiveServer:
    """`radiograph serve` (or `demo`) as its own process."""

    def __init__(self, data: Path, command: str = "serve", *extra: str) -> None:
        """Start it and wait until it is ready."""
        self.data, self.command, self.extra = data, command, extra
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start the process (again)."""
        log = self.data.parent / f"{self.data.name}.log"
        args = [sys.executable, "-m", "radiograph.cli", self.command, "--data", str(self.data), "--port", str(self.port), *self.extra]
        with log.open("ab") as out:
            self.process = subprocess.Popen(args, stdout=out, stderr=out, env=os.environ | {"RADIOGRAPH_ADMIN_PASSWORD": "admin"})
        for _ in range(600):
            if self.process.poll() is not None:
                raise AssertionError(log.read_text())
            try:
                if httpx2.get(f"{self.url}/health/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.05)
        raise AssertionError(log.read_text())

    def kill(self) -> None:
        """End it without a warning (kill -9)."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator does."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
