# SPDX-License-Identifier: Apache-2.0
"""Queries as hypothesis makes them: any tree, and trees that name what there is."""

from __future__ import annotations

from hypothesis import strategies as st

from radiograph.domain.issues import BUILT_IN_FIELDS
from radiograph.domain.jql.fields import Field, Fields
from radiograph.domain.jql.functions import FUNCTIONS, Function
from radiograph.domain.jql.syntax import And, Call, Clause, Condition, Empty, Many, Not, Operand, Or, Order, Query, Single, Value

FIELDS = Fields(BUILT_IN_FIELDS)
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.sampled_from(["empty", "NULL", "and", "order", "DEMO-1", "a b", 'a"b', "it's", "\\", "-7d", "cf[10101]", "x\ny", "100%", "_", "*"]),
)
VALUES = st.builds(Value, TEXTS)
CALLS = st.builds(Call, TEXTS, st.lists(VALUES, max_size=3).map(tuple))
_KNOWN = st.sampled_from([
    "DEMO", "DEMO-1", "DEMO-6", "DEMO-7", "DEMO-100", "DEMO-1206", "10000", "PASS", "FAIL|TODO", "OK", "NOK|UNCOVERED", "Test", "Story",
    "true", "/", "/Shop", "v1.3", "admin", "iOS", "blocks", "Done", "High", "Manual", "-7d", "2026-11-23", "Mine", "", "v1.3 - FAIL",
])  # fmt: skip
_GIVEN = st.builds(Value, st.one_of(_KNOWN, _KNOWN, TEXTS))


def _conditions(clauses: st.SearchStrategy[Clause]) -> st.SearchStrategy[Condition]:
    def longer(of: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(of, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(Not, of), st.builds(And, several), st.builds(Or, several))

    return st.recursive(clauses, longer, max_leaves=6)


def _queries(clauses: st.SearchStrategy[Clause], fields: st.SearchStrategy[str]) -> st.SearchStrategy[Query]:
    orders = st.lists(st.builds(Order, fields, st.booleans()), max_size=3).map(tuple)
    return st.builds(Query, st.none() | _conditions(clauses), orders)


def _any_clauses() -> st.SearchStrategy[Clause]:
    single: st.SearchStrategy[Single] = st.one_of(VALUES, CALLS, st.just(Empty()))
    many: st.SearchStrategy[Operand] = st.one_of(st.builds(Many, st.lists(single, min_size=1, max_size=3).map(tuple)), CALLS)
    return st.one_of(
        st.builds(Clause, TEXTS, st.sampled_from(["=", "!=", "~", "!~", ">", ">=", "<", "<="]), single),
        st.builds(Clause, TEXTS, st.sampled_from(["in", "not in"]), many),
        st.builds(Clause, TEXTS, st.sampled_from(["is", "is not"]), st.just(Empty())),
    )


ANY_QUERIES = _queries(_any_clauses(), TEXTS)
"""Trees of any names at all."""


def _call(function: Function) -> st.SearchStrategy[Call]:
    most = len(function.arguments) + (2 if function.more else 0)
    return st.builds(Call, st.just(function.name), st.lists(_GIVEN, min_size=function.needs, max_size=most).map(tuple))


def _clause(field: Field, operator: str) -> st.SearchStrategy[Clause]:
    given: st.SearchStrategy[Single] = st.one_of(_GIVEN, _GIVEN, st.sampled_from(FUNCTIONS).flatmap(_call))
    operand: st.SearchStrategy[Operand] = given
    if operator.endswith("in"):
        operand = st.builds(Many, st.lists(given | st.just(Empty()), min_size=1, max_size=3).map(tuple))
    elif operator.startswith("is"):
        operand = st.just(Empty())
    return st.builds(Clause, st.just(field.name), st.just(operator), operand)


KNOWN_QUERIES = _queries(
    st.sampled_from([(f, o) for f in FIELDS.all for o in f.operators]).flatmap(lambda pair: _clause(*pair)),
    st.sampled_from([f.name for f in FIELDS.all if f.orderable]),
)
"""Trees of fields, operators and functions that there are, and of values that there may be."""
