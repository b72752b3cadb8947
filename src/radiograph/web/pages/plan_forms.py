# SPDX-License-Identifier: Apache-2.0
"""What the forms of a Test Plan's page do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from radiograph.actions import plan_edits, relations, repository
from radiograph.actions.repository import parse_folder_id
from radiograph.web.pages.forms import done, sent, text
from radiograph.web.pages.render import for_people
from radiograph.web.pages.words import amount
from radiograph.web.threads import write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

_TOLD = 3


def _key(request: Request) -> str:
    return str(request.path_params["key"]).strip().upper()


def _said(count: int, thing: str, removed: bool, problems: list[str]) -> str:  # noqa: FBT001
    did = f"{amount(count, thing)} {'removed' if removed else 'added'}."
    more = f" And {len(problems) - _TOLD} more." if len(problems) > _TOLD else ""
    return " ".join([did, *problems[:_TOLD]]) + more


async def tests(request: Request, caller: Caller) -> Response:
    """Add Tests to a plan, or remove them."""
    form, key = await sent(request), _key(request)
    remove = text(form, "do") == "remove"
    count, problems = await write(request, plan_edits.add_or_remove, caller, key, text(form, "keys"), text(form, "jql"), remove)
    return done(request, f"/browse/{key}", _said(count, "Test", remove, problems))


async def executions(request: Request, caller: Caller) -> Response:
    """Add executions to a plan, or remove them."""
    form, key = await sent(request), _key(request)
    remove, keys = text(form, "do") == "remove", plan_edits.keys_in(text(form, "keys"))
    edit = relations.PlanEdit(None, keys) if remove else relations.PlanEdit(keys, None, bool(text(form, "tests")))
    problems = await write(request, relations.edit_executions, caller, key, edit)
    return done(request, f"/browse/{key}?view=executions", _said(len(keys) - len(problems), "execution", remove, problems))


async def move(request: Request, caller: Caller) -> Response:
    """Put Tests of a plan into a folder of its board."""
    form, key = await sent(request), _key(request)
    keys = plan_edits.keys_in(text(form, "keys"))
    await write(request, repository.edit_tests, caller, key, parse_folder_id(text(form, "folder")), keys, [])
    return done(request, f"/browse/{key}?view=board", f"{amount(len(keys), 'Test')} moved.")


async def folders(request: Request, caller: Caller) -> Response:
    """Make a folder on a plan's board."""
    form, key = await sent(request), _key(request)
    made = await write(request, repository.add_folder, caller, key, parse_folder_id(text(form, "parent")), text(form, "name"))
    return done(request, f"/browse/{key}?view=board", f"The folder {made.path}/{made.folder.name} was made.")


async def folder(request: Request, caller: Caller) -> Response:
    """Rename a folder of a plan's board, or remove it."""
    form, key = await sent(request), _key(request)
    number = parse_folder_id(text(form, "folder"))
    if text(form, "do") == "remove":
        await write(request, repository.remove_folder, caller, key, number)
        return done(request, f"/browse/{key}?view=board", "The folder was removed; its Tests stay in the plan.")
    await write(request, repository.change_folder, caller, key, number, text(form, "name"), None)
    return done(request, f"/browse/{key}?view=board", f"The folder is called {text(form, 'name')} now.")


plan_forms = [
    Route(f"/browse/{{key}}/plan/{name}", for_people(form), methods=["POST"])
    for name, form in {"tests": tests, "executions": executions, "move": move, "folders": folders, "folder": folder}.items()
]
