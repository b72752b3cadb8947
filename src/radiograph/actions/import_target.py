# SPDX-License-Identifier: Apache-2.0
"""Which Test Execution an import goes to, and which Test Plans it is linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import Forbidden, Problem, ProjectRequired, Refused, cut
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.keys import parse_issue_key
from radiograph.domain.people import Caller, Right
from radiograph.store import import_reads as reads

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.domain.outcome import ImportOptions
    from radiograph.domain.report import Report

_Head = tuple[int, int, IssueType]


class Target(Struct):
    """Where an import goes: `execution_id` is 0 for a new one; `plans` by key are id and project id."""

    project_id: int
    execution_id: int
    execution_key: str
    plans: dict[str, tuple[int, int]]


def apply_options(report: Report, options: ImportOptions) -> None:
    """Fill in what the request's query says; the body wins where both speak, but for the lists, which add up."""
    info = report.info
    report.execution_key = report.execution_key or options.execution_key
    info.project = info.project or options.project_key or None
    info.revision = info.revision or options.revision or None
    info.branch = info.branch or options.branch or None
    info.build_url = info.build_url or options.build_url or None
    if options.plan_key and options.plan_key not in info.plan_keys:
        info.plan_keys = [*info.plan_keys, options.plan_key]
    if options.environments:
        info.environments = list(dict.fromkeys([*(info.environments or []), *options.environments]))
    if options.fix_version and not info.fields.fix_versions:
        info.fields.fix_versions = [options.fix_version]


def find_target(conn: sa.Connection, caller: Caller, report: Report) -> Target:
    """The execution (or the project of a new one) and the plans that the report names.

    Raises Refused that names the key when there is no such execution, plan or project, and
    Forbidden when the caller may not import there.
    """
    keys = [k.strip().upper() for k in (report.execution_key, *report.info.plan_keys) if k]
    heads = {k: h for k, h in reads.issue_heads(conn, keys).items() if caller.role_in(h[1]) is not None}
    plans = _plans(report, heads)
    if report.execution_key:
        execution_id, project_id = _execution(report.execution_key, heads)
        target = Target(project_id, execution_id, report.execution_key.strip().upper(), plans)
    else:
        target = Target(_project(conn, caller, report), 0, "", plans)
    if not caller.may(Right.IMPORT, target.project_id):
        raise Forbidden("Your role in this project does not allow to import results; it takes at least tester.")
    for key, (_, project_id) in plans.items():
        if not caller.may(Right.IMPORT, project_id):
            raise Forbidden(f"Your role in the project of {cut(key)} does not allow to add executions to it; it takes at least tester.")
    return target


def _plans(report: Report, heads: dict[str, _Head]) -> dict[str, tuple[int, int]]:
    plans = {}
    for key in dict.fromkeys(k.strip().upper() for k in report.info.plan_keys):
        head = heads.get(key)
        if head is None:
            raise _unknown("Test Plan", key, "$.info.testPlanKey")
        if head[2] is not IssueType.TEST_PLAN:
            raise _wrong("Test Plan", key, head[2], "$.info.testPlanKey")
        plans[key] = head[:2]
    return plans


def _execution(key: str, heads: dict[str, _Head]) -> tuple[int, int]:
    head = heads.get(key.strip().upper())
    if head is None:
        raise _unknown("Test Execution", key, "$.testExecutionKey")
    if head[2] not in EXECUTION_TYPES:
        raise _wrong("Test Execution", key, head[2], "$.testExecutionKey")
    return head[:2]


def _project(conn: sa.Connection, caller: Caller, report: Report) -> int:
    named = report.info.project
    if named:
        found = reads.projects_by_key(conn, [named]).get(named.strip().upper())
        if found is None or caller.role_in(found.id) is None:
            raise _unknown("Project", named, "$.info.project")
        return found.id
    tests = reads.tests_by_key(conn, {r.test_key for r in report.results if r.test_key})
    for result in report.results:
        test = tests.get(result.test_key)
        if test is not None and test.type is not None and caller.role_in(test.project_id) is not None:
            return test.project_id
    raise ProjectRequired


def projects_to_hold(report: Report) -> set[str]:
    """The keys of the projects whose Tests the report may create or change."""
    keys = set()
    for result in report.results:
        if result.info is not None:
            keyed = parse_issue_key(result.test_key) if result.test_key else None
            keys |= {keyed[0] if keyed else (result.info.project_key or "").strip().upper()}
    return keys - {""}


def _unknown(what: str, key: str, path: str) -> Refused:
    text = f"{what} {cut(key)} was not found."
    return Refused(text, [Problem(path, text)])


def _wrong(what: str, key: str, kind: IssueType, path: str) -> Refused:
    text = f"{key} is not a {what}, it is a {kind.label}."
    return Refused(text, [Problem(path, text)])
