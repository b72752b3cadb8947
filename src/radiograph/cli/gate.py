# SPDX-License-Identifier: Apache-2.0
"""`radiograph gate`: stops a pipeline for new failures only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from radiograph.cli.gate_words import FORMATS
from radiograph.cli.options import server_address, server_options, token_text

if TYPE_CHECKING:
    from radiograph.cli.gate_words import Answer

PASSED, FAILED, NOT_ASKED, UNKNOWN = 0, 1, 2, 3
_EXIT = {"pass": PASSED, "fail": FAILED, "unknown": UNKNOWN}
_IGNORE_OR_COUNT = click.Choice(["ignore", "count"])


@click.command()
@server_options
@click.option("--execution", default="", metavar="KEY", help="The Test Execution to judge, such as DEMO-12.")
@click.option("--project", default="", metavar="KEY", help="Instead: the newest Test Execution of this project that has what follows.")
@click.option("--branch", default="", help="It is on this branch.")
@click.option("--revision", default="", help="It is of this revision.")
@click.option("--environment", multiple=True, help="It is on this test environment; may be given more than once.")
@click.option("--plan", default="", metavar="KEY", help="It is in this Test Plan.")
@click.option(
    "--baseline", default="", metavar="KEY", help="The Test Execution to compare with [the main branch's last, or the one before]."
)
@click.option("--allow-new", type=click.IntRange(0, 1_000_000), default=0, show_default=True, help="How many new failures are allowed.")
@click.option("--flaky", type=_IGNORE_OR_COUNT, default="ignore", show_default=True, help="What failures of flaky Tests are.")
@click.option("--quarantine", type=_IGNORE_OR_COUNT, default="ignore", show_default=True, help="What failures of Tests in quarantine are.")
@click.option("--min-pass-rate", type=click.FloatRange(0, 100), help="The least percentage of finished runs that must have passed.")
@click.option("--require-finished", is_flag=True, help="Unknown while runs are executing, or planned ones haven't begun.")
@click.option(
    "--wait",
    type=click.FloatRange(0, 86_400),
    default=0.0,
    metavar="SECONDS",
    help="Wait at most so long for results that are still being sent.",
)
@click.option(
    "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="github: annotations beside the text."
)
def gate(url: str, token: str, wait: float, format_: str, environment: tuple[str, ...], **asked: Any) -> None:  # noqa: ANN401
    """Ask whether a Test Execution has new failures.

    A failure is new unless it failed in the baseline or on the main branch too, is known by a defect that isn't done, or
    its Test is flaky there or in quarantine.

    Exit code 0: it may pass. 1: new failures, or too few passes. 2: the command line is wrong, or nobody could be asked.
    3: unknown, since there is no result yet.
    """
    from radiograph.cli.gate_asking import Asking  # noqa: PLC0415  (slow; commands that don't send do without)
    from radiograph.cli.sending import open_client  # noqa: PLC0415

    if not (asked["execution"] or asked["project"] or asked["plan"]):
        raise click.UsageError("Give --execution KEY, or --project KEY with --branch, --revision, --environment or --plan.")
    server, token = server_address(url), token_text(token)
    with open_client(token) as client:
        answer: Answer | str = Asking(client, server, _query(asked, environment, wait), wait).ask()
    if isinstance(answer, str):
        click.echo(f"Gate: {answer}", err=True)
        sys.exit(NOT_ASKED)
    FORMATS[format_](answer)
    sys.exit(_EXIT.get(answer.verdict, UNKNOWN))


def _query(asked: dict[str, Any], environments: tuple[str, ...], wait: float) -> dict[str, Any]:
    """The query of the request; what is awaited has to be finished."""
    query: dict[str, Any] = {name: str(value) for name, value in asked.items() if value not in {"", None, False}}
    if environments:
        query["environment"] = list(environments)
    if wait or asked["require_finished"]:
        query["require_finished"] = "true"
    return query
