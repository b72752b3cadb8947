# SPDX-License-Identifier: Apache-2.0
"""A line between browser and server that can really be cut.

Chromium's own "offline" is a property of a document: while one page takes another's place, requests of the old one get through.
"""

from __future__ import annotations

import contextlib
import socket
import threading

from tests.live import free_port


class Relay:
    """Hands on what is sent to `url` to a port of this machine, as long as it isn't cut."""

    def __init__(self, port: int) -> None:
        """Lead to a port, and be open."""
        self._to = port
        self._port = free_port()
        self._held: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self._port}"
        self.mend()

    def mend(self) -> None:
        """Let everything through (again)."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._open = True
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Break what is under way, and refuse what comes."""
        with self._lock:
            self._open = False
            held, self._held = self._held, set()
        for one in (self._listener, *held):
            _end(one)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                with self._lock:
                    is_open = self._open
                    self._held.update((near, far) if is_open else ())
                if not is_open:
                    _end(near)
                    _end(far)
                    return
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._hand_on, args=(one, other), daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            _end(end)
        with self._lock:
            self._held -= {one, other}


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
