# SPDX-License-Identifier: Apache-2.0
"""Instances that serve one test after the other: making a database, and compiling every statement anew, is most of a test's time."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import sqlalchemy as sa
from tests.conftest import drop_postgres_database, new_postgres_database

from radiograph.actions.accounts import add_token, put_user
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings
from radiograph.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "contract-token"


def furnish(url: str, folder: Path) -> None:
    """Make the instance that every test begins with: `admin`, a token of theirs, and the project DEMO (id 10402)."""
    services = prepare(Settings(data=folder, database=url))
    put_user(services, "admin", "admin", admin=True, display_name="Administrator")
    add_token(services, "admin", "contract", TOKEN)
    add_project(services, "DEMO", project_id=10402)
    services.db.close()


class SQLiteInstance(Database):
    """A file that is put back to how it was."""

    def __init__(self, folder: Path) -> None:
        """Make the instance, and a copy of it."""
        self._file, self._kept = folder / "test.db", folder / "kept.db"
        url = f"sqlite+pysqlite:///{self._file}"
        furnish(url, folder)
        shutil.copyfile(self._file, self._kept)
        super().__init__(url)

    def renew(self) -> None:
        """As it was."""
        self.close()
        for leftover in self._file.parent.glob("test.db*"):
            leftover.unlink()
        shutil.copyfile(self._kept, self._file)

    def end(self) -> None:
        """Close it for good."""
        self.close()


class PostgresInstance(Database):
    """A database whose rows are put back to what they were; its connections stay open from test to test."""

    def __init__(self, server: str, folder: Path) -> None:
        """Make the instance, and a copy of its rows in a schema of their own."""
        self._server = server
        url = new_postgres_database(server)
        furnish(url, folder)
        super().__init__(url)
        with self.write() as conn:
            self._again = _renewal(conn)

    def renew(self) -> None:
        """As it was. A transaction that a test left open is a failure here."""
        with self.write() as conn:
            conn.exec_driver_sql(self._again)

    def close(self) -> None:
        """Nothing: see `end`."""

    def end(self) -> None:
        """Close it for good."""
        super().close()
        drop_postgres_database(self._server, self.url)


Instance = SQLiteInstance | PostgresInstance


def _renewal(conn: sa.Connection) -> str:
    """Keep the rows of every table; the statements that put them back, in one text. Without triggers, in any order."""
    tables = sa.inspect(conn).get_table_names()
    conn.exec_driver_sql("CREATE SCHEMA kept")
    again = ["SET LOCAL lock_timeout = '20s'", "SET LOCAL session_replication_role = replica"]
    again += [f"DELETE FROM {name}" for name in tables]  # noqa: S608  (names of tables of ours)
    for name in tables:
        conn.exec_driver_sql(f"CREATE TABLE kept.{name} AS TABLE public.{name}")
        if conn.exec_driver_sql(f"SELECT count(*) FROM kept.{name}").scalar():  # noqa: S608
            again.append(f"INSERT INTO {name} SELECT * FROM kept.{name}")  # noqa: S608
    counters = conn.exec_driver_sql("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
    again += [f"SELECT setval('{name}', {last or 1}, {str(last is not None).lower()})" for name, last in counters]
    return "; ".join(again)
