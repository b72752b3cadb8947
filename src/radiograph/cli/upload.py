# SPDX-License-Identifier: Apache-2.0
"""`radiograph import`: sends reports to a server and says what came of each."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from radiograph.cli.answers import FAILED, refusal, tell_execution, tell_outcome
from radiograph.cli.options import server_address, server_options, token_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.cli.finding import ReportFile
    from radiograph.cli.sending import Sending

_OK = 200
_ENDINGS = {0: "imported", 1: "imported in part", FAILED: "not imported"}
_LOOK_EVERY_S = 2.0


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@server_options
@click.option(
    "--format", "kind", default="auto", metavar="NAME", show_default=True, help="The reports' format, such as junit; auto looks at each."
)
@click.option("--project", metavar="KEY", help="The project of a new Test Execution.")
@click.option("--execution", metavar="KEY", help="The Test Execution to import into [a new one].")
@click.option("--plan", metavar="KEY", help="The Test Plan to link.")
@click.option("--environment", "environments", multiple=True, metavar="NAME", help="A test environment; may be given again.")
@click.option("--revision", help="The revision that was tested.")
@click.option("--branch", help="The branch that was tested.")
@click.option("--build", metavar="URL", help="The address of the build.")
@click.option("--separate", is_flag=True, help="A Test Execution for each report [one for all].")
@click.option("--keep-output", is_flag=True, help="Keep what each test printed as evidence.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; nothing is stored.")
@click.option("--watch", is_flag=True, help="Go on and send what is new, while the tests run, until Ctrl-C or --idle.")
@click.option("--idle", type=click.FloatRange(min=0), metavar="SECONDS", help="With --watch: end when nothing new came for so long.")
@click.option(
    "--wait", type=click.FloatRange(min=0), default=60, show_default=True, help="Keep trying for so many seconds while the server is away."
)
def upload(
    files: tuple[str, ...], url: str, token: str, kind: str, wait: float, **chosen: bool | str | float | tuple[str, ...] | None
) -> None:
    """Import reports of any format.

    The formats are Xray JSON, JUnit, TestNG, NUnit, xUnit, TRX, Robot Framework, Cucumber, Behave, CTRF, TAP and Allure.
    FILE is a report, a zip of reports, a folder (all reports below it), or a pattern such as 'build/**/*.xml'. All go
    into one Test Execution. Every report is tried. One that had to be sent twice because the server was away is
    imported once.

    Exit code 0: every result was imported. 1: some results were refused, the others are imported.
    2: the command line is wrong, nothing was sent. 3: a report was not imported at all.
    """
    from radiograph.cli.finding import find_reports  # noqa: PLC0415  (slow; commands that don't send do without)
    from radiograph.cli.sending import Sending, open_client  # noqa: PLC0415

    server, token = server_address(url), token_text(token)
    _check_format(kind)
    query = _query(chosen)
    with open_client(token) as client:
        run = _Run(Sending(client, server, query, wait), separate=bool(chosen["separate"]))
        if chosen["watch"]:
            run.watch(files, kind, chosen["idle"] if isinstance(chosen["idle"], float) else None)
        else:
            run.all(find_reports(files, kind), files)
        run.end()
    sys.exit(max(run.codes, default=0))


def _query(chosen: dict[str, bool | str | float | tuple[str, ...] | None]) -> dict[str, str]:
    names = {"project": "projectKey", "execution": "testExecKey", "plan": "testPlanKey", "revision": "revision", "branch": "branch", "build": "buildUrl"}  # fmt: skip
    query = {theirs: str(chosen[ours]) for ours, theirs in names.items() if chosen[ours]}
    environments = chosen["environments"]
    if isinstance(environments, tuple) and environments:
        query["testEnvironments"] = ";".join(environments)
    return query | {theirs: "true" for ours, theirs in (("dry_run", "dryRun"), ("keep_output", "keepOutput")) if chosen[ours]}


def _check_format(kind: str) -> None:
    from radiograph.formats.known import formats  # noqa: PLC0415  (slow; commands that don't send do without)

    if kind not in {"auto", *formats()}:
        raise click.BadParameter(f"{kind!r} is none of auto, {', '.join(formats())}.", param_hint="'--format'")


class _Run:
    """One run of the command: what was sent, and where it went."""

    def __init__(self, sending: Sending, *, separate: bool) -> None:
        self.sending, self.separate = sending, separate
        self.codes: list[int] = []
        self.addresses: dict[str, None] = {}

    def all(self, reports: Sequence[ReportFile], wanted: Sequence[str]) -> None:
        """Send reports one after the other."""
        if not reports:
            click.echo(f"{', '.join(wanted)}: there is no report here; did the tests write one?", err=True)
            self.codes.append(FAILED)
        for report in reports:
            self.one(report)

    def one(self, report: ReportFile) -> None:
        """Send a report, into the execution of those before it."""
        code, address = self._sent(report)
        self.codes.append(code)
        if address:
            self.addresses[address] = None

    def _sent(self, report: ReportFile) -> tuple[int, str]:
        if report.problem:
            click.echo(f"{report.name}: {report.problem}", err=True)
            return FAILED, ""
        into = "" if self.separate or not self.addresses else next(iter(self.addresses)).rpartition("/")[2]
        try:
            answer = self.sending.send(report, into)
        except click.ClickException as error:
            click.echo(f"{report.name}: {error.message}", err=True)
            return FAILED, ""
        if answer.status_code != _OK:
            click.echo(f"{report.name}: {refusal(answer, self.sending.server)}", err=True)
            return FAILED, ""
        return tell_outcome(report.name, answer, self.sending.server)

    def watch(self, wanted: Sequence[str], kind: str, idle: float | None) -> None:
        """Send what is new until somebody interrupts, or nothing came for `idle` seconds; what is there at the end is sent too."""
        from radiograph.cli.finding import Looking  # noqa: PLC0415  (slow; commands that don't send do without)

        click.echo(f"Watching {', '.join(wanted)}; Ctrl-C ends it.", err=True)
        looking = Looking(wanted, kind)
        last = time.monotonic()
        try:
            while idle is None or time.monotonic() - last < idle:
                for report in looking.settled():
                    self.one(report)
                    last = time.monotonic()
                time.sleep(_LOOK_EVERY_S)
        except KeyboardInterrupt:
            click.echo("Sending what is left ...", err=True)
        for report in looking.left():
            self.one(report)

    def end(self) -> None:
        """Say how it went, in few words."""
        if len(self.codes) > 1:
            counts = ", ".join(f"{self.codes.count(code)} {name}" for code, name in _ENDINGS.items() if code in self.codes)
            click.echo(f"{len(self.codes)} files: {counts}")
        for address in self.addresses:
            tell_execution(self.sending.client, self.sending.server, address)
