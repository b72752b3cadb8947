# SPDX-License-Identifier: Apache-2.0
"""JQL: the part that is understood, and words for what isn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import Refused
from radiograph.domain.jql import Clause, Query, parse_jql, words


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query(())),
        ("  \n ", Query(())),
        ("project = DEMO", Query((Clause("project", ("DEMO",)),))),
        ("PROJECT=demo and Type in (Test, 'Test Plan')", Query((Clause("project", ("demo",)), Clause("issuetype", ("Test", "Test Plan"))))),
        ('issuetype = "Test Execution" ORDER BY key DESC', Query((Clause("issuetype", ("Test Execution",)),), descending=True)),
        ("order by created asc", Query(())),
        (r"summary ~ 'it\'s \"so\"'", Query((Clause("summary", ('it\'s "so"',)),))),
        ("key in (DEMO-1,DEMO-2)", Query((Clause("key", ("DEMO-1", "DEMO-2")),))),
        ("id = 99999999999999999999999", Query((Clause("key", ("99999999999999999999999",)),))),
    ],
)
def test_what_is_understood(text: str, query: Query) -> None:
    assert parse_jql(text) == query


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("colour = red", 1, "no field 'colour'"),
        ("project ~ DEMO", 9, "project can be used with = and in only"),
        ("summary = x", 9, "summary can be used with ~ only"),
        ("project =", 10, "a value is missing"),
        ("project = (", 11, "a value is missing"),
        ("project in DEMO", 12, "expected ( after IN"),
        ("key in (A-1", 12, "expected , or )"),
        ("project = DEMO OR project = X", 16, "expected AND or ORDER BY, not 'OR'"),
        ("project = DEMO ORDER key", 22, "expected BY after ORDER"),
        ("ORDER BY rank", 10, "ordered by key or created"),
        ("project = 'DEMO", 11, "this can't be read"),
        ("project = DEMO AND", 19, "no field ''"),
    ],
)
def test_errors_point_at_the_place(text: str, place: int, what: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_jql(text)
    assert f"at character {place}: " in caught.value.message
    assert what in caught.value.message
    assert [p.path for p in caught.value.details] == ["jql"]


def test_more_than_a_database_takes_is_refused() -> None:
    assert len(parse_jql(" AND ".join(["project = A"] * 50)).clauses) == 50
    for text in (" AND ".join(["project = A"] * 51), "summary ~ '" + "a " * 51 + "'", "summary ~ " + "a*" * 51, "x" * 65_537):
        with pytest.raises(Refused, match="at most"):
            parse_jql(text)


def test_stars_stand_between_words() -> None:
    assert words("pay* *card  now") == ["pay", "card", "now"]


_PIECES = st.sampled_from(
    ["project", "key", "summary", "in", "=", "~", "(", ")", ",", "and", "ORDER", "BY", "'", '"', "\\", " ", "\0", "x", "!"]
)


@given(st.text() | st.lists(_PIECES, max_size=40).map(" ".join) | st.lists(_PIECES, max_size=40).map("".join))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    try:
        clauses = parse_jql(text).clauses
    except Refused:
        return
    assert all(clause.values for clause in clauses)
