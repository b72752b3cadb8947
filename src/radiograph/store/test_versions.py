# SPDX-License-Identifier: Apache-2.0
"""Definition versions that change hands: numbered anew by time, the current one last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from radiograph.domain.steps import StepDetail
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.engines import bulk_insert
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_V = t.test_versions.c
_ASIDE = 1_000_000
"""Numbers that no version has, while they are given anew."""


def give_versions(conn: sa.Connection, version_ids: Sequence[int], test_id: int) -> None:
    """Give versions to a Test, before `number_versions`."""
    rows = [{"at": v, "to": i} for i, v in enumerate(version_ids, _ASIDE)]
    if rows:
        change = sa.update(t.test_versions).where(_V.id == sa.bindparam("at")).values(test_id=test_id, number=sa.bindparam("to"))
        conn.execute(change, rows)


def number_versions(conn: sa.Connection, test_id: int) -> None:
    """Number a Test's versions 1, 2, 3 ... in the order in which they were made, but the current one last."""
    current = conn.execute(sa.select(t.tests.c.version_id).where(t.tests.c.issue_id == test_id)).scalar_one()
    query = sa.select(_V.id, _V.number).where(_V.test_id == test_id)
    ordered = [(row[0], row[1]) for row in conn.execute(query.order_by(_V.id == current, _V.created_ms, _V.id))]
    wrong = [(v, n) for n, (v, number) in enumerate(ordered, 1) if number != n]
    at: sa.BindParameter[int]
    to: sa.BindParameter[int]
    at, to = sa.bindparam("at"), sa.bindparam("to")
    change = sa.update(t.test_versions).where(_V.id == at).values(number=to)
    for aside in (2 * _ASIDE, 0):
        if wrong:
            conn.execute(change, [{"at": v, "to": n + aside} for v, n in wrong])


def versions_in(conn: sa.Connection, test_id: int) -> list[int]:
    """The ids of a Test's versions, in order."""
    return list(conn.execute(sa.select(_V.id).where(_V.test_id == test_id).order_by(_V.number)).scalars())


def redirect_calls(conn: sa.Connection, source: int, target: int) -> int:
    """Let steps that call one Test call another; how many versions have such steps."""
    text = f'"calls":{source}'
    query = sa.select(_V.id, _V.step_details).where(_V.step_details.is_not(None), _V.step_details.contains(text, autoescape=True))
    rows = []
    for version_id, details in conn.execute(query):
        steps = msgspec.json.decode(details, type=list[StepDetail])
        if any(s.calls == source for s in steps):
            after = [msgspec.structs.replace(s, calls=target) if s.calls == source else s for s in steps]
            rows.append({"at": version_id, "to": msgspec.json.encode(after).decode()})
    if rows:
        conn.execute(sa.update(t.test_versions).where(_V.id == sa.bindparam("at")).values(step_details=sa.bindparam("to")), rows)
    return len(rows)


def used_versions(conn: sa.Connection, test_id: int) -> set[int]:
    """The versions that runs of a Test ran, or earlier attempts at them."""
    r, a = t.runs.c, t.run_attempts.c
    queries = (
        sa.select(r.version_id).where(r.test_id == test_id).distinct(),
        sa.select(a.version_id)
        .join(t.runs, (r.project_id == a.project_id) & (r.id == a.run_id))
        .where(r.test_id == test_id, r.attempts > 0)
        .distinct(),
    )
    return {v for query in queries for v in conn.execute(query).scalars()}


def wrong_versions(conn: sa.Connection) -> list[int]:
    """Runs (a few) that ran a version of another Test's definition."""
    r = t.runs.c
    query = sa.select(r.id).join(t.test_versions, _V.id == r.version_id).where(_V.test_id != r.test_id).limit(5)
    return list(conn.execute(query).scalars())


_COPIED = ("number", "type", "text", "scenario_type", "steps", "created_ms", "created_by", "step_details")


def copy_versions(conn: sa.Connection, project_id: int, version_ids: Sequence[int], test_id: int) -> dict[int, int]:
    """Copy versions to another Test, before `number_versions`; the copies by what they are copies of."""
    query = sa.select(_V.id, *(_V[n] for n in _COPIED)).where(any_of(conn, _V.id, list(version_ids) or [0])).order_by(_V.number)
    rows = conn.execute(query).all()
    first = take_ids(conn, "definition", project_id, len(rows))
    made = {row[0]: first + i for i, row in enumerate(rows)}
    values = [(made[row[0]], test_id, 3 * _ASIDE + i, *row[2:]) for i, row in enumerate(rows)]
    bulk_insert(conn, t.test_versions, ("id", "test_id", *_COPIED), values)
    return made


def drop_repeated_current(conn: sa.Connection, test_id: int) -> None:
    """Let the newest other version be a Test's current one where it says the same."""
    current = conn.execute(sa.select(t.tests.c.version_id).where(t.tests.c.issue_id == test_id)).scalar_one()
    columns = (_V.id, _V.type, _V.text, _V.scenario_type, sa.func.coalesce(_V.steps, ""))
    rows = conn.execute(sa.select(*columns).where(_V.test_id == test_id).order_by(_V.id == current, _V.created_ms, _V.id)).all()
    if len(rows) > 1 and rows[-2][1:] == rows[-1][1:]:
        conn.execute(sa.update(t.tests).where(t.tests.c.issue_id == test_id).values(version_id=rows[-2][0]))
        conn.execute(sa.delete(t.test_versions).where(_V.id == current))


def copy_files(conn: sa.Connection, project_id: int, test_id: int) -> None:
    """Let the files of a Test's steps that are another Test's be there as its own, too."""
    query = sa.select(_V.id, _V.step_details).where(_V.test_id == test_id, _V.step_details.is_not(None))
    held = {v: msgspec.json.decode(text, type=list[StepDetail]) for v, text in conn.execute(query)}
    wanted = sorted({a for steps in held.values() for s in steps for a in s.attachments})
    if not wanted:
        return
    c = t.attachments.c
    names = [column.name for column in t.attachments.columns if column.name not in {"id", "issue_id"}]
    rows = conn.execute(sa.select(c.id, *(c[n] for n in names)).where(any_of(conn, c.id, wanted), c.issue_id != test_id)).all()
    first = take_ids(conn, "part", project_id, len(rows))
    made = {row[0]: first + i for i, row in enumerate(rows)}
    bulk_insert(conn, t.attachments, ("id", "issue_id", *names), [(made[row[0]], test_id, *row[1:]) for row in rows])
    changed = [
        {"at": v, "to": msgspec.json.encode([_with_files(s, made) for s in steps]).decode()}
        for v, steps in held.items()
        if any(a in made for s in steps for a in s.attachments)
    ]
    if changed:
        conn.execute(sa.update(t.test_versions).where(_V.id == sa.bindparam("at")).values(step_details=sa.bindparam("to")), changed)


def _with_files(step: StepDetail, made: Mapping[int, int]) -> StepDetail:
    return msgspec.structs.replace(step, attachments=tuple(made.get(a, a) for a in step.attachments))
