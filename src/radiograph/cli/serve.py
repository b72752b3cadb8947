# SPDX-License-Identifier: Apache-2.0
"""`radiograph serve`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from radiograph.actions.accounts import first_administrator
from radiograph.actions.migrating import Migrate
from radiograph.cli.options import address_options, instance_options, open_instance
from radiograph.store.engines import SOUND_SQLITE, sqlite_version

if TYPE_CHECKING:
    from pathlib import Path

    from radiograph.actions.services import Services


@click.command()
@instance_options
@address_options
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="How many processes serve.")
@click.option("--base-path", help="A prefix before every path, such as /jira.")
@click.option("--migrate", is_flag=True, help="Migrate an older PostgreSQL database; an older SQLite file is copied and migrated anyway.")
def serve(
    data: Path | None,
    database: str | None,
    host: str,
    port: int,
    workers: int,
    base_path: str | None,
    migrate: bool,  # noqa: FBT001
) -> None:
    """Serve an instance; an empty data folder becomes a new one.

    A new instance gets the administrator `admin`, with the password in RADIOGRAPH_ADMIN_PASSWORD or else one that is printed once.
    SIGTERM or Ctrl+C ends the server with exit code 0: requests under way are finished, for 30 seconds at most.
    """
    from radiograph.cli.listening import address_of, end_cleanly_when_told, listen, reserve  # noqa: PLC0415  (slow; commands that don't serve do without)

    end_cleanly_when_told()
    with reserve(host, port) as sock:
        services = open_instance(data, database, Migrate.ALWAYS if migrate else Migrate.COPIED, base_path=base_path)
        _refuse_unsound_sqlite(services, workers)
        made = first_administrator(services, os.environ.get("RADIOGRAPH_ADMIN_PASSWORD"))
        if made:
            click.echo(f"Made the administrator admin with the password {made} (it is not shown again).")
        listen(services, sock, lambda: click.echo(f"Radiograph is at {address_of(sock, services.settings.base_path)}"), workers)


def _refuse_unsound_sqlite(services: Services, workers: int) -> None:
    if workers > 1 and services.db.is_sqlite and sqlite_version() < SOUND_SQLITE:
        raise click.ClickException(
            "Several processes need SQLite 3.51.3 or newer (older ones can corrupt the database): use --workers 1 or PostgreSQL.",
        )
