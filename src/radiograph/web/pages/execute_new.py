# SPDX-License-Identifier: Apache-2.0
"""Executing Tests now: the form that makes a Test Execution of them, and leads to its first run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.plan_edits import keys_in
from radiograph.actions.projects import project as find_project
from radiograph.actions.rounds import Round, open_round, plan_round
from radiograph.web.pages import forms
from radiograph.web.pages.acting import or_again
from radiograph.web.pages.render import page
from radiograph.web.pages.words import amount, cut
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


async def execute_new(request: Request, caller: Caller) -> Response:
    """The form, of the Tests that `tests` names (or that a plan or set named there has), and what it sends."""
    if request.method == "POST":
        return await or_again(request, caller, _open, _show)
    return await _show(request, caller)


def _project(request: Request) -> str:
    return str(request.path_params["key"]).strip().upper()


async def _show(request: Request, caller: Caller) -> Response:
    project = _project(request)
    await read(request, find_project, caller, project)
    plan = request.query_params.get("plan", "").strip()
    keys = keys_in(request.query_params.get("tests", "")) or keys_in(plan)
    planned = await read(request, plan_round, caller, project, keys, plan) if keys else None
    summary = ""
    if planned:
        summary = planned.tests[0][1] if planned.total == 1 else f"{amount(planned.total, 'Test')} by hand"
    return page(
        request, "execute_new.html", area=project, here="/executions", keys=", ".join(keys), planned=planned, summary=cut(summary, 255), project=project,
    )  # fmt: skip


async def _open(request: Request, caller: Caller, form: FormData) -> Response:
    wanted = Round(
        project=_project(request), tests=keys_in(forms.text(form, "tests")), summary=forms.text(form, "summary"), mine=bool(forms.text(form, "mine")),
        environments=[e.strip() for e in forms.text(form, "environments").split(",") if e.strip()], version=forms.text(form, "version"),
        revision=forms.text(form, "revision"), plan=forms.text(form, "plan"),
    )  # fmt: skip
    key, run = await write(request, open_round, caller, wanted)
    return forms.done(request, f"/runs/{run}/execute", f"{key} is made; this is its first run.")
