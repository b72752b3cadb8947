# SPDX-License-Identifier: Apache-2.0
"""A query as a tree. `at` is the character, from 0, where a part stands in the text; errors point there."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Value(Struct, frozen=True, tag=True):
    """A text or a number, as it was written without quotes and escapes."""

    text: str
    at: int = 0


class Empty(Struct, frozen=True, tag=True):
    """`EMPTY` or `NULL`."""

    at: int = 0


class Call(Struct, frozen=True, tag=True):
    """A function with its arguments."""

    name: str
    arguments: tuple[Value, ...] = ()
    at: int = 0


Single: TypeAlias = Value | Empty | Call


class Many(Struct, frozen=True, tag=True):
    """Operands in parentheses, after `in`."""

    items: tuple[Single, ...]
    at: int = 0


Operand: TypeAlias = Single | Many


class Clause(Struct, frozen=True, tag=True):
    """A condition on one field; `operator` is one of OPERATORS."""

    field: str
    operator: str
    operand: Operand
    at: int = 0
    operator_at: int = 0


class Not(Struct, frozen=True, tag=True):
    """What doesn't hold."""

    of: Condition


class And(Struct, frozen=True, tag=True):
    """Two or more that hold all."""

    of: tuple[Condition, ...]


class Or(Struct, frozen=True, tag=True):
    """Two or more of which one holds."""

    of: tuple[Condition, ...]


Condition: TypeAlias = Clause | Not | And | Or


class Order(Struct, frozen=True, tag=True):
    """One field to order by."""

    field: str
    descending: bool = False
    at: int = 0


class Query(Struct, frozen=True, tag=True):
    """What to find (None: everything) and in which order."""

    where: Condition | None = None
    order: tuple[Order, ...] = ()


NEGATED = {
    "=": "!=", "!=": "=", "~": "!~", "!~": "~", "in": "not in", "not in": "in", "is": "is not", "is not": "is",
    ">": "<=", "<=": ">", "<": ">=", ">=": "<",
}  # fmt: skip
"""Each operator, and the one that says the opposite."""
OPERATORS = tuple(NEGATED)
