# SPDX-License-Identifier: Apache-2.0
"""Tests in bulk, and Cucumber Tests as features, by Xray Cloud's addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from starlette.responses import Response

from radiograph.actions import bulk_tests, feature_export
from radiograph.actions.instance import check_licence
from radiograph.domain.errors import NotFound
from radiograph.domain.keys import parse_id
from radiograph.formats.json_value import MAX_SIZE
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.cloud.endpoint import cloud_endpoint, issue_shape
from radiograph.web.endpoints import Answer, Body, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven.feature_export import FILTER, KEYS
from radiograph.web.spool import receive
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller


ZIP = "application/zip"


class Started(Struct, rename="camel"):
    """The id to ask by for what came of it."""

    job_id: str


class Imported(Struct, rename="camel"):
    """A Test that was made, by its place in the list."""

    element_number: int
    id: str
    key: str
    self: str


class NotImported(Struct, rename="camel"):
    """A Test that wasn't made, by its place in the list, and what was wrong by field."""

    element_number: int
    errors: dict[str, str]


class BulkResult(Struct):
    """What came of each Test."""

    issues: list[Imported]
    errors: list[NotImported]
    warnings: list[str]


class BulkStatus(Struct):
    """How far an import of Tests is: working, successful, partially_successful, unsuccessful, or failed when its server ended before it did."""

    status: str
    result: BulkResult | None = None


@signed_in
async def import_tests(request: Request, caller: Caller) -> Response:
    """Make up to 1000 Tests: Manual ones with steps, Cucumber ones with a scenario, Generic ones with a definition.

    Each is made by itself: what is wrong with one hinders none of the others. They are made when the answer comes.
    """
    await read(request, check_licence)
    values = await read_body(request, list[Any])
    return encode(Started(str(await write(request, bulk_tests.import_tests, caller, values))))


@signed_in
async def bulk_status(request: Request, caller: Caller) -> Response:
    """What came of an import of Tests."""
    number = parse_id(request.path_params["job"])
    if number is None:
        raise NotFound(f"There is no import of Tests {request.path_params['job'][:100]}.")
    found = await read(request, bulk_tests.outcome_of, caller, number)
    if found is None:
        return encode(BulkStatus("working"))
    if found.died:
        return encode(BulkStatus("failed", BulkResult([], [NotImported(0, {"error": found.died})], [])))
    base = base_url(request)
    shapes = [issue_shape(made.id, made.key, base) for made in found.made]
    issues = [Imported(made.element, i.id, i.key, i.self) for made, i in zip(found.made, shapes, strict=True)]
    status = "successful" if not found.failed else "partially_successful" if found.made else "unsuccessful"
    return encode(BulkStatus(status, BulkResult(issues, [NotImported(f.element, f.errors) for f in found.failed], [])))


@signed_in
async def export_cucumber(request: Request, caller: Caller) -> Response:
    """Cucumber Tests as a zip of feature files: one for each requirement, with tags that tell the Tests again."""
    query, state = request.query_params, request.app.state
    file = await state.threads.read(
        feature_export.export_features, state.services, caller, KEYS.read(query), FILTER.read(query), zipped=True
    )
    return Response(file.data, media_type=ZIP, headers={"Content-Disposition": f'attachment; filename="{file.name}"'})


@signed_in
async def graphql(request: Request, _caller: Caller) -> Response:
    """GraphQL isn't spoken here: Xray Server's and Jira's REST paths do what it would."""
    (await receive(request, MAX_SIZE)).close()
    text = "GraphQL is not supported. Use the REST API: /openapi.json describes it, and it takes the same token."
    return encode({"errors": [{"message": text}], "error": text}, 501)


_BULK = [
    {
        "testtype": "Manual", "fields": {"summary": "Pay by card", "project": {"key": "DEMO"}},
        "steps": [{"action": "Pay", "data": "4111 1111 1111 1111", "result": "A receipt is shown"}], "xray_test_repository_folder": "/Shop",
    },
]  # fmt: skip
_JOB = {"job": (str, "The id that the import answered.", "1")}

endpoints = [
    cloud_endpoint(
        "import_tests", "POST", "import/test/bulk", import_tests, {200: Answer(Started)}, body=Body(list[Any], _BULK), writes=True
    ),
    cloud_endpoint(
        "import_tests_status", "GET", "import/test/bulk/{job}/status", bulk_status, {200: Answer(BulkStatus)}, path_parameters=_JOB
    ),
    cloud_endpoint(
        "export_cucumber", "GET", "export/cucumber", export_cucumber, {200: Answer(bytes, "A zip of feature files.", ZIP)},
        query=(KEYS, FILTER), errors=(404,),
    ),
    cloud_endpoint("graphql", "POST", "graphql", graphql, {501: Answer(dict[str, Any], "Always.")}, errors=(413, 415)),
]  # fmt: skip
