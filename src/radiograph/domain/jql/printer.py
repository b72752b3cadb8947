# SPDX-License-Identifier: Apache-2.0
"""A query as text again; reading it gives the same tree."""

from __future__ import annotations

import re

from radiograph.domain.jql.parser import RESERVED
from radiograph.domain.jql.syntax import And, Call, Clause, Condition, Empty, Many, Not, Operand, Or, Query

_PLAIN = re.compile(r"[\w.+-]+|cf\[\d{1,18}\]", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def print_jql(query: Query) -> str:
    """The query's text, with quotes only where they are needed."""
    where = _condition(query.where) if query.where is not None else ""
    order = ", ".join(f"{quoted(o.field)}{' DESC' if o.descending else ''}" for o in query.order)
    return " ".join(part for part in (where, f"ORDER BY {order}" if order else "") if part)


def quoted(text: str) -> str:
    """A name or value as it stands in a query."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in RESERVED else f'"{text.translate(_ESCAPES)}"'


def _condition(of: Condition) -> str:
    match of:
        case Clause():
            return f"{quoted(of.field)} {of.operator} {_operand(of.operand)}"
        case Not():
            return f"NOT {_inner(of.of)}"
        case And() | Or():
            return (" AND " if isinstance(of, And) else " OR ").join(_inner(part) for part in of.of)


def _inner(of: Condition) -> str:
    text = _condition(of)
    return text if isinstance(of, (Clause, Not)) else f"({text})"


def _operand(of: Operand) -> str:
    match of:
        case Many():
            return f"({', '.join(_operand(item) for item in of.items)})"
        case Call():
            return f"{quoted(of.name)}({', '.join(quoted(a.text) for a in of.arguments)})"
        case Empty():
            return "EMPTY"
        case _:
            return quoted(of.text)
