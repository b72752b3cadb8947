# SPDX-License-Identifier: Apache-2.0
"""Taking an import back: what goes, what stays and why, and the button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import browse, undo_import
from radiograph.web.addresses import number
from radiograph.web.admin.undo import take_back
from radiograph.web.pages.forms import done
from radiograph.web.pages.render import page
from radiograph.web.pages.words import amount
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.undo_import import Undo
    from radiograph.domain.people import Caller


def going(told: Undo) -> list[str]:
    """What taking the import back does, a sentence each."""
    lines = (
        (told.runs_returned, "run returns to its result before", "runs return to their results before"),
        (told.runs_removed, "run goes: only this import made it", "runs go: only this import made them"),
        (told.runs_emptied, "run is without a result again", "runs are without a result again"),
        (told.attempts_removed, "earlier attempt goes", "earlier attempts go"),
        (told.tests_removed, "Test goes: only this import made it", "Tests go: only this import made them"),
        (told.tests_returned, "Test has its definition before again", "Tests have their definitions before again"),
        (told.plan_tests_removed, "Test leaves its Test Plan", "Tests leave their Test Plans"),
        (told.plans_left, "Test Plan lets go of the execution", "Test Plans let go of the execution"),
    )
    found = [f"{count:,} {one if count == 1 else many}" for count, one, many in lines if count]
    return [*found, *([f"{told.execution} goes: only this import made it"] if told.execution_removed else [])]


async def undo_page(request: Request, caller: Caller) -> Response:
    """The preview, and what its button does."""
    at = number(request, "id")
    if request.method == "POST":
        answer = await take_back(request, caller, at)
        if answer.job:
            return done(request, f"/jobs/{answer.job}?then=/imports/{at}", f"Import {at} is being taken back.")
        what = f"{amount(answer.done.size, 'result')} taken back"
        stays = (
            f"; {amount(answer.done.stays_in_all, 'thing')} {'stays' if answer.done.stays_in_all == 1 else 'stay'}"
            if answer.done.stays_in_all
            else ""
        )
        return done(request, f"/imports/{at}", f"Import {at} is undone: {what}{stays}.")
    told = await read(request, undo_import.preview, caller, at)
    view = await read(request, browse.import_page, caller, at)
    return page(request, "undo.html", json=f"/api/imports/{at}/undo", told=told, going=going(told), view=view)
