# SPDX-License-Identifier: Apache-2.0
"""Merging a Test into another: which one, what that does, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.test_edit import form_of
from radiograph.actions.test_merge import merge_tests, preview_merge
from radiograph.domain.errors import Conflict, DomainError, NotFound, Refused
from radiograph.web.errors import status_of
from radiograph.web.pages.forms import done, sent, text
from radiograph.web.pages.render import page
from radiograph.web.pages.words import amount
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.test_merge import Merge
    from radiograph.domain.people import Caller
    from radiograph.store.test_reads import TestRow

_WORDS = {
    "requirements": "requirement", "sets": "Test Set", "plans": "Test Plan", "preconditions": "Precondition", "folders": "folder place",
    "datasets": "dataset", "comments": "comment", "files": "file", "links": "link", "quarantines": "quarantine", "names": "earlier name",
    "keys": "earlier key", "components": "component", "defects": "run that it is a defect of", "versions": "fix version", "below": "issue below it",
}  # fmt: skip


async def merge_test(request: Request, caller: Caller) -> Response:
    """The form with a preview of what merging does; it is done when it is sent."""
    key = request.path_params["key"]
    row: TestRow = await read(request, form_of, caller, key)
    if request.method in {"GET", "HEAD"}:
        return await _preview(request, caller, row, request.query_params.get("into", "").strip())
    into = text(await sent(request), "into")
    try:
        merged: Merge = await write(request, merge_tests, caller, key, into)
    except (Refused, NotFound, Conflict) as error:
        return _form(request, row, into, wrong=error)
    runs, attempts = amount(merged.runs, "run"), f", {merged.joined} of them as attempts" if merged.joined else ""
    return done(
        request, f"/browse/{merged.target.key}", f"{merged.source.key} is part of {merged.target.key} now: {runs} came with it{attempts}."
    )


async def _preview(request: Request, caller: Caller, row: TestRow, into: str) -> Response:
    if not into:
        return _form(request, row, "")
    try:
        return _form(request, row, into, merge=await read(request, preview_merge, caller, row.key, into))
    except (Refused, NotFound, Conflict) as error:
        return _form(request, row, into, wrong=error)


def _form(request: Request, row: TestRow, into: str, *, merge: Merge | None = None, wrong: DomainError | None = None) -> Response:
    return page(
        request, "test_merge.html", status_of(wrong) if wrong else 200, area=row.key.rpartition("-")[0], here="/tests", t=row, into=into,
        merge=merge, moved=belongings(merge.belongings) if merge else [], wrong=wrong,
        json=f"/api/tests/{row.key}/merge?into={merge.target.key}" if merge else "",
    )  # fmt: skip


def belongings(counts: dict[str, int]) -> list[str]:
    """What belongs to a Test, in words."""
    return [amount(count, _WORDS.get(name, name)) for name, count in counts.items()]
