# SPDX-License-Identifier: Apache-2.0
"""An instance on each database in turn, and its server; proven sound at the end of every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.contract.door import Door
from tests.contract.instances import TOKEN, PostgresInstance, SQLiteInstance

from radiograph.actions.check import examine
from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.store.database import Database
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.contract.instances import Instance

    from radiograph.actions.services import Services


@pytest.fixture(scope="session")
def kept() -> Iterator[dict[str, Database]]:
    """The databases, by their URLs, that stay open from test to test; `prepare` takes one where it is asked for it."""
    made: dict[str, Database] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("radiograph.actions.instance.Database", lambda url: made.get(url) or Database(url))
        yield made


@pytest.fixture(scope="session")
def on_sqlite(kept: dict[str, Database], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The instance on SQLite that the tests of a session share."""
    made = SQLiteInstance(tmp_path_factory.mktemp("sqlite"))
    kept[made.url] = made
    yield made
    made.end()


@pytest.fixture(scope="session")
def on_postgresql(kept: dict[str, Database], postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The instance on PostgreSQL that the tests of a session share."""
    made = PostgresInstance(postgres_url, tmp_path_factory.mktemp("postgresql"))
    kept[made.url] = made
    yield made
    made.end()


@pytest.fixture
def instance_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """A database with `admin` and the project DEMO (id 10402) and nothing else, on SQLite and on PostgreSQL in turn."""
    db: Instance = request.getfixturevalue(f"on_{database_kind}")
    db.renew()
    return db.url


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
