# SPDX-License-Identifier: Apache-2.0
"""Definition versions that change hands: numbered anew by time, the current one last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from radiograph.domain.steps import StepDetail
from radiograph.store import tables as t
from radiograph.store.engines import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def copies(conn: sa.Connection, version_ids: Sequence[int]) -> list[tuple[object, ...]]:
    """The rows of versions, to write them as another Test's: all columns but the id and the Test's."""
    columns = [_V[n] for n in ("id", "number", "type", "text", "scenario_type", "steps", "created_ms", "created_by", "step_details")]
    return [
        tuple(row) for row in conn.execute(sa.select(*columns).where(any_of(conn, _V.id, list(version_ids) or [0])).order_by(_V.number))
    ]
