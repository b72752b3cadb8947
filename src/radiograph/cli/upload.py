# SPDX-License-Identifier: Apache-2.0
"""`radiograph import`: sends reports to a server and says what came of each."""

from __future__ import annotations

import json
import secrets
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRIES = 4
_PIECE = 1 << 20
_BAR_FROM = 8 << 20
_SHOWN = 20
_AGAIN = {502, 503, 504, 429}
_OK = 200


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--url", envvar="RADIOGRAPH_URL", required=True, help="The server's address [RADIOGRAPH_URL].")
@click.option("--token", envvar="RADIOGRAPH_TOKEN", required=True, help="A personal access token [RADIOGRAPH_TOKEN].")
@click.option("--project", help="The project of a new Test Execution.")
@click.option("--execution", help="The key of the Test Execution to import into.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
def upload(files: tuple[Path, ...], url: str, token: str, project: str | None, execution: str | None, dry_run: bool) -> None:  # noqa: FBT001
    """Import reports (Xray JSON). Exit code 0; 1 when some results were refused; 3 when an import failed."""
    query = {"projectKey": project, "testExecKey": execution, "dryRun": "true" if dry_run else None}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    worst = 0
    with httpx2.Client(base_url=url.rstrip("/"), headers=headers, timeout=600) as client:
        for file in files:
            worst = max(worst, _one(client, file, {k: v for k, v in query.items() if v}))
    sys.exit(worst)


def _one(client: httpx2.Client, file: Path, query: dict[str, str]) -> int:
    wrong = _wrong_format(file)
    if wrong:
        click.echo(f"{file}: {wrong}", err=True)
        return 3
    try:
        answer = _send(client, file, query)
    except httpx2.HTTPError as error:
        click.echo(f"{file}: could not reach {client.base_url}: {error}", err=True)
        return 3
    body = _body(answer)
    if answer.status_code != _OK:
        click.echo(f"{file}: refused with {answer.status_code}: {body.get('error') or answer.text[:300]}", err=True)
        return 3
    return _tell(client, file, body)


def _wrong_format(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return ""
    looks = "XML" if head.startswith(b"<") else "not JSON" if head else "empty"
    return f"this is {looks}; only Xray JSON can be imported as yet"


def _send(client: httpx2.Client, file: Path, query: dict[str, str]) -> httpx2.Response:
    key = secrets.token_hex(16)
    for attempt in range(_TRIES):
        last = attempt == _TRIES - 1
        try:
            with file.open("rb") as opened:
                headers = {"Idempotency-Key": key, "Content-Length": str(file.stat().st_size)}
                answer = client.post("/rest/raven/2.0/import/execution", params=query, content=_pieces(opened, file), headers=headers)
            if answer.status_code not in _AGAIN or last:
                return answer
        except httpx2.TransportError:
            if last:
                raise
        click.echo(f"{file}: trying again ...", err=True)
        time.sleep(2**attempt)
    raise AssertionError


def _pieces(opened: IO[bytes], file: Path) -> Iterator[bytes]:
    size = file.stat().st_size
    show = size >= _BAR_FROM and sys.stderr.isatty()
    if not show:
        yield from iter(lambda: opened.read(_PIECE), b"")
        return
    with click.progressbar(length=size, label=f"Sending {file.name}", file=sys.stderr) as bar:
        for piece in iter(lambda: opened.read(_PIECE), b""):
            yield piece
            bar.update(len(piece))


def _body(answer: httpx2.Response) -> dict[str, Any]:
    try:
        value = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return value if isinstance(value, dict) else {}


def _tell(client: httpx2.Client, file: Path, body: dict[str, Any]) -> int:
    issues = body.get("testIssues", {})
    good, bad = issues.get("success", []), issues.get("error", [])
    key = body["testExecIssue"]["key"] or "a new Test Execution"
    would = "would be " if body.get("dryRun") else ""
    click.echo(f"{file}: {len(good)} results {would}imported into {key}, {len(bad)} refused")
    if body["testExecIssue"]["key"] and not would:
        click.echo(f"  {str(client.base_url).rstrip('/')}/browse/{key}")
    for row in bad[:_SHOWN]:
        click.echo(f"  refused {row.get('testKey') or row.get('testDefinition') or ''}: {'; '.join(row['messages'])}", err=True)
    if len(bad) > _SHOWN:
        click.echo(f"  and {len(bad) - _SHOWN} more", err=True)
    for row in body.get("testRunWarnings", [])[:_SHOWN]:
        click.echo(f"  warning {row['testKey']}: {'; '.join(row['warningCollection'])}", err=True)
    for text in body.get("infoMessages", [])[:_SHOWN]:
        click.echo(f"  {text}", err=True)
    return 1 if bad else 0
