# SPDX-License-Identifier: Apache-2.0
"""`radiograph demo`."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from radiograph.actions import demo as seeding
from radiograph.actions.instance import prepare
from radiograph.actions.migrating import Migrate
from radiograph.cli.options import tell
from radiograph.cli.serve import listen
from radiograph.settings import load_settings


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder [a temporary one].")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
def demo(data: Path | None, host: str, port: int) -> None:
    """Serve a demonstration: the project DEMO with weeks of results; admin/admin."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="radiograph-demo-") as temporary:
        services = prepare(load_settings(data=data or Path(temporary)), Migrate.COPIED, tell)
        seeding.seed(services, tell)
        seconds = time.perf_counter() - began
        click.echo(
            f"Radiograph is at http://{host}:{port} (ready after {seconds:.1f} s)\n"
            f"Sign in as admin with the password admin; the API takes the token {seeding.TOKEN} too. Try:\n\n"
            f"  curl -H 'Content-Type: application/json' -X POST -u admin:admin \\\n"
            f'    --data \'{{"testExecutionKey":"DEMO-1206","tests":[{{"testKey":"DEMO-6","status":"PASS"}}]}}\' \\\n'
            f"    http://{host}:{port}/rest/raven/1.0/import/execution\n",
        )
        listen(services, host, port)
