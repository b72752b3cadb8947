# SPDX-License-Identifier: Apache-2.0
"""What stands between a client and a server, or in its place: proxies that lose answers, servers of others."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Answer = tuple[int, dict[str, str], bytes]


class Stranger:
    """A server that is no Radiograph: it gives everybody the same answer."""

    def __init__(self, answer: Answer) -> None:
        """Listen, but take nothing yet."""
        self.asked = 0
        stranger = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                stranger.asked += 1
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                status, headers, content = answer
                self.send_response(status)
                for name, value in (headers | {"Content-Length": str(len(content))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Forgetful:
    """A proxy that passes everything on, but loses the first answer."""

    def __init__(self, port: int) -> None:
        """Stand before the server at that port."""
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._work)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.join(timeout=60)
        self._listening.close()

    def _work(self) -> None:
        for loses in (True, False):
            near, _ = self._listening.accept()
            with near, socket.create_connection(("127.0.0.1", self._port)) as far:
                there = threading.Thread(target=_pass_on, args=(near, far))
                there.start()
                if loses:
                    far.recv(65_536)
                    near.shutdown(socket.SHUT_RDWR)
                else:
                    _pass_on(far, near)
                there.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
