# SPDX-License-Identifier: Apache-2.0
"""Queries on both databases: the table of queries, what is wrong with a query, who sees what, and that nothing breaks them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.conftest import drop_postgres_database, new_postgres_database
from tests.contract.shelf import fill
from tests.effort import effort
from tests.jql_trees import KNOWN_QUERIES

from radiograph.actions.instance import prepare
from radiograph.actions.search import search, select
from radiograph.domain.errors import IssueNotFound, NotFound, Refused
from radiograph.domain.issues import IssueType
from radiograph.domain.jql.errors import WrongQuery
from radiograph.domain.jql.fields import SYSTEM_FIELDS, XRAY_FIELDS
from radiograph.domain.jql.functions import FUNCTIONS
from radiograph.domain.jql.parser import parse_jql
from radiograph.domain.jql.printer import print_jql
from radiograph.domain.jql.syntax import Call, Clause, Many, Not, Query
from radiograph.settings import Settings
from radiograph.store import accounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

BLOCKS = (Path(__file__).parent / "jql_queries.txt").read_text("utf-8").split("\n\n")[1:]
TABLE = [(query.strip(), [key for key in keys.split() if key != "nothing"]) for query, keys in (b.rsplit("\n    ", 1) for b in BLOCKS)]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """An instance that is only read, on each database in turn."""
    folder = tmp_path_factory.mktemp("shelf")
    url = f"sqlite+pysqlite:///{folder / 'test.db'}"
    if request.param == "postgresql":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))
    services = prepare(Settings(data=folder, database=url))
    fill(services)
    yield services
    services.db.close()
    if request.param == "postgresql":
        drop_postgres_database(request.getfixturevalue("postgres_url"), url)


def person(services: Services, name: str = "admin") -> Caller:
    with services.db.read() as conn:
        account = accounts.find_account(conn, name)
        assert account is not None
        return accounts.caller(conn, account)


def found(services: Services, jql: str, name: str = "admin") -> list[str]:
    answer = search(services, person(services, name), jql, 0, 1000)
    assert answer.total == len(answer.rows)
    return [row.key for row in answer.rows]


@pytest.mark.parametrize(("jql", "keys"), TABLE, ids=[query for query, _ in TABLE])
def test_a_query_finds_just_these(shelf: Services, jql: str, keys: list[str]) -> None:
    assert found(shelf, jql) == keys


def _clauses(of: Any) -> Iterator[Clause]:
    if isinstance(of, Clause):
        yield of
    elif isinstance(of, Not):
        yield from _clauses(of.of)
    elif of is not None:
        for part in of.of:
            yield from _clauses(part)


def test_the_table_has_every_field_and_every_function() -> None:
    clauses = [c for query, _ in TABLE for c in _clauses(parse_jql(query).where)]
    fields = {c.field.lower() for c in clauses}
    calls = {
        item.name.lower()
        for c in clauses
        for item in (c.operand.items if isinstance(c.operand, Many) else (c.operand,))
        if isinstance(item, Call)
    }
    lacks = [f.name for f in (*SYSTEM_FIELDS, *XRAY_FIELDS) if not fields & {n.lower() for n in (f.name, *f.aliases)}]
    lacks += [f.name for f in FUNCTIONS if f.gives == "issues" and not calls & {n.lower() for n in (f.name, *f.aliases)}]
    assert lacks == []
    assert len(TABLE) > 100


@pytest.mark.parametrize(
    ("jql", "what"),
    [
        ("project = DMEO", "at character 11: there is no project 'DMEO'. Did you mean 'DEMO'"),
        ("type = Tset", "at character 8: there is no issue type 'Tset'. Did you mean 'Test'"),
        ("status = Doen", "no status 'Doen'. Did you mean 'Done'"),
        ("statusCategory = x", "no status category 'x'; they are To Do, In Progress, Done"),
        ("assignee = amin", "no person 'amin'. Did you mean 'admin'"),
        ("fixVersion = v1.33", "no version 'v1.33'. Did you mean 'v1.3'"),
        ("component = Wbe", "no component 'Wbe'"),
        ("priority = hgih", "no priority 'hgih'. Did you mean 'High'"),
        ("resolution = Fixed", "no resolution 'Fixed'; they are Done and Unresolved"),
        ("key = DEMO-99999", "no issue 'DEMO-99999'"),
        ("key = DEMMO-2", "no issue 'DEMMO-2'. Did you mean 'DEMO-2'"),
        ("issue in testPlanTests(DEMO-2)", "DEMO-2 is no Test Plan"),
        ("issue in testExecutionTests(DEMO-1206, FIAL)", "no run status 'FIAL'; the statuses are PASS, TODO"),
        ("issue in testExecutionTests(DEMO-1206, FAIL, nobody)", "no person 'nobody'"),
        ("issue in testExecutionTests(DEMO-1206, FAIL, admin, maybe)", "'maybe' must be true or false"),
        ("issue in testPlanTests(DEMO-100, FAIL, Andriod)", "no test environment 'Andriod'. Did you mean 'Android'"),
        ("issue in testRepositoryFolderTests(DEMO, '/Shop/Bakset')", "no folder '/Shop/Bakset'. Did you mean '/shop/basket'"),
        ("issue in linkedIssues(DEMO-2, block)", "no type of links 'block'. Did you mean 'blocks'"),
        ("issue in requirements(GOOD)", "'GOOD' is no status of a requirement"),
        ("filter = Nope", "no saved filter 'Nope'"),
        ("filter = Old", "the filter 'Old' has an error: there is no component 'Gone'"),
        ("filter = Circle", "more than 5 filters in each other"),
        ("'Test Type' = Auto", "no test type 'Auto'; they are Manual, Cucumber, Generic"),
        ("created > yesterday", "'yesterday' is no date"),
        ("created > startOfDay(x)", "startOfDay takes an increment"),
        ("created = currentUser()", "gives people, which created can't be"),
        ("type = Test ORDER BY labels", "results can't be ordered by labels"),
        ("summary ~ ' * '", "no word to look for"),
        (f"summary ~ '{'a ' * 51}'", "at most 50 words"),
        (" OR ".join([f"summary ~ '{'a ' * 50}'"] * 5), "at most 200 words"),
        ("key = EMPTY", "can't be EMPTY"),
        ("summary ~ EMPTY", "expected a text to look for"),
        ("project = nope OR asignee = ana", "no field 'asignee'"),
    ],
)
def test_what_there_is_not_is_told_with_what_looks_like_it(shelf: Services, jql: str, what: str) -> None:
    with pytest.raises(WrongQuery) as caught:
        search(shelf, person(shelf), jql, 0, 10)
    assert what in caught.value.message


def test_every_fault_of_a_query_is_told(shelf: Services) -> None:
    with pytest.raises(WrongQuery) as caught:
        search(shelf, person(shelf), "project = NOPE AND assignee = nobody AND colour = red", 0, 10)
    assert [f.at for f in caught.value.faults] == [10, 30, 41]


def test_without_validation_such_a_condition_finds_nothing_and_is_told(shelf: Services) -> None:
    answer = search(
        shelf, person(shelf), "key in (DEMO-2, DEMO-99999) OR colour = red OR issue in testSetTests(DEMO-2)", 0, 10, validate=False
    )
    assert [row.key for row in answer.rows] == ["DEMO-2"]
    assert len(answer.warnings) == 3
    with pytest.raises(WrongQuery):
        search(shelf, person(shelf), "key in (", 0, 10, validate=False)


def test_nobody_finds_what_they_can_not_see(shelf: Services) -> None:
    assert "HID-1" in found(shelf, "type = Bug")
    assert found(shelf, "type = Bug", "bob") == ["DEMO-10", "DEMO-11"]
    assert found(shelf, "project != DEMO", "bob") == []
    for jql in ("project = HID", "key = HID-1", "id = HID-2", "issue in testExecutionTests(HID-2)", "filter = Private"):
        with pytest.raises(WrongQuery, match="there is no"):
            search(shelf, person(shelf, "bob"), jql, 0, 10)
    with pytest.raises(WrongQuery) as caught:
        search(shelf, person(shelf, "bob"), "project = Hidde", 0, 10)
    assert "Hidden" not in caught.value.message
    assert found(shelf, "filter = Bugs", "bob") == ["DEMO-10", "DEMO-11"]


def test_a_page_is_a_part_of_the_whole_and_the_total_is_of_all(shelf: Services) -> None:
    whole = found(shelf, "type = Test ORDER BY summary DESC")
    page = search(shelf, person(shelf), "type = Test ORDER BY summary DESC", 10, 5)
    assert ([row.key for row in page.rows], page.total) == (whole[10:15], len(whole))
    assert search(shelf, person(shelf), "type = Test", 10**6, 5).rows == []
    assert search(shelf, person(shelf), "type = Test", 0, 0).rows == []


@pytest.mark.parametrize("field", [f.name for f in (*SYSTEM_FIELDS, *XRAY_FIELDS) if f.orderable])
def test_results_can_be_ordered_by_each_field_both_ways(shelf: Services, field: str) -> None:
    there, back = (found(shelf, f'ORDER BY "{field}" {way}') for way in ("ASC", "DESC"))
    assert sorted(there) == sorted(back)
    assert there != back


def test_keys_a_query_and_a_filter_narrow_each_other(shelf: Services) -> None:
    caller = person(shelf)
    with shelf.db.read() as conn:
        tests = [IssueType.TEST]
        both = select(conn, caller, tests, keys=["DEMO-7", "demo-6"], jql="key in (DEMO-6, DEMO-7, DEMO-2)")
        assert both == select(conn, caller, tests, keys=["DEMO-7", "DEMO-6"])
        assert select(conn, caller, tests, jql="key in (DEMO-2)") == []
        assert select(conn, caller, tests) == []
        bugs = select(conn, caller, [IssueType.BUG], saved_filter="bugs")
        assert len(bugs) == 3
        assert select(conn, caller, [IssueType.BUG], saved_filter="10000") == bugs
        assert select(conn, caller, [IssueType.BUG], saved_filter="Bugs", jql="status = Done") == bugs[1:2]
        with pytest.raises(NotFound, match=r"There is no filter Bgus\. Did you mean 'Bugs'"):
            select(conn, caller, tests, saved_filter="Bgus")
        with pytest.raises(NotFound, match="no filter Private"):
            select(conn, person(shelf, "bob"), tests, saved_filter="Private")
        with pytest.raises(Refused, match="DEMO-2 not found or is not of type Test"):
            select(conn, caller, tests, keys=["DEMO-2"])
        with pytest.raises(IssueNotFound):
            select(conn, person(shelf, "bob"), [IssueType.BUG], keys=["HID-1"])


def test_a_query_that_finds_too_much_is_not_cut_in_silence(shelf: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiograph.actions.search._MOST", 5)
    with shelf.db.read() as conn, pytest.raises(Refused, match="more than 5 issues"):
        select(conn, person(shelf), [IssueType.TEST], jql="project = DEMO")


def test_two_hundred_conditions_and_thousands_of_keys_are_no_burden(shelf: Services) -> None:
    assert len(found(shelf, " OR ".join(["key = DEMO-2"] * 200))) == 1
    assert len(found(shelf, " AND ".join(["text ~ Pay"] * 199) + " AND type = Story")) == 1
    deep = "(NOT " * 20 + "key = DEMO-2" + ")" * 20
    assert found(shelf, deep) == ["DEMO-2"]
    answer = search(shelf, person(shelf), f"key in ({', '.join(f'DEMO-{i}' for i in range(10_000))})", 0, 1, validate=False)
    assert answer.total > 80


@settings(max_examples=effort(25, 60), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(KNOWN_QUERIES)
def test_no_query_breaks_a_database(shelf: Services, query: Query) -> None:
    search(shelf, person(shelf), print_jql(query), 0, 5, validate=False)
