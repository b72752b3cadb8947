# SPDX-License-Identifier: Apache-2.0
"""Asks a server's gate, again while there is no result yet, or while results still come."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click
import httpx2
import msgspec

from radiograph.cli.answers import refusal
from radiograph.cli.gate_words import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

_OK, _NOT_FOUND = 200, 404
_AWAY = {429, 502, 503, 504}
_PAUSE_S = 2.0
QUIET_S = 5.0
"""Results are all there when none came for so long."""


@dataclass
class Asking:
    """Where to ask what, and for how many seconds to wait for results; `server` has no slash at its end."""

    client: httpx2.Client
    server: str
    query: dict[str, Any]
    wait: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _told: str = field(default="", init=False)
    _runs: int = field(default=-1, init=False)
    _since: float = field(default=0.0, init=False)

    def ask(self) -> Answer | str:
        """The server's answer, its last one when the time is over; or why nobody could be asked."""
        deadline = self.clock() + self.wait
        while True:
            answer, what = self._try()
            if not what or self.clock() + _PAUSE_S > deadline:
                click.echo("\r\033[K" if self._told and sys.stderr.isatty() else "", nl=False, err=True)
                return answer
            self._tell(what, deadline)
            self.sleep(_PAUSE_S)

    def _try(self) -> tuple[Answer | str, str]:
        """An answer or a problem, and what to wait for (nothing: it is the last)."""
        try:
            got = self.client.get(f"{self.server}/api/gate", params=self.query)
        except (httpx2.NetworkError, httpx2.TimeoutException, httpx2.RemoteProtocolError) as error:
            return f"could not reach {self.server}: {str(error) or type(error).__name__}", "the server"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return f"could not reach {self.server}: {error}", ""
        if got.status_code != _OK:
            return refusal(got, self.server), self._awaited(got)
        try:
            answer = msgspec.json.decode(got.content, type=Answer)
        except msgspec.MsgspecError:
            return f"this is not the answer of a Radiograph that has gates. Is --url right? ({self.server})", ""
        answer.raw = got.content
        return answer, self._coming(answer) if self.wait else ""

    def _awaited(self, got: httpx2.Response) -> str:
        if got.status_code in _AWAY:
            return "the server"
        return (
            "the Test Execution"
            if got.status_code == _NOT_FOUND and "does not exist" not in got.text and "No project" not in got.text
            else ""
        )

    def _coming(self, answer: Answer) -> str:
        """What has come so far, while more may come."""
        if answer.counts.runs != self._runs:
            self._runs, self._since = answer.counts.runs, self.clock()
        if answer.verdict != "unknown" and (self.clock() - self._since >= QUIET_S or self._is_old(answer)):
            return ""
        c = answer.counts
        open_runs = f", {c.executing:,} executing" if c.executing else ""
        return f"{answer.execution.key}: {c.runs:,} results{open_runs}, {c.failed:,} failed"

    def _is_old(self, answer: Answer) -> bool:
        """Whether the last result came so long ago that no reporter can be at it."""
        return answer.last_result_ms is not None and time.time() - answer.last_result_ms / 1000 > 12 * QUIET_S

    def _tell(self, what: str, deadline: float) -> None:
        """Progress: in place on a terminal, a line for each change in a log."""
        left = max(0, round(deadline - self.clock()))
        if sys.stderr.isatty():
            click.echo(f"\r\033[KWaiting for {what} ({left} s left) ", nl=False, err=True)
        elif what != self._told:
            click.echo(f"Waiting for {what} ({left} s left) ...", err=True)
        self._told = what
