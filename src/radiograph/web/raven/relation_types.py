# SPDX-License-Identifier: Apache-2.0
"""The JSON of what belongs to Test Executions, Test Plans, Test Sets and Preconditions in Xray's API."""

from __future__ import annotations

from msgspec import Struct, field


class MembersEdit(Struct):
    """Keys of issues to add and to remove; a key in both is removed."""

    add: list[str] | None = None
    remove: list[str] | None = None


class ExecutionsEdit(MembersEdit, rename="camel"):
    """Keys of Test Executions to add and to remove; `addTestsToPlan` (default true) adds their Tests to the plan too."""

    add_tests_to_plan: bool | None = None


class PlanTest(Struct, rename="camel"):
    """A Test of a Test Plan; `latestStatus` is that of its latest run in the plan's executions."""

    id: int
    key: str
    latest_status: str


class PlanExecution(Struct, kw_only=True, rename="camel"):
    """A Test Execution of a Test Plan."""

    id: int
    key: str
    summary: str
    self_: str = field(name="self")
    test_environments: list[str]
    environments: list[str]
    created: str
    archived: bool
