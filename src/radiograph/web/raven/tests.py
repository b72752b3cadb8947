# SPDX-License-Identifier: Apache-2.0
"""Tests through Xray's API: finding them, and the issues that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from radiograph.actions import tests
from radiograph.domain.issues import IssueType, TestType
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import step_shapes
from radiograph.web.raven import test_types as types
from radiograph.web.raven.runs import LIMIT, PAGE, page
from radiograph.web.raven.steps import VERSION, version_of
from radiograph.web.raven.versions import is_v2, versions
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.tests import TestView
    from radiograph.domain.people import Caller
    from radiograph.store.preconditions import PreconditionRow

KEYS = Word("keys", "Keys of Tests, with ; between them.", "DEMO-6;DEMO-1207")
FILTER = Word("filter", "The id or the name of a saved filter.")
JQL = Word("jql", "A query.", "project = DEMO AND summary ~ 'pay'")


@signed_in
async def find_tests(request: Request, caller: Caller) -> Response:
    """Tests with their definitions: those that keys, a saved filter and a query all find, one of which is needed.

    An empty array is past the end.
    """
    skip, limit = page(request)
    keys, saved, jql = (word.read(request.query_params) for word in (KEYS, FILTER, JQL))
    found = await read(request, tests.find_tests, caller, keys, saved, jql, skip, limit)
    return encode([test_shape(v, base_url(request), v2=is_v2(request)) for v in found])


def _self(base: str, number: int) -> str:
    return f"{base}/rest/api/2/issue/{number}"


def test_shape(view: TestView, base: str, *, v2: bool) -> types.TestV1 | types.TestV2:
    """A Test with its definition."""
    row = view.row
    common: dict[str, Any] = {
        "id": row.id, "key": row.key, "self_": _self(base, row.id), "reporter": row.reporter, "assignee": row.assignee,
        "precondition": precondition_shapes(view.preconditions, base), "type": row.definition.type.label, "status": view.status,
        "archived": False, "version": row.number,
    }  # fmt: skip
    if row.definition.type is not TestType.MANUAL:
        return (types.TestV2 if v2 else types.TestV1)(**common, definition=row.definition.text)
    if v2:
        return types.TestV2(**common, definition=step_shapes.v2_steps(view, base))
    return types.TestV1(**common, definition=types.StepsV1(step_shapes.v1_steps(view, base)))


test_shape.__test__ = False  # type: ignore[attr-defined]


def member_shape(view: TestView, base: str, rank: int, *, v2: bool) -> types.MemberV1 | types.MemberV2:
    """A Test as what holds it has it, with its place there."""
    kind = types.MemberV2 if v2 else types.MemberV1
    return kind(**structs.asdict(test_shape(view, base, v2=v2)), rank=rank)


def precondition_shapes(rows: list[PreconditionRow], base: str) -> list[types.Precondition]:
    """The Preconditions of one Test, in their order."""
    return [
        types.Precondition(
            id=p.id, key=p.key, rank=rank, type=p.type.label, condition=p.definition, assignee=p.assignee, reporter=p.reporter,
            self_=_self(base, p.id),
        )
        for rank, p in enumerate(rows, 1)
    ]  # fmt: skip


@signed_in
async def preconditions(request: Request, caller: Caller) -> Response:
    """The Preconditions of a Test; an empty array is past the end."""
    skip, limit = page(request)
    rows = await read(request, tests.preconditions_of, caller, request.path_params["key"], version_of(request))
    return encode(precondition_shapes(rows, base_url(request))[skip : skip + limit])


@signed_in
async def test_sets(request: Request, caller: Caller) -> Response:
    """The Test Sets that have a Test; an empty array is past the end."""
    rows = await read(request, tests.holders_of, caller, IssueType.TEST_SET, request.path_params["key"], *page(request))
    base = base_url(request)
    return encode([types.TestSet(id=r.id, key=r.key, summary=r.summary, self_=_self(base, r.id), environments=[]) for r in rows])


@signed_in
async def test_plans(request: Request, caller: Caller) -> Response:
    """The Test Plans that have a Test; an empty array is past the end."""
    rows = await read(request, tests.holders_of, caller, IssueType.TEST_PLAN, request.path_params["key"], *page(request))
    base = base_url(request)
    return encode([types.TestPlan(id=r.id, key=r.key, summary=r.summary, self_=_self(base, r.id), archived=False) for r in rows])


@signed_in
async def test_executions(request: Request, caller: Caller) -> Response:
    """The Test Executions that a Test has a run in; an empty array is past the end."""
    rows = await read(request, tests.executions_of, caller, request.path_params["key"], *page(request))
    base = base_url(request)
    return encode([
        types.TestExecution(
            id=r.id, key=r.key, summary=r.summary, self_=_self(base, r.id), test_environments=r.environments, archived=False
        )
        for r in rows
    ])  # fmt: skip


_TEST: dict[str, Any] = {"path_parameters": {"key": (str, "The key of the Test.", "DEMO-1207")}, "query": (PAGE, LIMIT)}
_CONDITIONS, _SETS, _PLANS = list[types.Precondition], list[types.TestSet], list[types.TestPlan]
_EXECUTIONS = list[types.TestExecution]

endpoints = [
    *versions(
        "find_tests", "GET", "api/test", find_tests, list[types.TestV1], list[types.TestV2], query=(KEYS, FILTER, JQL, PAGE, LIMIT),
        errors=(404,),
    ),
    *versions(
        "preconditions_of_test", "GET", "api/test/{key}/preconditions", preconditions, _CONDITIONS, _CONDITIONS,
        **(_TEST | {"query": (VERSION, PAGE, LIMIT)}),
    ),
    *versions("sets_of_test", "GET", "api/test/{key}/testsets", test_sets, _SETS, _SETS, **_TEST),
    *versions("plans_of_test", "GET", "api/test/{key}/testplans", test_plans, _PLANS, _PLANS, **_TEST),
    *versions("executions_of_test", "GET", "api/test/{key}/testexecutions", test_executions, _EXECUTIONS, _EXECUTIONS, **_TEST),
]  # fmt: skip
