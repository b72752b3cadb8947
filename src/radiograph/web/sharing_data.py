# SPDX-License-Identifier: Apache-2.0
"""What goes out of a project, for programs; never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions.sharing import sharing as sharing_of
from radiograph.domain.clock import format_instant
from radiograph.web.endpoints import Answer, Endpoint, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.sharing import HookView
    from radiograph.domain.people import Caller


class CallData(Struct, rename="camel"):
    """A call of a hook: waiting, sent or given up, after so many tries, and what was answered last."""

    event: str
    at: str
    state: str
    tries: int
    answer: str


class HookData(Struct, rename="camel"):
    """A hook; of its address only the host is told, because the rest of it may be secret."""

    id: int
    name: str
    host: str
    shape: str
    events: list[str]
    active: bool
    last_calls: list[CallData]


class SharingData(Struct, rename="camel"):
    """What goes out: hooks and whether there are badges (for administrators), and the mails that the caller gets."""

    hooks: list[HookData]
    badges: bool
    mails: list[str]
    mail_works: bool


def _hook(view: HookView) -> HookData:
    calls = [CallData(o.event, format_instant(o.at_ms), o.state, o.tries, o.answer) for o in view.last]
    h = view.hook
    return HookData(h.id, h.name, h.host, h.shape, h.events, h.active, calls)


@signed_in
async def sharing(request: Request, caller: Caller) -> Response:
    """What goes out of a project."""
    found = await read(request, sharing_of, caller, request.path_params["key"])
    return encode(SharingData([_hook(v) for v in found.hooks], bool(found.badge_key), sorted(found.mails), found.mail_works))


_KEY: dict[str, tuple[type, str, Any]] = {"key": (str, "The key of the project.", "DEMO")}

endpoints = [
    Endpoint(
        id="project_sharing", group="Projects", method="GET", paths=("/api/projects/{key}/sharing",), handler=sharing,
        answers={200: Answer(SharingData, "What goes out.")}, path_parameters=_KEY, errors=(404,),
    ),
]  # fmt: skip
