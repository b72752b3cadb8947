# SPDX-License-Identifier: Apache-2.0
"""What administrators of the instance look at and keep: people, statuses, link types, environments, the audit, tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.statuses import Status
from radiograph.store import tables as t
from radiograph.store.engines import insert_missing
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class PersonRow(Struct, frozen=True):
    """A person as a list has them; `signs_in` is whether they have a password, `roles` how many projects they have one in."""

    id: int
    name: str
    display_name: str
    email: str
    active: bool
    admin: bool
    signs_in: bool
    roles: int = 0
    tokens: int = 0


def people(conn: sa.Connection, text: str, after: str, limit: int) -> list[PersonRow]:
    """People by name after `after`, those with the text in name, shown name or address."""
    u, r, k = t.users.c, t.roles.c, t.tokens.c
    roles = sa.select(sa.func.count()).where(r.user_id == u.id).scalar_subquery()
    tokens = sa.select(sa.func.count()).where(k.user_id == u.id).scalar_subquery()
    columns = (u.id, u.name, u.display_name, u.email, u.active, u.admin, u.password_hash.is_not(None), roles, tokens)
    query = sa.select(*columns).where(u.name > after)
    if text:
        query = query.where(sa.or_(*(c.icontains(text, autoescape=True) for c in (u.name, u.display_name, u.email))))
    return [PersonRow(*row[:4], *map(bool, row[4:7]), *row[7:]) for row in conn.execute(query.order_by(u.name).limit(limit))]


def administrators(conn: sa.Connection) -> int:
    """How many active people administer the instance."""
    u = t.users.c
    return int(conn.execute(sa.select(sa.func.count()).select_from(t.users).where(u.admin, u.active)).scalar_one())


def statuses(conn: sa.Connection) -> list[Status]:
    """Every status of runs, then of steps."""
    c = t.statuses.c
    columns = (c.id, c.name, c.description, c.color, c.final, c.requirement, c.of, c.means)
    return [Status(*row[:4], bool(row[4]), *row[5:]) for row in conn.execute(sa.select(*columns).order_by(c.of, c.id))]


class LinkTypeRow(Struct, frozen=True):
    """A type of links between issues."""

    id: int
    name: str
    inward: str
    outward: str


def link_types(conn: sa.Connection) -> list[LinkTypeRow]:
    """Every type of links."""
    c = t.link_types.c
    return [LinkTypeRow(*row) for row in conn.execute(sa.select(c.id, c.name, c.inward, c.outward).order_by(c.id))]


class EnvironmentRow(Struct, frozen=True):
    """A test environment, and how many executions ran on it."""

    id: int
    name: str
    executions: int


def environments(conn: sa.Connection, limit: int) -> list[EnvironmentRow]:
    """Test environments by name."""
    e, ee = t.environments.c, t.execution_environments.c
    count = sa.select(sa.func.count()).where(ee.environment_id == e.id).scalar_subquery()
    return [EnvironmentRow(*row) for row in conn.execute(sa.select(e.id, e.name, count).order_by(e.name).limit(limit))]


def environment(conn: sa.Connection, number: int | None, name: str = "") -> tuple[int, str] | None:
    """An environment by its id, or by its name."""
    e = t.environments.c
    row = conn.execute(sa.select(e.id, e.name).where(e.id == number if number is not None else e.name == name)).first()
    return (row[0], row[1]) if row else None


def rename_environment(conn: sa.Connection, number: int, name: str) -> None:
    """Give an environment another name."""
    conn.execute(sa.update(t.environments).where(t.environments.c.id == number).values(name=name))


def merge_environments(conn: sa.Connection, number: int, into: int) -> int:
    """Let the executions of one environment be of another; how many they were."""
    ee = t.execution_environments.c
    ids = list(conn.execute(sa.select(ee.execution_id).where(ee.environment_id == number)).scalars())
    insert_missing(conn, t.execution_environments, [{"execution_id": i, "environment_id": into} for i in ids])
    conn.execute(sa.delete(t.execution_environments).where(ee.environment_id == number))
    conn.execute(sa.delete(t.environments).where(t.environments.c.id == number))
    return len(ids)


class AuditRow(Struct, frozen=True):
    """An action that changed data; `user` is None for the operator, `counts` is JSON."""

    id: int
    at_ms: int
    user: str | None
    action: str
    subject: str
    counts: str | None


def audit_rows(conn: sa.Connection, wanted: dict[str, str], before: tuple[int, int] | None, limit: int) -> list[AuditRow]:
    """Audit rows, newest first, before a time and id; `wanted` has what `action` begins with, whose, and a text of the subject."""
    a, u = t.audit.c, t.users.c
    query = sa.select(a.id, a.at_ms, u.name, a.action, a.subject, a.counts).select_from(t.audit.outerjoin(t.users, u.id == a.user_id))
    if wanted.get("action"):
        query = query.where(a.action.startswith(wanted["action"], autoescape=True))
    if wanted.get("person"):
        query = query.where(u.name == wanted["person"])
    if wanted.get("subject"):
        query = query.where(a.subject.icontains(wanted["subject"], autoescape=True))
    if before is not None:
        query = query.where((a.at_ms < before[0]) | ((a.at_ms == before[0]) & (a.id < before[1])))
    return [AuditRow(*row) for row in conn.execute(query.order_by(a.at_ms.desc(), a.id.desc()).limit(limit))]


def recent_jobs(conn: sa.Connection, limit: int) -> list[tuple[Any, ...]]:
    """The newest tasks: id, kind, state, done, total, message, when begun, by whom."""
    j, u = t.jobs.c, t.users.c
    columns = (j.id, j.kind, j.state, j.done, j.total, j.message, j.started_ms, u.name)
    query = sa.select(*columns).select_from(t.jobs.outerjoin(t.users, u.id == j.user_id)).order_by(j.id.desc()).limit(limit)
    return [tuple(row) for row in conn.execute(query)]


def evidence_by_project(conn: sa.Connection) -> list[tuple[int, str, int, int]]:
    """Of each project: files of runs, then files of issues; project id, kind, how many, bytes. Reads every such row."""
    found: list[tuple[int, str, int, int]] = []
    for kind, table in (("results", t.run_evidence), ("issues", t.attachments)):
        c = table.c
        query = sa.select(c.project_id, sa.func.count(), sa.func.sum(c.size)).group_by(c.project_id).order_by(c.project_id)
        found += [(row[0], kind, row[1], int(row[2] or 0)) for row in conn.execute(query)]
    return found


def biggest_executions(conn: sa.Connection, limit: int) -> list[tuple[str, str, int]]:
    """The executions with most runs: key, summary, runs. Reads the summary of each."""
    s, i = t.execution_summaries.c, t.issues.c
    runs = sa.func.sum(s.runs)
    top = sa.select(s.execution_id, runs.label("runs")).group_by(s.execution_id).order_by(runs.desc()).limit(limit).subquery()
    query = sa.select(i.key, i.summary, top.c.runs).join(top, top.c.execution_id == i.id).order_by(top.c.runs.desc(), i.key)
    return [(row[0], row[1], int(row[2])) for row in conn.execute(query)]


def names(conn: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The keys of projects by id."""
    p = t.projects.c
    return {row[0]: row[1] for row in conn.execute(sa.select(p.id, p.key).where(any_of(conn, p.id, list(ids) or [0])))}
