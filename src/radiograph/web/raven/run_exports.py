# SPDX-License-Identifier: Apache-2.0
"""Whole runs through Xray's API: of an execution, a plan, a saved filter, or a Test (Xray docs, Export Execution Results - REST)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions import run_exports
from radiograph.actions.run_exports import Wanted
from radiograph.domain.names_list import split_names
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import Answer, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira.project_shapes import SYSTEM_FIELDS
from radiograph.web.jira.shapes import issue_shape
from radiograph.web.raven import run_shapes as shapes
from radiograph.web.raven import run_types as types
from radiograph.web.raven.runs import LIMIT, PAGE, page
from radiograph.web.raven.versions import is_v2, versions
from radiograph.web.threads import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.run_exports import Export
    from radiograph.actions.runs import RunView
    from radiograph.domain.people import Caller

OF_EXECUTION = Word("testExecKey", "The runs of this Test Execution.", "DEMO-1206")
OF_TEST = Word("testKey", "With testExecKey: only the run of this Test.", "DEMO-7")
OF_PLAN = Word("testPlanKey", "Without testExecKey: the runs of this Test Plan's executions.", "DEMO-100")
OF_FILTER = Word("savedFilterId", "Without both: the runs of the Test Executions that the filter of this id or name finds.")
TEST_FIELDS = Word("includeTestFields", "Fields of the Test to give in testFields: names or ids, with commas.", "labels,Revision")
ENVIRONMENTS = Word("testEnvironments", "Only runs in one of these test environments, with commas; `\\,` is a comma in a name.", "iOS")


@signed_in
async def export_runs(request: Request, caller: Caller) -> Response:
    r"""Whole runs of a Test Execution, of one Test in it, of a Test Plan or of a saved filter; an empty array is past the end."""
    query = request.query_params
    fields = split_names(TEST_FIELDS.read(query))
    execution, test, plan, saved = (word.read(query) for word in (OF_EXECUTION, OF_TEST, OF_PLAN, OF_FILTER))
    wanted = Wanted(execution, test, plan, saved, with_tests=bool(fields))
    found = await read(request, run_exports.export, caller, wanted, *page(request))
    return encode([_exported(view, found, fields, request) for view in found.views])


def _exported(view: RunView, export: Export, fields: Sequence[str], request: Request) -> types.ExportedV1 | types.ExportedV2:
    shape = shapes.exported_shape(view, base_url(request), v2=is_v2(request))
    if fields:
        shape.test_fields = _test_fields(view, export, fields, base_url(request))
    return shape


def _test_fields(view: RunView, export: Export, fields: Sequence[str], base: str) -> dict[str, Any]:
    """The values of the Test's fields by the names that were asked for; unknown ones are null."""
    row = export.tests.get(view.row.test_id)
    if row is None:
        return {}
    values = issue_shape(row, export.fields, base).fields
    ids = {name.casefold(): key for key, (name, *_) in SYSTEM_FIELDS.items()} | {f.name.casefold(): f.key for f in export.fields}
    return {name: values.get(name, values.get(ids.get(name.casefold(), ""))) for name in fields}


@signed_in
async def runs_of_test(request: Request, caller: Caller) -> Response:
    """The runs of a Test, oldest first; an empty array is past the end."""
    names = split_names(ENVIRONMENTS.read(request.query_params))
    found = await read(request, run_exports.runs_of_test, caller, request.path_params["key"], names, *page(request))
    return encode([shapes.run_shape(view, base_url(request), v2=is_v2(request)) for view in found])


_EXPORT = (OF_EXECUTION, OF_TEST, OF_PLAN, OF_FILTER, TEST_FIELDS, PAGE, LIMIT)
_TEST = {"key": (str, "The key of the Test.", "DEMO-7")}

endpoints = [
    *versions(
        "export_runs", "GET", "api/testruns", export_runs, list[types.ExportedV1], list[types.ExportedV2], also=("testruns",),
        query=_EXPORT, errors=(404,),
    ),
    Endpoint(
        id="export_results", group="Xray 1.0", method="GET", paths=("/rest/raven/1.0/execution/result",), handler=export_runs,
        answers={200: Answer(list[types.ExportedV1], "The same as testruns, which takes its place.")}, query=_EXPORT, errors=(404,),
    ),
    *versions(
        "runs_of_test", "GET", "api/test/{key}/testruns", runs_of_test, list[types.RunV1], list[types.RunV2],
        path_parameters=_TEST, query=(ENVIRONMENTS, PAGE, LIMIT),
    ),
]  # fmt: skip
