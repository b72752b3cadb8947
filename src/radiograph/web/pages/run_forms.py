# SPDX-License-Identifier: Apache-2.0
"""The forms of a run's page: its result, its defects. Whoever saves over another's change is told first, and loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.run_edits import edit_run
from radiograph.actions.run_seen import RunChanged, Seen, edit_seen
from radiograph.domain.errors import NotFound, Refused
from radiograph.domain.keys import parse_id
from radiograph.domain.run_edits import DefectEdit, RunEdit
from radiograph.web.addresses import number
from radiograph.web.errors import status_of
from radiograph.web.pages.forms import done, sent, text
from radiograph.web.pages.run import shown
from radiograph.web.threads import write

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


async def edit_result(request: Request, caller: Caller) -> Response:
    """Save the status, the assignee and the comment; a conflict shows the page again with both versions (409)."""
    form = await sent(request)
    mine = {name: _written(form, name) for name in ("status", "assignee", "comment") if name in form}
    edit = RunEdit(status=mine.get("status") or None, comment=mine.get("comment"), assignee=mine.get("assignee"))
    run_id = number(request, "id")
    try:
        await write(request, edit_seen, caller, run_id, edit, _seen(text(form, "seen")))
    except RunChanged as conflict:
        return await shown(request, caller, status=409, since=conflict.since, mine=mine)
    except Refused as error:
        return await shown(request, caller, status=status_of(error), mine=mine, wrong=error.message)
    return done(request, f"/runs/{run_id}", "The result is saved.")


def _written(form: FormData, name: str) -> str:
    """A field as it was typed, with the ends of lines as everywhere else."""
    value = form.get(name, "")
    typed = value.replace("\r\n", "\n") if isinstance(value, str) else ""
    return typed if name == "comment" else typed.strip()


def _seen(sent_with: str) -> Seen:
    change, _, import_id = sent_with.partition(".")
    return Seen(parse_id(change) or 0, parse_id(import_id) or 0)


async def edit_defects(request: Request, caller: Caller) -> Response:
    """Link a defect (`add`: its key) or unlink one (`remove`)."""
    form = await sent(request)
    add, remove, run_id = text(form, "add"), text(form, "remove"), number(request, "id")
    if not add and not remove:
        return await shown(request, caller, status=400, wrong="Give the key of a defect, such as DEMO-10.")
    edit = RunEdit(defects=DefectEdit(add=[add] if add else [], remove=[remove] if remove else []))
    try:
        edited = await write(request, edit_run, caller, run_id, edit)
    except (Refused, NotFound) as error:
        return await shown(request, caller, status=status_of(error), wrong=error.message)
    said = "; ".join(edited.warnings) or (f"{add} is linked." if add else f"{remove} is unlinked.")
    return done(request, f"/runs/{run_id}", said)
