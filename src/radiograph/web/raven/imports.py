# SPDX-License-Identifier: Apache-2.0
"""`POST /rest/raven/{1.0,2.0,latest}[/api]/import/execution[/FORMAT][/multipart]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct

from radiograph.formats.xray_wire import WireReport
from radiograph.web.endpoints import FORM, TEXT, Answer, Body, signed_in
from radiograph.web.importing import QUERY, XRAY, format_of, imported
from radiograph.web.raven.shapes import ImportAnswer, import_answer
from radiograph.web.raven.versions import versions
from radiograph.web.raven.written import written

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


@signed_in
async def import_execution(request: Request, caller: Caller) -> Response:
    """Import an Xray JSON report; a form with the parts of `.../multipart` is taken too."""
    return await imported(request, caller, XRAY, import_answer)


@signed_in
async def import_parts(request: Request, caller: Caller) -> Response:
    """Import an Xray JSON report with full control of the Test Execution's fields by a Jira body.

    The part `result` (or `results`, or `file`) holds the report, `info` the fields, `testInfo` those of Tests that are
    created. The report's own `info` is ignored, its `testExecutionKey` is not. There may be several reports.
    """
    return await imported(request, caller, XRAY, import_answer)


@signed_in
async def import_format(request: Request, caller: Caller) -> Response:
    """Import a report of another format, alone or in a form as `.../multipart` takes it.

    A form may hold several reports (parts `file`, `result` or `results`), which go into one Test Execution, and zips of
    them. `auto` and `bundle` tell each report's format by its beginning.
    """
    return await imported(request, caller, format_of(request), import_answer)


@signed_in
async def import_format_parts(request: Request, caller: Caller) -> Response:
    """Import reports of another format with full control of the Test Execution's fields by a Jira body.

    The parts `file`, `result` or `results` hold reports, `info` the execution's fields, `testInfo` those of Tests that
    are created.
    """
    return await imported(request, caller, format_of(request), import_answer)


class ExecutionFields(Struct, rename="camel"):
    """The body that Jira takes to create or edit a Test Execution; what else stands beside `fields` is ignored."""

    fields: Annotated[Any, Meta(description="An object; what is empty is as if absent.")] = None
    xray_fields: Annotated[Any, Meta(description="An object with testPlanKey and environments, as Xray Cloud's clients send.")] = None


_PARTS = "The parts of a form: the report, and the Jira body for its Test Execution."
ReportForm = defstruct(
    "ReportForm", [("result", written(WireReport)), ("info", ExecutionFields | UnsetType, UNSET)], namespace={"__doc__": _PARTS}
)
_REPORT = {
    "info": {"project": "DEMO", "summary": "Nightly", "testEnvironments": ["iOS"]},
    "tests": [{"testKey": "DEMO-7", "status": "FAIL", "comment": "expected 200, got 503", "defects": ["DEMO-10"]}],
}
_INFO = {"fields": {"project": {"key": "DEMO"}, "summary": "Nightly", "fixVersions": [{"name": "v1.3"}]}}
_IMPORTED = {
    200: Answer(
        ImportAnswer, "Imported, and on disk. Results that were refused are in testIssues.error.",
        headers={"Idempotent-Replayed": "true when this is the answer to an earlier request, and nothing was imported again."},
        links={
            "runs": ("runs_of_execution_v2", {"key": "$response.body#/testExecIssue/key"}),
            "issue": ("issue", {"key": "$response.body#/testExecIssue/key"}),
        },
    ),
}  # fmt: skip
_KEY = {"Idempotency-Key": "The same key with the same request gets the first answer for 24 hours; with another request it is a 409."}
_IMPORT: dict[str, Any] = {"query": QUERY, "request_headers": _KEY, "errors": (409,), "writes": True}
_PLAIN, _FORM = Body(written(WireReport), _REPORT), Body(ReportForm, {"result": _REPORT, "info": _INFO}, FORM)

_KIND = {"format": (str, "A report format, such as junit or cucumber; auto and bundle tell it by the report's beginning.", "auto")}


class FormatForm(Struct, rename="camel"):
    """The parts of a form: reports, the Jira body for their Test Execution, and that for Tests that are created."""

    file: str
    info: ExecutionFields | UnsetType = UNSET
    test_info: ExecutionFields | UnsetType = UNSET


_TEXT = '{"tests": [{"testKey": "DEMO-7", "status": "PASS"}]}'
_OTHER: dict[str, Any] = _IMPORT | {"path_parameters": _KIND}

endpoints = [
    *versions(
        "import", "POST", "import/execution", import_execution, _IMPORTED, _IMPORTED, also=("api/import/execution",), body=_PLAIN,
        **_IMPORT,
    ),
    *versions(
        "import_parts", "POST", "import/execution/multipart", import_parts, _IMPORTED, _IMPORTED,
        also=("api/import/execution/multipart",), body=_FORM, **_IMPORT,
    ),
    *versions(
        "import_format", "POST", "import/execution/{format}", import_format, _IMPORTED, _IMPORTED,
        also=("api/import/execution/{format}",), body=Body(str, _TEXT, TEXT), **_OTHER,
    ),
    *versions(
        "import_format_parts", "POST", "import/execution/{format}/multipart", import_format_parts, _IMPORTED, _IMPORTED,
        also=("api/import/execution/{format}/multipart",), body=Body(FormatForm, {"file": _TEXT, "info": _INFO}, FORM), **_OTHER,
    ),
]  # fmt: skip
