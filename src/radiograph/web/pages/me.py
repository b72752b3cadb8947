# SPDX-License-Identifier: Apache-2.0
"""A person's own account. A token's secret stands once on the page that answers its form, and is never shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import own_account, projects
from radiograph.domain.errors import Refused
from radiograph.domain.people import Role
from radiograph.web.addresses import base_url
from radiograph.web.auth import session_cookies
from radiograph.web.pages.acting import act, secret, whole
from radiograph.web.pages.forms import text, texts
from radiograph.web.pages.render import page
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.web.pages.acting import Act

ROLES = (("", "All that I may"), ("viewer", "Viewer: read"), ("tester", "Tester: import and run"), ("lead", "Lead"), ("admin", "Admin"))


class Shown(Struct, frozen=True):
    """Secrets to show this once: what they are, and each with its word."""

    title: str
    secrets: Sequence[tuple[str, str]]
    use: str


def role_of(form: FormData, name: str = "role") -> Role | None:
    """The role that a form gives, None for none; raises Refused."""
    given = text(form, name).upper()
    if given and given not in Role.__members__:
        raise Refused(f"There is no role {given[:100]}; there are viewer, tester, lead and admin.")
    return Role[given] if given else None


async def show(request: Request, caller: Caller, *, wrong: str = "", status: int = 200, shown: Shown | None = None) -> Response:
    """The account."""
    account = await read(request, own_account.me, caller, session_cookies(request))
    keys = [(p.key, p.name) for p in await read(request, projects.visible_projects, caller)]
    return page(request, "me.html", status, json="/api/me", me=account, projects=keys, roles=ROLES, wrong=wrong, shown=shown)


async def _token(request: Request, caller: Caller, form: FormData) -> Response:
    scope = own_account.Scope(role_of(form), texts(form, "project"), whole(form, "days"))
    made = await write(request, own_account.make_token, caller, text(form, "name"), scope)
    use = f"curl -H 'Authorization: Bearer {made}' {base_url(request)}/rest/api/2/myself"
    return await show(request, caller, shown=Shown(f"The token {text(form, 'name')}", [("Token", made)], use))


async def _client(request: Request, caller: Caller, form: FormData) -> Response:
    number, made = await write(request, own_account.make_client, caller, text(form, "client"), role_of(form))
    return await show(request, caller, shown=Shown("The client", [("Client id", number), ("Client secret", made)], ""))


async def _revoke_token(request: Request, caller: Caller, form: FormData) -> str:
    await write(request, own_account.revoke_token, caller, text(form, "name"))
    return f"The token {text(form, 'name')} is revoked."


async def _revoke_client(request: Request, caller: Caller, form: FormData) -> str:
    await write(request, own_account.revoke_client, caller, text(form, "name"))
    return f"The client {text(form, 'name')} is revoked."


async def _password(request: Request, caller: Caller, form: FormData) -> str:
    new = secret(form, "new")
    if new != secret(form, "again"):
        raise Refused("The new password was not typed twice alike; nothing was changed.")
    gate, cookies = request.app.state.gate, session_cookies(request)
    await write(request, own_account.change_password, gate, caller, secret(form, "old"), new, cookies)
    return "Your password is changed; every other session has ended."


async def _profile(request: Request, caller: Caller, form: FormData) -> str:
    await write(request, own_account.change_profile, caller, text(form, "display_name"), text(form, "email"))
    return "Your name and address are kept."


async def _end_sessions(request: Request, caller: Caller, form: FormData) -> str:
    ended = await write(request, own_account.end_sessions, caller, text(form, "mark"), session_cookies(request))
    return f"{ended} session{'' if ended == 1 else 's'} ended."


_ACTS: Mapping[str, Act] = {
    "token": _token, "client": _client, "revoke-token": _revoke_token, "revoke-client": _revoke_client, "password": _password,
    "profile": _profile, "sessions": _end_sessions,
}  # fmt: skip


async def me(request: Request, caller: Caller) -> Response:
    """The account, and what its forms do."""
    return await act(request, caller, _ACTS, show) if request.method == "POST" else await show(request, caller)
