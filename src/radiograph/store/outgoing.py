# SPDX-License-Identifier: Apache-2.0
"""Hooks, subscriptions, and what waits to be sent to them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.blocks import take_number

if TYPE_CHECKING:
    from collections.abc import Sequence

WAITING, SENT, GIVEN_UP = "waiting", "sent", "given up"


class Hook(Struct, frozen=True):
    """An address of a project that is called; `secret` signs the calls."""

    id: int
    project_id: int
    name: str
    url: str
    secret: str
    shape: str
    events: list[str]
    active: bool

    @property
    def host(self) -> str:
        """The host of its address: the rest of it may be secret."""
        return urlsplit(self.url).hostname or ""


class Outgoing(Struct, frozen=True):
    """Something to send, or sent: to a hook, or by mail to an address; times are UTC milliseconds."""

    id: int
    project_id: int
    hook_id: int | None
    address: str
    event: str
    body: str
    state: str
    at_ms: int
    due_ms: int
    tries: int
    answer: str


class Subscriber(Struct, frozen=True):
    """Who gets which mail of a project; `sent_ms` is when it was last sent."""

    project_id: int
    user_id: int
    kind: str
    sent_ms: int | None
    email: str


_H, _O, _S = t.hooks.c, t.outgoing.c, t.subscriptions.c
_HOOK = [_H[n] for n in Hook.__struct_fields__]
_OUT = [_O[n] for n in Outgoing.__struct_fields__]


def hooks(conn: sa.Connection, project_id: int) -> list[Hook]:
    """A project's hooks, in the order in which they were added."""
    rows = conn.execute(sa.select(*_HOOK).where(_H.project_id == project_id).order_by(_H.id))
    return [_hook(row) for row in rows]


def _hook(row: sa.Row[*tuple[Any, ...]]) -> Hook:
    values = dict(zip(Hook.__struct_fields__, row, strict=True))
    return Hook(**values | {"events": json.loads(values["events"]), "active": bool(values["active"])})


def find_hook(conn: sa.Connection, project_id: int, hook_id: int) -> Hook | None:
    """The hook of that id in a project."""
    return next((h for h in hooks(conn, project_id) if h.id == hook_id), None)


def add_hook(conn: sa.Connection, hook: Hook, user_id: int, now: int) -> int:
    """Add a hook (whatever its id); its id."""
    number = take_number(conn, "hook")
    conn.execute(sa.insert(t.hooks).values(
        id=number, project_id=hook.project_id, name=hook.name, url=hook.url, secret=hook.secret, shape=hook.shape,
        events=json.dumps(hook.events), active=hook.active, created_ms=now, created_by=user_id,
    ))  # fmt: skip
    return number


def switch_hook(conn: sa.Connection, hook_id: int, *, active: bool) -> None:
    """Let a hook be called, or not."""
    conn.execute(sa.update(t.hooks).where(_H.id == hook_id).values(active=active))


def remove_hook(conn: sa.Connection, hook_id: int) -> None:
    """Remove a hook, with what waits for it and what was sent."""
    conn.execute(sa.delete(t.outgoing).where(_O.hook_id == hook_id))
    conn.execute(sa.delete(t.hooks).where(_H.id == hook_id))


def listening(conn: sa.Connection) -> set[int]:
    """The projects that have a hook or a subscriber."""
    active = sa.select(_H.project_id).where(_H.active.is_(True))
    return {row[0] for row in conn.execute(sa.union(active, sa.select(_S.project_id)))}


def add_outgoing(conn: sa.Connection, project_id: int, to: int | str, event: str, body: str, now: int, due: int | None = None) -> int:
    """Let something wait to be sent to a hook (its id) or an address of mail, not before `due`; its id."""
    number = take_number(conn, "outgoing")
    conn.execute(sa.insert(t.outgoing).values(
        id=number, project_id=project_id, hook_id=to if isinstance(to, int) else None, address=to if isinstance(to, str) else "", event=event,
        body=body, state=WAITING, at_ms=now, due_ms=now if due is None else due, tries=0, answer="",
    ))  # fmt: skip
    return number


def due(conn: sa.Connection, now: int, limit: int) -> list[Outgoing]:
    """What waits and may be sent now, the longest waiting first."""
    query = sa.select(*_OUT).where(_O.state == WAITING, _O.due_ms <= now).order_by(_O.due_ms).limit(limit)
    return [Outgoing(*row) for row in conn.execute(query)]


def claim(conn: sa.Connection, one: Outgoing, until: int) -> bool:
    """Take something to send it; False when another process has it. When we die it is due again at `until`."""
    here = (_O.id == one.id, _O.state == WAITING, _O.due_ms == one.due_ms)
    return conn.execute(sa.update(t.outgoing).where(*here).values(due_ms=until, tries=one.tries + 1)).rowcount == 1


def settle(conn: sa.Connection, number: int, state: str, answer: str, due: int) -> None:
    """Keep what came of a try."""
    conn.execute(sa.update(t.outgoing).where(_O.id == number).values(state=state, answer=answer, due_ms=due))


def last_of(conn: sa.Connection, hook_id: int, limit: int) -> list[Outgoing]:
    """What was or is to be sent to a hook last, newest first."""
    query = sa.select(*_OUT).where(_O.hook_id == hook_id).order_by(_O.id.desc()).limit(limit)
    return [Outgoing(*row) for row in conn.execute(query)]


def forget_before(conn: sa.Connection, before: int) -> int:
    """Remove what was sent or given up before a time; how many they were."""
    gone = sa.delete(t.outgoing).where(_O.state.in_([SENT, GIVEN_UP]), _O.due_ms < before)
    return conn.execute(gone).rowcount


def subscribers(conn: sa.Connection, kind: str, project_ids: Sequence[int] | None = None) -> list[Subscriber]:
    """Who gets mails of a kind (of these projects), those with an address who may sign in."""
    query: sa.Select[*tuple[Any, ...]] = sa.select(_S.project_id, _S.user_id, _S.kind, _S.sent_ms, t.users.c.email)
    query = query.select_from(t.subscriptions).join(t.users, t.users.c.id == _S.user_id)
    query = query.where(_S.kind == kind, t.users.c.email != "", t.users.c.active.is_(True))
    if project_ids is not None:
        query = query.where(_S.project_id.in_(list(project_ids)))
    return [Subscriber(*row) for row in conn.execute(query.order_by(_S.project_id, _S.user_id))]


def kinds_of(conn: sa.Connection, project_id: int, user_id: int) -> set[str]:
    """Which mails of a project somebody gets."""
    return set(conn.execute(sa.select(_S.kind).where(_S.project_id == project_id, _S.user_id == user_id)).scalars())


def subscribe(conn: sa.Connection, project_id: int, user_id: int, kinds: Sequence[str], now: int) -> None:
    """Which mails of a project somebody gets from now on; what stays keeps when it was last sent."""
    has = kinds_of(conn, project_id, user_id)
    here = (_S.project_id == project_id, _S.user_id == user_id)
    conn.execute(sa.delete(t.subscriptions).where(*here, _S.kind.in_(sorted(has - set(kinds)))))
    for kind in sorted(set(kinds) - has):
        conn.execute(sa.insert(t.subscriptions).values(project_id=project_id, user_id=user_id, kind=kind, created_ms=now, sent_ms=now))


def note_sent(conn: sa.Connection, one: Subscriber, now: int) -> bool:
    """Keep that a mail goes to somebody now; False when another process has just done so."""
    here = (_S.project_id == one.project_id, _S.user_id == one.user_id, _S.kind == one.kind, _S.sent_ms == one.sent_ms)
    return conn.execute(sa.update(t.subscriptions).where(*here).values(sent_ms=now)).rowcount == 1
