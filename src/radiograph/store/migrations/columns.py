# SPDX-License-Identifier: Apache-2.0
"""Columns as the steps write them down."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def keys(*columns: str) -> sa.PrimaryKeyConstraint:
    """The primary key of these columns."""
    return sa.PrimaryKeyConstraint(*columns)


def identity() -> sa.Column[int]:
    """An id that comes from a block."""
    return sa.Column("id", NUMBER, primary_key=True, autoincrement=False)


def key_of(name: str, target: str) -> sa.Column[int]:
    """A primary key that is the id of another table's row."""
    return sa.Column(name, NUMBER, sa.ForeignKey(target), primary_key=True, autoincrement=False)


def ref(name: str, target: str, *, null: bool = False) -> sa.Column[int]:
    """A reference to another table."""
    return sa.Column(name, NUMBER, sa.ForeignKey(target), nullable=null)


def big(name: str, *, null: bool = False) -> sa.Column[int]:
    """A large number."""
    return sa.Column(name, NUMBER, nullable=null, autoincrement=False)


def integer(name: str, kind: Any = sa.Integer, default: str | None = None) -> sa.Column[int]:  # noqa: ANN401  (a type or its class)
    """A number."""
    return sa.Column(name, kind, nullable=False, server_default=default)


def small(name: str, default: str | None = None) -> sa.Column[int]:
    """A small number."""
    return integer(name, sa.SmallInteger, default)


def flag(name: str, default: str | None = None) -> sa.Column[bool]:
    """True or false."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=default)


def text(name: str, default: str | None = None, *, null: bool = False, unique: bool | None = None, key: bool = False) -> sa.Column[str]:
    """A text."""
    return sa.Column(name, sa.Text, nullable=null, server_default=default, unique=unique, primary_key=key)
