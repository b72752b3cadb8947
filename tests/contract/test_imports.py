# SPDX-License-Identifier: Apache-2.0
"""The import on SQLite and on PostgreSQL: the same report, the same rows, whole or not at all."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.actions import runs
from radiograph.actions.importing import Delivered, Received, import_delivered
from radiograph.domain.errors import AllResultsRefused, Refused
from radiograph.domain.outcome import ImportOptions, Outcome
from radiograph.formats.reading import Source
from radiograph.store import accounts

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller


@pytest.fixture
def caller(services: Services) -> Caller:
    with services.db.read() as conn:
        account = accounts.find_account(conn, "admin")
        assert account is not None
        return accounts.caller(conn, account)


def generic(number: int, status: str = "PASS", **more: Any) -> dict[str, Any]:
    info = {"projectKey": "DEMO", "summary": f"Test {number}", "testType": "Generic", "definition": f"calc.t{number}"}
    return {"testInfo": info, "status": status} | more


def load(services: Services, caller: Caller, report: dict[str, Any], **options: Any) -> Outcome:
    body = json.dumps({"info": {"project": "DEMO"}} | report).encode()
    return import_delivered(services, caller, Delivered([Source("", memoryview(body))]), ImportOptions(**options), Received(len(body), "x"))


def test_new_tests_are_created_once_and_found_again(services: Services, caller: Caller) -> None:
    first = load(services, caller, {"tests": [generic(i) for i in range(50)]})
    second = load(services, caller, {"tests": [generic(i) for i in range(50)]})
    assert [i.key for i in first.tests] == [i.key for i in second.tests]
    assert first.execution.key != second.execution.key


def test_a_second_result_becomes_the_runs_and_the_first_an_attempt(services: Services, caller: Caller) -> None:
    steps = [{"status": "FAIL", "evidence": [{"filename": "a.txt", "data": "YWJj"}], "defects": ["X-1"]}]
    first = load(services, caller, {"tests": [generic(1, "FAIL", steps=steps, iterations=[{"status": "FAIL", "steps": steps}])]})
    again = load(services, caller, {"tests": [generic(1, "PASS")], "testExecutionKey": first.execution.key})
    view = runs.run_in(services, caller, first.execution.key, first.tests[0].key)
    assert (again.created, view.row.attempts, view.parts.steps, view.parts.iterations, view.parts.evidence) == (False, 1, [], [], [])
    assert view.run_statuses.by_id[view.parts.attempts[0].status_id].name == "FAIL"


def test_a_todo_that_becomes_pass_is_no_attempt(services: Services, caller: Caller) -> None:
    first = load(services, caller, {"tests": [generic(1, "TODO", comment="later")]})
    load(services, caller, {"tests": [generic(1, "PASS")], "testExecutionKey": first.execution.key})
    assert runs.run_in(services, caller, first.execution.key, first.tests[0].key).row.attempts == 0


def test_a_dry_run_stores_nothing_and_tells_what_would_be(services: Services, caller: Caller) -> None:
    outcome = load(services, caller, {"tests": [generic(1)]}, dry_run=True)
    assert (outcome.dry_run, len(outcome.tests)) == (True, 1)
    assert (outcome.execution.id, outcome.execution.key) == (0, "")
    with pytest.raises(Refused, match="was not found"):
        load(services, caller, {"tests": [generic(1)], "testExecutionKey": "DEMO-1"})


def test_strict_refuses_the_whole_for_one_bad_result(services: Services, caller: Caller) -> None:
    with pytest.raises(AllResultsRefused, match=r"1 of 2 results are refused \(strict\)"):
        load(services, caller, {"tests": [generic(1), generic(2, "nope")]}, strict=True)
    assert load(services, caller, {"tests": [generic(1)]}).execution.key == "DEMO-1"


def test_a_bad_result_among_good_ones_is_told_and_the_others_are_stored(services: Services, caller: Caller) -> None:
    outcome = load(services, caller, {"tests": [generic(1), {"testKey": "DEMO-99", "status": "PASS"}, {"testKey": 5}]})
    assert [r.index for r in outcome.errors] == [2, 1]
    assert len(outcome.tests) == 1


def test_many_imports_at_once_into_one_execution_all_land(services: Services, caller: Caller) -> None:
    execution = load(services, caller, {"tests": [generic(0)]}).execution.key
    reports = [{"tests": [generic(i), generic(0)], "testExecutionKey": execution} for i in range(1, 17)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda report: load(services, caller, report), reports))
    found = runs.runs_of_execution(services, caller, execution, 0, 200)
    assert sorted(v.row.rank for v in found) == list(range(1, 18))
    assert next(v for v in found if v.row.test_key == "DEMO-2").row.attempts == 16


def test_everything_a_result_can_have_is_stored(services: Services, caller: Caller) -> None:
    steps = [{"status": "PASS", "comment": "c", "actualResult": "a"}]
    result = generic(
        1, "FAIL", comment="boom", examples=["PASS", "FAIL"], steps=steps, defects=["OTHER-1"], customFields=[{"id": 3, "value": "x"}],
        executedBy="ana", iterations=[{"status": "PASS", "parameters": [{"name": "n", "value": "1"}], "steps": steps}],
    )  # fmt: skip
    outcome = load(
        services, caller, {"tests": [result]}, environments=["iOS"], revision="7", fix_version="v1", branch="main", build_url="https://ci/1"
    )
    view = runs.run_in(services, caller, outcome.execution.key, outcome.tests[0].key)
    assert [len(p) for p in (view.parts.steps, view.parts.iterations, view.parts.examples, view.parts.defects)] == [2, 1, 2, 1]
    assert (view.environments, [v.name for v in view.versions], view.people[view.row.executor_id or 0]) == (["iOS"], ["v1"], "ana")
    assert "User ana was not known and was added" in outcome.messages
