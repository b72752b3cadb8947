# SPDX-License-Identifier: Apache-2.0
"""What Tests belong to Test Executions, Test Plans, Test Sets and Preconditions, through Xray's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from radiograph.actions import relations, runs, tests
from radiograph.domain.clock import format_instant
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.statuses import TODO
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import relation_types as types
from radiograph.web.raven.runs import LIMIT, PAGE, page
from radiograph.web.raven.test_types import MemberV1, MemberV2
from radiograph.web.raven.tests import member_shape
from radiograph.web.raven.versions import is_v2, versions
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.store.executions import ExecutionRow
    from radiograph.web.endpoints import Endpoint, Handler

KINDS: dict[str, tuple[IssueType, ...]] = {
    "testexec": EXECUTION_TYPES,
    "testplan": (IssueType.TEST_PLAN,),
    "testset": (IssueType.TEST_SET,),
    "precondition": (IssueType.PRECONDITION,),
}
"""By the word in the path: the types of the issues that have Tests."""


def _edit_tests(kinds: Sequence[IssueType]) -> Handler:
    async def edit(request: Request, caller: Caller) -> Response:
        """Add Tests and remove others; an empty array is success, else it says which keys were wrong.

        The other keys are added and removed all the same.
        """
        given = await read_body(request, types.MembersEdit)
        change = relations.Edit(given.add, given.remove)
        return encode(await write(request, relations.edit_tests, caller, request.path_params["key"], kinds, change))

    return signed_in(edit)


def _remove_test(kinds: Sequence[IssueType]) -> Handler:
    async def remove(request: Request, caller: Caller) -> Response:
        """Remove one Test; of a Test Execution its run goes with all that belongs to it."""
        await write(request, relations.remove_test, caller, request.path_params["key"], kinds, request.path_params["test"])
        return Response(status_code=200)

    return signed_in(remove)


@signed_in
async def tests_of_plan(request: Request, caller: Caller) -> Response:
    """The Tests of a Test Plan with their latest status there; an empty array is past the end."""
    found = await read(request, relations.tests_of_plan, caller, request.path_params["key"], *page(request))
    table, _ = await read(request, runs.statuses)
    return encode([types.PlanTest(p.id, p.key, TODO if p.status_id is None else table.by_id[p.status_id].name) for p in found])


def _members(kind: IssueType) -> Handler:
    async def members(request: Request, caller: Caller) -> Response:
        skip, limit = page(request)
        found = await read(request, tests.members, caller, request.path_params["key"], kind, skip, limit)
        base, v2 = base_url(request), is_v2(request)
        return encode([member_shape(view, base, skip + n, v2=v2) for n, view in enumerate(found, 1)])

    members.__doc__ = f"The Tests of a {kind.label}; an empty array is past the end."
    return signed_in(members)


@signed_in
async def executions_of_plan(request: Request, caller: Caller) -> Response:
    """The Test Executions of a Test Plan; an empty array is past the end."""
    found = await read(request, relations.executions_of_plan, caller, request.path_params["key"], *page(request))
    return encode([_execution(e, base_url(request)) for e in found])


def _execution(e: ExecutionRow, base: str) -> types.PlanExecution:
    return types.PlanExecution(
        id=e.id, key=e.key, summary=e.summary, self_=f"{base}/rest/api/2/issue/{e.id}", test_environments=e.environments,
        environments=e.environments, created=format_instant(e.created_ms), archived=False,
    )  # fmt: skip


@signed_in
async def edit_executions(request: Request, caller: Caller) -> Response:
    """Add Test Executions to a Test Plan and remove others; an empty array is success, else it says which keys were wrong."""
    given = await read_body(request, types.ExecutionsEdit)
    change = relations.PlanEdit(given.add, given.remove, add_tests=given.add_tests_to_plan is not False)
    return encode(await write(request, relations.edit_executions, caller, request.path_params["key"], change))


@signed_in
async def remove_execution(request: Request, caller: Caller) -> Response:
    """Remove one Test Execution from a Test Plan, which keeps its Tests."""
    await write(request, relations.remove_execution, caller, request.path_params["key"], request.path_params["execution"])
    return Response(status_code=200)


_EXAMPLES = {"testexec": "DEMO-1206", "testplan": "DEMO-100", "testset": "DEMO-101", "precondition": "DEMO-102"}
_TEXTS = Answer(list[str], "What was wrong; empty when nothing was.")
_TEST = {"test": (str, "The key of the Test.", "DEMO-8")}
_EXECUTION = {"execution": (str, "The key of the Test Execution.", "DEMO-1206")}
_PAGED: dict[str, Any] = {"query": (PAGE, LIMIT)}


def _key(word: str) -> dict[str, tuple[type, str, Any]]:
    return {"key": (str, f"The key of the {KINDS[word][0].label}.", _EXAMPLES[word])}


def _both(name: str, method: str, path: str, handler: Handler, answer: Any, **more: Any) -> list[Endpoint]:  # noqa: ANN401
    """The endpoint with the same answer in both versions."""
    return versions(name, method, path, handler, answer, answer, **more)


def _of_kind(word: str) -> list[Endpoint]:
    body = Body(types.MembersEdit, {"add": ["DEMO-6"], "remove": []})
    kinds, key = KINDS[word], _key(word)
    return [
        *_both(
            f"edit_tests_of_{word}", "POST", f"api/{word}/{{key}}/test", _edit_tests(kinds), {200: _TEXTS}, path_parameters=key, body=body,
            writes=True,
        ),
        *_both(
            f"remove_test_of_{word}", "DELETE", f"api/{word}/{{key}}/test/{{test}}", _remove_test(kinds), {200: Answer()},
            path_parameters=key | _TEST, writes=True,
        ),
    ]  # fmt: skip


_PLAN = _key("testplan")
_EDIT = Body(types.ExecutionsEdit, {"add": ["DEMO-1206"], "remove": [], "addTestsToPlan": True})
endpoints = [
    *(endpoint for word in KINDS for endpoint in _of_kind(word)),
    *_both("tests_of_plan", "GET", "api/testplan/{key}/test", tests_of_plan, list[types.PlanTest], path_parameters=_PLAN, **_PAGED),
    *(
        endpoint for word in ("testset", "precondition") for endpoint in versions(
            f"tests_of_{word}", "GET", f"api/{word}/{{key}}/test", _members(KINDS[word][0]), list[MemberV1], list[MemberV2],
            path_parameters=_key(word), **_PAGED,
        )
    ),
    *_both(
        "executions_of_plan", "GET", "api/testplan/{key}/testexecution", executions_of_plan, list[types.PlanExecution],
        path_parameters=_PLAN, **_PAGED,
    ),
    *_both(
        "edit_executions_of_plan", "POST", "api/testplan/{key}/testexecution", edit_executions, {200: _TEXTS}, path_parameters=_PLAN,
        body=_EDIT, writes=True,
    ),
    *_both(
        "remove_execution_of_plan", "DELETE", "api/testplan/{key}/testexecution/{execution}", remove_execution, {200: Answer()},
        path_parameters=_PLAN | _EXECUTION, writes=True,
    ),
]  # fmt: skip
