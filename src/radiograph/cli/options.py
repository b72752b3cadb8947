# SPDX-License-Identifier: Apache-2.0
"""Options that several commands share, and opening an instance from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import click

from radiograph.actions.instance import prepare
from radiograph.actions.migrating import Migrate
from radiograph.domain.errors import StoreUnavailable
from radiograph.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services

_F = TypeVar("_F", bound="Callable[..., Any]")


class WrongSetting(click.ClickException):
    """A setting that can't be used: a usage error, wherever the setting came from."""

    exit_code = 2


def data_option(text: str) -> Callable[[_F], _F]:
    """`--data`."""
    return click.option("--data", type=click.Path(path_type=Path, file_okay=False), help=text)


def instance_options(command: _F) -> _F:
    """Add `--data` and `--database`."""
    data = data_option("The data folder [RADIOGRAPH_DATA, else radiograph-data].")
    database = click.option("--database", help="An SQLAlchemy URL instead of SQLite in the data folder [RADIOGRAPH_DATABASE].")
    return data(database(command))


def address_options(command: _F) -> _F:
    """Add `--host` and `--port`."""
    host = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for every one.")
    port = click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 for any free one.")
    return host(port(command))


def server_options(command: _F) -> _F:
    """Add `--url` and `--token`: a server to talk to."""
    url = click.option(
        "--url", envvar="RADIOGRAPH_URL", show_envvar=True, required=True, help="The server's address, with its base path if it has one."
    )
    token = click.option("--token", envvar="RADIOGRAPH_TOKEN", show_envvar=True, required=True, help="A personal access token.")
    return url(token(command))


def tell(text: str) -> None:
    """Say something that is not the command's answer."""
    click.echo(text, err=True)


def open_instance(
    data: Path | None,
    database: str | None,
    migrate: Migrate = Migrate.NEVER,
    *,
    made_if_missing: bool = True,
    **more: Any,  # noqa: ANN401
) -> Services:
    """The instance that the options name, closed when the command ends; what is done to its tables is told.

    What is wrong with the settings, the folder or the database is a ClickException of one line.
    """
    try:
        settings = load_settings(data=data, database=database, **more)
    except ValueError as error:
        raise WrongSetting(str(error)) from None
    if not made_if_missing:
        _refuse_missing(settings)
    services = _prepared(settings, migrate)
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(services.db.close)
    return services


def _refuse_missing(settings: Settings) -> None:
    """A mistyped folder must not become an instance that has nothing in it."""
    if not settings.database and not (settings.data / "radiograph.db").exists():
        raise click.ClickException(
            f"There is no instance in {settings.data}: name its folder with --data (`radiograph serve` makes a new one)."
        )


def _prepared(settings: Settings, migrate: Migrate) -> Services:
    try:
        return prepare(settings, migrate, tell)
    except OSError as error:
        raise click.ClickException(f"The data folder {settings.data} can't be used: {(error.strerror or str(error)).lower()}.") from None
    except StoreUnavailable as error:
        raise click.ClickException(_unavailable(error)) from None


def _unavailable(error: StoreUnavailable) -> str:
    cause = getattr(error.__cause__, "orig", None)
    return f"The database can't be used: {' '.join(str(cause).split())}" if cause else error.message


def server_address(url: str, hint: str = "'--url'") -> str:
    """A server's address without a slash at its end, and without a name and password, which would be printed."""
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise click.BadParameter("give an address such as https://radiograph.example.org.", param_hint=hint)
    path = parts.path.partition("/rest/")[0].rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "", ""))


def token_text(text: str) -> str:
    """A token without the spaces around it; a usage error when it can't be one."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable():
        raise click.BadParameter("this can't be a token: it is empty or holds characters that no token has.", param_hint="'--token'")
    return token
