# SPDX-License-Identifier: Apache-2.0
"""A real server process and clients that hang up, dawdle, or send more than they may."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2
import pytest
from tests.live import LiveServer, radiograph

if TYPE_CHECKING:
    from collections.abc import Iterator

IMPORT = "/rest/raven/2.0/import/execution"
LIMIT = 3_000_000
AUTH = base64.b64encode(b"admin:admin").decode()


def report(comment: str = "") -> bytes:
    info = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}
    return json.dumps({"info": {"project": "DEMO"}, "tests": [{"testInfo": info, "status": "PASS", "comment": comment}]}).encode()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    data = tmp_path_factory.mktemp("bad-clients") / "data"
    data.mkdir()
    (data / "radiograph.toml").write_text(f"max_body = {LIMIT}\nspool_memory = 65536\n")
    server = LiveServer(data)
    made = radiograph("project", "add", "DEMO", "--data", str(data))
    assert made.returncode == 0, made.stderr
    yield server
    server.stop()


def log(server: LiveServer) -> str:
    return (server.data.parent / f"{server.data.name}.log").read_text()


def executions(server: LiveServer) -> int:
    query = {"jql": 'issuetype = "Test Execution"', "maxResults": "0"}
    return int(httpx2.get(f"{server.url}/rest/api/2/search", params=query, auth=("admin", "admin")).json()["total"])


@contextlib.contextmanager
def connected(server: LiveServer) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as sock:
        yield sock


def head(*lines: str, path: str = IMPORT) -> bytes:
    wanted = [f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Basic {AUTH}", "Content-Type: application/json", *lines]
    return ("\r\n".join(wanted) + "\r\n\r\n").encode()


def answer_of(sock: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """One answer from the socket: status, headers, body."""
    with sock.makefile("rb") as file:
        status = int(file.readline().split()[1])
        headers = {}
        while line := file.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, file.read(int(headers["content-length"]))


def works(server: LiveServer) -> None:
    """The server takes an import as if nothing had been."""
    before = executions(server)
    answer = httpx2.post(server.url + IMPORT, content=report(), auth=("admin", "admin"))
    assert answer.status_code == 200, answer.text
    assert executions(server) == before + 1


@pytest.mark.parametrize("size", [10, 200_000])
@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_hangs_up_in_the_middle_leaves_nothing_and_no_stack_trace(live: LiveServer, size: int, reset: bool) -> None:  # noqa: FBT001
    before = executions(live)
    body = report("x" * size)
    with connected(live) as sock:
        sock.sendall(head(f"Content-Length: {len(body)}") + body[:-5])
        time.sleep(0.2)
        if reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    with connected(live) as sock:
        sock.sendall(head("Transfer-Encoding: chunked") + b"%x\r\n" % len(body) + body[:-5])
    works(live)
    assert executions(live) == before + 1
    assert "Traceback" not in log(live)
    until = time.monotonic() + 20  # the server may hear of it a little later
    while list((live.data / "spool").glob("*")) and time.monotonic() < until:
        time.sleep(0.1)
    assert list((live.data / "spool").glob("*")) == []


def test_a_slow_client_keeps_nobody_waiting(live: LiveServer) -> None:
    body = report("slow")
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(live)) for _ in range(20)]
        for sock in slow:
            sock.sendall(head(f"Content-Length: {len(body)}") + body[:20])
        with ThreadPoolExecutor(4) as threads:
            assert {a.status_code for a in threads.map(lambda _: httpx2.get(f"{live.url}/health/ready"), range(20))} == {200}
        works(live)
        for sock in slow[:2]:
            sock.sendall(body[20:])
            assert answer_of(sock)[0] == 200


def assert_too_large(status: int, headers: dict[str, str], body: bytes) -> None:
    assert (status, headers["content-type"]) == (413, "application/json;charset=UTF-8")
    assert f"larger than the limit of {LIMIT} bytes" in json.loads(body)["error"]


@pytest.mark.parametrize("more", [(), ("Expect: 100-continue",)])
def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(live: LiveServer, more: tuple[str, ...]) -> None:
    with connected(live) as sock:
        sock.sendall(head(f"Content-Length: {LIMIT + 1}", *more))
        assert_too_large(*answer_of(sock))
    works(live)


def test_after_a_413_the_connection_is_closed_or_takes_the_next_request(live: LiveServer) -> None:
    with connected(live) as sock:
        sock.sendall(head(f"Content-Length: {LIMIT + 1}"))
        status, headers, body = answer_of(sock)
        assert_too_large(status, headers, body)
        try:
            for _ in range(LIMIT // 1000 + 1):
                sock.sendall(b"x" * min(1000, LIMIT + 1))
            sock.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answered = sock.recv(1000)
        except OSError:
            answered = b""
    assert answered == b"" or answered.startswith(b"HTTP/1.1 ")
    works(live)


def test_a_body_without_a_length_is_counted(live: LiveServer) -> None:
    before = executions(live)
    pieces = [report("x" * LIMIT)[i : i + 100_000] for i in range(0, LIMIT + 200, 100_000)]
    with connected(live) as sock:
        sock.sendall(head("Transfer-Encoding: chunked"))
        with contextlib.suppress(OSError):
            for piece in pieces:
                sock.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            sock.sendall(b"0\r\n\r\n")
        assert_too_large(*answer_of(sock))
    assert executions(live) == before
    works(live)


@pytest.mark.parametrize(
    "start",
    [
        b"POST " + IMPORT.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST " + IMPORT.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST " + IMPORT.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST " + IMPORT.encode() + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0" * 1000,
    ],
    ids=["negative length", "endless length", "two lengths", "no chunk", "long header", "tls", "nul"],
)
def test_what_is_no_http_harms_nothing(live: LiveServer, start: bytes) -> None:
    with connected(live) as sock, contextlib.suppress(OSError):
        sock.sendall(start)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(1000)
    works(live)
    assert "Traceback" not in log(live)
