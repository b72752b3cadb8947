# SPDX-License-Identifier: Apache-2.0
"""What copying a project from another server keeps: how far it is, and what nobody else may set of an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct, field

from radiograph.store import instance
from radiograph.store import tables as t
from radiograph.store.names import people_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from radiograph.domain.issues import IssueType
    from radiograph.domain.steps import StepDetail

_KEPT = 2000
"""Problems kept by name; the others are only counted."""


class PullState(Struct):
    """How far a project is: `phase`, and `cursor` in it; `counts` by what was copied; `problems` (what, why) are not."""

    source: str
    project_key: str
    phase: str = "project"
    cursor: int = 0
    page: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    more_problems: int = 0

    def count(self, what: str, more: int = 1) -> None:
        """Note that so many more were copied."""
        self.counts[what] = self.counts.get(what, 0) + more

    def problem(self, what: str, why: str) -> None:
        """Note what could not be copied, and why."""
        if len(self.problems) < _KEPT:
            self.problems.append((what, why))
        else:
            self.more_problems += 1

    def problem_once(self, what: str, why: str) -> None:
        """Note it unless it was noted before."""
        if (what, why) not in self.problems:
            self.problem(what, why)


def read_state(conn: sa.Connection, project_key: str) -> PullState | None:
    """How far the copying of a project is; None when it was never begun."""
    text = instance.get_setting(conn, _setting(project_key))
    return msgspec.json.decode(text, type=PullState) if text else None


def put_state(conn: sa.Connection, state: PullState) -> None:
    """Note how far it is, in the transaction of what was copied."""
    instance.put_setting(conn, _setting(state.project_key), msgspec.json.encode(state).decode())


def forget_state(conn: sa.Connection, project_key: str) -> None:
    """Let a project of that key be one that was never copied."""
    instance.remove_setting(conn, _setting(project_key))


def _setting(project_key: str) -> str:
    return f"pull.{project_key}"


def set_origin(conn: sa.Connection, issue_id: int, values: dict[str, Any], reporter: str, assignee: str) -> None:
    """Give an issue the columns that only its own past can know; a name of nobody leaves nobody."""
    ids = people_ids(conn, {n for n in (reporter, assignee) if n})
    people = {"reporter_id": ids.get(reporter), "assignee_id": ids.get(assignee)}
    conn.execute(sa.update(t.issues).where(t.issues.c.id == issue_id).values(values | people))


def name_people(conn: sa.Connection, shown: Mapping[str, str]) -> None:
    """Give people that are known by name only the names to show (by name); who can sign in has chosen their own."""
    ids = people_ids(conn, shown)
    for name, display in shown.items():
        u = t.users.c
        conn.execute(sa.update(t.users).where(u.id == ids[name], u.password_hash.is_(None)).values(display_name=display))


def put_details(conn: sa.Connection, version_id: int, details: Sequence[StepDetail]) -> None:
    """Give the steps of a definition version what stands beside their texts, as the other server has it."""
    text = msgspec.json.encode(details).decode()
    conn.execute(sa.update(t.test_versions).where(t.test_versions.c.id == version_id).values(step_details=text))


def issues_after(conn: sa.Connection, project_id: int, kinds: Iterable[IssueType], number: int) -> list[tuple[int, int, str, int]]:
    """The issues of these types with a higher number, in order: number, id, key, type's id."""
    i = t.issues.c
    where = (i.project_id == project_id, i.type_id.in_([int(k) for k in kinds]), i.number > number)
    return [tuple(row) for row in conn.execute(sa.select(i.number, i.id, i.key, i.type_id).where(*where).order_by(i.number))]


def totals(conn: sa.Connection, project_id: int) -> dict[str, int]:
    """What a project has: issues by the id of their type (as text), `runs`, `evidence`, `comments`, `attachments`."""
    i = t.issues.c
    query = sa.select(i.type_id, sa.func.count()).where(i.project_id == project_id).group_by(i.type_id)
    found = {str(kind): count for kind, count in conn.execute(query)}
    for name, table in (("runs", t.runs), ("evidence", t.run_evidence), ("attachments", t.attachments)):
        query_one = sa.select(sa.func.count()).select_from(table).where(table.c.project_id == project_id)
        found[name] = conn.execute(query_one).scalar_one()
    comments = sa.select(sa.func.count()).select_from(t.comments.join(t.issues, i.id == t.comments.c.issue_id))
    found["comments"] = conn.execute(comments.where(i.project_id == project_id)).scalar_one()
    return found
