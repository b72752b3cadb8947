# SPDX-License-Identifier: Apache-2.0
"""The form that a Test is edited in, and the one of its earlier names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import test_names
from radiograph.actions.test_edit import Meanwhile, TestForm, form_of, mark_of, save_test
from radiograph.domain.errors import DomainError, Refused
from radiograph.domain.issues import Step, TestType
from radiograph.web.errors import status_of
from radiograph.web.pages.forms import done, sent, text
from radiograph.web.pages.render import page
from radiograph.web.pages.words import cut
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.test_reads import TestRow

_EMPTY, _MORE, _MOST = 2, 5, 600
"""So many empty steps stand at the end of a form, so many more come when they are asked for; a form has no room for more steps."""


async def edit_test(request: Request, caller: Caller) -> Response:
    """The form, and what becomes of it when it is sent."""
    key = request.path_params["key"]
    row: TestRow = await read(request, form_of, caller, key)
    if len(row.definition.steps) > _MOST:
        raise Refused(f"{row.key} has {len(row.definition.steps)} steps, more than a form has room for: change them through the API.")
    if request.method in {"GET", "HEAD"}:
        return _form(request, row, _as_it_is(row))
    given = await sent(request)
    form = _read(given)
    if "more" in given:
        return _form(request, row, form, empty=_MORE)
    try:
        after = await write(request, save_test, caller, key, form)
    except Meanwhile as error:
        form.seen = mark_of(error.row)
        return _form(request, error.row, form, meanwhile=error)
    except Refused as error:
        return _form(request, row, form, wrong=error)
    changed = f"version {after.number}" if after.number != row.number else "no new version of its definition"
    return done(
        request, f"/browse/{after.key}", f"{after.key} was saved: {changed}." if mark_of(after) != mark_of(row) else "Nothing was changed."
    )


def _as_it_is(row: TestRow) -> TestForm:
    d = row.definition
    return TestForm(row.summary, row.description, row.labels, d.text, d.scenario_type, list(d.steps), mark_of(row))


def _read(given: FormData) -> TestForm:
    """The form as it was sent. Browsers send line ends as CRLF."""
    columns = [[_lines(v) for v in given.getlist(name) if isinstance(v, str)] for name in ("action", "data", "result")]
    steps = [Step(*cells) for cells in zip(*columns, strict=False)]
    return TestForm(
        text(given, "summary"), _lines(text(given, "description")), list(dict.fromkeys(text(given, "labels").replace(",", " ").split())),
        _lines(text(given, "text")), text(given, "scenario_type"), [s for s in steps if s.action.strip() or s.data.strip() or s.result.strip()],
        text(given, "seen"),
    )  # fmt: skip


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n")


def _form(
    request: Request, row: TestRow, form: TestForm, *, empty: int = _EMPTY, meanwhile: Meanwhile | None = None, wrong: Refused | None = None
) -> Response:
    problem = meanwhile or wrong
    status = status_of(problem) if problem else 200
    calls = {i for i, detail in enumerate(row.details) if detail.calls is not None} if form.steps == list(row.definition.steps) else set()
    return page(
        request, "test_edit.html", status, area=row.key.rpartition("-")[0], here="/tests", t=row, form=form, kind=row.definition.type,
        types=TestType, steps=[*form.steps, *[Step()] * empty] if row.definition.type is TestType.MANUAL else [], calls=calls,
        meanwhile=meanwhile, wrong=wrong,
    )  # fmt: skip


async def change_names(request: Request, caller: Caller) -> Response:
    """Add an earlier name to a Test, or remove one."""
    key, given = request.path_params["key"], await sent(request)
    name, gone = text(given, "name"), text(given, "remove")
    place = f"/browse/{key}#names"
    try:
        if gone:
            await write(request, test_names.remove_alias, caller, key, gone)
            return done(request, place, f"Results of “{cut(gone, 120)}” are no longer this Test's.")
        await write(request, test_names.add_alias, caller, key, name)
    except DomainError as error:
        if status_of(error) in {400, 409}:
            return done(request, place, error.message, wrong=True)
        raise
    return done(request, place, f"Results of “{cut(name, 120)}” are this Test's from now on.")
