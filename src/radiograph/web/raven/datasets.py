# SPDX-License-Identifier: Apache-2.0
"""Datasets of Tests through Xray's API, as CSV (Xray docs, Datasets - REST)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from radiograph.actions import datasets
from radiograph.actions.datasets import DatasetPlace
from radiograph.domain.errors import Problem, Refused
from radiograph.formats.json_value import MAX_SIZE
from radiograph.web import multipart
from radiograph.web.endpoints import FORM, TEXT, Answer, Body, Flag, Word, signed_in
from radiograph.web.raven import test_types as types
from radiograph.web.raven.steps import VERSION, version_of
from radiograph.web.raven.versions import versions
from radiograph.web.spool import receive
from radiograph.web.threads import write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller

CSV = "text/csv"
TEST_ID = Word("testIssueId", "The id of the Test; it wins over the key.")
TEST_KEY = Word("testIssueKey", "The key of the Test.", "DEMO-1207")
CONTEXT_ID = Word("contextIssueId", "The id of a Test Plan, Test Set or Test Execution that has the Test; it wins over the key.")
CONTEXT_KEY = Word("contextIssueKey", "The key of such an issue; without one the Test's own dataset is meant.")
RESOLVED = Flag("resolved", "Every combination of combinatorial parameters; else the rows as they were written.", default=True)
_PLACE = (TEST_ID, TEST_KEY, CONTEXT_ID, CONTEXT_KEY, VERSION)
_LONGEST_HEAD = 4096


def _place(request: Request) -> DatasetPlace:
    test_id, test_key, context_id, context_key = (word.read(request.query_params) for word in _PLACE[:4])
    return DatasetPlace(test_id, test_key, context_id, context_key, version_of(request))


@signed_in
async def export_dataset(request: Request, caller: Caller) -> Response:
    """The dataset of a Test: that of the context (an execution's Test Plans count too), else the Test's own."""
    state, resolved = request.app.state, RESOLVED.read(request.query_params)
    text, key = await state.threads.read(datasets.export_dataset, state.services, caller, _place(request), resolved=resolved)
    return Response(text, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{key}-dataset.csv"'})


@signed_in
async def import_dataset(request: Request, caller: Caller) -> Response:
    """Set the dataset of a Test, or of a Test in a context, from the CSV file in the form's part `file`."""
    place = _place(request)
    spool = await receive(request, MAX_SIZE)
    try:
        await write(request, datasets.import_dataset, caller, place, _file(request, spool.view()))
    finally:
        spool.close()
    return Response(status_code=200)


def _file(request: Request, view: memoryview) -> memoryview:
    """The form's part `file`; a body that is no form is the file itself."""
    boundary = multipart.boundary_of(request.headers.get("content-type", ""), bytes(view[:_LONGEST_HEAD]))
    if boundary is None:
        return view
    parts = multipart.split(view, boundary)
    if "file" not in parts:
        text = f"The form has no part file; its parts are {', '.join(sorted(parts)) or 'none'}."
        raise Refused(text, [Problem("file", text)])
    return parts["file"]


_EXAMPLE = {"file": "user,browser*\r\nana,Chrome\r\nben,Firefox\r\n"}
_FOUND = {200: Answer(str, "The dataset: a line with the parameters, and one for each row.", CSV)}

endpoints = [
    *versions("export_dataset", "GET", "api/dataset/export", export_dataset, _FOUND, _FOUND, query=(*_PLACE, RESOLVED), errors=(404,)),
    *versions(
        "import_dataset", "POST", "api/dataset/import", import_dataset, {200: Answer()}, {200: Answer()}, query=_PLACE, errors=(404,),
        writes=True, body=Body(types.DatasetForm, _EXAMPLE, FORM, TEXT),
    ),
]  # fmt: skip
