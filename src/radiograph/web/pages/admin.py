# SPDX-License-Identifier: Apache-2.0
"""The rooms of an instance's administrators."""

from __future__ import annotations

import json
import os
import platform
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import structs

from radiograph.actions import admin, admin_people, admin_vocabulary, fields, issues
from radiograph.actions import workflow as flow
from radiograph.domain.errors import Refused
from radiograph.domain.keys import parse_id
from radiograph.domain.retention import InstanceRules
from radiograph.domain.statuses import Status
from radiograph.store.tables import SCHEMA_VERSION
from radiograph.web.admin.instance import ACTION, AFTER, BEFORE, PERSON, SUBJECT, TEXT
from radiograph.web.pages.acting import act, secret, whole
from radiograph.web.pages.forms import text
from radiograph.web.pages.render import page
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.web.pages.acting import Act

_STARTED, _TOKENS = time.time(), 100


class Room(NamedTuple):
    """A page of administration: its path below /admin, and its word."""

    path: str
    word: str


ROOMS = (
    Room("", "Server"), Room("/people", "People"), Room("/tokens", "Tokens"), Room("/statuses", "Statuses"), Room("/workflow", "Workflow"),
    Room("/environments", "Environments"), Room("/storage", "Storage"), Room("/audit", "Audit"),
)  # fmt: skip


def _room(request: Request, template: str, status: int, *, here: str, json: str, **values: Any) -> Response:  # noqa: ANN401
    return page(request, template, status, json=json, rooms=ROOMS, room=here, **values)


# --- the server ---------------------------------------------------------------------------------
async def _show_server(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    found = await read(request, admin.server, caller)
    settings = request.app.state.services.settings
    facts = {
        "Schema": SCHEMA_VERSION, "Database": found.database, "Database address": found.address, "Python": platform.python_version(),
        "This process": os.getpid(), "Data folder": settings.data, "Prefix": settings.base_path or "none", "Largest body": settings.max_body,
        "Largest file": settings.max_evidence, "A sign-in lasts, hours": settings.session_hours,
    }  # fmt: skip
    return _room(
        request,
        "admin_server.html",
        status,
        here="",
        json="/api/admin/server",
        server=found,
        facts=facts,
        started=int(_STARTED * 1000),
        wrong=wrong,
    )


async def _licence(request: Request, caller: Caller, form: FormData) -> str:
    active = text(form, "state") == "active"
    await request.app.state.threads.write(admin.set_licence, request.app.state.services, caller, active=active)
    return "The licence is active." if active else "The licence has lapsed: imports are refused in Xray's words."


async def _rules(request: Request, caller: Caller, form: FormData) -> str:
    await write(request, admin.set_instance_rules, caller, InstanceRules(whole(form, "audit"), whole(form, "refused")))
    return "The days are kept; they are followed every night."


_SERVER: Mapping[str, Act] = {"licence": _licence, "rules": _rules}


async def server(request: Request, caller: Caller) -> Response:
    """Facts of the server, the licence, tasks."""
    return await act(request, caller, _SERVER, _show_server) if request.method == "POST" else await _show_server(request, caller)


# --- people -------------------------------------------------------------------------------------
async def _show_people(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    wanted = TEXT.read(request.query_params)
    found = await read(request, admin_people.people, caller, wanted, AFTER.read(request.query_params))
    return _room(request, "admin_people.html", status, here="/people", json="/api/admin/people", found=found, q=wanted, wrong=wrong)


async def _add(request: Request, caller: Caller, form: FormData) -> str:
    shown = (text(form, "display_name"), text(form, "email"))
    await write(request, admin_people.add_person, caller, text(form, "name"), shown, secret(form, "password"))
    return f"{text(form, 'name')} can sign in now. Give roles in the settings of projects."


async def _password(request: Request, caller: Caller, form: FormData) -> str:
    await write(request, admin_people.set_password, caller, text(form, "name"), secret(form, "password"))
    return f"The password of {text(form, 'name')} is set; their sessions have ended."


async def _active(request: Request, caller: Caller, form: FormData) -> str:
    state, name, active = request.app.state, text(form, "name"), text(form, "to") == "in"
    await state.threads.write(admin_people.set_active, state.services, caller, name, active=active)
    return f"{name} can sign in again." if active else f"{name} is shut out; their sessions have ended, their tokens don't work."


async def _admin(request: Request, caller: Caller, form: FormData) -> str:
    state, name, up = request.app.state, text(form, "name"), text(form, "to") == "admin"
    await state.threads.write(admin_people.set_admin, state.services, caller, name, admin=up)
    return f"{name} {'administers everything now' if up else 'administers the instance no more'}."


_PEOPLE: Mapping[str, Act] = {"add": _add, "password": _password, "active": _active, "admin": _admin}


async def people(request: Request, caller: Caller) -> Response:
    """People, and what is done with their accounts."""
    return await act(request, caller, _PEOPLE, _show_people) if request.method == "POST" else await _show_people(request, caller)


# --- tokens -------------------------------------------------------------------------------------
async def _show_tokens(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    keys = await read(request, admin_people.all_keys, caller)
    start = parse_id(request.query_params.get("start", "")) or 0
    return _room(
        request, "admin_tokens.html", status, here="/tokens", json="/api/admin/tokens", keys=keys[start : start + _TOKENS], total=len(keys),
        start=start, next=start + _TOKENS if len(keys) > start + _TOKENS else 0, wrong=wrong,
    )  # fmt: skip


async def _revoke(request: Request, caller: Caller, form: FormData) -> str:
    name = ("client " if text(form, "client") else "") + text(form, "name")
    await write(request, admin_people.revoke, caller, text(form, "owner"), name)
    return f"{text(form, 'name')} of {text(form, 'owner')} is revoked."


async def tokens(request: Request, caller: Caller) -> Response:
    """Every token and client."""
    return (
        await act(request, caller, {"revoke": _revoke}, _show_tokens) if request.method == "POST" else await _show_tokens(request, caller)
    )


# --- statuses -----------------------------------------------------------------------------------
async def _show_statuses(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    words = await read(request, admin_vocabulary.vocabulary, caller)
    of = [(kind, title, [s for s in words.statuses if s.of == kind]) for kind, title in (("run", "Runs"), ("step", "Steps"))]
    return _room(request, "admin_statuses.html", status, here="/statuses", json="/api/admin/vocabulary", words=words, of=of, wrong=wrong)


async def _status(request: Request, caller: Caller, form: FormData) -> str:
    number = -1 if not text(form, "id") else whole(form, "id")
    made = Status(
        number, text(form, "name"), text(form, "description"), text(form, "color"), bool(text(form, "final")), text(form, "requirement"),
        text(form, "of"), text(form, "means") if text(form, "of") == "step" else "",
    )  # fmt: skip
    await write(request, admin_vocabulary.put_status, caller, made)
    return f"The status {made.name.upper()} is kept."


async def _aliases(request: Request, caller: Caller, form: FormData) -> str:
    await write(request, admin_vocabulary.set_aliases, caller, text(form, "aliases"))
    return "The aliases are kept; the next import goes by them."


async def statuses(request: Request, caller: Caller) -> Response:
    """Statuses of runs and steps, and what reporters write for them."""
    acts: Mapping[str, Act] = {"status": _status, "aliases": _aliases}
    return await act(request, caller, acts, _show_statuses) if request.method == "POST" else await _show_statuses(request, caller)


# --- the workflow, fields, types of links -------------------------------------------------------
async def _show_workflow(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    words = await read(request, admin_vocabulary.vocabulary, caller)
    found = await read(request, flow.workflow)
    names = {s.id: s.name for s in found.statuses}
    ways = [
        {"id": w.id, "name": w.name, "to": names[w.to_id]} | ({"from": names[w.from_id]} if w.from_id is not None else {})
        for w in found.transitions
    ]
    shown = {"statuses": [structs.asdict(s) for s in found.statuses], "transitions": ways}
    return _room(
        request, "admin_workflow.html", status, here="/workflow", json="/rest/api/2/status", flow=found, ways=ways, words=words, wrong=wrong,
        fields=await read(request, issues.custom_fields), kinds=fields.KINDS, written=json.dumps(shown, indent=2, ensure_ascii=False),
    )  # fmt: skip


async def _load(request: Request, caller: Caller, form: FormData) -> str:
    admin.check(caller)
    try:
        given = json.loads(text(form, "workflow"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"The workflow is not JSON: {error}.") from None
    new = await write(request, flow.load_workflow, given, caller)
    return f"The workflow has {len(new.statuses)} statuses and {len(new.transitions)} transitions."


async def _field(request: Request, caller: Caller, form: FormData) -> str:
    made = await write(request, fields.create_field, caller, text(form, "name"), text(form, "kind"))
    return f"The field {made.name} ({made.key}) is added."


async def _link_type(request: Request, caller: Caller, form: FormData) -> str:
    await write(request, admin_vocabulary.add_link_type, caller, text(form, "name"), text(form, "inward"), text(form, "outward"))
    return f"The type of links {text(form, 'name')} is added."


async def workflow(request: Request, caller: Caller) -> Response:
    """The workflow of issues, their custom fields, and types of links."""
    acts: Mapping[str, Act] = {"workflow": _load, "field": _field, "link": _link_type}
    return await act(request, caller, acts, _show_workflow) if request.method == "POST" else await _show_workflow(request, caller)


# --- environments -------------------------------------------------------------------------------
async def _show_environments(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    words = await read(request, admin_vocabulary.vocabulary, caller)
    return _room(request, "admin_environments.html", status, here="/environments", json="/api/admin/vocabulary", words=words, wrong=wrong)


async def _rename(request: Request, caller: Caller, form: FormData) -> str:
    said: str = await write(request, admin_vocabulary.rename_environment, caller, whole(form, "id"), text(form, "name"))
    return said


async def environments(request: Request, caller: Caller) -> Response:
    """Test environments: renaming and merging."""
    return (
        await act(request, caller, {"rename": _rename}, _show_environments)
        if request.method == "POST"
        else await _show_environments(request, caller)
    )


# --- storage, audit -----------------------------------------------------------------------------
async def _show_storage(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    found = await read(request, admin.storage, caller)
    return _room(request, "admin_storage.html", status, here="/storage", json="/api/admin/storage", storage=found, wrong=wrong)


async def _count(request: Request, caller: Caller, _form: FormData) -> str:
    await write(request, admin.count_storage, caller)
    return "Files and executions are counted."


async def storage(request: Request, caller: Caller) -> Response:
    """How much the instance holds."""
    return (
        await act(request, caller, {"count": _count}, _show_storage) if request.method == "POST" else await _show_storage(request, caller)
    )


async def audit(request: Request, caller: Caller) -> Response:
    """What was done."""
    query = request.query_params
    wanted = {w.name: w.read(query) for w in (ACTION, PERSON, SUBJECT)}
    found = await read(request, admin.audit_page, caller, wanted, BEFORE.read(query))
    return _room(request, "admin_audit.html", 200, here="/audit", json="/api/admin/audit", found=found, wanted=wanted)
