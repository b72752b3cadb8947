# SPDX-License-Identifier: Apache-2.0
"""A server that answers nonsense ends a copying with a sentence, never with a crash or a loop without end."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.sources.xray_server import SourceError, XraySource, open_source

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def source_of(body: Any, seen: list[tuple[str, str]], redirect: str = "") -> Iterator[XraySource]:
    """A source that answers everything with one body, or sends elsewhere; `seen` gets each path with its Authorization."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers.get("Authorization", "")))
            self.send_response(302 if redirect else 200)
            if redirect:
                self.send_header("Location", redirect)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    source = open_source(f"http://127.0.0.1:{server.server_port}", token="a-secret", wait_s=0)
    try:
        yield source
    finally:
        source.close()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("body", [[], "text", {"issues": "x"}, {"issues": ["x"]}, {"issues": [], "total": "many"}])
def test_a_search_that_gives_no_issues_is_told(body: Any) -> None:
    with source_of(body, []) as source, pytest.raises(SourceError, match="something else than issues"):
        list(source.search("project = CALC"))


def test_a_search_that_gives_the_same_page_for_ever_is_told() -> None:
    with source_of({"issues": [{"key": "CALC-1"}], "total": 10**9}, []) as source, pytest.raises(SourceError, match="no end"):
        list(source.search("project = CALC"))


def test_the_token_goes_to_the_source_only() -> None:
    stolen: list[tuple[str, str]] = []
    seen: list[tuple[str, str]] = []
    with source_of({}, stolen) as thief, source_of({}, seen, redirect=f"{thief.base}/rest/api/2/myself") as source:
        with pytest.raises(SourceError, match="302") as told:
            source.get("/rest/api/2/myself")
        with pytest.raises(SourceError, match="302"):
            list(source.download(f"{thief.base}/plugins/servlet/raven/attachment/1/x.txt"))
    assert stolen == []
    assert seen[-1] == ("/plugins/servlet/raven/attachment/1/x.txt", "Bearer a-secret")
    assert "a-secret" not in str(told.value)
