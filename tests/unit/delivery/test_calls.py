# SPDX-License-Identifier: Apache-2.0
"""Calls of a real server on this machine: bounded, pinned, never led elsewhere."""

from __future__ import annotations

import socketserver
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.receivers import AUTHORITY, receiver

from radiograph.delivery.calls import Called, post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.receivers import Receiver


@pytest.fixture
def there() -> Iterator[Receiver]:
    """Who takes calls."""
    with receiver() as made:
        yield made


def test_a_body_arrives_whole_with_its_headers_and_only_the_beginning_of_the_answer_is_read(there: Receiver) -> None:
    came = post(f"{there.url}/a?b=1", b'{"x": 1}', {"X-Mark": "y"}, private=True)
    assert (came.good, came.answer[:14], len(came.answer) < 600) == (True, "200 thank you ", True)
    path, headers, body = there.calls[0]
    assert (path, headers["x-mark"], body) == ("/a?b=1", "y", b'{"x": 1}')


def test_a_server_inside_is_not_called_unless_it_is_allowed(there: Receiver) -> None:
    came = post(there.url, b"", {}, private=False)
    assert (came.good, "inside the network" in came.answer, there.calls) == (False, True, [])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_told_and_not_followed(there: Receiver, status: int) -> None:
    there.answers = [status]
    came = post(there.url, b"", {}, private=True)
    assert (came.good, came.answer.startswith(f"{status} (redirects are not followed)"), len(there.calls)) == (False, True, 1)


def test_a_server_that_answers_drop_by_drop_is_left_in_time(there: Receiver) -> None:
    there.slow_s = 20
    began = time.monotonic()
    came = post(there.url, b"", {}, private=True, timeout=1)
    assert time.monotonic() - began < 4
    assert not came.good or len(came.answer) < 600


def test_a_server_that_shakes_hands_drop_by_drop_is_left() -> None:
    left = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            """Begin a record of TLS that takes half a minute, unless who calls leaves."""
            try:
                self.request.sendall(b"\x16\x03\x03\x40\x00")
                for _ in range(600):
                    self.request.sendall(b"\x00")
                    time.sleep(0.05)
            except OSError:
                left.set()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        came = post(f"https://localhost:{server.server_address[1]}/", b"", {}, private=True, timeout=1)
        assert (came, left.wait(10)) == (Called(good=False, answer="no answer within 1 s"), True)
        server.shutdown()


def test_nobody_there_is_an_answer_too() -> None:
    came = post("http://127.0.0.1:9/", b"", {}, private=True)
    assert (came.good, came.answer.startswith("no answer")) == (False, True)


@pytest.fixture
def secured() -> Iterator[Receiver]:
    """Who takes calls over TLS, by a certificate for localhost of an authority that nobody trusts by itself."""
    with receiver(tls=True) as made:
        yield made


def test_a_call_over_tls_is_made_to_who_proves_the_name(secured: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    came = post(f"{secured.url}/hook", b"{}", {}, private=True)
    assert (came.good, [c[0] for c in secured.calls]) == (True, ["/hook"])


def test_nothing_is_told_to_who_cannot_prove_the_name(secured: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    came = post(secured.url, b"secret", {}, private=True)
    assert (came.good, "certificate verify failed" in came.answer, secured.calls) == (False, True, [])
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    came = post(secured.url.replace("localhost", "127.0.0.1"), b"secret", {}, private=True)
    assert (came.good, "certificate" in came.answer, secured.calls) == (False, True, [])


def test_a_server_that_speaks_no_tls_is_told_and_not_waited_for(there: Receiver) -> None:
    came = post(there.url.replace("http://127.0.0.1", "https://localhost"), b"", {}, private=True, timeout=5)
    assert (came.good, came.answer.startswith("no answer"), there.calls) == (False, True, [])
