# SPDX-License-Identifier: Apache-2.0
"""Real servers on this machine that take calls of hooks and mails."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Receiver:
    """Takes calls: `answers` are the statuses to give, one after the other, the last one for ever."""

    def __init__(self) -> None:
        """Begin with nothing taken."""
        self.answers: list[int] = [200]
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.slow_s = 0.0
        self.url = ""

    def answer(self) -> int:
        """The status of the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A server that takes calls."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            made.calls.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = made.answer()
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", f"{made.url}/elsewhere")
            self.end_headers()
            with suppress(OSError):  # who calls may leave before the end
                for _ in range(int(made.slow_s * 20)):
                    self.wfile.write(b"x")
                    time.sleep(0.05)
                self.wfile.write(b"thank you " * 10_000)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


class Postbox:
    """Takes mails: each with who it is from, who to, and its text."""

    def __init__(self) -> None:
        """Begin with nothing taken; `refuses` is an answer to give instead of taking a mail."""
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.refuses = ""
        self.port = 0


@contextmanager
def postbox() -> Iterator[Postbox]:
    """A mail server that speaks as much SMTP as is needed."""
    made = Postbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            sender, to = "", list[str]()
            self.say("220 postbox")
            while line := self.rfile.readline():
                word = line.strip().upper()
                if word.startswith(b"MAIL FROM"):
                    sender = line.decode().partition(":")[2].strip()
                elif word.startswith(b"RCPT TO"):
                    to.append(line.decode().partition(":")[2].strip())
                elif word == b"DATA":
                    self.data(sender, to)
                    continue
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                self.say(made.refuses or "250 fine" if word.startswith(b"RCPT") else "250 fine")

        def data(self, sender: str, to: list[str]) -> None:
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line[1:] if line.startswith(b"..") else line)
            made.mails.append((sender, list(to), b"".join(lines)))
            self.say("250 taken")

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = int(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()
