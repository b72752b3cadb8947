# SPDX-License-Identifier: Apache-2.0
"""The whole server in the process of the tests, on a fresh database."""

from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from radiograph.actions.accounts import put_user
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from radiograph.actions.services import Services

ADMIN = ("admin", "admin")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder of the test's own."""
    return Settings(data=tmp_path / "data")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the instance that tests begin with, to copy."""
    folder = tmp_path_factory.mktemp("furnished")
    made = prepare(Settings(data=folder))
    put_user(made, "admin", "admin", admin=True, display_name="Administrator")
    add_project(made, "DEMO", "Demonstration", project_id=10402)
    made.db.close()
    return folder


@pytest.fixture
def services(settings: Settings, furnished: Path) -> Iterator[Services]:
    """An instance with `admin` (password `admin`) and the project DEMO (id 10402)."""
    copytree(furnished, settings.data)
    made = prepare(settings)
    yield made
    made.db.close()


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """A client signed in as the administrator; a crash is an answer, not an exception."""
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.auth = ADMIN
        yield http
