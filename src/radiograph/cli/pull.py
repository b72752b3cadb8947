# SPDX-License-Identifier: Apache-2.0
"""`radiograph pull`: copies a project from a running Jira with Xray."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from radiograph.cli.options import instance_options, open_instance, server_address, tell

if TYPE_CHECKING:
    from radiograph.actions.pulling import Compared
    from radiograph.store.pulled import PullState

_SHOWN = 20
_INCOMPLETE = 3


@click.command()
@click.argument("url")
@click.argument("project")
@click.option("--user", metavar="NAME", help="Who signs in at the source, with a password.")
@click.option("--password", envvar="RADIOGRAPH_SOURCE_PASSWORD", show_envvar=True, help="The password; without it a terminal is asked.")
@click.option("--token", envvar="RADIOGRAPH_SOURCE_TOKEN", show_envvar=True, help="A personal access token instead of a name and password.")
@click.option(
    "--report", "report", type=click.Path(path_type=Path, dir_okay=False), help="Write what was copied and what not as JSON here."
)
@click.option(
    "--wait", type=click.FloatRange(min=0), default=300, show_default=True, help="Seconds to keep asking while the source is away."
)
@instance_options
def pull(  # noqa: PLR0913  (a command is its options)
    url: str,
    project: str,
    user: str | None,
    password: str | None,
    token: str | None,
    report: Path | None,
    wait: float,
    data: Path | None,
    database: str | None,
) -> None:
    """Copy a project from a running Jira with Xray.

    The source is Xray Server/DC or another Radiograph.

    Issues with their keys, Tests with steps and datasets, sets, preconditions, plans, folders, executions, runs,
    evidence, comments, files and links, versions and components. A copying that was cut off goes on where it was when the command is run again.

    For example: RADIOGRAPH_SOURCE_TOKEN=... radiograph pull https://jira.example.org CALC

    Exit code 0: everything was copied. 3: some things could not be, they are named. 1: it stopped; run it again.
    """
    from radiograph.actions.pulling import pull as copy  # noqa: PLC0415  (slow; other commands do without)
    from radiograph.sources.xray_server import SourceError, open_source  # noqa: PLC0415

    server = server_address(url, "'URL'")
    if not token and user and not password:
        password = _ask()
    if not token and not user:
        raise click.UsageError("Give --token, or --user and --password, to sign in at the source.")
    services = open_instance(data, database)
    source = open_source(server, user=user or "", password=password or "", token=(token or "").strip(), wait_s=wait)
    try:
        state, compared = copy(services, source, project.strip(), tell)
    except SourceError as error:
        raise click.ClickException(f"{str(error).rstrip('.')}. What was copied is kept; run the command again to go on.") from None
    finally:
        source.close()
    _tell(state, compared)
    if report is not None:
        report.write_text(json.dumps(_shape(state, compared), indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.exit(_INCOMPLETE if state.problems else 0)


def _ask() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("Give the password by --password or RADIOGRAPH_SOURCE_PASSWORD: there is no terminal to ask at.")
    return str(click.prompt("Password at the source", hide_input=True))


def _tell(state: PullState, compared: list[Compared]) -> None:
    click.echo(f"{'':<20}{'source':>9}{'here':>9}")
    for row in compared:
        click.echo(f"{row.what:<20}{'?' if row.source is None else row.source:>9}{row.here:>9}")
    count = len(state.problems) + state.more_problems
    if count:
        click.echo(f"\nNot copied, or not as it was: {count}", err=True)
    for what, why in state.problems[:_SHOWN]:
        click.echo(f"  {what}: {why}", err=True)
    if count > _SHOWN:
        click.echo(f"  and {count - _SHOWN} more (--report names them)", err=True)


def _shape(state: PullState, compared: list[Compared]) -> dict[str, object]:
    return {
        "source": state.source,
        "project": state.project_key,
        "compared": [{"what": c.what, "source": c.source, "here": c.here} for c in compared],
        "copied": state.counts,
        "problems": [{"what": what, "why": why} for what, why in state.problems],
        "moreProblems": state.more_problems,
    }
