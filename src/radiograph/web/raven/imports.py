# SPDX-License-Identifier: Apache-2.0
"""`POST /rest/raven/{1.0,2.0,latest}[/api]/import/execution[/FORMAT][/multipart]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.web import report_bodies as bodies
from radiograph.web.endpoints import Answer, signed_in
from radiograph.web.importing import imported
from radiograph.web.raven.shapes import ImportAnswer, import_answer
from radiograph.web.raven.versions import versions

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


@signed_in
async def import_execution(request: Request, caller: Caller) -> Response:
    """Import an Xray JSON report; a form with the parts of `.../multipart` is taken too."""
    return await imported(request, caller, import_answer)


@signed_in
async def import_parts(request: Request, caller: Caller) -> Response:
    """Import an Xray JSON report with full control of the Test Execution's fields by a Jira body.

    The part `result` (or `results`, or `file`) holds the report, `info` the fields, `testInfo` those of Tests that are
    created. The report's own `info` is ignored, its `testExecutionKey` is not. There may be several reports.
    """
    return await imported(request, caller, import_answer)


@signed_in
async def import_format(request: Request, caller: Caller) -> Response:
    """Import a report of another format, alone or in a form as `.../multipart` takes it.

    A form may hold several reports (parts `file`, `result` or `results`), which go into one Test Execution, and zips of
    them. `auto` and `bundle` tell each report's format by its beginning.
    """
    return await imported(request, caller, import_answer)


@signed_in
async def import_format_parts(request: Request, caller: Caller) -> Response:
    """Import reports of another format with full control of the Test Execution's fields by a Jira body.

    The parts `file`, `result` or `results` hold reports, `info` the execution's fields, `testInfo` those of Tests that
    are created.
    """
    return await imported(request, caller, import_answer)


_IMPORTED = {
    200: Answer(
        ImportAnswer, "Imported, and on disk. Results that were refused are in testIssues.error.", headers=bodies.REPLAYED,
        links={
            "runs": ("runs_of_execution_v2", {"key": "$response.body#/testExecIssue/key"}),
            "issue": ("issue", {"key": "$response.body#/testExecIssue/key"}),
        },
    ),
}  # fmt: skip

endpoints = [
    *versions(
        "import", "POST", "import/execution", import_execution, _IMPORTED, _IMPORTED, also=("api/import/execution",), body=bodies.XRAY,
        **bodies.IMPORT,
    ),
    *versions(
        "import_parts", "POST", "import/execution/multipart", import_parts, _IMPORTED, _IMPORTED,
        also=("api/import/execution/multipart",), body=bodies.XRAY_FORM, **bodies.IMPORT,
    ),
    *versions(
        "import_format", "POST", "import/execution/{format}", import_format, _IMPORTED, _IMPORTED,
        also=("api/import/execution/{format}",), body=bodies.OTHER, **bodies.IMPORT_FORMAT,
    ),
    *versions(
        "import_format_parts", "POST", "import/execution/{format}/multipart", import_format_parts, _IMPORTED, _IMPORTED,
        also=("api/import/execution/{format}/multipart",), body=bodies.OTHER_FORM, **bodies.IMPORT_FORMAT,
    ),
]  # fmt: skip
