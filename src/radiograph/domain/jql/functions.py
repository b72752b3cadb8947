# SPDX-License-Identifier: Apache-2.0
"""The functions that a query can call: Xray's, with its names and its order of arguments, and Jira's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import shown
from radiograph.domain.jql.errors import meant, wrong

if TYPE_CHECKING:
    from radiograph.domain.jql.syntax import Call


class Function(Struct, frozen=True):
    """A function: what its arguments are, how many it needs, what it gives: issues, dates, people, versions or types.

    With `more` the last argument can be repeated.
    """

    name: str
    arguments: tuple[str, ...]
    needs: int
    doc: str
    gives: str = "issues"
    aliases: tuple[str, ...] = ()
    more: bool = False

    @property
    def signature(self) -> str:
        """`testPlanTests(plan, [statuses], [environment])`."""
        shown = [a if i < self.needs else f"[{a}]" for i, a in enumerate(self.arguments)]
        return f"{self.name}({', '.join([*shown, *(['…'] if self.more else [])])})"


_SPAN = ("increment",)
FUNCTIONS = (
    Function("testExecutionTests", ("execution", "statuses", "assignee", "defects", "executor"), 1, 'Tests of Test Executions: those whose run has one of the statuses (`PASS|FAIL`), is assigned to a person (`""`: to nobody), has defects (`true`, `false`), was run by a person.'),
    Function("testTestExecutions", ("test",), 1, "Test Executions that have a run of the Test."),
    Function("testPlanTests", ("plan", "statuses", "environment"), 1, "Tests of a Test Plan: those whose latest run in the plan, in the environment, has one of the statuses."),
    Function("testPlanTestExecutions", ("plan", "environment"), 1, "Test Executions of a Test Plan."),
    Function("testTestPlan", ("test",), 1, "Test Plans that have the Test.", aliases=("testTestPlans",)),
    Function("testPlanRequirements", ("plan",), 1, "Requirements that Tests of a Test Plan cover."),
    Function("testSetTests", ("set",), 1, "Tests of a Test Set."),
    Function("testTestSet", ("test",), 1, "Test Sets that have the Test.", aliases=("testTestSets",)),
    Function("testPreConditions", ("test",), 1, "Pre-Conditions of a Test."),
    Function("preConditionTests", ("precondition",), 1, "Tests that have the Pre-Condition."),
    Function("testRequirements", ("test",), 1, "Requirements that the Test covers."),
    Function("requirementTests", ("requirement",), 1, "Tests that cover the requirement.", more=True),
    Function("testsWithNoTestSet", (), 0, "Tests in no Test Set.", aliases=("testsWithoutTestSet",)),
    Function("testsWithNoTestPlan", (), 0, "Tests in no Test Plan.", aliases=("testsWithoutTestPlan",)),
    Function("testsWithNoTestExecution", (), 0, "Tests that were never run.", aliases=("testsWithoutTestExecution",)),
    Function("manualTestsWithoutSteps", (), 0, "Manual Tests that have no steps."),
    Function("testsWithReqVersion", ("project", "version"), 2, "Tests that cover a requirement with one of the fix versions.", more=True),
    Function("testsWithTestSetVersion", ("project", "version"), 2, "Tests of a Test Set with one of the fix versions.", more=True),
    Function("testRepositoryFolderTests", ("project", "folder", "subfolders"), 2, "Tests in a folder of a project's Test Repository, with `true` in its subfolders too."),
    Function("testPlanFolderTests", ("plan", "folder", "subfolders", "statuses", "environment"), 2, "Tests in a folder of a Test Plan's board, by their latest status in the plan."),
    Function("requirements", ("status", "project", "version", "environment"), 1, "Requirements whose coverage has one of the statuses (`OK|NOK`), counting the executions of a version and an environment."),
    Function("requirementsWithStatusByTestPlan", ("status", "plan", "environment"), 2, "Requirements whose coverage has one of the statuses, counting the executions of a Test Plan."),
    Function("testExecWithTestRunsAssignedToUser", ("assignee", "statuses"), 0, "Test Executions with a run that is assigned to a person (the caller, when nobody is named) and has one of the statuses."),
    Function("defectsCreatedDuringTesting", ("execution",), 1, "Defects of the runs of Test Executions.", aliases=("testRunDefects",), more=True),
    Function("defectsCreatedForRequirement", ("requirement",), 1, "Defects of the runs of Tests that cover the requirement.", more=True),
    Function("linkedIssues", ("issue", "link"), 1, "Issues that are linked to an issue, by one type or one direction of links (`blocks`); links of Tests to requirements are of the type Tests."),
    Function("now", _SPAN[:0], 0, "This instant.", "dates"),
    *(
        Function(f"{edge}Of{span}", _SPAN, 0, f"{'First' if edge == 'start' else 'Last'} instant of this {span.lower()}, or of the one so many away: `-1`, `\"+2w\"`.", "dates")
        for edge in ("start", "end")
        for span in ("Day", "Week", "Month", "Year")
    ),
    Function("currentUser", (), 0, "The caller.", "people"),
    Function("releasedVersions", ("project",), 0, "Versions that are released.", "versions", more=True),
    Function("unreleasedVersions", ("project",), 0, "Versions that are not released yet.", "versions", more=True),
    Function("standardIssueTypes", (), 0, "Issue types that are no sub-tasks.", "types"),
    Function("subTaskIssueTypes", (), 0, "Issue types that are sub-tasks: Sub Test Execution.", "types"),
)  # fmt: skip
_NAMED = {name.lower(): f for f in FUNCTIONS for name in (f.name, *f.aliases)}


def find_function(call: Call, gives: str, field: str) -> Function:
    """The function that is called; raises WrongQuery for an unknown one, wrong arguments, or values that the field can't have."""
    found = _NAMED.get(call.name.lower())
    if found is None:
        raise wrong(
            f"there is no function {shown(call.name)}.{meant(call.name[:100], [f.name for f in FUNCTIONS if f.gives == gives])}", call.at
        )
    if found.gives != gives:
        raise wrong(f"the function {found.name} gives {found.gives}, which {field} can't be.", call.at)
    count = len(call.arguments)
    if count < found.needs or (count > len(found.arguments) and not found.more):
        raise wrong(f"{found.name} takes {found.signature}, not {count} {'argument' if count == 1 else 'arguments'}.", call.at)
    return found
