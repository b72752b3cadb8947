# SPDX-License-Identifier: Apache-2.0
"""For how long a project keeps what: rules, what would go by them, and the button that removes it now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from radiograph.actions import projects
from radiograph.actions import retention as actions
from radiograph.domain.retention import KINDS, Rules
from radiograph.web.admin.retention import asked
from radiograph.web.pages.acting import act, whole
from radiograph.web.pages.forms import done
from radiograph.web.pages.render import page
from radiograph.web.pages.words import amount
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.retention import Going
    from radiograph.domain.people import Caller
    from radiograph.web.pages.acting import Act

_HINTS = {
    "executions": "Not those of Test Plans that aren't done, nor those with the label keep.",
    "evidence": "Failures keep theirs.", "attempts": "Results that were replaced by later ones.",
    "imports": "Records that results still name stay, without their warnings.", "outgoing": "Hooks and mail, once they are over.",
}  # fmt: skip


async def show(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    """The rules with what would go, by those of the query where it has some."""
    project = await read(request, projects.project, caller, request.path_params["key"])
    tried = asked(request.query_params) if not wrong else None
    found = await read(request, actions.preview, caller, project, tried)
    kept = found if tried is None else await read(request, actions.preview, caller, project, Rules())
    rules = [(n, word, getattr(found.rules, n), _HINTS[n]) for n, word in KINDS.items()]
    return page(
        request, "retention.html", status, json=f"/api/projects/{project.key}/retention", area=project.key, here="/settings", project=project,
        rules=rules, going=found.going, going_words=going_words(found.going), begins=kept.history_begins_ms, tried=tried is not None, wrong=wrong,
    )  # fmt: skip


def going_words(going: Going) -> list[str]:
    """What goes, of each kind that something goes of."""
    executions = f"{amount(going.executions, 'execution')} with {amount(going.runs, 'run')}"
    kinds = (
        (going.executions, executions), (going.evidence, f"{amount(going.evidence, 'file')} of passing runs"),
        (going.attempts, amount(going.attempts, "attempt")), (going.imports, amount(going.imports, "import record")),
        (going.warnings, f"the warnings of {amount(going.warnings, 'import record')}"), (going.outgoing, f"{going.outgoing:,} {'call or mail' if going.outgoing == 1 else 'calls and mails'}"),
    )  # fmt: skip
    return [words for count, words in kinds if count]


def _rules(form: FormData) -> Rules:
    return Rules(*(whole(form, name) for name in Rules.__struct_fields__))


async def _keep(request: Request, caller: Caller, form: FormData) -> Response:
    project = await read(request, projects.project, caller, request.path_params["key"])
    await write(request, actions.set_rules, caller, project, _rules(form))
    return done(request, f"/projects/{project.key}/retention", "The rules are kept. They are followed tonight, or when you remove it now.")


async def _now(request: Request, caller: Caller, _form: FormData) -> Response:
    project, state = await read(request, projects.project, caller, request.path_params["key"]), request.app.state
    job = await write(request, actions.start, caller, project)
    state.jobs.begin(state.services, job, partial(actions.run, state.services, caller, project, job))
    return done(request, f"/jobs/{job}?then=/projects/{project.key}/retention", f"What {project.key} keeps no longer is being removed.")


_ACTS: Mapping[str, Act] = {"keep": _keep, "now": _now}


async def retention(request: Request, caller: Caller) -> Response:
    """The rules, and what their forms do."""
    await read(request, projects.project, caller, request.path_params["key"])
    return await act(request, caller, _ACTS, show) if request.method == "POST" else await show(request, caller)
