# SPDX-License-Identifier: Apache-2.0
"""What differs between SQLite and PostgreSQL: connecting, errors, schema, writing many rows. `many.py` has what reading needs."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import warnings
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from radiograph.domain.errors import Refused, StoreUnavailable
from radiograph.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection, Engine, MetaData, Table

SOUND_SQLITE = (3, 51, 3)
"""Older ones can corrupt a WAL database that two connections write (sqlite.org/wal.html#walresetbug)."""
_GOOD_URL = "The database URL can't be used: give one such as postgresql+psycopg://USER:PASSWORD@HOST/NAME (or none, for SQLite)."


_SQLITE_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_PROTOCOL")
_POSTGRES_AWAY = ("08", "25006", "40", "53", "55P03", "57")
"""Lost connections, read-only standbys, dead-locks, resources, locks and shutdowns (PostgreSQL docs, appendix A)."""


def is_full(error: BaseException | None) -> bool:
    """Whether a driver's error says that the database's disk is full."""
    return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(error, "sqlstate", None) == "53100"


def is_away(error: BaseException | None) -> bool:
    """Whether a driver's error says that the database can't be used now, and may be later; None is a full pool."""
    name = getattr(error, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(_SQLITE_AWAY)
    state = getattr(error, "sqlstate", None)
    return state is None or str(state).startswith(_POSTGRES_AWAY)


def is_unreadable(error: BaseException | None) -> bool:
    """Whether a driver's error says that an SQLite file is none, or is damaged."""
    return str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))


def _sqlite_module() -> Any:  # noqa: ANN401  (two modules of one shape, neither typed)
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415  (there is no wheel for every machine)
    except ImportError:
        dbapi2 = sqlite3
    if dbapi2.sqlite_version_info < SOUND_SQLITE:
        warnings.warn(f"SQLite {dbapi2.sqlite_version} is older than 3.51.3: run one process only", stacklevel=3)
    return dbapi2


def open_engines(url: str) -> tuple[Engine, Engine]:
    """The engine for writing and the one for reading; raises Refused for a URL that names no database that we know."""
    if not url.startswith("sqlite"):
        engine = _postgres_engine(url)
        return engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return _sqlite_engine(url, writes=True), _sqlite_engine(url, writes=False)


def _postgres_engine(url: str) -> Engine:
    try:
        engine = sa.create_engine(url, pool_size=6, max_overflow=4, pool_pre_ping=True, pool_timeout=30, hide_parameters=True)
    except (sa.exc.ArgumentError, ImportError):
        raise Refused(_GOOD_URL) from None  # what was given may hold a password, so it isn't repeated
    if engine.dialect.name != "postgresql":
        raise Refused(_GOOD_URL)
    return engine


def _sqlite_engine(url: str, *, writes: bool) -> Engine:
    engine = sa.create_engine(
        url,
        module=_sqlite_module(),
        hide_parameters=True,  # what a request holds belongs in no log
        poolclass=QueuePool,
        # One writer a process: SQLite has one writer anyway, and a queue here is fair where its lock isn't.
        pool_size=1 if writes else 6,
        max_overflow=0,
        pool_timeout=600 if writes else 60,
        connect_args={"check_same_thread": False, "timeout": 60, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def unavailable_errors(url: str) -> tuple[type[Exception], ...]:
    """The driver's own errors that mean that the database can't be used now: gone, locked, full."""
    if url.startswith("sqlite"):
        module = _sqlite_module()
        return (module.OperationalError, module.InterfaceError)
    import psycopg  # noqa: PLC0415  (only where there is a PostgreSQL)

    return psycopg.OperationalError, psycopg.InterfaceError


def schema_for(dialect: str) -> MetaData:
    """The tables as this database wants them: on PostgreSQL the big ones are keyed by their project too."""
    if dialect == "sqlite":
        return tables.metadata
    metadata = sa.MetaData(naming_convention=tables.metadata.naming_convention)
    for table in tables.metadata.sorted_tables:
        copy = table.to_metadata(metadata)
        if table in tables.BIG:
            copy.c.project_id.primary_key = True
            copy.append_constraint(sa.PrimaryKeyConstraint(copy.c.project_id, copy.c.id))
    return metadata


def bulk_insert(conn: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows by the driver's fastest way, inside the connection's transaction."""
    if not rows:
        return
    names = ", ".join(f'"{c}"' for c in columns)
    driver: Any = conn.connection.dbapi_connection
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        driver.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608
        return
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def insert_missing(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, leaving those alone whose key is there already."""
    if not rows:
        return
    insert: Any
    if conn.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415
    else:
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415
    conn.execute(insert(table).on_conflict_do_nothing(), list(rows))


def lock_projects(conn: Connection, project_ids: Iterable[int]) -> None:
    """Hold these projects until the transaction ends, so that imports into one project take turns.

    Always in the order of their ids, so that two imports can't wait for each other. SQLite has one
    writer at a time already.
    """
    if conn.dialect.name == "sqlite":
        return
    table = tables.projects
    ids = sorted(set(project_ids))
    conn.execute(sa.select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id).with_for_update())


def lock_database(conn: Connection, number: int) -> None:
    """Let one transaction at a time pass here (`number` tells the places apart); freed at its end."""
    if conn.dialect.name != "sqlite":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def move_rows(
    conn: Connection,
    table: Table,
    project_id: int,
    pairs: Sequence[tuple[int, int]],
    only: ColumnElement[bool] | None,
) -> None:
    """Give the rows of one run to another: `pairs` of (old run id, new run id), where `only` holds."""
    if not pairs:
        return
    c = table.c
    if conn.dialect.name == "sqlite":
        change = sa.update(table).where(c.run_id == sa.bindparam("old")).values(run_id=sa.bindparam("new"))
        conn.execute(change if only is None else change.where(only), [{"old": a, "new": b} for a, b in pairs])
        return
    big = sa.ARRAY(sa.BigInteger())
    old, new = [a for a, _ in pairs], [b for _, b in pairs]
    moved = sa.func.unnest(sa.bindparam("old", old, type_=big), sa.bindparam("new", new, type_=big)).table_valued("a", "b").render_derived()
    change = sa.update(table).where(c.project_id == project_id, c.run_id == moved.c.a).values(run_id=moved.c.b)
    conn.execute(change if only is None else change.where(only))


def set_numbers(conn: Connection, table: Table, project_id: int, column: str, pairs: Sequence[tuple[int, int]]) -> None:
    """Set a column of whole numbers, for each row its own: `pairs` of (id, number)."""
    if not pairs:
        return
    c = table.c
    if conn.dialect.name == "sqlite":
        change = sa.update(table).where(c.id == sa.bindparam("at")).values({column: sa.bindparam("number_given")})
        conn.execute(change, [{"at": a, "number_given": b} for a, b in pairs])
        return
    big = sa.ARRAY(sa.BigInteger())
    ids, numbers = [a for a, _ in pairs], [b for _, b in pairs]
    given = (
        sa.func.unnest(sa.bindparam("ids", ids, type_=big), sa.bindparam("numbers", numbers, type_=big))
        .table_valued("a", "b")
        .render_derived()
    )
    conn.execute(sa.update(table).where(c.project_id == project_id, c.id == given.c.a).values({column: given.c.b}))


@contextlib.contextmanager
def change_schema(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be rebuilt; SQLite then checks references at its end only."""
    with engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        if engine.dialect.name != "sqlite":
            with conn.begin():
                yield conn
            return
        driver.execute("PRAGMA foreign_keys=OFF")  # does nothing inside a transaction
        try:
            with conn.begin():
                yield conn
                if conn.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise StoreUnavailable("The changed tables would hold rows that refer to nothing; nothing was changed.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def copy_sqlite(engine: Engine, target: Path) -> None:
    """Copy the database, as it is committed now, to a new durable file; raises StoreUnavailable and leaves no file."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    module = _sqlite_module()
    try:
        with engine.connect() as conn, contextlib.closing(module.connect(part)) as copy:
            driver: Any = conn.connection.driver_connection
            driver.backup(copy)
        _sync(part)
        part.rename(target)
        _sync(target.parent)
    except (module.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise StoreUnavailable(f"The database could not be copied to {target}: {error}") from error


def free_bytes(conn: Connection) -> int:
    """The free space inside an SQLite file, which new rows fill again; 0 on PostgreSQL."""
    if conn.dialect.name != "sqlite":
        return 0
    return int(conn.exec_driver_sql("PRAGMA freelist_count").scalar_one() * conn.exec_driver_sql("PRAGMA page_size").scalar_one())


def database_bytes(conn: Connection) -> int:
    """How large the database is: an SQLite file without what was committed last, or all of a PostgreSQL database."""
    if conn.dialect.name != "sqlite":
        return int(conn.execute(sa.select(sa.func.pg_database_size(sa.func.current_database()))).scalar_one())
    return int(conn.exec_driver_sql("PRAGMA page_count").scalar_one() * conn.exec_driver_sql("PRAGMA page_size").scalar_one())


def compact(engine: Engine) -> int:
    """Rewrite an SQLite file without its free space; how many bytes it is smaller."""
    if engine.dialect.name != "sqlite":
        return 0
    with engine.connect() as conn:
        driver: Any = conn.connection.driver_connection

        def size() -> int:
            return int(driver.execute("PRAGMA page_count").fetchone()[0] * driver.execute("PRAGMA page_size").fetchone()[0])

        before = size()
        driver.execute("VACUUM")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return max(0, before - size())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite that is used."""
    return tuple(_sqlite_module().sqlite_version_info)
