# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL that goes away beneath a running server: told as such, nothing half stored, and over when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.conftest import drop_postgres_database, new_postgres_database
from tests.contract.conftest import Bearer
from tests.contract.door import IMPORT, Door, generic
from tests.contract.instances import TOKEN

from radiograph.actions.accounts import add_token, put_user
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from pathlib import Path


def test_a_postgresql_that_is_gone_is_a_503_that_says_when_to_come_back(postgres_url: str, tmp_path: Path) -> None:
    url = new_postgres_database(postgres_url)
    services = prepare(Settings(data=tmp_path / "data", database=url))
    put_user(services, "admin", None, admin=True)
    add_token(services, "admin", "contract", TOKEN)
    add_project(services, "DEMO")
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.auth = Bearer()
        Door(http).load(generic(1))
        drop_postgres_database(postgres_url, url)
        for _ in range(3):
            answer = http.post(IMPORT, json={"info": {"project": "DEMO"}, "tests": [generic(2)]})
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"] == "2"
            assert "nothing was stored" in answer.json()["error"]
            assert http.get("/health/ready").status_code == 503
            assert http.get("/health/live").status_code == 200
    services.db.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_connections_that_were_cut_are_made_again(door: Door, instance_url: str) -> None:
    door.load(generic(1))
    cutter = sa.create_engine(instance_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with cutter.connect() as conn:
        conn.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert door.send({"info": {"project": "DEMO"}, "tests": [generic(2)]}).status_code == 200
    assert door.executions() == 2
