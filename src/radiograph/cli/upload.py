# SPDX-License-Identifier: Apache-2.0
"""`radiograph import`: sends reports to a server and says what came of each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from radiograph.cli.answers import FAILED, refusal, tell_outcome
from radiograph.cli.options import server_address

if TYPE_CHECKING:
    from radiograph.cli.sending import Sending

_OK = 200
_ENDINGS = {0: "imported", 1: "imported in part", FAILED: "not imported"}


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--url", envvar="RADIOGRAPH_URL", show_envvar=True, required=True, help="The server's address, with its base path if it has one."
)
@click.option("--token", envvar="RADIOGRAPH_TOKEN", show_envvar=True, required=True, help="A personal access token.")
@click.option("--project", metavar="KEY", help="The project of a new Test Execution.")
@click.option("--execution", metavar="KEY", help="The Test Execution to import into [a new one].")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; nothing is stored.")
@click.option(
    "--wait", type=click.FloatRange(min=0), default=60, show_default=True, help="Keep trying for so many seconds while the server is away."
)
def upload(
    files: tuple[Path, ...],
    url: str,
    token: str,
    project: str | None,
    execution: str | None,
    dry_run: bool,  # noqa: FBT001
    wait: float,
) -> None:
    """Import reports in Xray JSON.

    Every FILE is tried. A report that had to be sent twice because the server was away is imported once.

    Exit code 0: every result was imported. 1: some results were refused, the others are imported.
    2: the command line is wrong, nothing was sent. 3: a file was not imported at all.
    """
    from radiograph.cli.sending import Sending, open_client  # noqa: PLC0415  (slow; commands that don't send do without)

    query = {"projectKey": project, "testExecKey": execution, "dryRun": "true" if dry_run else None}
    server, token = server_address(url), _token(token)
    with open_client(token) as client:
        sending = Sending(client, server, {k: v for k, v in query.items() if v}, wait)
        codes = [_one(sending, file) for file in files]
    if len(codes) > 1:
        counts = ", ".join(f"{codes.count(code)} {name}" for code, name in _ENDINGS.items() if code in codes)
        click.echo(f"{len(codes)} files: {counts}")
    sys.exit(max(codes))


def _token(text: str) -> str:
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable():
        raise click.BadParameter("this can't be a token: it is empty or holds characters that no token has.", param_hint="'--token'")
    return token


def _one(sending: Sending, file: Path) -> int:
    wrong = _wrong_format(file)
    if wrong:
        click.echo(f"{file}: {wrong}", err=True)
        return FAILED
    try:
        answer = sending.send(file)
    except click.ClickException as error:
        click.echo(f"{file}: {error.message}", err=True)
        return FAILED
    if answer.status_code != _OK:
        click.echo(f"{file}: {refusal(answer, sending.server)}", err=True)
        return FAILED
    return tell_outcome(file, answer, sending.server)


def _wrong_format(file: Path) -> str:
    """Why the content can't be imported; "" when it may be Xray JSON."""
    try:
        with file.open("rb") as opened:
            head = opened.read(512)
    except OSError as error:
        return f"the file can't be read: {error.strerror}"
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        return "the file is empty; did the tests end before they wrote their report?"
    if head.startswith(b"{"):
        return ""
    looks = {b"<": "XML", b"[": "a JSON list, as Cucumber writes it"}.get(head[:1], "not JSON")
    return f"this is {looks}; only Xray JSON can be imported as yet"
