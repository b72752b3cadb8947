# SPDX-License-Identifier: Apache-2.0
"""The database: short transactions for reading and writing, and the driver's errors in our words."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from sqlalchemy import exc

from radiograph.domain.errors import StorageFull, StoreUnavailable
from radiograph.store import engines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection


class Database:
    """An open database; safe to share among threads. `url` is an SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        """Open the database; raises Refused when the URL names none that we know."""
        self.url = url
        self._write, self._read = engines.open_engines(url)
        self.is_sqlite = self._write.dialect.name == "sqlite"
        self._unavailable: tuple[type[Exception], ...] = (
            exc.OperationalError,
            exc.InterfaceError,
            exc.TimeoutError,
            *engines.unavailable_errors(url),
        )

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and can't change it."""
        with self._in_our_words(), self._read.connect() as conn, conn.begin():
            yield conn

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end; an exception rolls it back whole."""
        with self._in_our_words(), self._write.begin() as conn:
            yield conn

    @contextlib.contextmanager
    def change_schema(self) -> Iterator[Connection]:
        """One transaction, like `write`, in which tables may be rebuilt."""
        try:
            with engines.change_schema(self._write) as conn:
                yield conn
        except exc.DBAPIError as error:
            raise StoreUnavailable(f"The tables could not be changed, so nothing was: {error.orig}") from error

    def copy_to(self, target: Path) -> None:
        """Copy an SQLite database to a new file, while others read it and, at most, one waits to write."""
        engines.copy_sqlite(self._read, target)

    def compact(self) -> int:
        """Give the free space inside an SQLite file back, which rewrites it; how many bytes. 0 on PostgreSQL, which does it by itself."""
        with self._in_our_words():
            return engines.compact(self._write)

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return self._write.url.render_as_string(hide_password=True)

    @contextlib.contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except self._unavailable as error:
            cause = getattr(error, "orig", error)  # SQLAlchemy's error has the driver's in it
            if engines.is_full(cause):
                raise StorageFull from error
            if engines.is_away(cause):
                raise StoreUnavailable from error
            raise  # a bug: trying again would not help
        except exc.DatabaseError as error:
            if engines.is_unreadable(error.orig):
                raise StoreUnavailable(f"The database can't be read: {error.orig}.") from error
            raise

    def close(self) -> None:
        """Close every connection."""
        self._read.dispose()
        self._write.dispose()
