# SPDX-License-Identifier: Apache-2.0
"""`radiograph serve`."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import click
import uvicorn

from radiograph.actions.accounts import first_administrator
from radiograph.actions.migrating import Migrate
from radiograph.cli.options import instance_options, open_instance
from radiograph.settings import load_settings
from radiograph.store.engines import SOUND_SQLITE, sqlite_version
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette

    from radiograph.actions.services import Services

_DRAIN_S = 30


@click.command()
@instance_options
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8080, show_default=True, help="The port to listen at.")
@click.option("--workers", default=1, show_default=True, help="How many processes serve.")
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
    """Serve an instance; an empty data folder becomes a new one."""
    services = open_instance(data, database, Migrate.ALWAYS if migrate else Migrate.COPIED, base_path=base_path)
    if workers > 1 and services.db.is_sqlite and sqlite_version() < SOUND_SQLITE:
        sys.exit("Several processes need SQLite 3.51.3 or newer (older ones can corrupt the database): use --workers 1 or PostgreSQL.")
    made = first_administrator(services, os.environ.get("RADIOGRAPH_ADMIN_PASSWORD"))
    if made:
        click.echo(f"Made the administrator admin with the password {made} (it is not shown again).")
    click.echo(f"Radiograph is at http://{host}:{port}{services.settings.base_path}")
    listen(services, host, port, workers)


def listen(services: Services, host: str, port: int, workers: int = 1) -> None:
    """Serve until told to stop; requests under way are finished."""
    settings = services.settings
    if workers == 1:
        rarely_collect()
        config = uvicorn.Config(
            build_app(services), host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=_DRAIN_S,
        )  # fmt: skip
        uvicorn.Server(config).run()
        services.db.close()
        return
    services.db.close()
    os.environ.update(
        RADIOGRAPH_DATA=str(settings.data), RADIOGRAPH_DATABASE=settings.database, RADIOGRAPH_BASE_PATH=settings.base_path,
    )  # fmt: skip
    uvicorn.run(
        "radiograph.cli.serve:worker", factory=True, host=host, port=port, workers=workers, log_level="warning", access_log=False,
        timeout_graceful_shutdown=_DRAIN_S,
    )  # fmt: skip


def rarely_collect() -> None:
    """Look for garbage cycles a hundred times less often.

    An import makes hundreds of thousands of objects, none in a cycle; looking through them again and
    again took a quarter of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def worker() -> Starlette:
    """The server of one of several processes, from the environment that `listen` left."""
    settings = load_settings()
    rarely_collect()
    return build_app(open_instance(settings.data, settings.database or None))
