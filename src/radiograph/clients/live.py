# SPDX-License-Identifier: Apache-2.0
"""Sends results while the tests run: one thread, small batches, again while the server is away; it never raises."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from radiograph.clients.posting import Door

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from radiograph.clients.posting import Answer
    from radiograph.clients.target import Target

BATCH, BATCH_BYTES, BATCH_S = 50, 8 << 20, 1.0
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 15.0
_CRASHES = 3


class Clock:
    """The real clock, held where tools that freeze time for tests don't look: they replace modules' names."""

    seconds = staticmethod(time.monotonic)
    instant = staticmethod(time.time)


@dataclass(frozen=True)
class Result:
    """A result as JSON; `identity` tells which Test it is of.

    `otherwise` is sent in its place when the server refuses it: a tag that looks like a key need not be that of a Test.
    """

    identity: str
    body: bytes
    otherwise: Result | None = None


def result_of(identity: str, test: Mapping[str, Any], otherwise: Result | None = None) -> Result:
    """A result from a test of Xray JSON."""
    body = json.dumps(test, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Result(identity, body, otherwise)


@dataclass
class Sent:
    """What became of a run's results."""

    stored: int = 0
    key: str = ""
    page: str = ""
    refused: list[tuple[Result, str]] = field(default_factory=list)
    unsent: list[Result] = field(default_factory=list)
    problem: str = ""
    warnings: list[str] = field(default_factory=list)


class Sender:
    """Takes results and sends them in the background.

    A result of a Test that is in the batch already waits for the next one: the server keeps the earlier
    result as an attempt, where two in one report would be merged.
    """

    def __init__(self, target: Target, summary: str = "", open_door: Callable[[Target], Door] = Door) -> None:
        """Nothing is sent before `start`."""
        self.target = target
        self.sent = Sent(key=target.execution, problem=target.problem)
        self._summary, self._open = target.summary or summary, open_door
        self._began = _moment()
        self._run, self._count = secrets.token_hex(12), 0
        self._changed = threading.Condition()
        self._waiting: deque[Result] = deque()
        self._out: list[Result] = []
        self._deadline: float | None = None
        self._closed = bool(target.problem)
        self.started = False
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Ask the server once whether it takes the token, and start sending. What is wrong, "" for nothing."""
        self.started = True
        if self._closed:
            return self.sent.problem
        door = self._open(self.target)
        answer = door.knock()
        self._closed = answer.closed
        self.sent.problem = "" if answer.stored else answer.problem
        if not self._closed:
            self._thread = threading.Thread(target=self._work, args=(door,), name="radiograph", daemon=True)
            self._thread.start()
        return self.sent.problem

    def put(self, result: Result) -> None:
        """Take a result."""
        with self._changed:
            self._waiting.append(result)
            self._changed.notify_all()

    def close(self) -> Sent:
        """Send what is left, for `target.wait` seconds at most; an interrupt ends the waiting."""
        with self._changed:
            self._deadline = Clock.seconds() + self.target.wait
            self._changed.notify_all()
        try:
            if self._thread is not None:
                self._thread.join(self.target.wait)
        except KeyboardInterrupt:
            self.sent.problem = self.sent.problem or "interrupted while sending"
        with self._changed:
            self._closed = True
            self.sent.unsent = [*self._out, *self._waiting]
            if self.sent.unsent and not self.sent.problem:
                self.sent.problem = f"{self.target.url} took longer than {self.target.wait:g} s"
            self._changed.notify_all()
        return self.sent

    def _work(self, door: Door) -> None:
        try:
            while self._next_batch():
                self._deliver(door)
        except Exception as error:  # noqa: BLE001  (whatever it is, the run goes on and its end tells)
            self.sent.problem = f"sending failed: {type(error).__name__}: {error}"
        finally:
            door.close()

    def _next_batch(self) -> bool:
        """Move results from those that wait to `_out`; False when there is nothing left to do."""
        with self._changed:
            while not (self._waiting or self._out or self._closed) and self._deadline is None:
                self._changed.wait()
            if self._closed or not (self._waiting or self._out):
                return False
            if self._out:
                return True
            end = Clock.seconds() + BATCH_S
            while self._deadline is None and len(self._waiting) < BATCH and Clock.seconds() < end:
                self._changed.wait(max(0.0, end - Clock.seconds()))
            self._take()
            return True

    def _take(self) -> None:
        """Move results to `_out`, none of a Test that is there."""
        seen, size = set[str](), 0
        while self._waiting and len(self._out) < BATCH and self._waiting[0].identity not in seen:
            size += len(self._waiting[0].body)
            if self._out and size > BATCH_BYTES:
                return
            self._out.append(self._waiting.popleft())
            seen.add(self._out[-1].identity)

    def _deliver(self, door: Door) -> None:
        """Send `_out` until it is stored or refused, or the time is over."""
        body, query = self._report(self._out)
        self._count += 1
        key, pause, crashes = f"{self._run}-{self._count}", _SHORTEST_PAUSE_S, 0
        while not self._closed:
            answer = door.post(body, query, key)
            crashes += answer.crashed
            if not answer.away or crashes >= _CRASHES:
                self._settle(answer)
                return
            self.sent.problem = answer.problem
            if not self._pause(max(pause, answer.pause)):
                return
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _pause(self, seconds: float) -> bool:
        """Wait, but not beyond the end of the run; False when the time is over."""
        with self._changed:
            end = Clock.seconds() + seconds
            while not self._closed and Clock.seconds() < end:
                if self._deadline is not None:
                    end = min(end, Clock.seconds() + 2 * _SHORTEST_PAUSE_S)
                    if end > self._deadline:
                        self._closed = True
                        return False
                self._changed.wait(max(0.0, end - Clock.seconds()))
            return not self._closed

    def _settle(self, answer: Answer) -> None:
        with self._changed:
            if self._closed:
                return
            if answer.stored:
                self._stored(answer)
            elif answer.closed:
                self._closed, self.sent.problem = True, answer.problem
            elif answer.too_large and len(self._out) > 1:
                self._halve()
            else:
                self.sent.problem = ""
                self._refused([(result, answer.problem) for result in self._out])
                self._out = []

    def _stored(self, answer: Answer) -> None:
        self.sent.problem = ""
        self.sent.key, self.sent.page = answer.key, answer.page
        self.sent.stored += len(self._out) - len(answer.errors)
        self._refused([(self._out[i], text) for i, text in answer.errors.items() if 0 <= i < len(self._out)])
        self.sent.warnings += answer.warnings
        self._out = []

    def _refused(self, rows: list[tuple[Result, str]]) -> None:
        for result, reason in rows:
            if result.otherwise is None:
                self.sent.refused.append((result, reason))
            else:
                self._waiting.append(result.otherwise)

    def _halve(self) -> None:
        """Send the first half alone; the second goes back to those that wait."""
        middle = len(self._out) // 2
        self._waiting.extendleft(reversed(self._out[middle:]))
        self._out = self._out[:middle]

    def _report(self, results: list[Result]) -> tuple[bytes, dict[str, str]]:
        """The body and the query of a batch: the first one says all about the run."""
        first = not self.sent.stored and not self.sent.page
        query = {"branch": self.target.branch, "buildUrl": self.target.build} if first else {}
        return self.report_of(results, info=self._info() if first else {"finishDate": _moment()}), {k: v for k, v in query.items() if v}

    def _info(self) -> dict[str, Any]:
        target, new = self.target, not self.sent.key
        info = {
            "project": target.home if new else "",
            "summary": self._summary if new else target.summary,
            "startDate": self._began if new else "",
            "finishDate": _moment(),
            "testPlanKey": target.plan,
            "testEnvironments": list(target.environments),
            "revision": target.revision,
        }
        return {name: value for name, value in info.items() if value}

    def report_of(self, results: list[Result], info: Mapping[str, Any] | None = None) -> bytes:
        """Xray JSON with these results, for the execution if it is known, else for a new one."""
        head: dict[str, Any] = {"testExecutionKey": self.sent.key} if self.sent.key else {}
        head["info"] = self._info() if info is None else info
        text = json.dumps(head, ensure_ascii=False).encode("utf-8", "replace")
        return b'%b, "tests": [\n%b\n]}\n' % (text[:-1], b",\n".join(result.body for result in results))


def _moment() -> str:
    return moment(Clock.instant())


def moment(seconds: float) -> str:
    """An instant as Xray JSON has it."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"
