# SPDX-License-Identifier: Apache-2.0
"""What addresses of imports take, for the document that describes them: bodies, forms, headers."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct

from radiograph.formats.xray_wire import WireReport
from radiograph.web.endpoints import FORM, TEXT, Body
from radiograph.web.importing import QUERY
from radiograph.web.raven.written import written


class ExecutionFields(Struct, rename="camel"):
    """The body that Jira takes to create or edit a Test Execution; what else stands beside `fields` is ignored."""

    fields: Annotated[Any, Meta(description="An object; what is empty is as if absent.")] = None
    xray_fields: Annotated[Any, Meta(description="An object with testPlanKey and environments, as Xray Cloud's clients send.")] = None


_PARTS = "The parts of a form: the report, and the Jira body for its Test Execution."
ReportForm = defstruct(
    "ReportForm", [("result", written(WireReport)), ("info", ExecutionFields | UnsetType, UNSET)], namespace={"__doc__": _PARTS}
)


class FormatForm(Struct, rename="camel"):
    """The parts of a form: reports, the Jira body for their Test Execution, and that for Tests that are created."""

    file: str
    info: ExecutionFields | UnsetType = UNSET
    test_info: ExecutionFields | UnsetType = UNSET


_REPORT = {
    "info": {"project": "DEMO", "summary": "Nightly", "testEnvironments": ["iOS"]},
    "tests": [{"testKey": "DEMO-7", "status": "FAIL", "comment": "expected 200, got 503", "defects": ["DEMO-10"]}],
}
_INFO = {"fields": {"project": {"key": "DEMO"}, "summary": "Nightly", "fixVersions": [{"name": "v1.3"}]}}
_TEXT = '{"tests": [{"testKey": "DEMO-7", "status": "PASS"}]}'
XRAY, XRAY_FORM = Body(written(WireReport), _REPORT), Body(ReportForm, {"result": _REPORT, "info": _INFO}, FORM)
OTHER, OTHER_FORM = Body(str, _TEXT, TEXT), Body(FormatForm, {"file": _TEXT, "info": _INFO}, FORM)
REPLAYED = {"Idempotent-Replayed": "true when this is the answer to an earlier request, and nothing was imported again."}
_KEY = {"Idempotency-Key": "The same key with the same request gets the first answer for 24 hours; with another request it is a 409."}
_KIND = {"format": (str, "A report format, such as junit or cucumber; auto and bundle tell it by the report's beginning.", "auto")}
IMPORT: dict[str, Any] = {"query": QUERY, "request_headers": _KEY, "errors": (409,), "writes": True}
IMPORT_FORMAT: dict[str, Any] = IMPORT | {"path_parameters": _KIND}
"""What endpoints of imports have in common."""
