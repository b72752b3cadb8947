# SPDX-License-Identifier: Apache-2.0
"""Many values in one statement, and JSON columns as rows: SQLite and PostgreSQL each have their own way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.operators import OperatorType


class _Among(FunctionElement[bool]):
    """A column and a parameter that holds many values. Of its own: pages ask for it dozens of times, and `IN (SELECT ...)` takes ten times as long to make."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002  (what a clause is asked)
        """Itself: both databases read it as a condition, and SQLite finds no index for `... = 1`."""
        return self


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  (compiled columns and parameters)


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


class _Many(sa.TypeDecorator[list[Any]]):
    """Many integers as one parameter, each database in its own way."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """The type that the driver gets."""
        return dialect.type_descriptor(_TEXT if dialect.name == "sqlite" else _NUMBERS)

    def process_bind_param(self, value: list[Any] | None, dialect: sa.Dialect) -> Any:  # noqa: ANN401
        """What the driver gets."""
        return listed(dialect.name, value or [])


_TEXT, _TEXTS, _NUMBERS = sa.Text(), sa.ARRAY(sa.Text()), sa.ARRAY(sa.BigInteger())
_MANY = _Many()


def one_of(column: ColumnElement[int], name: str = "ids") -> ColumnElement[bool]:
    """`column` is one of the integers that the statement is given as `name`: for one that is made once and run for every page."""
    return _Among(column, sa.bindparam(name, type_=_MANY))


def any_of(conn: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column` is one of `values` (texts or integers), however many: one bound parameter, one index look-up each."""
    given = list(values)
    return among(conn.dialect.name, column, None, listed(conn.dialect.name, given), number=bool(given) and isinstance(given[0], int))


def is_seen(project_id: ColumnElement[int], projects: Collection[int] | None) -> ColumnElement[bool]:
    """Whether something is of these projects (None: all): those that a reader sees."""
    return sa.true() if projects is None else project_id.in_(sorted(projects))


def among(dialect: str, column: ColumnElement[Any], name: str | None, values: Any = None, *, number: bool = False) -> ColumnElement[bool]:  # noqa: ANN401
    """`column` is one of what the parameter `name` holds (see `listed`): texts, or integers."""
    kind = _TEXT if dialect == "sqlite" else _NUMBERS if number else _TEXTS
    return _Among(column, sa.bindparam(name, values, type_=kind))


def listed(dialect: str, values: Iterable[Any]) -> Any:  # noqa: ANN401  (each database has its own way)
    """Many values as the one parameter that `among` takes."""
    return json.dumps(list(values)) if dialect == "sqlite" else list(values)


def each_number(conn: Connection, values: Iterable[int]) -> tuple[sa.FromClause, ColumnElement[int]]:
    """Integers as rows: what to select from, and each of them."""
    given: Any = listed(conn.dialect.name, values)
    if conn.dialect.name == "sqlite":
        each = sa.func.json_each(sa.bindparam(None, given, type_=sa.Text())).table_valued(sa.column("value", sa.Integer))
    else:
        each = sa.func.unnest(sa.bindparam(None, given, type_=sa.ARRAY(sa.BigInteger()))).table_valued(sa.column("value", sa.BigInteger))
        each = each.render_derived()
    return each, each.c.value


def json_items(conn: Connection, column: ColumnElement[Any]) -> tuple[sa.FromClause, ColumnElement[str]]:
    """The elements of a column that holds a JSON list of texts: what to select from, and each as a text."""
    if conn.dialect.name == "sqlite":
        each = sa.func.json_each(column).table_valued("value")
    else:
        each = sa.func.jsonb_array_elements_text(sa.cast(column, _jsonb())).table_valued("value").render_derived()
    return each, each.c.value


def json_leaves(conn: Connection, column: ColumnElement[Any], key: str) -> tuple[sa.FromClause, ColumnElement[str]]:
    """Every text, number and truth value at or below the member `key` of a column that holds a JSON object, as texts.

    `key` is made of letters, digits and `_`.
    """
    if conn.dialect.name == "sqlite":
        each = sa.func.json_tree(column, f'$."{key}"').table_valued("atom")
        return each, sa.cast(each.c.atom, sa.Text)
    from sqlalchemy.dialects.postgresql import JSONPATH  # noqa: PLC0415

    path = sa.cast(f'$."{key}".** ? (@.type() != "object" && @.type() != "array")', JSONPATH())
    found = sa.func.jsonb_path_query(sa.cast(column, _jsonb()), path).table_valued("value").render_derived()
    return found, found.c.value.op("#>>", return_type=sa.Text())(sa.text("'{}'"))


def _jsonb() -> Any:  # noqa: ANN401
    from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415  (only where there is a PostgreSQL)

    return JSONB()
