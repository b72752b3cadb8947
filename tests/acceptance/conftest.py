# SPDX-License-Identifier: Apache-2.0
"""Real server processes, one command away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from tests.conftest import drop_postgres_database, new_postgres_database
from tests.live import TOKEN, LiveServer

from radiograph.actions.accounts import add_token
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Serve(Protocol):
    """Starts servers."""

    def __call__(self, *extra: str, data: str = "data", command: str = "serve", env: Mapping[str, str] | None = None) -> LiveServer:
        """A server that is ready; it is ended with the test."""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers on folders of the test's own, and ends them."""
    started: list[LiveServer] = []

    def start(*extra: str, data: str = "data", command: str = "serve", env: Mapping[str, str] | None = None) -> LiveServer:
        started.append(LiveServer(tmp_path / data, command, *extra, env=env))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture
def where(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> list[str]:
    """Options that name an empty instance, on SQLite and on PostgreSQL in turn."""
    options = ["--data", str(tmp_path / "data")]
    return options if database_kind == "sqlite" else [*options, "--database", str(request.getfixturevalue("postgres_database"))]


def furnish(where: list[str], key: str = "CALC") -> None:
    """Give an instance the project `key` and the administrator's token `TOKEN`, beside its server."""
    services = prepare(Settings(data=Path(where[1]), database="".join(where[3:])))
    add_project(services, key)
    add_token(services, "admin", "live", TOKEN)
    services.db.close()


@pytest.fixture(scope="module")
def postgres_for_module(postgres_url: str) -> Iterator[str]:
    """The URL of a PostgreSQL database that the tests of a module share."""
    url = new_postgres_database(postgres_url)
    yield url
    drop_postgres_database(postgres_url, url)
