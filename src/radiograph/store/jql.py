# SPDX-License-Identifier: Apache-2.0
"""A query as a condition on issues, for both databases; every value is a bound parameter.

NOT is pushed down to the operators, as Jira does: `NOT assignee = ana` is `assignee != ana`, which leaves out issues
that nobody is assigned to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.jql.errors import WrongQuery, wrong
from radiograph.domain.jql.fields import check_operator
from radiograph.domain.jql.syntax import NEGATED, And, Call, Clause, Empty, Many, Not, Value
from radiograph.domain.jql.words import MAX_WORDS, words
from radiograph.store.jql_columns import HANDLERS, Handler
from radiograph.store.jql_xray import MEANINGS, own_field

if TYPE_CHECKING:
    from radiograph.domain.jql.fields import Field
    from radiograph.domain.jql.syntax import Condition, Operand, Query, Single
    from radiograph.store.jql_scope import Scope, Test


def where(scope: Scope, query: Query) -> Test:
    """The condition that a query is, on the scope's issues that the caller sees; what is wrong is noted in the scope."""
    found = sa.true() if query.where is None else _condition(scope, query.where, negated=False)
    return sa.and_(found, scope.seen(scope.i.c.project_id))


def _condition(scope: Scope, of: Condition, *, negated: bool) -> Test:
    if isinstance(of, Not):
        return _condition(scope, of.of, negated=not negated)
    if isinstance(of, Clause):
        try:
            return _clause(scope, of, NEGATED[of.operator] if negated else of.operator)
        except WrongQuery as error:
            return scope.gather(error)
    parts = [_condition(scope, part, negated=negated) for part in of.of]
    return sa.and_(*parts) if isinstance(of, And) is not negated else sa.or_(*parts)


def _clause(scope: Scope, clause: Clause, operator: str) -> Test:
    field = scope.fields.find(clause.field, clause.at)
    check_operator(field, clause.operator, clause.operator_at)
    handler = _handler(field)
    if operator in {"~", "!~"}:
        return _matching(scope, handler, clause, negated=operator == "!~")
    if operator in {">", ">=", "<", "<="}:
        return _less(scope, handler, operator, clause.operand)
    return _equal(scope, handler, clause.operand, negated=operator in {"!=", "not in", "is not"})


def _handler(field: Field) -> Handler:
    if field.key:
        return own_field(field.key, field.name)
    return HANDLERS.get(field.name) or MEANINGS[field.meaning]


def _empty(scope: Scope, handler: Handler, at: int) -> Test:
    if handler.empty is None:
        raise wrong("this field always has a value: it can't be EMPTY.", at)
    return handler.empty(scope)


def _equal(scope: Scope, handler: Handler, operand: Operand, *, negated: bool) -> Test:
    items: tuple[Single, ...] = operand.items if isinstance(operand, Many) else (operand,)
    given = [item for item in items if not isinstance(item, Empty)]
    parts = [_empty(scope, handler, item.at) for item in items if isinstance(item, Empty)][:1]
    if given and handler.equal is not None:
        parts.append(handler.equal(scope, given))
    found = sa.or_(*parts)
    if not negated:
        return found
    return ~found if handler.empty is None else sa.and_(~handler.empty(scope), ~found)


def _matching(scope: Scope, handler: Handler, clause: Clause, *, negated: bool) -> Test:
    operand = clause.operand
    if not isinstance(operand, Value):
        raise wrong("expected a text to look for.", operand.at)
    wanted = words(operand.text)
    if not wanted:
        raise wrong("there is no word to look for.", operand.at)
    if len(wanted) > MAX_WORDS:
        raise wrong(f"a condition looks for at most {MAX_WORDS} words.", operand.at)
    scope.count_words(len(wanted), operand.at)
    assert handler.match is not None  # noqa: S101  (the field takes the operator)
    found = handler.match(scope, wanted)
    if not negated:
        return found
    return ~found if handler.empty is None else sa.and_(~handler.empty(scope), ~found)


def _less(scope: Scope, handler: Handler, operator: str, operand: Operand) -> Test:
    if not isinstance(operand, (Value, Call)):
        raise wrong("expected a value to compare with.", operand.at)
    assert handler.less is not None  # noqa: S101  (the field takes the operator)
    return handler.less(scope, operator, operand)
