# SPDX-License-Identifier: Apache-2.0
"""Reads a query: OR binds least, then AND, then NOT (Jira docs, Advanced searching)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from radiograph.domain.jql.errors import wrong
from radiograph.domain.jql.lexer import Token, tokens
from radiograph.domain.jql.syntax import And, Call, Clause, Condition, Empty, Many, Not, Operand, Or, Order, Query, Single, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
MAX_CLAUSES, MAX_DEPTH, MAX_ORDER = 200, 40, 10
"""Conditions of a query, parentheses in each other, fields to order by: what a database takes with room to spare."""
RESERVED = ("and", "or", "not", "in", "is", "empty", "null", "order", "by", "asc", "desc", "was", "changed")
"""Words that name no field and no value unless they are in quotes."""
_SIGNS = ("=", "!=", "~", "!~", ">", ">=", "<", "<=")
_HISTORY = "is not supported: the history of fields can't be searched."


def parse_jql(text: str) -> Query:
    """The query; an empty one finds everything. Raises WrongQuery that points at the place."""
    return _Parser(list(tokens(text))).query()


class _Parser:
    def __init__(self, pieces: list[Token]) -> None:
        self.pieces, self.i, self.clauses, self.depth = pieces, 0, 0, 0

    @property
    def next(self) -> Token:
        return self.pieces[self.i]

    def take(self) -> Token:
        token = self.pieces[self.i]
        if token.kind != "end":
            self.i += 1
        return token

    def accept(self, *wanted: str) -> bool:
        found = self.next.kind != "end" and self.next.lower in wanted
        self.i += found
        return found

    def expect(self, wanted: str, why: str) -> None:
        if not self.accept(wanted):
            raise wrong(f"expected {why}, not {self.next.shown}.", self.next.at)

    def query(self) -> Query:
        where = None if self.next.kind == "end" or self.next.lower == "order" else self.either()
        order = self.order()
        if self.next.kind != "end":
            raise wrong(f"expected AND, OR or ORDER BY, not {self.next.shown}; a text with spaces needs quotes.", self.next.at)
        return Query(where, order)

    def either(self) -> Condition:
        parts = self.chain(self.both, "or", "|", "||")
        return parts[0] if len(parts) == 1 else Or(parts)

    def both(self) -> Condition:
        parts = self.chain(self.negated, "and", "&", "&&")
        return parts[0] if len(parts) == 1 else And(parts)

    def chain(self, one: Callable[[], Condition], *joined_by: str) -> tuple[Condition, ...]:
        parts = [one()]
        while self.accept(*joined_by):
            parts.append(one())
        return tuple(parts)

    def negated(self) -> Condition:
        at = self.next.at
        if self.next.lower not in {"not", "!", "("}:
            return self.clause()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise wrong(f"parentheses and NOT stand in each other at most {MAX_DEPTH} deep.", at)
        if self.accept("("):
            found = self.either()
            self.expect(")", "AND, OR or )")
        else:
            self.take()
            found = Not(self.negated())
        self.depth -= 1
        return found

    def clause(self) -> Clause:
        self.clauses += 1
        named = self.take()
        if named.kind in {"sign", "end"} or named.lower in RESERVED:
            raise wrong(f"expected a field, not {named.shown}.", named.at)
        if self.clauses > MAX_CLAUSES:
            raise wrong(f"a query has at most {MAX_CLAUSES} conditions; many values of one field can stand in one: key in (…).", named.at)
        operator_at = self.next.at
        operator = self.operator()
        return Clause(named.text, operator, self.operand(operator), named.at, operator_at)

    def operator(self) -> str:
        token = self.take()
        if token.kind == "sign" and token.text in _SIGNS:
            return token.text
        if token.lower == "is":
            return "is not" if self.accept("not") else "is"
        if token.lower == "in":
            return "in"
        if token.lower == "not" and self.accept("in"):
            return "not in"
        if token.lower in {"was", "changed"}:
            raise wrong(f"{token.text.upper()} {_HISTORY}", token.at)
        raise wrong(f"expected an operator such as =, !=, ~, in or is, not {token.shown}.", token.at)

    def operand(self, operator: str) -> Operand:
        at = self.next.at
        if not operator.endswith("in"):
            found = self.single()
            if operator.startswith("is") and not isinstance(found, Empty):
                raise wrong(f"expected EMPTY after {operator.upper()}.", at)
            return found
        if self.next.lower != "(":
            found = self.single()
            if isinstance(found, Call):
                return found
            raise wrong("expected ( or a function after IN.", at)
        return Many(self.listed(self.single), at)

    def single(self) -> Single:
        token = self.take()
        if token.kind in {"sign", "end"}:
            raise wrong(f"expected a value, not {token.shown}.", token.at)
        if token.lower in {"empty", "null"}:
            return Empty(token.at)
        if self.next.lower == "(":
            return Call(token.text, self.listed(self.argument, empty=True), token.at)
        if token.lower in RESERVED:
            raise wrong(f"expected a value, not {token.shown}; a reserved word needs quotes.", token.at)
        return Value(token.text, token.at)

    def argument(self) -> Value:
        token = self.take()
        if token.kind in {"sign", "end"}:
            raise wrong(f"expected an argument, not {token.shown}.", token.at)
        return Value(token.text, token.at)

    def listed(self, one: Callable[[], _T], *, empty: bool = False) -> tuple[_T, ...]:
        self.expect("(", "(")
        if empty and self.accept(")"):
            return ()
        found = [one()]
        while self.accept(","):
            found.append(one())
        self.expect(")", ", or )")
        return tuple(found)

    def order(self) -> tuple[Order, ...]:
        if not self.accept("order"):
            return ()
        self.expect("by", "BY after ORDER")
        found = [self.ordered()]
        while self.accept(","):
            found.append(self.ordered())
        if len(found) > MAX_ORDER:
            raise wrong(f"results are ordered by at most {MAX_ORDER} fields.", self.next.at)
        return tuple(found)

    def ordered(self) -> Order:
        named = self.take()
        if named.kind in {"sign", "end"} or named.lower in RESERVED:
            raise wrong(f"expected a field to order by, not {named.shown}.", named.at)
        descending = self.accept("desc")
        if not descending:
            self.accept("asc")
        return Order(named.text, descending, named.at)
