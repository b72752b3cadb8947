# SPDX-License-Identifier: Apache-2.0
"""Where reports come together (the controller of pytest-xdist, else pytest itself): whole results are sent, and the end is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.clients.live import Sender, result_of
from radiograph.clients.pytest_results import Group, Try, addressed
from radiograph.clients.pytest_watching import PROBLEMS, identity, never_fails
from radiograph.clients.target import target_of
from radiograph.clients.telling import tell

if TYPE_CHECKING:
    from radiograph.clients.target import Target

_OVER = {"teardown", "???"}


def _target(config: pytest.Config) -> Target:
    names = ("project", "execution", "plan", "summary", "revision", "branch", "build", "wait")
    given = {name: config.getoption(f"radiograph_{name}") for name in names}
    return target_of(given | {"url": config.getoption("radiograph")}, config.getoption("radiograph_environments"))


class Controller:
    """Sends a Test's result as soon as all of it has run."""

    def __init__(self, config: pytest.Config) -> None:
        self.folder = Path(config.invocation_params.dir)
        self.output = config.getoption("radiograph_output")
        self.sender = Sender(_target(config), f"pytest {config.rootpath.name}")
        self.tries: dict[str, Try] = {}
        self.groups: dict[str, tuple[dict[str, Any], Group]] = {}
        self.said: tuple[list[str], list[str]] | None = None
        self.told = False

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Ask once whether results will be taken, and say so if not."""
        problem = self.start()
        if problem:
            self.say(session.config, [], [f"Radiograph: {problem}. The tests run all the same, and results are kept."])

    @never_fails
    def start(self) -> str:
        """See `pytest_sessionstart`."""
        return self.sender.start()

    @never_fails
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather the reports of a try; when it is over, its result is known.

        A try that will be repeated ends with its teardown in newer versions of pytest-rerunfailures, and just ends in older ones.
        """
        if report.when == "setup" and report.nodeid in self.tries and self.tries[report.nodeid].again:
            self.over(self.tries.pop(report.nodeid))
        PROBLEMS.extend(getattr(report, "radiograph_problems", ()))
        one = self.tries.setdefault(report.nodeid, Try(report.nodeid, self.output))
        if hasattr(report, "context"):
            one.subtests.append(report)
            return
        one.reports.append(report)
        if report.when in _OVER:
            self.over(self.tries.pop(report.nodeid))

    def over(self, one: Try) -> None:
        """A try is over."""
        known, result = one.known, one.result()
        for test, total in zip(known["tests"], known["totals"], strict=True):
            if known["row"]["single"] and total <= 1:
                self.put(test, result)
                continue
            _, group = self.groups.setdefault(identity(test), (test, Group(total)))
            if one.again:
                group.retried(one.nodeid, known["row"], result)
                continue
            group.add(one.nodeid, known["row"], result)
            if group.complete:
                del self.groups[identity(test)]
                self.put(test, group.result())

    def put(self, test: dict[str, Any], result: dict[str, Any]) -> None:
        """Send a result."""
        self.sender.put(result_of(identity(test), addressed(test, result, self.sender.target.home)))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Send what is left."""
        self.finish()

    @never_fails
    def finish(self) -> None:
        """See `pytest_sessionfinish`. Tests that were cut off have the reports that came."""
        for one in self.tries.values():
            if one.reports and one.status != "PASS":
                self.over(one)
        for test, group in self.groups.values():
            if group.end():
                self.put(test, group.result())
        self.said = tell(self.sender, self.sender.close(), self.folder)

    @never_fails
    def pytest_terminal_summary(self, config: pytest.Config) -> None:
        """Say what became of the results."""
        self.end(config)

    @pytest.hookimpl(tryfirst=True)
    @never_fails
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Say it where there was no summary."""
        self.end(config)

    def end(self, config: pytest.Config) -> None:
        """Say once what became of the results."""
        if self.told:
            return
        self.told = True
        if self.said is None and self.sender.started:
            self.finish()
        good, bad = self.said or ([], [])
        self.say(
            config, good, bad + [f"Radiograph: a mistake of its plugin, results may be missing: {text}" for text in dict.fromkeys(PROBLEMS)]
        )

    def say(self, config: pytest.Config, good: list[str], bad: list[str]) -> None:
        """Write lines to the terminal, the bad ones in red; where pytest has none, to the standard error."""
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None:
            print(*good, *bad, sep="\n", file=sys.stderr)  # noqa: T201  (there is nothing else to say it by)
            return
        terminal.ensure_newline()
        for lines, markup in ((good, {"green": not bad}), (bad, {"red": True, "bold": True})):
            for line in lines:
                terminal.write_line(line, **markup)
