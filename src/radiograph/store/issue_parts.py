# SPDX-License-Identifier: Apache-2.0
"""What belongs to issues beside their own fields: people, links, files, comments, relations; few queries however many issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.coverage import NOT_RUN, meaning
from radiograph.domain.issues import EXECUTION_TYPES, IssueType, TestType
from radiograph.domain.statuses import TODO
from radiograph.store import tables as t
from radiograph.store import workflow
from radiograph.store.attachments import AttachmentRow, attachments_of
from radiograph.store.comments import CommentRow, comments_of
from radiograph.store.executions import keys, tests_of_plan
from radiograph.store.folders import paths_of
from radiograph.store.issue_links import HeadRow, LinkRow, children_of, heads, links_of
from radiograph.store.many import any_of
from radiograph.store.relations import GATHERINGS, owners_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from radiograph.domain.workflow import WorkflowStatus

SHOWN_RUNS, SHOWN_MEMBERS = 1000, 10_000
"""How many Tests of an execution, or of a set or plan, an issue names; Xray's own API gives them all in pages."""


class PersonRow(Struct, frozen=True):
    """A person as others see them; `display_name` is never empty."""

    id: int
    name: str
    display_name: str
    email: str
    active: bool


class IssueParts(Struct):
    """All that; `categories` are the workflow's statuses by name, `people` by name, `condition` is a Precondition's type and text.

    `preconditions`, `test_sets` and `tests` are keys, `folder` is the path in the Test Repository ("" for none). `counts` are
    the runs of an execution, or the Tests of a plan by their latest run, by the name of the status;
    `requirement` is what the Tests of an issue say of it.
    """

    categories: dict[str, WorkflowStatus] = {}
    people: dict[str, PersonRow] = {}
    parent: HeadRow | None = None
    children: list[HeadRow] = []
    links: list[LinkRow] = []
    files: list[AttachmentRow] = []
    comments: list[CommentRow] = []
    preconditions: list[str] = []
    test_sets: list[str] = []
    tests: list[str] = []
    folder: str = ""
    condition: tuple[TestType, str] | None = None
    counts: dict[str, int] = {}
    requirement: str | None = None


def parts_of(conn: sa.Connection, parents: Mapping[int, int | None], kinds: Mapping[int, IssueType]) -> dict[int, IssueParts]:
    """The parts of the issues in `parents` (by id, that of the parent) and `kinds` (by id, the type)."""
    ids = list(parents)
    found = {i: IssueParts() for i in ids}
    if not found:
        return found
    categories = {s.name: s for s in workflow.statuses(conn)}
    known = heads(conn, [p for p in parents.values() if p is not None])
    children, comments = children_of(conn, ids), comments_of(conn, ids)
    for i, parts in found.items():
        parts.categories, parts.parent = categories, known.get(parents[i] or 0)
        parts.children, parts.comments = children.get(i, []), comments.get(i, [])
        parts.links, parts.files = [], []
    for file in attachments_of(conn, ids):
        found[file.issue_id].files.append(file)
    for link in links_of(conn, ids):
        for end in {link.source.id, link.target.id} & found.keys():
            found[end].links.append(link)
    _relations(conn, found, [i for i in ids if kinds[i] is IssueType.TEST])
    _conditions(conn, found, [i for i in ids if kinds[i] is IssueType.PRECONDITION])
    return found


def _relations(conn: sa.Connection, found: dict[int, IssueParts], tests: Sequence[int]) -> None:
    if not tests:
        return
    preconditions, sets = owners_of(conn, IssueType.PRECONDITION, tests), owners_of(conn, IssueType.TEST_SET, tests)
    named = keys(conn, [i for owners in (*preconditions.values(), *sets.values()) for i in owners])
    places = paths_of(conn, 0, tests)
    for i in tests:
        found[i].preconditions = [named[p] for p in preconditions.get(i, [])]
        found[i].test_sets = [named[p] for p in sets.get(i, [])]
        found[i].folder = places.get(i, "")


def _conditions(conn: sa.Connection, found: dict[int, IssueParts], ids: Sequence[int]) -> None:
    for i in ids:
        found[i].condition = (TestType.MANUAL, "")
    c = t.preconditions.c
    for row in conn.execute(sa.select(c.issue_id, c.type, c.definition).where(any_of(conn, c.issue_id, ids))) if ids else ():
        found[row[0]].condition = (TestType(row[1]), row[2])


def member_keys(conn: sa.Connection, kind: IssueType, issue_id: int) -> list[str]:
    """The keys of the Tests of an execution, set or plan: the first 1,000 runs' by rank, or 10,000 by id; none of other types."""
    if kind in EXECUTION_TYPES:
        query = sa.select(t.issues.c.key).join(t.runs, t.runs.c.test_id == t.issues.c.id).where(t.runs.c.execution_id == issue_id)
        return list(conn.execute(query.where(t.runs.c.rank <= SHOWN_RUNS).order_by(t.runs.c.rank)).scalars())
    if kind not in {IssueType.TEST_SET, IssueType.TEST_PLAN}:
        return []
    owner, test = GATHERINGS[kind].columns
    query = sa.select(t.issues.c.key).join(GATHERINGS[kind], test == t.issues.c.id).where(owner == issue_id)
    return list(conn.execute(query.order_by(test).limit(SHOWN_MEMBERS)).scalars())


def run_statuses(conn: sa.Connection) -> dict[int, str]:
    """The names of the statuses of runs by id."""
    c = t.statuses.c
    return {row.id: row.name for row in conn.execute(sa.select(c.id, c.name).where(c.of == "run").order_by(c.id))}


def plan_counts(conn: sa.Connection, plan_id: int) -> dict[str, int]:
    """How many Tests of a plan (of the first 10,000) have each status in their latest run, by name."""
    names, found = run_statuses(conn), dict[str, int]()
    for _, _, status in tests_of_plan(conn, plan_id, 0, SHOWN_MEMBERS):
        name = names.get(status or 0, TODO) if status is not None else TODO
        found[name] = found.get(name, 0) + 1
    return found


def coverage(conn: sa.Connection, issue_id: int) -> list[str]:
    """What the latest run of each Test that covers an issue means for it (NOTRUN where there is no run)."""
    c, r = t.requirement_links.c, t.runs.c
    latest = sa.select(r.status_id).where(r.test_id == c.test_id).order_by(r.id.desc()).limit(1).scalar_subquery()
    rows = list(conn.execute(sa.select(latest).where(c.requirement_id == issue_id)).scalars())
    st = t.statuses.c
    means = {row.id: meaning(row.requirement) for row in conn.execute(sa.select(st.id, st.requirement).where(st.of == "run"))}
    return [NOT_RUN if status is None else means[status] for status in rows]


def people(conn: sa.Connection, names: Iterable[str | None]) -> dict[str, PersonRow]:
    """These people by name."""
    wanted = sorted({n for n in names if n})
    return {p.name: p for p in _people(conn, any_of(conn, t.users.c.name, wanted))} if wanted else {}


def find_people(conn: sa.Connection, text: str, *, inactive: bool = False) -> list[PersonRow]:
    """The people whose name, display name or address has the text in it ("" or `.`: everybody), by name."""
    u = t.users.c
    where: sa.ColumnElement[bool] = sa.true()
    if text.strip(" .%*"):
        where = sa.or_(*(c.icontains(text, autoescape=True) for c in (u.name, u.display_name, u.email)))
    return _people(conn, where if inactive else where & u.active.is_(True))


def _people(conn: sa.Connection, where: sa.ColumnElement[bool]) -> list[PersonRow]:
    u = t.users.c
    rows = conn.execute(sa.select(u.id, u.name, u.display_name, u.email, u.active).where(where).order_by(u.name))
    return [PersonRow(row[0], row[1], row[2] or row[1], row[3], bool(row[4])) for row in rows]
