# SPDX-License-Identifier: Apache-2.0
"""Which Test a result is of, and what is refused (design: the rules of an import)."""

from __future__ import annotations

from typing import Any

from radiograph.domain.deciding import decide, match_of
from radiograph.domain.import_plan import Decisions, Known, KnownTest, Project
from radiograph.domain.issues import Definition, Step, TestType
from radiograph.domain.report import ExecutionInfo, Iteration, Report, StepResult, TestInfo, TestResult
from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES, StatusTable

DEMO = Project(1, "DEMO")


def known(*tests: KnownTest, **more: Any) -> Known:
    return Known(
        projects={"DEMO": DEMO},
        tests={test.key: test for test in tests},
        matches=more.pop("matches", {}),
        issues={"DEMO-10": 10, "DEMO-2": 2},
        runs={},
        run_statuses=StatusTable(RUN_STATUSES),
        step_statuses=StatusTable(STEP_STATUSES),
        **more,
    )


def generic(number: int = 6) -> KnownTest:
    return KnownTest(number, f"DEMO-{number}", 1, TestType.GENERIC, 60)


def decided(world: Known, *results: TestResult) -> Decisions:
    return decide(Report("", ExecutionInfo(), list(results), [], []), world)


def reasons(decisions: Decisions) -> list[tuple[str, str]]:
    return [(p.path, p.problem) for r in decisions.refused for p in r.problems]


def test_a_test_is_found_by_its_key() -> None:
    result = decided(known(generic()), TestResult(0, "DEMO-6", status="PASS"))
    assert [(d.test.key, d.status.name) for d in result.runs] == [("DEMO-6", "PASS")]


def test_an_unknown_key_is_refused_with_its_path_and_near_keys() -> None:
    result = decided(known(generic()), TestResult(0, "DEMO-66", status="PASS"), TestResult(1, "DEMO-6", status="PASS"))
    assert reasons(result) == [("$.tests[0].testKey", "Test issue with key DEMO-66 not found. Did you mean DEMO-6?")]
    assert len(result.runs) == 1


def test_an_issue_that_is_no_test_is_refused() -> None:
    bug = KnownTest(10, "DEMO-10", 1, None)
    assert reasons(decided(known(bug), TestResult(0, "DEMO-10", status="PASS"))) == [("$.tests[0].testKey", "DEMO-10 is not a Test")]


def test_an_unknown_status_is_refused_with_the_names_there_are() -> None:
    result = decided(known(generic()), TestResult(3, "DEMO-6", status="fixme"))
    assert reasons(result) == [("$.tests[3].status", "'fixme' is no status here; the statuses are PASS, TODO, EXECUTING, FAIL, ABORTED")]


def test_an_unknown_status_is_todo_with_a_warning_where_the_instance_says_so() -> None:
    result = decided(known(generic(), unknown_is_todo=True), TestResult(0, "DEMO-6", status="fixme"))
    assert result.runs[0].status.name == "TODO"
    assert "taken as TODO" in result.runs[0].warnings[0]


def test_a_missing_status_is_computed_from_steps_examples_and_iterations() -> None:
    world = known(generic(6), generic(7), generic(8))
    result = decided(
        world,
        TestResult(0, "DEMO-6", steps=[StepResult("PASS"), StepResult("FAIL")]),
        TestResult(1, "DEMO-7", examples=["PASS", "TODO"]),
        TestResult(2, "DEMO-8", iterations=[Iteration("PASS"), Iteration("", steps=[StepResult("PASSED")])]),
    )
    assert [d.status.name for d in result.runs] == ["FAIL", "EXECUTING", "PASS"]


def test_no_status_at_all_is_refused() -> None:
    assert "no status is given" in reasons(decided(known(generic()), TestResult(0, "DEMO-6")))[0][1]


def test_neither_key_nor_info_is_refused() -> None:
    assert "neither testKey nor testInfo" in reasons(decided(known(), TestResult(0, status="PASS")))[0][1]


def test_the_same_test_twice_is_merged_and_told() -> None:
    one = TestResult(0, "DEMO-6", status="PASS", comment="fine", defects=["DEMO-10"])
    two = TestResult(1, "DEMO-6", status="FAIL", comment="broken", defects=["DEMO-10", "X-1"])
    result = decided(known(generic()), one, two)
    run = result.runs[0]
    assert (len(result.runs), run.status.name, run.result.comment) == (1, "FAIL", "fine\n\nbroken")
    assert run.result.defects == ["DEMO-10", "X-1"]
    assert "$.tests[1]: DEMO-6 has a result already at $.tests[0]; both were merged" in result.messages


def test_a_test_is_created_once_from_its_info() -> None:
    info = TestInfo("DEMO", "Adds", TestType.GENERIC, definition="calc.adds", requirement_keys=["DEMO-2", "DEMO-99"])
    result = decided(known(), TestResult(0, info=info, status="PASS"), TestResult(1, info=info, status="FAIL"))
    (change,) = result.changes
    assert (change.created, change.definition, change.requirement_ids) == (True, Definition(TestType.GENERIC, "calc.adds"), [2])
    assert len(result.runs) == 1
    assert any("DEMO-99 is not a requirement issue" in w for w in result.runs[0].warnings)


def test_a_generic_test_is_found_by_definition_and_a_manual_one_by_summary() -> None:
    by_definition = TestInfo("DEMO", "Another name", TestType.GENERIC, definition="calc.adds")
    by_summary = TestInfo("DEMO", "Checkout", TestType.MANUAL)
    places = [match_of(by_definition, 1), match_of(by_summary, 1)]
    matches = {places[0]: [generic(6)], places[1]: [generic(7), generic(9)]}
    result = decided(
        known(matches=matches), TestResult(0, info=by_definition, status="PASS"), TestResult(1, info=by_summary, status="PASS")
    )
    assert [d.test.key for d in result.runs] == ["DEMO-6", "DEMO-7"]
    assert "2 Tests match; the one with the lowest key, DEMO-7" in result.runs[1].warnings[0]


def test_info_on_an_existing_test_changes_only_what_it_gives() -> None:
    manual = KnownTest(7, "DEMO-7", 1, TestType.MANUAL, 70, 1)
    now = Definition(TestType.MANUAL, steps=(Step("open"),))
    world = known(manual, definitions={7: (3, now, "Old")})
    (change,) = decided(world, TestResult(0, "DEMO-7", TestInfo(summary="New"), status="PASS")).changes
    assert (change.summary, change.definition, change.labels) == ("New", None, None)
    steps = [Step("open"), Step("pay")]
    (change,) = decided(world, TestResult(0, "DEMO-7", TestInfo(steps=steps), status="PASS")).changes
    assert (change.definition, change.number) == (Definition(TestType.MANUAL, steps=tuple(steps)), 4)


def test_the_same_definition_again_is_no_new_version() -> None:
    test = generic()
    world = known(test, definitions={6: (1, Definition(TestType.GENERIC, "calc.adds"), "Adds")})
    result = decided(world, TestResult(0, "DEMO-6", TestInfo(definition="calc.adds", type=TestType.GENERIC), status="PASS"))
    assert result.changes == []


def test_a_project_that_is_not_there_is_refused_with_its_path() -> None:
    info = TestInfo("NOPE", "Adds", TestType.MANUAL)
    assert reasons(decided(known(), TestResult(0, info=info, status="PASS"))) == [
        ("$.tests[0].testInfo.projectKey", "there is no project NOPE")
    ]


def test_who_may_not_create_tests_is_told() -> None:
    info = TestInfo("DEMO", "Adds", TestType.MANUAL)
    result = decided(known(writable=frozenset()), TestResult(0, info=info, status="PASS"))
    assert "your role does not allow to create Tests in DEMO" in reasons(result)[0][1]
