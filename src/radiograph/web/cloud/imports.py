# SPDX-License-Identifier: Apache-2.0
"""Imports by Xray Cloud's addresses: what is read is the same, the answer is Cloud's (Xray Cloud docs, Import Execution Results)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.web import report_bodies as bodies
from radiograph.web.cloud.endpoint import CloudIssue, cloud_endpoint, imported_shape
from radiograph.web.endpoints import Answer, signed_in
from radiograph.web.importing import imported

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


@signed_in
async def import_execution(request: Request, caller: Caller) -> Response:
    """Import an Xray JSON report.

    Cloud's names (`PASSED`, `evidence`, `type`, `xrayFields`) and those of Xray Server are taken both.
    """
    return await imported(request, caller, imported_shape)


@signed_in
async def import_format(request: Request, caller: Caller) -> Response:
    """Import a report of another format: its XML or JSON as the body, or a form of several."""
    return await imported(request, caller, imported_shape)


_IMPORTED = {
    200: Answer(CloudIssue, "The Test Execution. What was refused or odd is in the import's record, on its page.", headers=bodies.REPLAYED)
}

endpoints = [
    cloud_endpoint("import", "POST", "import/execution", import_execution, _IMPORTED, body=bodies.XRAY, **bodies.IMPORT),
    cloud_endpoint("import_parts", "POST", "import/execution/multipart", import_execution, _IMPORTED, body=bodies.XRAY_FORM, **bodies.IMPORT),
    cloud_endpoint(
        "import_format", "POST", "import/execution/{format}", import_format, _IMPORTED, body=bodies.OTHER, **bodies.IMPORT_FORMAT
    ),
    cloud_endpoint(
        "import_format_parts", "POST", "import/execution/{format}/multipart", import_format, _IMPORTED, body=bodies.OTHER_FORM,
        **bodies.IMPORT_FORMAT,
    ),
]  # fmt: skip
