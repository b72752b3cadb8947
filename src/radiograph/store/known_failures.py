# SPDX-License-Identifier: Apache-2.0
"""Failures that are known by a defect, by their fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.engines import insert_missing
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Defect(Struct, frozen=True):
    """A defect of a failure: its key, and whether it is an issue here that is done."""

    key: str
    done: bool


_DONE = sa.exists().where(t.workflow_statuses.c.name == t.issues.c.workflow, t.workflow_statuses.c.category == "done")


def known(conn: sa.Connection, project_id: int, fingerprints: Sequence[int]) -> dict[int, list[Defect]]:
    """The defects that failures of these fingerprints are known by, by fingerprint."""
    k = t.known_failures.c
    source = t.known_failures.outerjoin(t.issues, t.issues.c.key == k.defect_key)
    query = sa.select(k.fingerprint, k.defect_key, sa.case((t.issues.c.id.is_not(None) & _DONE, 1), else_=0)).select_from(source)
    found: dict[int, list[Defect]] = {}
    where = (k.project_id == project_id, any_of(conn, k.fingerprint, list(fingerprints) or [0]))
    for fingerprint, key, done in conn.execute(query.where(*where).order_by(k.created_ms, k.defect_key)):
        found.setdefault(fingerprint, []).append(Defect(key, bool(done)))
    return found


def defects_of_runs(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, list[Defect]]:
    """The defects of these runs and of their steps, by run."""
    d = t.run_defects
    source = d.outerjoin(t.issues, t.issues.c.id == d.c.issue_id)
    query = sa.select(d.c.run_id, d.c.key, sa.case((t.issues.c.id.is_not(None) & _DONE, 1), else_=0)).select_from(source)
    found: dict[int, list[Defect]] = {}
    for run, key, done in conn.execute(
        query.where(d.c.project_id == project_id, any_of(conn, d.c.run_id, list(run_ids) or [0])).order_by(d.c.id)
    ):
        mine = found.setdefault(run, [])
        if all(k.key != key for k in mine):
            mine.append(Defect(key, bool(done)))
    return found


class Note(Struct, frozen=True):
    """Who said when (UTC milliseconds) that failures are known by a defect, and whether later ones are linked with it too."""

    defect_key: str
    by: int
    at_ms: int
    links: bool


def put_known(conn: sa.Connection, project_id: int, fingerprints: Sequence[int], note: Note) -> None:
    """Failures of these fingerprints are known by a defect from now on."""
    k = t.known_failures
    insert_missing(
        conn, k,
        [
            {"project_id": project_id, "fingerprint": f, "defect_key": note.defect_key, "created_ms": note.at_ms, "created_by": note.by, "links": note.links}
            for f in fingerprints
        ],
    )  # fmt: skip
    where = (k.c.project_id == project_id, any_of(conn, k.c.fingerprint, list(fingerprints) or [0]), k.c.defect_key == note.defect_key)
    conn.execute(sa.update(k).where(*where).values(links=note.links))


def forget(conn: sa.Connection, project_id: int, fingerprints: Sequence[int], defect_key: str) -> int:
    """Failures of these fingerprints are known by a defect no longer; how many fingerprints were."""
    k = t.known_failures.c
    where = (k.project_id == project_id, any_of(conn, k.fingerprint, list(fingerprints) or [0]), k.defect_key == defect_key)
    return conn.execute(sa.delete(t.known_failures).where(*where)).rowcount


def linking(conn: sa.Connection, project_id: int) -> dict[int, list[str]]:
    """The defects that new failures of a project are linked with, by fingerprint."""
    k = t.known_failures.c
    found: dict[int, list[str]] = {}
    for fingerprint, key in conn.execute(sa.select(k.fingerprint, k.defect_key).where(k.project_id == project_id, k.links)):
        found.setdefault(fingerprint, []).append(key)
    return found
