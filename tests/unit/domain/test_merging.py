# SPDX-License-Identifier: Apache-2.0
"""Two results of one Test become one, and nothing of either is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.clock import Instant
from radiograph.domain.import_plan import Decision, KnownTest
from radiograph.domain.issues import TestType
from radiograph.domain.merging import merge
from radiograph.domain.report import EvidenceFile, Iteration, StepResult, TestInfo, TestResult
from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES, StatusTable, combine

RUNS, STEPS = StatusTable(RUN_STATUSES), StatusTable(STEP_STATUSES)
TEST = KnownTest(1, "DEMO-1", 1, TestType.GENERIC)


def decision(status: str, result: TestResult) -> Decision:
    return Decision(result, TEST, RUNS[status], list(result.warnings))


def merged(first: TestResult, second: TestResult, one: str = "PASS", other: str = "PASS") -> Decision:
    whole = decision(one, first)
    merge(whole, decision(other, second), RUNS, STEPS)
    return whole


_NAMES = st.sampled_from([s.name for s in RUN_STATUSES])


@given(_NAMES, _NAMES)
def test_the_status_is_that_of_the_algebra_in_either_order(one: str, other: str) -> None:
    assert merged(TestResult(0), TestResult(1), one, other).status == combine([RUNS[one], RUNS[other]])
    assert merged(TestResult(0), TestResult(1), one, other).status == merged(TestResult(0), TestResult(1), other, one).status


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("PASS", "PASS", "PASS"), ("PASS", "TODO", "TODO"), ("TODO", "TODO", "TODO"), ("PASS", "FAIL", "FAIL"), ("TODO", "FAIL", "FAIL"),
        ("FAIL", "FAIL", "FAIL"), ("PASS", "ABORTED", "TODO"), ("ABORTED", "ABORTED", "ABORTED"),
    ],
)  # fmt: skip
def test_results_that_only_imply_their_test_are_all_passed_or_one_failed_or_to_do(one: str, other: str, both: str) -> None:
    def derived() -> TestResult:
        return TestResult(0, info=TestInfo(derived=True))

    assert merged(derived(), derived(), one, other).status.name == both
    assert merged(derived(), derived(), other, one).status.name == both


@pytest.mark.parametrize(("one", "other", "both"), [("a", "b", "a\n\nb"), ("a", "a", "a"), ("", "b", "b"), ("a", "", "a"), ("", "", "")])
def test_comments_are_joined_and_not_repeated(one: str, other: str, both: str) -> None:
    assert merged(TestResult(0, comment=one), TestResult(1, comment=other)).result.comment == both


_INSTANTS = st.none() | st.integers(-(10**12), 10**12).map(Instant)


@given(_INSTANTS, _INSTANTS, _INSTANTS, _INSTANTS)
def test_it_lasts_from_the_first_start_to_the_last_finish(
    a: Instant | None, b: Instant | None, c: Instant | None, d: Instant | None
) -> None:
    result = merged(TestResult(0, start=a, finish=b), TestResult(1, start=c, finish=d)).result
    assert result.start == min((i for i in (a, c) if i), key=lambda i: i.ms, default=None)
    assert result.finish == max((i for i in (b, d) if i), key=lambda i: i.ms, default=None)


def test_parts_are_joined() -> None:
    files = [EvidenceFile(name, "", None, "") for name in "abcd"]
    first = TestResult(
        0, steps=[StepResult("PASS", "c1", "a1", [files[0]], ["X-1"])], examples=["PASS"], iterations=[Iteration("PASS", "i1")], defects=["X-1", "X-2"],
        evidence=[files[1]], custom_fields=[{"id": 1}], executed_by="ana", assignee="bo", warnings=["w1"],
    )  # fmt: skip
    second = TestResult(
        1, steps=[StepResult("FAIL", "c2", "a1", [files[2]], ["X-1", "X-3"]), StepResult("TODO")], examples=["FAIL"], iterations=[Iteration("FAIL", "i2")],
        defects=["X-2", "X-3"], evidence=[files[3]], custom_fields=[{"id": 2}], executed_by="cleo", warnings=["w2"],
    )  # fmt: skip
    whole = merged(first, second)
    r = whole.result
    assert whole.warnings == ["w1", "w2"]
    assert [(s.status, s.comment, s.actual, s.defects) for s in r.steps] == [
        ("FAIL", "c1\n\nc2", "a1", ["X-1", "X-3"]),
        ("TODO", "", "", ()),
    ]
    assert [f.filename for f in (*r.steps[0].evidence, *r.evidence)] == ["a", "c", "b", "d"]
    assert (r.examples, [i.name for i in r.iterations], r.defects) == (["PASS", "FAIL"], ["i1", "i2"], ["X-1", "X-2", "X-3"])
    assert (r.custom_fields, r.executed_by, r.assignee) == ([{"id": 1}, {"id": 2}], "cleo", "bo")
