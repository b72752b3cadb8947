# SPDX-License-Identifier: Apache-2.0
"""The rows that an import's runs come to."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.import_plan import ATTEMPT_COLUMNS, Decision, Decisions, Ids, Known, KnownRun, KnownTest, RunRows
from radiograph.domain.issues import TestType
from radiograph.domain.plan_rows import Needs, Place, needs, run_rows
from radiograph.domain.report import EvidenceFile, Iteration, StepResult, TestResult
from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES, StatusTable

RUNS = StatusTable(RUN_STATUSES)
PLACE = Place(project_id=1, execution_id=50, caller_id=7, executor_id=8, now=1000)


def known(runs: dict[int, KnownRun], **more: Any) -> Known:
    return Known(projects={}, tests={}, matches={}, issues=more.get("issues", {}), runs=runs, run_statuses=RUNS, step_statuses=StatusTable(STEP_STATUSES), people={"ana": 9})  # fmt: skip


def decision(test: int, status: str = "PASS", **more: Any) -> Decision:
    return Decision(
        TestResult(0, status=status, **more),
        KnownTest(test, f"DEMO-{test}", 1, TestType.MANUAL, version_id=3, step_count=1),
        RUNS[status],
        [],
    )


def rows(world: Known, *decisions: Decision) -> RunRows:
    wanted = Decisions(list(decisions), [], [], [])
    return run_rows(wanted, world, PLACE, Ids(run=100, attempt=200, part=300, rank=5, import_id=77))


def file(*, kept: bool = True) -> EvidenceFile:
    return EvidenceFile("a.txt", "text/plain", None, "", sha256="ab" if kept else "", size=3)


def test_a_new_run_takes_the_next_id_and_rank_and_the_callers_names() -> None:
    found = rows(known({}), decision(1), decision(2, "FAIL", comment="boom", executed_by="ana"))
    assert [(r[0], r[3], r[4], r[5], r[7], r[13], r[14]) for r in found.runs] == [(100, 1, 5, 0, 0, 8, 7), (101, 2, 6, 0, 3, 9, 7)]
    assert [r[15] is not None for r in found.runs] == [False, True]
    assert {r[16] for r in found.runs} == {77}
    assert found.summary == {0: 1, 3: 1}
    assert [t.key for t in found.tests] == ["DEMO-1", "DEMO-2"]


def test_a_final_result_that_is_replaced_becomes_an_attempt_and_the_run_keeps_id_and_rank() -> None:
    runs = {1: KnownRun(11, 3, 2, 4), 2: KnownRun(12, 1, 3, 0)}
    found = rows(known(runs), decision(1), decision(2))
    assert [(r[0], r[4], r[5]) for r in found.runs] == [(11, 2, 5), (12, 3, 0)]
    assert (found.replaced, found.attempts) == ([11, 12], [(11, 200, 5)])
    assert {k: v for k, v in found.summary.items() if v} == {0: 2, 3: -1, 1: -1}


def test_earlier_tries_of_a_report_are_attempts_after_those_of_earlier_imports() -> None:
    one = decision(1)
    one.tries = [(TestResult(0, comment="boom", steps=[StepResult("FAIL")]), RUNS["FAIL"]), (TestResult(0), RUNS["FAIL"])]
    assert needs(Decisions([one], [], [], []), known({1: KnownRun(11, 3, 2, 4)})) == Needs(0, 3, 1)
    found = rows(known({1: KnownRun(11, 3, 2, 4)}), one)
    assert found.attempts == [(11, 200, 5)]
    assert [row[:4] for row in found.tries] == [(201, 1, 11, 6), (202, 1, 11, 7)]
    assert [dict(zip(ATTEMPT_COLUMNS, row, strict=True))["comment"] for row in found.tries] == ["boom", ""]
    assert [(step[2], step[5]) for step in found.steps] == [(201, 3)]
    assert [row[5] for row in found.runs] == [7]


def test_parts_belong_to_their_run_step_and_iteration() -> None:
    step = StepResult("FAIL", "c", "a", [file()], ["DEMO-9"])
    found = rows(
        known({}, issues={"DEMO-9": 9}),
        decision(1, steps=[step], iterations=[Iteration("PASS", steps=[step])], examples=["FAIL"], defects=["X-1"], evidence=[file()]),
    )
    (own, inner), (iteration,) = found.steps, found.iterations
    assert (own[2], own[3], inner[3]) == (100, None, iteration[0])
    assert [(d[3], d[4], d[5]) for d in found.defects] == [(own[0], 9, "DEMO-9"), (inner[0], 9, "DEMO-9"), (None, None, "X-1")]
    assert [e[3] for e in found.evidence] == [own[0], inner[0], None]
    assert [e[4] for e in found.examples] == [3]


def test_a_file_that_was_skipped_has_no_row() -> None:
    assert rows(known({}), decision(1, evidence=[file(kept=False)])).evidence == []


def test_steps_beyond_those_of_the_test_are_kept_with_a_warning() -> None:
    found = rows(known({}), decision(1, steps=[StepResult("PASS")] * 3))
    assert len(found.steps) == 3
    assert [w.warnings for w in found.warnings] == [["2 step results are beyond the 1 steps of DEMO-1; they were kept"]]


_STEPS = st.lists(
    st.builds(
        StepResult,
        st.just("PASS"),
        evidence=st.lists(st.booleans().map(lambda k: file(kept=k)), max_size=2),
        defects=st.lists(st.just("X-1"), max_size=2),
    ),
    max_size=2,
)
_RESULTS = st.fixed_dictionaries({
    "steps": _STEPS, "examples": st.lists(st.just("PASS"), max_size=2), "defects": st.lists(st.just("X-1"), max_size=2),
    "evidence": st.lists(st.booleans().map(lambda k: file(kept=k)), max_size=2), "iterations": st.lists(st.builds(Iteration, st.just("PASS"), steps=_STEPS), max_size=2),
})  # fmt: skip


@given(st.lists(_RESULTS, max_size=4), st.sets(st.integers(0, 3)), st.sampled_from([s.id for s in RUN_STATUSES]))
def test_the_ids_that_are_asked_for_are_enough_and_none_is_given_twice(
    results: list[dict[str, Any]], replaced: set[int], status: int
) -> None:
    world = known({test: KnownRun(test, status, test, 0) for test in replaced})
    decisions = [decision(i, **result) for i, result in enumerate(results)]
    wanted = needs(Decisions(decisions, [], [], []), world)
    found = rows(world, *decisions)
    parts = [row[0] for table in (found.steps, found.iterations, found.examples, found.defects, found.evidence) for row in table]
    assert len(set(parts)) == len(parts) <= wanted.parts
    assert all(300 <= part < 300 + wanted.parts for part in parts)
    fresh = [row[0] for row in found.runs if row[0] >= 100]
    assert (len(fresh), len(found.attempts)) == (wanted.runs, wanted.attempts)
    assert len({row[0] for row in found.runs}) == len(results)
