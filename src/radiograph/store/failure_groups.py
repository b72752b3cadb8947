# SPDX-License-Identifier: Apache-2.0
"""What is known of failures that share a fingerprint, and of the Tests that were found flaky."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.engines import any_of

if TYPE_CHECKING:
    from collections.abc import Collection


class FirstSeen(Struct, frozen=True):
    """The execution in which a fingerprint was first seen, and when that began (UTC milliseconds)."""

    execution_id: int
    key: str
    at_ms: int


def first_seen(conn: sa.Connection, project_id: int, run_ids: Collection[int]) -> dict[int, FirstSeen]:
    """For the fingerprints of these runs: where each was first seen in the project; one look-up in their index each."""
    r, first, e, i = t.runs.c, t.runs.alias("first").c, t.executions.c, t.issues.c
    earliest = (
        sa.select(first.id).where(first.project_id == project_id, first.fingerprint == r.fingerprint).order_by(first.id).limit(1).scalar_subquery()
    )  # fmt: skip
    found = {
        row[0]: row[1]
        for row in conn.execute(
            sa.select(r.fingerprint, earliest).where(any_of(conn, r.project_id, [project_id]), any_of(conn, r.id, list(run_ids) or [0]))
        )
        if row[0] is not None
    }
    query = sa.select(r.id, i.id, i.key, sa.func.coalesce(e.begin_ms, i.created_ms)).select_from(
        t.runs.join(t.executions, e.issue_id == r.execution_id).join(t.issues, i.id == r.execution_id)
    )
    where = (any_of(conn, r.project_id, [project_id]), any_of(conn, r.id, sorted(set(found.values())) or [0]))
    places = {row[0]: FirstSeen(*row[1:]) for row in conn.execute(query.where(*where))}
    return {fingerprint: places[run] for fingerprint, run in found.items() if run in places}


def known_defects(conn: sa.Connection, project_id: int, fingerprints: Collection[int]) -> dict[int, list[str]]:
    """The keys of the defects by which these fingerprints are known; one that isn't known is left out."""
    k = t.known_failures.c
    query = sa.select(k.fingerprint, k.defect_key).where(k.project_id == project_id, any_of(conn, k.fingerprint, list(fingerprints) or [0]))
    found: dict[int, list[str]] = {}
    for fingerprint, key in conn.execute(query.order_by(k.defect_key)):
        found.setdefault(fingerprint, []).append(key)
    return found


def flaky_among(conn: sa.Connection, project_id: int, environments: str, test_ids: Collection[int]) -> int:
    """How many of these Tests were found flaky on these environments (as `flaky_tests` has them)."""
    f = t.flaky_tests.c
    where = (f.project_id == project_id, f.environments == environments, any_of(conn, f.test_id, list(test_ids) or [0]))
    return int(conn.execute(sa.select(sa.func.count()).where(*where)).scalar_one())


def flaky_count(conn: sa.Connection, project_id: int, environments: str) -> int:
    """How many Tests of a project were found flaky on these environments."""
    f = t.flaky_tests.c
    query = sa.select(sa.func.count()).where(f.project_id == project_id, f.environments == environments)
    return int(conn.execute(query).scalar_one())
