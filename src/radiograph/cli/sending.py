# SPDX-License-Identifier: Apache-2.0
"""Sends a report to a server, again while the server is away; it is imported once however often it is sent."""

from __future__ import annotations

import secrets
import sys
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NoReturn

import click
import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from radiograph.cli.finding import ReportFile

_PATH = "/rest/raven/2.0/import/execution"
_PIECE = 1 << 20
_BAR_FROM = 8 << 20
_AWAY = {429, 502, 503, 504}
_LONGEST_PAUSE_S = 15.0


def open_client(token: str) -> httpx2.Client:
    """A client that is signed in. An answer may take ten minutes: the server stores first and answers then."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(headers=headers, timeout=httpx2.Timeout(600, connect=10))


@dataclass(frozen=True)
class Sending:
    """Where reports go, and for how many seconds they are tried; `server` has no slash at its end."""

    client: httpx2.Client
    server: str
    query: dict[str, str]
    wait: float

    def send(self, file: ReportFile, execution: str = "") -> httpx2.Response:
        """Send a report, into this Test Execution if one is given.

        The server's answer, its last one if it can't serve; a ClickException when there was none until the time is over.
        """
        key = secrets.token_hex(16)
        deadline = time.monotonic() + self.wait
        pause = 1.0
        while True:
            answer, problem = self._try(file, key, execution)
            if answer is not None and not problem:
                return answer
            pause = max(pause, _asked_pause(answer))
            if time.monotonic() + pause > deadline:
                return answer or _give_up(f"{problem}; gave up after {self.wait:g} s. Does the server run, and is --url right?")
            click.echo(f"{file.name}: {problem}; trying again in {pause:g} s ...", err=True)
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _try(self, file: ReportFile, key: str, execution: str) -> tuple[httpx2.Response | None, str]:
        """An answer, or what is in its way; both when the server says that it can't serve now."""
        try:
            with file.path.open("rb") as opened:
                headers = {
                    "Idempotency-Key": key,
                    "Content-Length": str(file.path.stat().st_size),
                    "Content-Type": "application/octet-stream",
                }
                query = self.query | ({"testExecKey": execution} if execution else {})
                path = _PATH if file.format == "xray" else f"{_PATH}/{file.format}"
                answer = self.client.post(f"{self.server}{path}", params=query, content=_pieces(opened, file.path), headers=headers)
        except (httpx2.NetworkError, httpx2.TimeoutException, httpx2.RemoteProtocolError) as error:
            return None, f"could not reach {self.server}: {str(error) or type(error).__name__}"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            _give_up(f"could not reach {self.server}: {error}")
        return answer, f"{self.server} answers {answer.status_code} {answer.reason_phrase}" if answer.status_code in _AWAY else ""


def _give_up(text: str) -> NoReturn:
    raise click.ClickException(text)


def _asked_pause(answer: httpx2.Response | None) -> float:
    """The seconds of Retry-After."""
    text = "" if answer is None else answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _pieces(opened: IO[bytes], file: Path) -> Iterator[bytes]:
    size = file.stat().st_size
    pieces = iter(lambda: opened.read(_PIECE), b"")
    if size < _BAR_FROM or not sys.stderr.isatty():
        yield from pieces
        return
    with click.progressbar(length=size, label=f"Sending {file.name}", file=sys.stderr) as bar:
        for piece in pieces:
            yield piece
            bar.update(len(piece))
    click.echo(f"{file.name}: sent; waiting for the server ...", err=True)
