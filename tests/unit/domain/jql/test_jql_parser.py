# SPDX-License-Identifier: Apache-2.0
"""JQL: what is understood, and words for what isn't."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jql_trees import ANY_QUERIES

from radiograph.domain.jql.errors import WrongQuery
from radiograph.domain.jql.parser import MAX_CLAUSES, MAX_DEPTH, parse_jql
from radiograph.domain.jql.printer import print_jql
from radiograph.domain.jql.syntax import And, Call, Clause, Empty, Many, Not, Or, Order, Query, Value


def without_places(of: Any) -> Any:
    """The tree as if every part stood at the beginning."""
    if isinstance(of, tuple):
        return tuple(without_places(part) for part in of)
    if not hasattr(of, "__struct_fields__"):
        return of
    return type(of)(**{name: without_places(getattr(of, name)) for name in of.__struct_fields__ if name not in {"at", "operator_at"}})


def clause(field: str, operator: str, *values: str) -> Clause:
    if operator in {"in", "not in"}:
        return Clause(field, operator, Many(tuple(Value(v) for v in values)))
    return Clause(field, operator, Value(values[0]))


A, B, C = clause("a", "=", "1"), clause("b", "=", "2"), clause("c", "=", "3")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", None),
        ("  \n ", None),
        ("a = 1", A),
        ("a=1 and b=2 AND c = 3", And((A, B, C))),
        ("a = 1 OR b = 2 AND c = 3", Or((A, And((B, C))))),
        ("(a = 1 OR b = 2) AND c = 3", And((Or((A, B)), C))),
        ("a = 1 || b = 2 | c = 3", Or((A, B, C))),
        ("a = 1 && b = 2 & c = 3", And((A, B, C))),
        ("NOT a = 1 AND b = 2", And((Not(A), B))),
        ("! (a = 1 AND b = 2)", Not(And((A, B)))),
        ("not not a = 1", Not(Not(A))),
        ("key in (A-1,A-2)", clause("key", "in", "A-1", "A-2")),
        ("key NOT IN ('A-1')", clause("key", "not in", "A-1")),
        ("a is EMPTY", Clause("a", "is", Empty())),
        ("a IS NOT null", Clause("a", "is not", Empty())),
        ("a = EMPTY", Clause("a", "=", Empty())),
        ('a = "EMPTY"', clause("a", "=", "EMPTY")),
        ("a in (EMPTY, 1)", Clause("a", "in", Many((Empty(), Value("1"))))),
        ('"Test Type" = Manual', clause("Test Type", "=", "Manual")),
        ("cf[10101] != 1", clause("cf[10101]", "!=", "1")),
        ("issue in testPlanTests(A-1, 'FAIL|TODO', \"\")", Clause("issue", "in", Call("testPlanTests", (Value("A-1"), Value("FAIL|TODO"), Value(""))))),
        ("a = currentUser()", Clause("a", "=", Call("currentUser"))),
        ("created >= -7d", clause("created", ">=", "-7d")),
        ('created<"2026/11/23 10:00"', clause("created", "<", "2026/11/23 10:00")),
        (r"summary ~ 'it\'s \"so\" \u00e4\n'", clause("summary", "~", 'it\'s "so" ä\n')),
        (r"summary !~ with\ space", clause("summary", "!~", "with space")),
        ("id = 99999999999999999999999", clause("id", "=", "99999999999999999999999")),
        ("a = \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), clause("a", "=", "😀")),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, where: Any) -> None:
    assert without_places(parse_jql(text)) == Query(where)


def test_results_are_ordered_by_several_fields() -> None:
    query = parse_jql('a = 1 order BY "Begin Date" desc, key ASC, cf[10101]')
    assert without_places(query.order) == (Order("Begin Date", descending=True), Order("key"), Order("cf[10101]"))
    assert without_places(parse_jql("ORDER BY created")) == Query(None, (Order("created"),))


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("project =", 10, "expected a value, not the end"),
        ("project = (", 11, "expected a value, not '('"),
        ("project in DEMO", 12, "expected ( or a function after IN"),
        ("key in (A-1", 12, "expected , or ), not the end"),
        ("key in ()", 9, "expected a value"),
        ("project = DEMO x", 16, "expected AND, OR or ORDER BY, not 'x'; a text with spaces needs quotes"),
        ("project = DEMO ORDER key", 22, "expected BY after ORDER"),
        ("ORDER BY", 9, "expected a field to order by"),
        ("project = 'DEMO", 11, "this quote is never closed"),
        ("project = DEMO\\", 15, "can't be read here"),
        ("project = DEMO AND", 19, "expected a field, not the end"),
        ("= DEMO", 1, "expected a field, not '='"),
        ("project DEMO", 9, "expected an operator such as =, !=, ~, in or is, not 'DEMO'"),
        ("(project = DEMO", 16, "expected AND, OR or ), not the end"),
        ("status was Done", 8, "WAS is not supported"),
        ("status CHANGED", 8, "CHANGED is not supported"),
        ("a is b", 6, "expected EMPTY after IS"),
        ("a = order", 5, "a reserved word needs quotes"),
        ("a in f(,)", 8, "expected an argument, not ','"),
        ("a not = 1", 3, "expected an operator"),
    ],
)
def test_errors_point_at_the_place(text: str, place: int, what: str) -> None:
    with pytest.raises(WrongQuery) as caught:
        parse_jql(text)
    assert f"at character {place}: " in caught.value.message
    assert what in caught.value.message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (" AND ".join(["a = 1"] * (MAX_CLAUSES + 1)), "at most 200 conditions"),
        ("(" * (MAX_DEPTH + 1) + "a = 1" + ")" * (MAX_DEPTH + 1), "at most 40 deep"),
        ("NOT " * 100_000 + "a = 1", "at most"),
        ("a = 1 ORDER BY " + ", ".join(["a"] * 11), "at most 10 fields"),
        ("x" * 300_000, "at most 262144 characters"),
    ],
    ids=["conditions", "parentheses", "nots", "orders", "text"],
)
def test_a_query_is_bounded(text: str, what: str) -> None:
    with pytest.raises(WrongQuery, match=what):
        parse_jql(text)


def test_thousands_of_keys_are_one_condition() -> None:
    parse_jql(f"key in ({', '.join(f'DEMO-{i}' for i in range(10_000))})")


@given(ANY_QUERIES)
def test_a_query_that_is_printed_is_read_as_the_same_tree(query: Query) -> None:
    assert without_places(parse_jql(print_jql(query))) == query


@given(st.text() | st.text(st.sampled_from("ab =!~<>()&|,'\"\\[]NOTinisorderby\n"), max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        query = parse_jql(text)
    except WrongQuery as error:
        places = [f.at for f in error.faults]
    else:
        places = []
        assert without_places(parse_jql(print_jql(query))) == without_places(query)
    assert all(0 <= at <= len(text) for at in places)
