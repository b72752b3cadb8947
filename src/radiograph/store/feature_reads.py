# SPDX-License-Identifier: Apache-2.0
"""What a project has that scenarios and backgrounds of feature files could be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.features import Candidate
from radiograph.domain.issues import IssueType, TestType, match_hash
from radiograph.store import tables as t
from radiograph.store.many import any_of
from radiograph.store.test_names import aliases_by_hash

if TYPE_CHECKING:
    from collections.abc import Iterable


class ConditionRow(Struct, frozen=True):
    """A Cucumber Precondition."""

    id: int
    key: str
    summary: str
    definition: str
    labels: list[str]


def candidates(conn: sa.Connection, project_id: int, names: Iterable[str]) -> list[Candidate]:
    """The project's Cucumber Tests with a feature file's path as a label or with one of these summaries, by number.

    After them those that had one of the summaries before, each with that.
    """
    hashes = sorted({match_hash(project_id, TestType.CUCUMBER, name) for name in names})
    aliases = aliases_by_hash(conn, hashes)
    source = t.tests.join(t.issues, t.issues.c.id == t.tests.c.issue_id)
    query = sa.select(t.issues.c.id, t.issues.c.summary, t.issues.c.labels).select_from(source)
    labelled = t.issues.c.labels.like('%.feature"%')
    mine = (t.tests.c.project_id == project_id, t.tests.c.type == int(TestType.CUCUMBER))
    wanted = labelled | any_of(conn, t.tests.c.match_hash, hashes or [0])
    if aliases:
        wanted |= any_of(conn, t.issues.c.id, sorted({a.test_id for a in aliases}))
    rows = conn.execute(query.where(*mine, wanted).order_by(t.issues.c.number))
    found = [Candidate(row[0], row[1], tuple(json.loads(row[2]) if row[2] else ())) for row in rows]
    labels, taken = {test.id: test.labels for test in found}, {test.summary for test in found}
    earlier = [a for a in aliases if a.test_id in labels and a.text not in taken]
    return found + [Candidate(a.test_id, a.text, labels[a.test_id], renamed=True) for a in earlier]


def conditions(conn: sa.Connection, project_id: int) -> list[ConditionRow]:
    """The Cucumber Preconditions of a project, by number."""
    i, p = t.issues.c, t.preconditions.c
    query = sa.select(i.id, i.key, i.summary, p.definition, i.labels).join_from(t.issues, t.preconditions, p.issue_id == i.id)
    mine = (i.project_id == project_id, i.type_id == int(IssueType.PRECONDITION), p.type == int(TestType.CUCUMBER))
    return [
        ConditionRow(row[0], row[1], row[2], row[3] or "", json.loads(row[4]) if row[4] else [])
        for row in conn.execute(query.where(*mine).order_by(i.number))
    ]
