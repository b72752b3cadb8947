# SPDX-License-Identifier: Apache-2.0
"""`radiograph demo`."""

from __future__ import annotations

import contextlib
import tempfile
import time
from pathlib import Path

import click

from radiograph.actions import demo as seeding
from radiograph.actions.migrating import Migrate
from radiograph.cli.options import address_options, data_option, open_instance, tell


@click.command()
@data_option("The data folder [a temporary one].")
@address_options
def demo(data: Path | None, host: str, port: int) -> None:
    """Serve a demonstration; sign in as admin/admin.

    It has the project DEMO with weeks of results. An empty folder is filled once; what is imported into it later stays.
    A temporary one is removed at the end.
    """
    from radiograph.cli.listening import address_of, end_cleanly_when_told, listen, reserve  # noqa: PLC0415  (slow; commands that don't serve do without)

    end_cleanly_when_told()
    began = time.perf_counter()
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(reserve(host, port))
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="radiograph-demo-")))
        services = open_instance(folder, None, Migrate.COPIED)
        seeding.seed(services, tell)
        address = address_of(sock, services.settings.base_path)
        listen(services, sock, lambda: click.echo(_welcome(address, time.perf_counter() - began)))


def _welcome(address: str, seconds: float) -> str:
    return (
        f"Radiograph is at {address} (ready after {seconds:.1f} s)\n"
        f"Sign in as admin with the password admin; the API takes the token {seeding.TOKEN} too. Try:\n\n"
        f"  curl -H 'Content-Type: application/json' -X POST -u admin:admin \\\n"
        f'    --data \'{{"testExecutionKey":"DEMO-1206","tests":[{{"testKey":"DEMO-6","status":"PASS"}}]}}\' \\\n'
        f"    {address}/rest/raven/1.0/import/execution\n"
    )
