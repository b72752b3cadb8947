# SPDX-License-Identifier: Apache-2.0
"""Tags of results: keys of Tests, of requirements, of the execution, or labels."""

from __future__ import annotations

import pytest

from radiograph.domain.issues import IssueType
from radiograph.domain.report import ExecutionInfo, Report, TestInfo, TestResult
from radiograph.domain.tags import keys_in, read_tags

TYPES = {
    "AB-1": IssueType.TEST, "AB-2": IssueType.TEST, "AB-3": IssueType.STORY, "AB-4": IssueType.TEST_EXECUTION, "AB-5": IssueType.PRECONDITION,
    "AB-6": IssueType.BUG,
}  # fmt: skip


def read(*tags: str) -> tuple[str, list[str], list[str], str, list[str]]:
    result = TestResult(0, tags=list(tags), info=TestInfo(derived=True))
    report = Report("", ExecutionInfo(), [result], [], [])
    read_tags(report, result, TYPES)
    assert result.info is not None
    return result.test_key, list(result.info.requirement_keys), result.info.labels or [], report.execution_key, result.warnings


@pytest.mark.parametrize(
    ("tags", "test", "requirements", "labels", "execution"),
    [
        (["AB-1", "slow"], "AB-1", [], ["slow"], ""),
        (["TEST_AB-1"], "AB-1", [], [], ""),
        (["test_ab-1", "req_ab-3"], "AB-1", ["AB-3"], [], ""),
        (["AB-3", "AB-3", "AB-6"], "", ["AB-3", "AB-6"], [], ""),
        (["AB-4", "AB-1"], "AB-1", [], [], "AB-4"),
        (["TEST_AB-9"], "AB-9", [], [], ""),
        (["AB-9", "REQ_AB-9", "REQ_x", "utf-8"], "", ["AB-9"], ["AB-9", "REQ_x", "utf-8"], ""),
        (["AB-5"], "", [], ["AB-5"], ""),
        (["REQ_AB-1", "REQ_AB-4"], "", ["AB-1", "AB-4"], [], ""),
    ],
)
def test_a_tag_is_what_the_issue_of_its_key_is(
    tags: list[str], test: str, requirements: list[str], labels: list[str], execution: str
) -> None:
    assert read(*tags) == (test, requirements, labels, execution, [])


def test_of_several_tests_the_first_counts_and_a_warning_says_so() -> None:
    assert read("AB-2", "TEST_AB-1")[::4] == ("AB-2", ["$.tests[0]: its tags name 2 Tests, AB-2, AB-1; the first was taken"])


def test_keys_to_look_for_are_those_of_tags_with_and_without_their_prefix() -> None:
    assert keys_in(["TEST_AB-1", "bc-2", "slow", "REQ_x"]) == {"TEST_AB-1", "AB-1", "BC-2"}
