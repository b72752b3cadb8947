# SPDX-License-Identifier: Apache-2.0
"""All that belongs to a Test beside its runs and versions, given to another one, or to a copy as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.engines import insert_missing
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAIRS: dict[str, list[tuple[sa.Table, str, str]]] = {
    "requirements": [(t.requirement_links, "test_id", "requirement_id"), (t.requirement_links, "requirement_id", "test_id")],
    "sets": [(t.set_tests, "test_id", "set_id")],
    "plans": [(t.plan_tests, "test_id", "plan_id")],
    "preconditions": [(t.precondition_tests, "test_id", "precondition_id")],
    "folders": [(t.folder_tests, "test_id", "board_id")],
    "datasets": [(t.datasets, "test_id", "context_id")],
    "versions": [(t.issue_versions, "issue_id", "version_id")],
    "components": [(t.issue_components, "issue_id", "component_id")],
}
"""What a Test has at most one of with each other thing: the table, the Test's column and the other's. What the target has wins."""
_OWNED: dict[str, list[sa.Column[Any]]] = {
    "comments": [t.comments.c.issue_id],
    "files": [t.attachments.c.issue_id],
    "defects": [t.run_defects.c.issue_id],
    "quarantines": [t.quarantines.c.test_id],
    "keys": [t.issue_aliases.c.issue_id],
    "names": [t.test_aliases.c.test_id],
    "below": [t.issues.c.parent_id],
}
"""What a Test has as much of as there is."""
MOVED = frozenset({table.name for rows in _PAIRS.values() for table, _, _ in rows} | {c.table.name for cs in _OWNED.values() for c in cs})
"""The tables that are seen to here."""


def count_belongings(conn: sa.Connection, test_id: int) -> dict[str, int]:
    """How many of each a Test has; what it has none of is left out."""
    columns = [(name, table.c[mine]) for name, rows in _PAIRS.items() for table, mine, _ in rows]
    columns += [(name, c) for name, owned in _OWNED.items() for c in owned]
    columns += [("links", t.issue_links.c.source_id), ("links", t.issue_links.c.target_id)]
    found: dict[str, int] = {}
    for name, column in columns:
        found[name] = found.get(name, 0) + int(conn.execute(sa.select(sa.func.count()).where(column == test_id)).scalar_one())
    return {name: count for name, count in found.items() if count}


def move_belongings(conn: sa.Connection, source: int, target: int, now: int) -> None:
    """Give all that belongs to one Test to another; `now` in UTC milliseconds ends the second quarantine of two."""
    for rows in _PAIRS.values():
        for table, mine, other in rows:
            _move_pairs(conn, table, mine, other, source, target)
    q = t.quarantines.c
    running = (q.ended_ms.is_(None), q.until_ms.is_(None) | (q.until_ms > now))
    if conn.execute(sa.select(q.id).where(q.test_id == target, *running).limit(1)).first():
        conn.execute(sa.update(t.quarantines).where(q.test_id == source, *running).values(ended_ms=now))
    for owned in _OWNED.values():
        for column in owned:
            conn.execute(sa.update(column.table).where(column == source).values({column.name: target}))
    _move_links(conn, source, target)
    changes = t.changes.c
    conn.execute(sa.update(t.changes).where(changes.of == "issue", changes.subject_id == source).values(subject_id=target))
    _move_flakiness(conn, source, target)
    _join_labels(conn, source, target, now)


def _move_flakiness(conn: sa.Connection, source: int, target: int) -> None:
    """Give what was found of one Test to the other, where nothing was found of it on the same environments."""
    f, there = t.flaky_tests.c, t.flaky_tests.alias("there")
    has = sa.exists().where(there.c.test_id == target, there.c.project_id == f.project_id, there.c.environments == f.environments)
    conn.execute(sa.update(t.flaky_tests).where(f.test_id == source, ~has).values(test_id=target))
    conn.execute(sa.delete(t.flaky_tests).where(f.test_id == source))


def _move_pairs(conn: sa.Connection, table: sa.Table, mine: str, other: str, source: int, target: int) -> None:
    there = table.alias("there")
    has = sa.exists().where(there.c[mine] == target, there.c[other] == table.c[other])
    conn.execute(sa.update(table).where(table.c[mine] == source, ~has, table.c[other] != target).values({mine: target}))
    conn.execute(sa.delete(table).where(table.c[mine] == source))


def _move_links(conn: sa.Connection, source: int, target: int) -> None:
    """Links between both are of one issue with itself, and go."""
    c = t.issue_links.c
    conn.execute(sa.delete(t.issue_links).where(c.source_id.in_((source, target)), c.target_id.in_((source, target))))
    for mine, other in ((c.source_id, c.target_id), (c.target_id, c.source_id)):
        there = t.issue_links.alias("there")
        same = sa.exists().where(there.c[mine.name] == target, there.c[other.name] == other, there.c.type_id == c.type_id)
        conn.execute(sa.update(t.issue_links).where(mine == source, ~same).values({mine.name: target}))
        conn.execute(sa.delete(t.issue_links).where(mine == source))


def _join_labels(conn: sa.Connection, source: int, target: int, now: int) -> None:
    i = t.issues.c
    rows = conn.execute(sa.select(i.id, i.labels).where(i.id.in_((source, target))))
    texts = {row[0]: row[1] for row in rows}
    labels = [label for number in (target, source) for label in json.loads(texts[number] or "[]")]
    joined = json.dumps(list(dict.fromkeys(labels)), ensure_ascii=False) if labels else None
    conn.execute(sa.update(t.issues).where(i.id == target).values(labels=joined, updated_ms=now))


def copy_flakiness(conn: sa.Connection, source: int, target: int) -> None:
    """Let what was found of a Test stand for another too, to which some of its runs went."""
    rows = conn.execute(sa.select(t.flaky_tests).where(t.flaky_tests.c.test_id == source)).mappings()
    insert_missing(conn, t.flaky_tests, [dict(row) | {"test_id": target} for row in rows])


def copy_belongings(conn: sa.Connection, source: int, target: int) -> None:
    """Let another Test cover what a Test covers, and be in its sets, plans and folders, with its preconditions and components."""
    for table, mine, other in _copied():
        columns = [c.name for c in table.columns if c.name != mine]
        rows = conn.execute(sa.select(*(table.c[n] for n in columns)).where(table.c[mine] == source, table.c[other] != target))
        insert_missing(conn, table, [dict(zip(columns, row, strict=True)) | {mine: target} for row in rows])


def _copied() -> Iterator[tuple[sa.Table, str, str]]:
    for name in ("sets", "plans", "preconditions", "folders", "components"):
        yield from _PAIRS[name]
    yield _PAIRS["requirements"][0]


def remove_test(conn: sa.Connection, test_id: int) -> None:
    """Remove a Test that nothing belongs to any more."""
    conn.execute(sa.delete(t.tests).where(t.tests.c.issue_id == test_id))
    conn.execute(sa.delete(t.issues).where(t.issues.c.id == test_id))


def add_key(conn: sa.Connection, key: str, issue_id: int) -> None:
    """Let a key that was an issue's lead to another one."""
    conn.execute(sa.insert(t.issue_aliases).values(key=key, issue_id=issue_id))


def move_keys(conn: sa.Connection, keys: Sequence[str], source: int, target: int) -> None:
    """Let earlier keys of one issue lead to another."""
    a = t.issue_aliases.c
    conn.execute(sa.update(t.issue_aliases).where(a.issue_id == source, any_of(conn, a.key, list(keys))).values(issue_id=target))
