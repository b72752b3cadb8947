# SPDX-License-Identifier: Apache-2.0
"""One POST to somebody else's server: to the address that was looked at, without following anything, in bounded time."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.delivery.addresses import read_address, resolve
from radiograph.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.delivery.addresses import Target

TIMEOUT_S = 10.0
_KEPT = 500
_GOOD = range(200, 300)


class Called(Struct, frozen=True):
    """What came of a call: `good` when it was taken, and the answer in words (its beginning)."""

    good: bool
    answer: str


class _Pinned(http.client.HTTPConnection):
    """A connection to a number, for a host's name."""

    def __init__(self, target: Target, number: str, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target, self._number = target, number
        self.held: socket.socket | None = None
        """What is connected: it is let go of by `http.client` before the answer's body is read."""
        self._until = time.monotonic() + timeout

    def connect(self) -> None:
        """Connect to the number; TLS proves the name."""
        self.sock = self.held = socket.create_connection((self._number, self._target.port), self.timeout)
        if self._target.scheme == "https":
            wrapped = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.host, do_handshake_on_connect=False)
            self.sock = self.held = wrapped
            self._check()
            wrapped.do_handshake()
        self._check()

    def _check(self) -> None:
        """Raise TimeoutError when the time was over before there was something to cut off."""
        if time.monotonic() >= self._until:
            raise TimeoutError


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool, timeout: float = TIMEOUT_S) -> Called:
    """Send a body; never raises for what the other side does. `timeout` (seconds) is for the whole call."""
    try:
        target = read_address(url)
        number = resolve(target, private=private)
    except Refused as error:
        return Called(good=False, answer=error.message)
    connection = _Pinned(target, number, timeout)
    watch = threading.Timer(timeout, _cut_off, (connection,))
    watch.start()
    try:
        connection.request("POST", target.path, body, {"User-Agent": "Radiograph", "Connection": "close", **headers})
        response = connection.getresponse()
        text = response.read(_KEPT).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Called(good=False, answer=_why(error, timeout, over=not watch.is_alive()))
    finally:
        watch.cancel()
        connection.close()
    said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    where = " (redirects are not followed)" if response.status in range(300, 400) else ""
    return Called(response.status in _GOOD, f"{response.status}{where} {said}".strip())


def _cut_off(connection: _Pinned) -> None:
    with contextlib.suppress(OSError):  # it may be closed already
        if connection.held is not None:
            connection.held.shutdown(socket.SHUT_RDWR)


def _why(error: Exception, timeout: float, *, over: bool) -> str:
    if over or isinstance(error, TimeoutError):
        return f"no answer within {timeout:.0f} s"
    return f"no answer: {error or type(error).__name__}"
