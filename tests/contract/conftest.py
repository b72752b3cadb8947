# SPDX-License-Identifier: Apache-2.0
"""An instance on each database in turn, and its server; proven sound at the end of every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient
from tests.contract.door import Door

from radiograph.actions.accounts import put_user
from radiograph.actions.check import examine
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from radiograph.actions.services import Services


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """An instance with the project DEMO on each database; proven sound at the end of every test."""
    made = prepare(Settings(data=tmp_path / "data", database=database_url))
    put_user(made, "admin", "admin", admin=True, display_name="Administrator")
    add_project(made, "DEMO", project_id=10402)
    yield made
    bad = [f.what for f in examine(made, deep=True) if not f.good]
    made.db.close()
    assert bad == []


@pytest.fixture
def door(services: Services) -> Iterator[Door]:
    """The server's door, opened as the administrator."""
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.auth = ("admin", "admin")
        yield Door(http)
