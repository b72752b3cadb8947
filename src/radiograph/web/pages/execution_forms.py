# SPDX-License-Identifier: Apache-2.0
"""What the forms of an execution's page do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import browse
from radiograph.actions.baselines import choose_baseline
from radiograph.actions.bulk_runs import edit_runs
from radiograph.domain.errors import NotFound, Refused, cut
from radiograph.domain.keys import parse_id
from radiograph.domain.run_edits import DefectEdit, RunEdit
from radiograph.web.pages.acting import or_again
from radiograph.web.pages.forms import done, sent, text, texts
from radiograph.web.pages.issue import browse_issue
from radiograph.web.pages.words import amount

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.executions import ExecutionRow


async def _execution(request: Request, caller: Caller) -> ExecutionRow:
    state = request.app.state
    issue = await state.threads.read(browse.find, state.services, caller, request.path_params["key"])
    if issue.execution is None:
        raise NotFound(f"{issue.key} is no Test Execution.")
    found: ExecutionRow = issue.execution
    return found


async def change_runs(request: Request, caller: Caller) -> Response:
    """Give the chosen runs a status, an assignee, a defect; what is left empty stays as it is, "-" is nobody."""
    return await or_again(request, caller, _change_runs, browse_issue)


async def _change_runs(request: Request, caller: Caller, form: FormData) -> Response:
    execution, state = await _execution(request, caller), request.app.state
    status, assignee, defect = (text(form, n) for n in ("status", "assignee", "defect"))
    if not (status or assignee or defect):
        raise Refused("Nothing was to be changed: choose a status, an assignee or a defect.")
    given = [parse_id(v) for v in texts(form, "run")]
    edit = RunEdit(
        status=status or None, assignee=("" if assignee == "-" else assignee) if assignee else None,
        defects=DefectEdit(add=[defect] if defect else []),
    )  # fmt: skip
    count = await state.threads.write(edit_runs, state.services, caller, execution, [i or 0 for i in given], edit)
    what = [f"{'are' if count > 1 else 'is'} {cut(status)}"] if status else []
    what += [("belong" if count > 1 else "belongs") + (" to nobody" if assignee == "-" else f" to {cut(assignee)}")] if assignee else []
    what += [f"{'have' if count > 1 else 'has'} the defect {cut(defect)}"] if defect else []
    back = text(form, "back")
    return done(
        request, f"/browse/{execution.key}{back if back.startswith('?') else ''}", f"{amount(count, 'run')} {' and '.join(what)} now."
    )


async def baseline(request: Request, caller: Caller) -> Response:
    """Choose what the execution is compared with."""
    execution, form, state = await _execution(request, caller), await sent(request), request.app.state
    key = await state.threads.write(choose_baseline, state.services, caller, execution, text(form, "baseline"))
    said = f"New and old are told by {key} now." if key else "New and old are told by the execution before it again."
    return done(request, f"/browse/{execution.key}", said)
