# SPDX-License-Identifier: Apache-2.0
"""What names Tests for results, now and earlier: the summary of Manual and Cucumber Tests, the definition of Generic ones.

A Test that has a name now goes before one that had it: an alias is looked at where no Test is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import TestType, match_hash
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Name(Struct, frozen=True):
    """What names a Test: the Test's id, project and type, and the text with its match hash; and its summary where that is known."""

    test_id: int
    project_id: int
    type: TestType
    hash: int
    text: str
    summary: str = ""


class AliasRow(Struct, frozen=True):
    """An earlier name; `created_ms` is when it became one."""

    hash: int
    test_id: int
    type: TestType
    text: str
    created_ms: int


_A = t.test_aliases.c
_ALIAS = (_A.match_hash, _A.test_id, _A.type, _A.text, _A.created_ms)


def names_of(conn: sa.Connection, test_ids: Sequence[int]) -> dict[int, Name]:
    """The names of these Tests by id."""
    i, v, test = t.issues.c, t.test_versions.c, t.tests.c
    text = sa.case((test.type == int(TestType.GENERIC), v.text), else_=i.summary)
    source = t.tests.join(t.issues, i.id == test.issue_id).join(t.test_versions, v.id == test.version_id)
    query = sa.select(test.issue_id, test.project_id, test.type, test.match_hash, text, i.summary).select_from(source)
    rows = conn.execute(query.where(any_of(conn, test.issue_id, list(test_ids) or [0])))
    return {row[0]: Name(row[0], row[1], TestType(row[2]), row[3], row[4], row[5]) for row in rows}


def keep_names(conn: sa.Connection, before: Iterable[Name], after: Mapping[int, tuple[TestType, int]], now: int) -> None:
    """Keep the names that Tests had before a rename, but for those that another Test has; call it when the new ones are written.

    `after` is by Test: its type and match hash from now on. A Test that becomes of another type is no longer found by its name.
    """
    gone = {n.hash: n for n in before if n.text.strip() and after.get(n.test_id, (n.type, n.hash)) != (n.type, n.hash)}
    gone = {h: n for h, n in gone.items() if after[n.test_id][0] is n.type}
    if not gone:
        return
    put_aliases(conn, gone.values(), now)
    # A Test that got an earlier name of its own back has no alias to itself.
    own = {(h, test_id) for test_id, (_, h) in after.items()}
    back = [a.hash for a in _aliases(conn, any_of(conn, _A.match_hash, [h for h, _ in own])) if (a.hash, a.test_id) in own]
    remove_aliases(conn, back)


def put_aliases(conn: sa.Connection, names: Iterable[Name], now: int) -> None:
    """Let these names lead to their Tests, whatever they led to before, but for those that some Test has now."""
    wanted = {n.hash: n for n in names}
    taken = set(conn.execute(sa.select(t.tests.c.match_hash).where(any_of(conn, t.tests.c.match_hash, list(wanted) or [0]))).scalars())
    rows: list[dict[str, Any]] = [
        {"match_hash": n.hash, "test_id": n.test_id, "type": int(n.type), "text": n.text, "created_ms": now}
        for n in wanted.values()
        if n.hash not in taken
    ]
    remove_aliases(conn, [row["match_hash"] for row in rows])
    if rows:
        conn.execute(sa.insert(t.test_aliases), rows)


def remove_aliases(conn: sa.Connection, hashes: Sequence[int]) -> int:
    """Take these aliases away; how many there were."""
    return conn.execute(sa.delete(t.test_aliases).where(any_of(conn, _A.match_hash, list(hashes)))).rowcount if hashes else 0


def aliases_of(conn: sa.Connection, test_id: int) -> list[AliasRow]:
    """The earlier names of a Test, the newest first."""
    return _aliases(conn, _A.test_id == test_id)


def aliases_by_hash(conn: sa.Connection, hashes: Iterable[int]) -> list[AliasRow]:
    """The aliases of these match hashes; nothing is asked for where there are no aliases at all."""
    wanted = sorted(set(hashes))
    if not wanted or conn.execute(sa.select(_A.type).limit(1)).first() is None:
        return []
    return _aliases(conn, any_of(conn, _A.match_hash, wanted))


def _aliases(conn: sa.Connection, where: sa.ColumnElement[bool]) -> list[AliasRow]:
    rows: Any = conn.execute(sa.select(*_ALIAS).where(where).order_by(_A.created_ms.desc(), _A.text))
    return [AliasRow(row[0], row[1], TestType(row[2]), row[3], row[4]) for row in rows]


def owner_of(conn: sa.Connection, name: Name) -> str | None:
    """The key of the Test that has this name now, if one has."""
    test = t.tests.c
    query = sa.select(t.issues.c.key).join(t.tests, test.issue_id == t.issues.c.id)
    found: str | None = conn.execute(query.where(test.match_hash == name.hash, test.project_id == name.project_id).limit(1)).scalar()
    return found


def named(test_id: int, project_id: int, kind: TestType, text: str) -> Name:
    """A name as it is stored."""
    return Name(test_id, project_id, kind, match_hash(project_id, kind, text), text)


def wrong_aliases(conn: sa.Connection) -> list[str]:
    """Aliases (a few) whose hash isn't that of their text, or that lead to a Test of another project or to none."""
    project = t.tests.c.project_id
    query = sa.select(_A.match_hash, _A.type, _A.text, project).select_from(
        t.test_aliases.outerjoin(t.tests, t.tests.c.issue_id == _A.test_id)
    )
    wrong = (row[2] for row in conn.execute(query) if row[3] is None or match_hash(row[3], TestType(row[1]), row[2]) != row[0])
    return [text[:80] for text, _ in zip(wrong, range(5), strict=False)]
