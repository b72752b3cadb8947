# SPDX-License-Identifier: Apache-2.0
"""`radiograph export`: fetches a Test Execution from a server as a file."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from radiograph.cli.answers import FAILED, refusal
from radiograph.cli.options import server_address, server_options, token_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    import httpx2

_OK = 200
_ENDINGS = {"xray": ".json", "junit": ".xml", "ctrf": ".ctrf.json", "csv": ".csv"}
_MIB = 1 << 20
_STDOUT = Path("-")


@click.command()
@click.argument("key", metavar="KEY")
@server_options
@click.option(
    "--format", "format_", type=click.Choice(list(_ENDINGS), case_sensitive=False), default="xray", show_default=True, help="What to write."
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file, or - for the standard output [KEY with an ending]."
)
@click.option(
    "--evidence/--no-evidence", default=None, help="Whether files stand in it as base64 [only in xray]. CSV has none."
)  # fmt: skip
def export(key: str, url: str, token: str, format_: str, output: Path | None, evidence: bool | None) -> None:  # noqa: FBT001
    """Fetch a Test Execution with all its runs.

    A file of that name is replaced, and only when the export is whole.

    Exit code 0: the file is written. 2: the command line is wrong. 3: nothing was written.
    """
    from radiograph.cli.sending import open_client  # noqa: PLC0415  (slow; commands that don't send do without)

    key = _key(key)
    server, token = server_address(url), token_text(token)
    query = {"format": format_} | ({} if evidence is None else {"evidence": str(evidence).lower()})
    place = output or Path(f"{key}{_ENDINGS[format_]}")
    with open_client(token) as client:
        problem = _fetch(client, server, f"/rest/raven/2.0/export/execution/{key}", query, place)
    if problem:
        click.echo(f"{key}: {problem}", err=True)
        sys.exit(FAILED)


def _key(text: str) -> str:
    """The key of an issue, which stands in an address."""
    key = text.strip().upper()
    if not key or not all(c.isalnum() or c in "-_" for c in key) or not key.isascii():
        raise click.BadParameter("give the key of a Test Execution, such as DEMO-12.", param_hint="'KEY'")
    return key


def _fetch(client: httpx2.Client, server: str, path: str, query: dict[str, str], place: Path) -> str:
    """Write the server's answer to its place; what went wrong, or ""."""
    import httpx2  # noqa: PLC0415  (slow)

    try:
        with client.stream("GET", server + path, params=query) as answer:
            if answer.status_code != _OK:
                answer.read()
                return refusal(answer, server)
            if "filename=" not in answer.headers.get("Content-Disposition", ""):
                return f"this is not the answer of a Radiograph that can export. Is --url right? ({server})"
            _write(answer, place)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return f"could not fetch it from {server}: {str(error) or type(error).__name__}; nothing was written"
    except OSError as error:
        return f"{place} can't be written: {(error.strerror or str(error)).lower()}"
    return ""


def _write(answer: httpx2.Response, place: Path) -> None:
    if place == _STDOUT:
        for piece in answer.iter_bytes():
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    with _aside(place) as file:
        size = 0
        for piece in answer.iter_bytes():
            size += file.write(piece)
            _progress(place, size)
    click.echo(f"{place}: {size:,} bytes", err=True)


def _progress(place: Path, size: int) -> None:
    """How much has come: nobody knows how much there will be."""
    if sys.stderr.isatty():
        click.echo(f"\r{place.name}: {size / _MIB:.1f} MiB ", nl=False, err=True)


@contextlib.contextmanager
def _aside(place: Path) -> Iterator[IO[bytes]]:
    """A file beside the place that takes its name at the end; gone when that doesn't come."""
    number, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
