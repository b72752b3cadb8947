# SPDX-License-Identifier: Apache-2.0
"""An instance on each database in turn, and its server; proven sound at the end of every test."""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.conftest import drop_postgres_database, new_postgres_database
from tests.contract.door import Door

from radiograph.actions.accounts import add_token, put_user
from radiograph.actions.check import examine
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from radiograph.actions.services import Services

TOKEN = "contract-token"


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The URL of an instance to copy, by the kind of database; made once, since making one is most of a test's time."""

    @cache
    def made(kind: str) -> str:
        folder = tmp_path_factory.mktemp(f"template-{kind}")
        sqlite = kind == "sqlite"
        url = f"sqlite+pysqlite:///{folder / 'test.db'}" if sqlite else new_postgres_database(request.getfixturevalue("postgres_url"))
        services = prepare(Settings(data=folder, database=url))
        put_user(services, "admin", "admin", admin=True, display_name="Administrator")
        add_token(services, "admin", "contract", TOKEN)
        add_project(services, "DEMO", project_id=10402)
        services.db.close()
        return url

    return made


@pytest.fixture
def instance_url(request: pytest.FixtureRequest, template: Callable[[str], str], database_kind: str, tmp_path: Path) -> Iterator[str]:
    """A fresh database with `admin` and the project DEMO (id 10402), on SQLite and on PostgreSQL in turn."""
    base = template(database_kind)
    if database_kind == "sqlite":
        shutil.copyfile(base.removeprefix("sqlite+pysqlite:///"), tmp_path / "test.db")
        yield f"sqlite+pysqlite:///{tmp_path / 'test.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    url = new_postgres_database(server, template=base)
    yield url
    drop_postgres_database(server, url)


@pytest.fixture
def services(tmp_path: Path, instance_url: str) -> Iterator[Services]:
    """An instance with the project DEMO on each database; proven sound at the end of every test."""
    made = prepare(Settings(data=tmp_path / "data", database=instance_url))
    yield made
    bad = [f.what for f in examine(made, deep=True) if not f.good]
    made.db.close()
    assert bad == []


class Bearer(httpx2.Auth):
    """Signs each request with a token, which costs no Argon2."""

    def auth_flow(self, request: httpx2.Request) -> Iterator[httpx2.Request]:  # type: ignore[override]
        request.headers["Authorization"] = f"Bearer {TOKEN}"
        yield request


@pytest.fixture
def door(services: Services) -> Iterator[Door]:
    """The server's door, opened as the administrator."""
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.auth = Bearer()
        yield Door(http)
