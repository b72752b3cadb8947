# SPDX-License-Identifier: Apache-2.0
"""A project's Tests in pages, by what is asked of them; as much work for a rare answer as for a common one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import IssueType, TestType
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = 5000
"""So many Tests, at most, are looked at for one page."""
STRIP = 8
_I, _R = t.issues.c, t.runs.c


class Sought(Struct, frozen=True):
    """What a Test must be: `statuses` are ids of that of its latest run, `folders` ids; None is any. `never` is without a run."""

    statuses: Sequence[int] | None = None
    type: TestType | None = None
    label: str = ""
    folders: Sequence[int] | None = None
    text: str = ""
    flaky: bool = False
    quarantined: bool = False
    never: bool = False


class ListedTest(Struct):
    """A Test in a list; `latest` are the ids and status ids of its last runs, newest first, `ran_ms` when the newest began."""

    id: int
    key: str
    summary: str
    type: TestType
    labels: list[str]
    ran_ms: int | None = None
    latest: list[tuple[int, int]] = []


def listed(conn: sa.Connection, project_id: int, sought: Sought, place: tuple[int, int], now: int) -> tuple[list[ListedTest], int]:
    """Tests after an id (`place`: that and how many), by id; and the id to go on after, 0 at the end. `now` in UTC ms."""
    after, limit = place
    window = _window(conn, project_id, sought, after, now).subquery("wanted")
    source = t.issues.join(window, window.c.id == _I.id).join(t.tests, t.tests.c.issue_id == _I.id)
    query = sa.select(_I.id, _I.key, _I.summary, t.tests.c.type, _I.labels).select_from(source).where(*_conditions(sought))
    rows = conn.execute(query.order_by(_I.id).limit(limit + 1)).all()
    found = [ListedTest(r[0], r[1], r[2], TestType(r[3]), json.loads(r[4]) if r[4] else []) for r in rows[:limit]]
    if len(rows) > limit:
        return found, found[-1].id
    looked = conn.execute(sa.select(sa.func.count(), sa.func.max(window.c.id))).one()
    return found, int(looked[1]) if looked[0] >= WINDOW else 0


def _window(conn: sa.Connection, project_id: int, sought: Sought, after: int, now: int) -> sa.Select[int]:
    """The Tests to look at, from what names the fewest."""
    f, q, p = t.flaky_tests.c, t.quarantines.c, t.folder_tests.c
    query: sa.Select[int]
    if sought.quarantined:
        holding = (q.ended_ms.is_(None), q.until_ms.is_(None) | (q.until_ms > now))
        column, query = q.test_id, sa.select(q.test_id.label("id")).where(q.project_id == project_id, *holding).distinct()
    elif sought.flaky:
        column, query = f.test_id, sa.select(f.test_id.label("id")).where(f.project_id == project_id).distinct()
    elif sought.folders is not None:
        column, query = p.test_id, sa.select(p.test_id.label("id")).where(any_of(conn, p.folder_id, list(sought.folders) or [0]))
    else:
        column, query = _I.id, sa.select(_I.id).where(_I.project_id == project_id, _I.type_id == int(IssueType.TEST))
    return query.where(column > after).order_by(column).limit(WINDOW)


def _conditions(sought: Sought) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if sought.type is not None:
        found.append(t.tests.c.type == int(sought.type))
    if sought.label:
        found.append(_I.labels.contains(json.dumps(sought.label, ensure_ascii=False), autoescape=True))
    if sought.text:
        found.append(_I.summary.icontains(sought.text, autoescape=True) | _I.key.icontains(sought.text, autoescape=True))
    if sought.flaky and sought.quarantined:
        found.append(sa.exists().where(t.flaky_tests.c.test_id == _I.id, t.flaky_tests.c.project_id == _I.project_id))
    if sought.folders is not None and (sought.flaky or sought.quarantined):
        found.append(sa.exists().where(t.folder_tests.c.test_id == _I.id, t.folder_tests.c.folder_id.in_(list(sought.folders))))
    if sought.never:
        found.append(~sa.exists().where(_R.test_id == _I.id))
    elif sought.statuses is not None:
        latest = sa.select(_R.status_id).where(_R.test_id == _I.id).order_by(_R.id.desc()).limit(1).scalar_subquery()
        found.append(latest.in_(list(sought.statuses)))
    return found


def add_latest(conn: sa.Connection, rows: Sequence[ListedTest], projects: Sequence[int] | None) -> None:
    """Give Tests their last runs in these projects (None: all): one seek of an index for each run."""
    by_id = {row.id: row for row in rows}
    mine = sa.select(_R.id).where(_R.test_id == t.tests.c.issue_id).correlate(t.tests)
    if projects is not None:
        mine = mine.where(_R.project_id.in_(list(projects)))
    places: list[Any] = [mine.order_by(_R.id.desc()).offset(i).limit(1).scalar_subquery() for i in range(STRIP)]
    query = sa.select(t.tests.c.issue_id, *places).where(any_of(conn, t.tests.c.issue_id, list(by_id) or [0]))
    ids = {row[0]: [number for number in row[1:] if number is not None] for row in conn.execute(query)}
    wanted = [number for numbers in ids.values() for number in numbers]
    found = {r[0]: r for r in conn.execute(sa.select(_R.id, _R.status_id, _R.start_ms).where(any_of(conn, _R.id, wanted or [0])))}
    for test_id, numbers in ids.items():
        by_id[test_id].latest = [(n, found[n][1]) for n in numbers if n in found]
        by_id[test_id].ran_ms = found[numbers[0]][2] if numbers and numbers[0] in found else None
