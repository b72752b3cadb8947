# SPDX-License-Identifier: Apache-2.0
"""Options that several commands share, and opening an instance from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from radiograph.actions.instance import prepare
from radiograph.actions.migrating import Migrate
from radiograph.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services

_F = TypeVar("_F", bound="Callable[..., Any]")


def instance_options(command: _F) -> _F:
    """Add `--data` and `--database`."""
    data = click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder [radiograph-data].")
    database = click.option("--database", help="An SQLAlchemy URL instead of SQLite in the data folder.")
    return data(database(command))


def tell(text: str) -> None:
    """Say something that is not the command's answer."""
    click.echo(text, err=True)


def open_instance(data: Path | None, database: str | None, migrate: Migrate = Migrate.NEVER, **more: Any) -> Services:  # noqa: ANN401
    """The instance that the options name, closed when the command ends; what is done to its tables is told."""
    try:
        services = prepare(load_settings(data=data, database=database, **more), migrate, tell)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(services.db.close)
    return services
