# SPDX-License-Identifier: Apache-2.0
"""What of a project goes out: its hooks, the key of its badges, and who gets which mail."""

from __future__ import annotations

import hmac
import json
import secrets
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from radiograph.actions.announcing import ADDRESS, MAILS, address_for
from radiograph.actions.projects import project
from radiograph.delivery.addresses import read_address, resolve
from radiograph.domain.clock import format_instant, now_ms
from radiograph.domain.errors import Forbidden, NotFound, Refused, cut
from radiograph.domain.notices import EVENTS, SHAPES, TEST, Notice, body
from radiograph.domain.people import Right
from radiograph.insight.notices import MARK, begin
from radiograph.store import accounts, audit, outgoing, project_settings
from radiograph.store.outgoing import Hook, Outgoing

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.projects import ProjectRow

BADGES = "badge_key"
"""The setting of a project that holds the key of its badges; none: there are no badges."""
_SHOWN, _MOST_HOOKS, _LONGEST_NAME = 5, 20, 100


class HookView(Struct):
    """A hook with what was sent to it last, newest first; its secret is not for showing, nor is the path of its address."""

    hook: Hook
    last: list[Outgoing]


class Sharing(Struct):
    """What goes out of a project, as a caller may see it: hooks and the badges' key are for its administrators.

    `mails` are the kinds that the caller gets; `mail_works`: a mail server is set; `email`: where to; `links`: the address of
    the server is known, so that mails can have links.
    """

    project: ProjectRow
    administers: bool
    hooks: list[HookView]
    badge_key: str
    mails: set[str]
    mail_works: bool
    email: str
    links: bool


class NewHook(Struct):
    """A hook as somebody describes it; without a secret one is made up."""

    name: str
    url: str
    shape: str
    events: list[str]
    secret: str = ""


def sharing(services: Services, caller: Caller, key: str) -> Sharing:
    """What goes out of a project; raises NotFound."""
    row = project(services, caller, key)
    administers = caller.may(Right.ADMINISTER, row.id)
    with services.db.read() as conn:
        hooks = [HookView(h, outgoing.last_of(conn, h.id, _SHOWN)) for h in outgoing.hooks(conn, row.id)] if administers else []
        badge_key = project_settings.get_setting(conn, row.id, BADGES) if administers else ""
        account = accounts.account(conn, caller.id)
        mails = outgoing.kinds_of(conn, row.id, caller.id)
        links = bool(address_for(services, conn, row.id))
    email = account.email if account else ""
    return Sharing(row, administers, hooks, badge_key, mails, bool(services.settings.smtp_host), email, links)


def _administered(services: Services, caller: Caller, key: str) -> ProjectRow:
    row = project(services, caller, key)
    if not caller.may(Right.ADMINISTER, row.id):
        raise Forbidden(f"Only administrators of {row.key} may change what goes out of it.")
    return row


def add_hook(services: Services, caller: Caller, key: str, new: NewHook, address: str) -> Hook:
    """Add a hook; `address` is the server's, for links. Raises NotFound, Forbidden, and Refused for what can't be called."""
    row = _administered(services, caller, key)
    if new.shape not in SHAPES or not new.events or not set(new.events) <= EVENTS.keys():
        raise Refused("Choose a shape, and at least one thing that the hook is told of.")
    resolve(read_address(new.url), private=services.settings.hooks_private)
    hook = Hook(
        0, row.id, cut(new.name or "Hook")[:_LONGEST_NAME], new.url, new.secret or secrets.token_urlsafe(32), new.shape, new.events, True
    )
    now = now_ms()
    with services.db.write() as conn:
        if len(outgoing.hooks(conn, row.id)) >= _MOST_HOOKS:
            raise Refused(f"{row.key} has {_MOST_HOOKS} hooks already; remove one before.")
        _begin(conn, row.id)
        project_settings.put_setting(conn, row.id, ADDRESS, address)
        number = outgoing.add_hook(conn, hook, caller.id, now)
        audit.note(conn, caller.id, "hook.add", f"{row.key} {hook.name}", project_id=row.id)
    return msgspec.structs.replace(hook, id=number)


def _begin(conn: sa.Connection, project_id: int) -> None:
    """Where nobody was told until now, only what comes from now on is told."""
    if project_id not in outgoing.listening(conn):
        project_settings.put_setting(conn, project_id, MARK, begin(conn, project_id))


def change_hook(services: Services, caller: Caller, key: str, hook_id: int, what: str) -> Hook:
    """Do one of "on", "off", "remove" and "test" to a hook; raises NotFound, Forbidden, Refused."""
    row, now = _administered(services, caller, key), now_ms()
    with services.db.write() as conn:
        hook = outgoing.find_hook(conn, row.id, hook_id)
        if hook is None:
            raise NotFound(f"{row.key} has no hook {hook_id}.")
        if what in {"on", "off"}:
            _begin(conn, row.id)
            outgoing.switch_hook(conn, hook_id, active=what == "on")
        elif what == "remove":
            outgoing.remove_hook(conn, hook_id)
        elif what == "test":
            if not hook.active:
                raise Refused("The hook is switched off; switch it on before it is tried.")
            notice = Notice(TEST, row.key, format_instant(now), f"This is a test of the hook {hook.name} of {row.key}.", "")
            outgoing.add_outgoing(conn, row.id, hook.id, TEST, body(notice, hook.shape), now)
        else:
            raise Refused(f"Nothing can be done by {cut(what)!r}.")
        audit.note(conn, caller.id, f"hook.{what}", f"{row.key} {hook.name}", project_id=row.id)
    return hook


def renew_badges(services: Services, caller: Caller, key: str, *, on: bool) -> str:
    """Give a project's badges a new key, so that old addresses show nothing, or switch them off; the key."""
    row, made = _administered(services, caller, key), secrets.token_urlsafe(18) if on else ""
    with services.db.write() as conn:
        project_settings.put_setting(conn, row.id, BADGES, made)
        audit.note(conn, caller.id, "badges.renew" if on else "badges.off", row.key, project_id=row.id)
    return made


def is_badge_key(services: Services, project_id: int, given: str) -> bool:
    """Whether a key is that of a project's badges, told in constant time."""
    with services.db.read() as conn:
        key = project_settings.get_setting(conn, project_id, BADGES)
    return hmac.compare_digest(key.encode(), given.encode()) and bool(key)


def choose_mails(services: Services, caller: Caller, key: str, kinds: list[str], address: str) -> list[str]:
    """Which mails of a project the caller gets from now on; raises NotFound, and Refused without an address to send them to.

    `address` is the server's as the caller reached it. Everybody's links lead there, so only an administrator's is kept.
    """
    row, chosen, now = project(services, caller, key), [k for k in MAILS if k in kinds], now_ms()
    with services.db.write() as conn:
        account = accounts.account(conn, caller.id)
        if chosen and (account is None or "@" not in account.email):
            raise Refused("There is no mail address of yours here; an administrator can give you one.")
        _begin(conn, row.id)
        outgoing.subscribe(conn, row.id, caller.id, chosen, now)
        if caller.may(Right.ADMINISTER, row.id) and not project_settings.get_setting(conn, row.id, ADDRESS):
            project_settings.put_setting(conn, row.id, ADDRESS, address)
        audit.note(conn, caller.id, "mails.choose", f"{row.key} {json.dumps(chosen)}", project_id=row.id)
    return chosen
