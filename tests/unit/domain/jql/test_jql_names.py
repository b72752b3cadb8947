# SPDX-License-Identifier: Apache-2.0
"""The fields, functions, dates and words of queries."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents import ROOT

from radiograph.domain.issues import BUILT_IN_FIELDS, CustomField
from radiograph.domain.jql.dates import function_date, read_date
from radiograph.domain.jql.errors import WrongQuery
from radiograph.domain.jql.fields import SYSTEM_FIELDS, XRAY_FIELDS, Field, Fields, check_operator
from radiograph.domain.jql.functions import FUNCTIONS, Function, find_function
from radiograph.domain.jql.syntax import Call, Value
from radiograph.domain.jql.words import words

FIELDS = Fields([*BUILT_IN_FIELDS, CustomField(10500, "Team"), CustomField(10501, "Summary")])
NOW = int(datetime(2026, 11, 25, 13, 45, 30, tzinfo=UTC).timestamp() * 1000)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_a_field_is_found_by_each_of_its_names() -> None:
    for name in ("issuetype", "TYPE", "issueType"):
        assert FIELDS.find(name, 0).name == "issuetype"
    for name in ("Test Environments", "test environments", "cf[10101]", "CF[10101]", "customfield_10101"):
        assert FIELDS.find(name, 0).meaning == "test_environments"
    assert FIELDS.find("cf[10500]", 0).key == "customfield_10500"


def test_a_system_field_keeps_its_name() -> None:
    assert FIELDS.find("summary", 0).key == ""
    assert FIELDS.find("cf[10501]", 0).key == "customfield_10501"


def test_every_built_in_field_can_be_searched() -> None:
    assert {f.meaning for f in XRAY_FIELDS} == {f.meaning for f in BUILT_IN_FIELDS}
    assert {f.name for f in XRAY_FIELDS} == {f.name for f in BUILT_IN_FIELDS}


def test_names_are_unique() -> None:
    fields = [n.lower() for f in (*SYSTEM_FIELDS, *XRAY_FIELDS) for n in (f.name, *f.aliases)]
    functions = [n.lower() for f in FUNCTIONS for n in (f.name, *f.aliases)]
    assert len(fields) == len(set(fields))
    assert len(functions) == len(set(functions))


def test_an_unknown_field_is_told_with_those_that_look_like_it() -> None:
    with pytest.raises(WrongQuery, match=r"at character 8: there is no field 'asignee'\. Did you mean 'assignee'"):
        FIELDS.find("asignee", 7)
    with pytest.raises(WrongQuery, match=r"no field 'cf\[1\]'"):
        FIELDS.find("cf[1]", 0)


def test_an_operator_that_a_field_does_not_take_is_told_with_those_it_takes() -> None:
    with pytest.raises(WrongQuery, match="the operator ~ is not for project, which takes =, !=, IN, NOT IN"):
        check_operator(FIELDS.find("project", 0), "~", 8)


@pytest.mark.parametrize(
    ("call", "gives", "what"),
    [
        (Call("testPlanTest", (Value("A-1"),)), "issues", "no function 'testPlanTest'. Did you mean 'testPlanTests'"),
        (Call("testPlanTests"), "issues", r"takes testPlanTests\(plan, \[statuses\], \[environment\]\), not 0 arguments"),
        (Call("now", (Value("1"),)), "dates", r"takes now\(\), not 1 argument\."),
        (Call("currentUser"), "issues", "the function currentUser gives people, which key can't be"),
    ],
)
def test_a_wrong_call_is_told(call: Call, gives: str, what: str) -> None:
    with pytest.raises(WrongQuery, match=what):
        find_function(call, gives, "key")


def test_a_function_is_found_whatever_its_case() -> None:
    assert find_function(Call("TESTTESTPLANS", (Value("A-1"),)), "issues", "key").name == "testTestPlan"
    assert find_function(Call("requirementTests", (Value("A-1"),) * 9), "issues", "key").more


@pytest.mark.parametrize(
    ("text", "moment", "span"),
    [
        ("2026-11-23", "2026-11-23", 86_400_000),
        ("2026/1/3", "2026-01-03", 86_400_000),
        ("2026/11/23 10:05", "2026-11-23T10:05", 60_000),
        ("2026-11-23T10:05:00+01:00", "2026-11-23T09:05", 1),
        ("-7d", "2026-11-18T13:45:30", 1),
        ("7d", "2026-12-02T13:45:30", 1),
        ("-1w 2d", "2026-11-16T13:45:30", 1),
        ("+30m", "2026-11-25T14:15:30", 1),
        ("-1M", "2026-10-25T13:45:30", 1),
        ("-9M", "2026-02-25T13:45:30", 1),
        ("1y", "2027-11-25T13:45:30", 1),
    ],
)
def test_dates_are_read(text: str, moment: str, span: int) -> None:
    assert read_date(text, NOW) == (at(moment), span)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-11-23 25:00", "-7", "-99999y", "7x", "23.11.2026", "--7d"])
def test_what_is_no_date(text: str) -> None:
    assert read_date(text, NOW) is None


@pytest.mark.parametrize(
    ("name", "increment", "moment"),
    [
        ("now", "", "2026-11-25T13:45:30"),
        ("startOfDay", "", "2026-11-25"),
        ("startOfDay", "-1", "2026-11-24"),
        ("startOfDay", "+2h", "2026-11-25T02:00"),
        ("startOfWeek", "", "2026-11-23"),
        ("startOfWeek", "-1", "2026-11-16"),
        ("startOfMonth", "", "2026-11-01"),
        ("startOfMonth", "2", "2027-01-01"),
        ("startOfYear", "-1", "2025-01-01"),
        ("endOfDay", "", "2026-11-25T23:59:59.999"),
        ("endOfWeek", "", "2026-11-29T23:59:59.999"),
        ("endOfMonth", "-9", "2026-02-28T23:59:59.999"),
        ("endOfYear", "", "2026-12-31T23:59:59.999"),
    ],
)
def test_functions_give_dates(name: str, increment: str, moment: str) -> None:
    assert function_date(name, increment, NOW) == at(moment)


@given(st.text(), st.sampled_from([f.name for f in FUNCTIONS if f.gives == "dates"]), st.integers(-62_000_000_000_000, 253_000_000_000_000))
def test_no_text_breaks_the_dates(text: str, name: str, now: int) -> None:
    read_date(text, now)
    function_date(name, text, now)


@pytest.mark.parametrize(
    ("text", "found"),
    [("pay shop", ["pay", "shop"]), ("pay*", ["pay"]), ('"pay in" x?y', ["pay in", "x", "y"]), (" * ", []), ('"" a"', ["a"])],
)
def test_words_are_looked_for_one_by_one_and_phrases_as_they_stand(text: str, found: list[str]) -> None:
    assert words(text) == found


PAGE = (ROOT / "docs/reference/jql.md").read_text("utf-8")


@pytest.mark.parametrize("field", [*SYSTEM_FIELDS, *XRAY_FIELDS], ids=lambda f: f.name)
def test_the_page_has_every_field_with_its_names_and_operators(field: Field) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{field.name}`"))
    assert [n for n in (*field.aliases, *(o.upper() for o in field.operators)) if f"`{n}`" not in row] == []
    assert row.count("`") // 2 >= 1 + len(field.aliases) + len(field.operators)
    assert (row.split("|")[3].strip() == "yes") is field.orderable
    assert field.doc.endswith(".")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_the_page_has_every_function_with_its_arguments(function: Function) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{function.signature}`"))
    assert [n for n in function.aliases if f"`{n}`" not in row] == []


def test_the_page_has_no_function_that_there_is_not() -> None:
    assert {n.partition("(")[0] for n in re.findall(r"^\| `(\w+\(.*?)`", PAGE, re.MULTILINE)} == {f.name for f in FUNCTIONS}
