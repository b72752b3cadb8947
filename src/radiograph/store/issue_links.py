# SPDX-License-Identifier: Apache-2.0
"""Links between issues; those of Tests to what they test are coverage, and kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import IssueType
from radiograph.domain.workflow import TESTS_LINK, LinkType
from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.engines import insert_missing, lock_database
from radiograph.store.locks import WORDS
from radiograph.store.many import one_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = 10_000
_FIRST_TYPE = 10_100
"""Those before it are built in."""


class HeadRow(Struct, frozen=True):
    """An issue in a few words; `workflow` is the name of its status."""

    id: int
    key: str
    project_id: int
    type: IssueType
    summary: str
    workflow: str
    priority: int


class LinkRow(Struct, frozen=True):
    """`source` <outward> `target`. The id of a coverage link is made of the requirement's id and the Test's."""

    id: str
    type: LinkType
    source: HeadRow
    target: HeadRow

    @property
    def is_coverage(self) -> bool:
        """Whether it says that a Test tests a requirement."""
        return "-" in self.id


_HEAD = ("id", "key", "project_id", "type_id", "summary", "workflow", "priority")
_SOURCE, _TARGET = t.issues.alias("source"), t.issues.alias("target")
_BOTH: list[Any] = [*(_SOURCE.c[n] for n in _HEAD), *(_TARGET.c[n] for n in _HEAD)]


def _head(row: Sequence[Any]) -> HeadRow:
    number, key, project, kind, summary, status, priority = row
    return HeadRow(number, key, project, IssueType(kind), summary, status, priority)


_BY_ID = sa.select(*(t.issues.c[n] for n in _HEAD)).where(one_of(t.issues.c.id))
# By both: SQLite, asked for the order of the ids alone, would rather walk all issues than sort a few.
_CHILDREN = (
    sa.select(t.issues.c.parent_id, *(t.issues.c[n] for n in _HEAD))
    .where(one_of(t.issues.c.parent_id))
    .order_by(t.issues.c.parent_id, t.issues.c.id)
)


def heads(conn: sa.Connection, ids: Sequence[int]) -> dict[int, HeadRow]:
    """These issues by id."""
    return {row[0]: _head(row) for row in conn.execute(_BY_ID, {"ids": list(ids)})} if ids else {}


def children_of(conn: sa.Connection, ids: Sequence[int]) -> dict[int, list[HeadRow]]:
    """The issues that have one of these as their parent, by the parent's id."""
    found: dict[int, list[HeadRow]] = {}
    for parent, *row in conn.execute(_CHILDREN, {"ids": list(ids)}):
        found.setdefault(parent, []).append(_head(row))
    return found


def link_types(conn: sa.Connection) -> list[LinkType]:
    """Every type of links."""
    c = t.link_types.c
    return [LinkType(*row) for row in conn.execute(sa.select(c.id, c.name, c.inward, c.outward).order_by(c.id))]


def put_type(conn: sa.Connection, name: str, inward: str, outward: str) -> LinkType:
    """The type of links of that name (case ignored), made where there is none."""
    if known := _type_named(conn, name):
        return known
    lock_database(conn, WORDS)
    return _type_named(conn, name) or add_type(conn, name, inward, outward)


def _type_named(conn: sa.Connection, name: str) -> LinkType | None:
    return next((k for k in link_types(conn) if k.name.lower() == name.strip().lower()), None)


def add_type(conn: sa.Connection, name: str, inward: str, outward: str) -> LinkType:
    """Add a type of links; its id is given here, after those that there are."""
    lock_database(conn, WORDS)
    last = conn.execute(sa.select(sa.func.max(t.link_types.c.id))).scalar() or 0
    made = LinkType(max(last + 1, _FIRST_TYPE), name.strip(), inward, outward)
    conn.execute(sa.insert(t.link_types).values(id=made.id, name=made.name, inward=made.inward, outward=made.outward))
    return made


_LI, _K, _RL = t.issue_links.c, t.link_types.c, t.requirement_links.c
_PLAIN = (
    sa.select(_LI.id, _K.id, _K.name, _K.inward, _K.outward, *_BOTH)
    .select_from(
        t.issue_links.join(t.link_types, _K.id == _LI.type_id)
        .join(_SOURCE, _SOURCE.c.id == _LI.source_id)
        .join(_TARGET, _TARGET.c.id == _LI.target_id)
    )
    .order_by(_LI.id)
)
_COVERAGE = (
    sa.select(_K.id, _K.name, _K.inward, _K.outward, *_BOTH)
    .select_from(
        t.requirement_links.join(_SOURCE, _SOURCE.c.id == _RL.test_id)
        .join(_TARGET, _TARGET.c.id == _RL.requirement_id)
        .join(t.link_types, _K.id == TESTS_LINK)
    )
    .order_by(_RL.requirement_id, _RL.test_id)
)
_PLAIN_OF = _PLAIN.where(one_of(_LI.source_id) | one_of(_LI.target_id))
_COVERAGE_OF = _COVERAGE.where(one_of(_RL.test_id) | one_of(_RL.requirement_id))


def links_of(conn: sa.Connection, ids: Sequence[int]) -> list[LinkRow]:
    """Every link that one of these issues is at an end of."""
    wanted = {"ids": list(ids)}
    return [*map(_plain, conn.execute(_PLAIN_OF, wanted)), *map(_coverage, conn.execute(_COVERAGE_OF, wanted))]


def find_link(conn: sa.Connection, link_id: int) -> LinkRow | None:
    """The link of that id."""
    return next(map(_plain, conn.execute(_PLAIN.where(t.issue_links.c.id == link_id))), None)


def find_coverage(conn: sa.Connection, requirement_id: int, test_id: int) -> LinkRow | None:
    """The link that says that a Test tests a requirement."""
    c = t.requirement_links.c
    return next(map(_coverage, conn.execute(_COVERAGE.where(c.requirement_id == requirement_id, c.test_id == test_id))), None)


def _plain(row: Sequence[Any]) -> LinkRow:
    return LinkRow(str(row[0]), LinkType(*row[1:5]), _head(row[5:12]), _head(row[12:]))


def _coverage(row: Sequence[Any]) -> LinkRow:
    test, requirement = _head(row[4:11]), _head(row[11:])
    return LinkRow(f"{requirement.id}-{test.id}", LinkType(*row[:4]), test, requirement)


def add_link(conn: sa.Connection, type_id: int, source_id: int, target_id: int) -> None:
    """Link two issues; nothing happens where they are linked so already."""
    number = take_number(conn, "link", start=FIRST)
    insert_missing(conn, t.issue_links, [{"id": number, "type_id": type_id, "source_id": source_id, "target_id": target_id}])


def add_coverage(conn: sa.Connection, requirement_id: int, test_id: int) -> None:
    """Say that a Test tests a requirement; nothing happens where that is said already."""
    insert_missing(conn, t.requirement_links, [{"requirement_id": requirement_id, "test_id": test_id}])


def remove_link(conn: sa.Connection, link: LinkRow) -> None:
    """Remove a link of either sort."""
    if link.is_coverage:
        c = t.requirement_links.c
        conn.execute(sa.delete(t.requirement_links).where(c.requirement_id == link.target.id, c.test_id == link.source.id))
    else:
        conn.execute(sa.delete(t.issue_links).where(t.issue_links.c.id == int(link.id)))
