# SPDX-License-Identifier: Apache-2.0
"""Real servers on this machine that take calls of hooks and mails."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TLS = Path(__file__).parent / "fixtures" / "tls"
AUTHORITY = TLS / "authority.pem"
"""Who signed the certificate of these servers, for `localhost`."""


def _secured() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem")
    return context


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
def receiver(*, tls: bool = False) -> Iterator[Receiver]:
    """A server that takes calls, over TLS if that is wanted."""
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
    if tls:
        server.socket = _secured().wrap_socket(server.socket, server_side=True)
    made.url = f"{'https://localhost' if tls else 'http://127.0.0.1'}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


class Postbox:
    """Takes mails: each with who it is from, who to, and its text."""

    def __init__(self, password: str) -> None:
        """Begin with nothing taken.

        `refuses` is an answer to give instead of taking a mail; `signed_in` has a name and password for each that signed in.
        """
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.password, self.refuses, self.port = password, "", 0
        self.signed_in: list[str] = []


class _Smtp(socketserver.StreamRequestHandler):
    """As much SMTP as is needed."""

    box: Postbox

    def handle(self) -> None:
        self.sender, self.to, self.left = "", list[str](), False
        self.say("220 postbox")
        while not self.left and (line := self.rfile.readline()):
            word = line.strip().partition(b" ")[0].partition(b":")[0].upper().decode()
            getattr(self, f"on_{word.lower()}", self.on_other)(line.decode().strip())
        self.rfile.close()
        self.connection.close()

    def on_ehlo(self, _line: str) -> None:
        if not self.box.password:
            self.say("250 fine")
        else:
            self.say(f"250-postbox\r\n250 {'AUTH PLAIN' if isinstance(self.connection, ssl.SSLSocket) else 'STARTTLS'}")

    def on_starttls(self, _line: str) -> None:
        self.say("220 go on")
        try:
            self.connection = _secured().wrap_socket(self.connection, server_side=True)
        except OSError:  # who calls doesn't trust the certificate
            self.left = True
            return
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

    def on_auth(self, line: str) -> None:
        _, name, given = base64.b64decode(line.rsplit(maxsplit=1)[-1]).decode().split("\0")
        right = isinstance(self.connection, ssl.SSLSocket) and given == self.box.password
        self.box.signed_in += [f"{name}:{given}"] if right else []
        self.say("235 welcome" if right else "535 no")

    def on_mail(self, line: str) -> None:
        self.sender = line.partition(":")[2].strip()
        self.say("530 sign in first" if self.box.password and not self.box.signed_in else "250 fine")

    def on_rcpt(self, line: str) -> None:
        self.to.append(line.partition(":")[2].strip())
        self.say(self.box.refuses or "250 fine")

    def on_data(self, _line: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.box.mails.append((self.sender, list(self.to), b"".join(lines)))
        self.say("250 taken")

    def on_quit(self, _line: str) -> None:
        self.say("221 bye")
        self.left = True

    def on_other(self, _line: str) -> None:
        self.say("250 fine")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def postbox(password: str = "") -> Iterator[Postbox]:
    """A mail server; with a password it takes mails only after STARTTLS and with that."""
    made = Postbox(password)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Smtp", (_Smtp,), {"box": made}))
    server.daemon_threads = True
    made.port = int(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()
