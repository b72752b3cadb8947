# SPDX-License-Identifier: Apache-2.0
"""Telling hooks and subscribers what is new: into the outbox first, then out of it, each try kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from radiograph.actions.projects import project
from radiograph.delivery.calls import Called, post
from radiograph.delivery.mail import Mail, send
from radiograph.domain.clock import now_ms
from radiograph.domain.notices import NEW_FAILURE, PLAN_DONE, Notice, body, next_wait_s, signature
from radiograph.insight import notices
from radiograph.insight.digest import Digest, digest, next_monday
from radiograph.store import accounts, outgoing, project_settings, projects
from radiograph.store.engines import lock_projects
from radiograph.store.outgoing import GIVEN_UP, SENT, WAITING

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.outgoing import Outgoing

ADDRESS = "address"
"""The setting of a project with the server's address as its administrator saw it, for links where `public_url` isn't set."""
FAILURES_MAIL, WEEKLY_MAIL = "failures", "weekly"
MAILS = {FAILURES_MAIL: "New failures, as they come", WEEKLY_MAIL: "Once a week: what broke, what is flaky, how plans go"}
LEASE_MS = 120_000
"""How long a process has to send one thing before another may try."""
KEPT_MS = 30 * 86_400_000
"""How long what was sent is kept to be looked at."""
_AT_ONCE = 20
WEEKLY = "weekly"


def address_for(services: Services, conn: sa.Connection, project_id: int) -> str:
    """The server's address for links that leave it, without a slash at the end; "" where nobody has told it."""
    told = services.settings.public_url or project_settings.get_setting(conn, project_id, ADDRESS)
    return told.rstrip("/")


def announce(services: Services, render: Callable[[Notice], Mail]) -> int:
    """Put what is new in projects that have hooks or subscribers into the outbox; how much that was."""
    with services.db.read() as conn:
        keys = {p.id: p.key for p in projects.all_projects(conn)}
        listening = sorted(outgoing.listening(conn) & keys.keys())
    return sum(_announce(services, project, keys[project], render) for project in listening)


def _announce(services: Services, project_id: int, key: str, render: Callable[[Notice], Mail]) -> int:
    now = now_ms()
    with services.db.read() as conn:
        found = notices.news(conn, project_id, key, address_for(services, conn, project_id), now)
    if found is None:
        return 0
    with services.db.write() as conn:
        lock_projects(conn, [project_id])
        if project_settings.get_setting(conn, project_id, notices.MARK) != found.before:
            return 0  # another process told it
        project_settings.put_setting(conn, project_id, notices.MARK, found.after)
        for plan in found.undone:
            project_settings.put_setting(conn, project_id, f"plan_done.{plan}", "")
        return sum(_spread(conn, project_id, notice, render, now) for notice in found.notices)


def _spread(conn: sa.Connection, project_id: int, notice: Notice, render: Callable[[Notice], Mail], now: int) -> int:
    count = 0
    if notice.event == PLAN_DONE:
        project_settings.put_setting(conn, project_id, f"plan_done.{notice.facts['planId']}", "yes")
    for hook in outgoing.hooks(conn, project_id):
        if hook.active and notice.event in hook.events:
            outgoing.add_outgoing(conn, project_id, hook.id, notice.event, body(notice, hook.shape), now)
            count += 1
    if notice.event == NEW_FAILURE:
        mail = _encoded(render(notice))
        for one in outgoing.subscribers(conn, FAILURES_MAIL, [project_id]):
            if may_read(conn, one.user_id, project_id):
                outgoing.add_outgoing(conn, project_id, one.email, notice.event, mail, now)
                count += 1
    return count


def weekly(services: Services, render: Callable[[Digest, str], Mail]) -> int:
    """Put the week's mail of each project into the outbox for who is due to get it; how many mails that was."""
    now, made, count = now_ms(), dict[int, str](), 0
    with services.db.read() as conn:
        keys = {p.id: p.key for p in projects.all_projects(conn)}
        waiting = [s for s in outgoing.subscribers(conn, WEEKLY_MAIL) if s.project_id in keys and next_monday(s.sent_ms or 0) <= now]
    for one in waiting:
        if one.project_id not in made:
            with services.db.read() as conn:
                base = address_for(services, conn, one.project_id)
                made[one.project_id] = _encoded(render(digest(conn, one.project_id, keys[one.project_id], base, now), base))
        with services.db.write() as conn:
            if outgoing.note_sent(conn, one, now) and may_read(conn, one.user_id, one.project_id):
                outgoing.add_outgoing(conn, one.project_id, one.email, WEEKLY, made[one.project_id], now)
                count += 1
    return count


def week_of(services: Services, caller: Caller, key: str, address: str) -> tuple[Digest, str]:
    """A project's week as its mail would tell it now, and the server's address in its links (`address` where none is told); raises NotFound."""
    row = project(services, caller, key)
    with services.db.read() as conn:
        base = address_for(services, conn, row.id) or address
        return digest(conn, row.id, row.key, base, now_ms()), base


def _encoded(mail: Mail) -> str:
    return msgspec.json.encode(mail).decode()


def may_read(conn: sa.Connection, user_id: int, project_id: int) -> bool:
    """Whether somebody may still see a project; mails stop with the role."""
    account = accounts.account(conn, user_id)
    return account is not None and account.active and accounts.caller(conn, account).role_in(project_id) is not None


def deliver(services: Services) -> int:
    """Send what is due, one after the other; how much that was. What can't be sent waits for its next try, or is given up."""
    with services.db.read() as conn:
        waiting = outgoing.due(conn, now_ms(), _AT_ONCE)
    return sum(_deliver(services, one) for one in waiting)


def _deliver(services: Services, one: Outgoing) -> int:
    with services.db.write() as conn:
        if not outgoing.claim(conn, one, now_ms() + LEASE_MS):
            return 0
        hook = outgoing.find_hook(conn, one.project_id, one.hook_id) if one.hook_id is not None else None
    if one.hook_id is None:
        came = send(services.settings, msgspec.json.decode(one.body, type=Mail), one.address)
    elif hook is None or not hook.active:
        came = Called(good=False, answer="the hook is switched off")
    else:
        came = _call(services, one, hook.url, hook.secret)
    wait = next_wait_s(one.tries + 1) if hook is None or hook.active else None
    state = SENT if came.good else GIVEN_UP if wait is None else WAITING
    with services.db.write() as conn:
        outgoing.settle(conn, one.id, state, came.answer, now_ms() + (0 if state != WAITING else 1000 * (wait or 0)))
    return 1


def _call(services: Services, one: Outgoing, url: str, secret: str) -> Called:
    payload, at = one.body.encode(), int(time.time())
    headers = {"Content-Type": "application/json", "X-Radiograph-Event": one.event, "X-Radiograph-Delivery": str(one.id)}
    if secret:
        headers["X-Radiograph-Signature"] = signature(secret, at, payload)
    return post(url, payload, headers, private=services.settings.hooks_private)


def tidy(services: Services) -> int:
    """Forget what was sent long ago; how much that was."""
    with services.db.write() as conn:
        return outgoing.forget_before(conn, now_ms() - KEPT_MS)
