# SPDX-License-Identifier: Apache-2.0
"""What goes out of a project: hooks, badges, mails; and the forms that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import HTMLResponse

from radiograph.actions import sharing as actions
from radiograph.actions.announcing import MAILS, week_of
from radiograph.domain.notices import EVENTS, SHAPES, TEST
from radiograph.web.addresses import base_url, number
from radiograph.web.mails import of_week
from radiograph.web.pages.acting import or_again
from radiograph.web.pages.forms import done, sent, text, texts
from radiograph.web.pages.render import page
from radiograph.web.pages.words import cut
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

_DID = {
    "on": "is called again",
    "off": "is not called any more",
    "remove": "was removed",
    "test": "is being tried: look at its last calls in a moment",
}


async def sharing(request: Request, caller: Caller) -> Response:
    """The page, for everybody who sees the project; hooks and badges are for its administrators."""
    found: actions.Sharing = await read(request, actions.sharing, caller, request.path_params["key"])
    key = found.project.key
    badge = f"{base_url(request)}/badges/{key}/main.svg?key={quote(found.badge_key)}" if found.badge_key else ""
    return page(
        request, "sharing.html", json=f"/api/projects/{key}/sharing", area=key, here="/sharing", project=found.project, s=found, events=EVENTS,
        words=EVENTS | {TEST: "A test"}, shapes=SHAPES, kinds=MAILS, badge=badge,
        markdown=f"[![Tests]({badge})]({base_url(request)}/projects/{key})" if badge else "",
    )  # fmt: skip


async def weekly_mail(request: Request, caller: Caller) -> Response:
    """The weekly mail as it would be sent now: its HTML in a frame that can do nothing, its text below."""
    key = request.path_params["key"]
    week, base = await read(request, week_of, caller, key, base_url(request))
    mail = of_week(week, base)
    if request.query_params.get("part") == "html":
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'", "X-Frame-Options": "SAMEORIGIN"}
        return HTMLResponse(mail.html, headers=headers)
    return page(
        request, "mail.html", json=f"/api/projects/{week.project}/sharing", area=week.project, here="/sharing", key=week.project, mail=mail
    )


async def add_hook(request: Request, caller: Caller) -> Response:
    """Add a hook; its secret is said once."""
    return await or_again(request, caller, _add_hook, sharing)


async def _add_hook(request: Request, caller: Caller, form: FormData) -> Response:
    key = request.path_params["key"]
    new = actions.NewHook(text(form, "name"), text(form, "url"), text(form, "shape"), texts(form, "event"), text(form, "secret"))
    hook = await write(request, actions.add_hook, caller, key, new, base_url(request))
    secret = "" if new.secret else f" Its secret, which is not shown again: {hook.secret}"
    return done(request, f"/projects/{key}/sharing", f"The hook {cut(hook.name, 60)} was added.{secret}")


async def change_hook(request: Request, caller: Caller) -> Response:
    """Switch a hook on or off, try it, remove it."""
    key, what = request.path_params["key"], text(await sent(request), "what")
    hook = await write(request, actions.change_hook, caller, key, number(request, "id"), what)
    return done(request, f"/projects/{key}/sharing#hook-{hook.id}", f"The hook {cut(hook.name, 60)} {_DID[what]}.")


async def change_badges(request: Request, caller: Caller) -> Response:
    """Give the badges a new key, or switch them off."""
    key, on = request.path_params["key"], text(await sent(request), "what") != "off"
    await write(request, _renew, caller, key, on)
    return done(
        request,
        f"/projects/{key}/sharing#badges",
        "The badges have a new key; old addresses show nothing." if on else "There are no badges now.",
    )


def _renew(services: object, caller: Caller, key: str, on: bool) -> None:  # noqa: FBT001
    actions.renew_badges(services, caller, key, on=on)  # type: ignore[arg-type]


async def choose_mails(request: Request, caller: Caller) -> Response:
    """Choose the mails that the reader gets."""
    key, kinds = request.path_params["key"], texts(await sent(request), "mail")
    chosen = await write(request, actions.choose_mails, caller, key, kinds, base_url(request))
    words = " and ".join(MAILS[k].partition(":")[0].partition(",")[0].lower() for k in chosen)
    return done(request, f"/projects/{key}/sharing#mails", f"You get mail of {key}: {words}." if chosen else f"You get no mail of {key}.")
