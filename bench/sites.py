# SPDX-License-Identifier: Apache-2.0
"""Databases to measure on: a base state, and fresh copies of it for each measurement."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.actions import accounts, projects
from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.floor import Rows

TOKEN = "bench-token"  # noqa: S105  (of a database that is thrown away)
_WRITTEN = ("issues", "executions", "tests", "test_versions", "runs", "run_steps", "execution_summaries")
_MARK = {"executions": "issue_id", "tests": "issue_id", "execution_summaries": "execution_id"}


class Site:
    """A state of a database that can be copied; `url` names it."""

    def __init__(self, kind: str, folder: Path, server: str = "") -> None:
        """An empty instance with the project BENCH, on `sqlite` or on the PostgreSQL server at `server`."""
        self.kind, self.folder, self.server = kind, folder, server
        self.copies = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.url = self._new("base", create=True)
        services = prepare(Settings(data=folder / "data", database=self.url))
        accounts.put_user(services, "admin", None, admin=True)
        projects.add_project(services, "BENCH", "Benchmark")
        accounts.add_token(services, "admin", "bench", TOKEN)
        services.db.close()

    def _new(self, name: str, *, create: bool) -> str:
        if self.kind == "sqlite":
            return f"sqlite+pysqlite:///{self.folder / name}.db"
        full = f"{self.folder.name}_{name}"
        if create:
            self._admin(f'CREATE DATABASE "{full}"')
        return str(sa.make_url(self.server).set(database=full).render_as_string(hide_password=False))

    def _admin(self, *statements: str) -> None:
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as conn:
            for statement in statements:
                conn.exec_driver_sql(statement)

    def copy(self) -> str:
        """The URL of a fresh copy of the base state."""
        self.copies += 1
        url = self._new(f"copy{self.copies}", create=False)
        if self.kind == "sqlite":
            shutil.copyfile(str(sa.make_url(self.url).database), str(sa.make_url(url).database))
            return url
        base, name = sa.make_url(self.url).database, sa.make_url(url).database
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{base}"', "CHECKPOINT")
        return url

    def drop(self, url: str) -> None:
        """Give the room of a copy back."""
        name = str(sa.make_url(url).database)
        if self.kind == "postgresql":
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')
            return
        for end in ("", "-wal", "-shm"):
            Path(f"{name}{end}").unlink(missing_ok=True)

    def marks(self, url: str) -> dict[str, int]:
        """The highest id in each table that an import writes."""
        with self._connect(url) as conn:
            return {n: int(conn.execute(sa.select(sa.func.max(_mark(n)))).scalar() or 0) for n in _WRITTEN}

    def rows_after(self, url: str, marks: dict[str, int]) -> Rows:
        """What an import wrote: columns and rows of each table, in the order of the ids."""
        found: Rows = {}
        with self._connect(url) as conn:
            for name in _WRITTEN:
                table = t.metadata.tables[name]
                rows = [tuple(r) for r in conn.execute(sa.select(table).where(_mark(name) > marks[name]).order_by(_mark(name)))]
                if rows:
                    found[name] = (list(table.columns.keys()), rows)
        return found

    def _connect(self, url: str) -> Any:  # noqa: ANN401
        return sa.create_engine(url, poolclass=sa.NullPool).connect()


def _mark(name: str) -> Any:  # noqa: ANN401
    return t.metadata.tables[name].c[_MARK.get(name, "id")]


def copies(site: Site, count: int) -> Iterable[str]:
    """So many copies, each dropped before the next is made."""
    for _ in range(count):
        url = site.copy()
        yield url
        site.drop(url)


def last_phases(url: str) -> str:
    """What took how long in the last import, as its record has it."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as conn:
        text: str = conn.execute(sa.select(t.imports.c.phases).order_by(t.imports.c.id.desc()).limit(1)).scalar_one()
    return ", ".join(f"{name} {seconds:.2f}" for name, seconds in json.loads(text).items() if seconds >= 0.01)  # noqa: PLR2004
