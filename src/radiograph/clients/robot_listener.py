# SPDX-License-Identifier: Apache-2.0
"""`robot --listener "radiograph.robot;URL;project=KEY"`: results are sent to a Radiograph server as each test ends.

Version 2 of the listener interface: it is the only one that tells of keywords in Robot Framework 3.2 to 7 alike.
"""

from __future__ import annotations

import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from radiograph.clients.live import Clock, Sender, result_of
from radiograph.clients.robot_results import RobotTest
from radiograph.clients.target import target_of
from radiograph.clients.telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_F = TypeVar("_F", bound="Callable[..., Any]")
_NAMES = ("url", "project", "execution", "plan", "summary", "revision", "branch", "build", "wait", "environment")
_TEARDOWN = "Parent suite teardown failed:\n"


def _never_fails(method: _F) -> _F:
    """The method, with its errors kept for the end of the run."""

    @wraps(method)
    def guarded(self: RadiographListener, *args: Any) -> None:  # noqa: ANN401  (as the method)
        try:
            method(self, *args)
        except Exception as error:  # noqa: BLE001  (a mistake of ours is no reason to disturb somebody's tests)
            self.mistakes[f"{method.__name__}: {type(error).__name__}: {error}"] = None

    return guarded  # type: ignore[return-value]


def settings_of(parts: Sequence[str]) -> tuple[dict[str, str | None], list[str]]:
    """The settings and the environments among a listener's arguments.

    Robot Framework splits them at every ":" or at every ";", so what has no name goes on with what stands before it.
    """
    found: list[tuple[str, str]] = [("url", "")]
    for part in parts:
        name, sign, value = part.partition("=")
        if sign and name.strip().lower() in _NAMES:
            found.append((name.strip().lower(), value))
        else:
            name, value = found.pop()
            found.append((name, f"{value}:{part}" if value else part))
    return {n: v for n, v in found if n != "environment" and v}, [v for n, v in found if n == "environment"]


class RadiographListener:
    """Sends each test's result when the test ends; says at the end what became of all."""

    ROBOT_LISTENER_API_VERSION = 2
    colors: ClassVar[dict[bool, str]] = {True: "\033[31;1m{}\033[0m", False: "{}"}

    def __init__(self, *settings: str) -> None:
        """`settings`: the server's address, and `name=value` for the others."""
        given, environments = settings_of([str(s) for s in settings])
        self.target = target_of(given, environments)
        self.sender: Sender | None = None
        self.output = Path.cwd()
        self.test: RobotTest | None = None
        self.suites: list[list[RobotTest]] = []
        self.mistakes: dict[str, None] = {}

    @_never_fails
    def start_suite(self, name: str, attributes: dict[str, Any]) -> None:
        """The first suite is the run's: ask the server whether it takes results."""
        self.suites.append([])
        if self.sender is not None:
            return
        self.output = _output_folder()
        self.sender = Sender(self.target, f"Robot Framework {attributes.get('longname', name)}"[:255])
        problem = self.sender.start()
        if problem:
            _say([f"Radiograph: {problem}. The tests run all the same, and results are kept."], bad=True)

    @_never_fails
    def end_suite(self, _name: str, attributes: dict[str, Any]) -> None:
        """Where a suite's teardown fails, Robot Framework fails the tests that had passed; so does their next result."""
        tests = self.suites.pop()
        message = str(attributes.get("message", ""))
        if message.startswith("Suite teardown failed:"):
            why = _TEARDOWN + message.partition("\n")[2]
            for test in tests:
                if test.status == "PASS":
                    test.failed_afterwards(why)
                    self.put(test)
        if self.suites:
            self.suites[-1] += tests

    @_never_fails
    def start_test(self, name: str, attributes: dict[str, Any]) -> None:
        """A test begins."""
        self.test = RobotTest(name, attributes, Clock.instant())

    @_never_fails
    def end_test(self, _name: str, attributes: dict[str, Any]) -> None:
        """Send the result."""
        test, self.test = self.test, None
        if test is None:
            return
        test.end(attributes, Clock.instant(), self.output)
        self.put(test)
        test.forget()
        self.suites[-1].append(test)

    def put(self, test: RobotTest) -> None:
        """Send what there is of a test: to the Tests of its keys, else to one of its own."""
        if self.sender is None:
            return
        home = self.target.home
        own = result_of(test.longname, test.own(home))
        for key in test.keys:
            self.sender.put(result_of(key, test.keyed(key)))
        if not test.keys and test.maybe:
            self.sender.put(result_of(test.maybe[0], test.keyed(test.maybe[0], maybe=True), own))
        elif not test.keys:
            self.sender.put(own)

    @_never_fails
    def start_keyword(self, _name: str, attributes: dict[str, Any]) -> None:
        """A keyword begins; those of suites are no steps."""
        if self.test is not None:
            self.test.start_keyword(attributes)

    @_never_fails
    def end_keyword(self, _name: str, attributes: dict[str, Any]) -> None:
        """A keyword is over."""
        if self.test is not None:
            self.test.end_keyword(attributes)

    @_never_fails
    def log_message(self, message: dict[str, Any]) -> None:
        """What a keyword logs."""
        if self.test is not None:
            self.test.log(message)

    @_never_fails
    def close(self) -> None:
        """The run is over: send what is left, and say what became of it."""
        if self.sender is None:
            return
        good, bad = tell(self.sender, self.sender.close(), Path.cwd())
        _say(good, bad=False)
        _say(bad + [f"Radiograph: a mistake of its listener, results may be missing: {text}" for text in self.mistakes], bad=True)


def _output_folder() -> Path:
    from robot.libraries.BuiltIn import BuiltIn  # noqa: PLC0415  (only inside a run)

    return Path(str(BuiltIn().get_variable_value("${OUTPUT DIR}", ".")))


def _say(lines: list[str], *, bad: bool) -> None:
    """Robot Framework has the standard streams for itself while tests run, and leaves the real ones."""
    stream = sys.__stderr__ if bad else sys.__stdout__
    if stream is None:
        return
    for line in lines:
        stream.write(f"{RadiographListener.colors[bad and stream.isatty()].format(line)}\n")
    stream.flush()
