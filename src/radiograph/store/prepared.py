# SPDX-License-Identifier: Apache-2.0
"""Statements of the hot path: compiled once for each kind of database, and run by its driver.

A small import runs some twenty statements. SQLAlchemy takes a quarter of a millisecond to build and
wrap each, the driver a tenth of that (docs/decisions/0005-hot-statements-are-compiled-once.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.sql import compiler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from radiograph.domain.import_plan import Row


class Prepared:
    """A statement whose values are given by name at each run; it must not need SQLAlchemy's result types."""

    def __init__(self, build: Callable[[str], sa.ClauseElement], columns: Sequence[str] | None = None) -> None:
        """Take what builds the statement for a dialect; `columns` are those that an INSERT gives."""
        self._build, self._columns = build, columns
        self._compiled: dict[str, tuple[str, tuple[str, ...]]] = {}

    def run(self, conn: sa.Connection, **values: Any) -> list[Row]:  # noqa: ANN401
        """Run it in the connection's transaction; the rows that it gives."""
        dialect = conn.dialect.name
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = self._compile(conn)
        text, names = found
        driver: Any = conn.connection.dbapi_connection
        cursor = driver.execute(text, [values[n] for n in names] if names else values)
        return cursor.fetchall() if cursor.description is not None else []

    def first(self, conn: sa.Connection, **values: Any) -> Row | None:  # noqa: ANN401
        """Run it; the first row, or None."""
        rows = self.run(conn, **values)
        return rows[0] if rows else None

    def _compile(self, conn: sa.Connection) -> tuple[str, tuple[str, ...]]:
        made = self._build(conn.dialect.name).compile(dialect=conn.dialect, column_keys=self._columns)
        assert isinstance(made, compiler.SQLCompiler)  # noqa: S101  (it is no DDL)
        return str(made), tuple(made.positiontup or ())
