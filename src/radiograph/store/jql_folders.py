# SPDX-License-Identifier: Apache-2.0
"""Folders of Test Repositories and of Test Plans' boards, by their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.errors import shown
from radiograph.domain.issues import IssueType
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.domain.jql.syntax import Value
    from radiograph.store.jql_scope import Members, Scope


def folder_paths(scope: Scope, board: int, project: int | None) -> dict[str, list[int]]:
    """The folders of a plan's board, or (board 0) of a project's or every visible repository, by path in lower case: `/shop/basket`."""
    f = t.folders.c
    query = sa.select(f.id, f.parent_id, f.name).where(f.board_id == board)
    query = query.where(f.project_id == project) if project else query.where(scope.seen(f.project_id))
    rows = {number: (parent, name) for number, parent, name in scope.conn.execute(query)}
    found: dict[str, list[int]] = {}
    for number in rows:
        found.setdefault(_path(number, rows).lower(), []).append(number)
    return found


def _path(number: int, rows: Mapping[int, tuple[int, str]]) -> str:
    parts: list[str] = []
    while number in rows and len(parts) <= len(rows):
        number, name = rows[number][0], rows[number][1]
        parts.append(name)
    return "/" + "/".join(reversed(parts))


def plain_path(text: str) -> str:
    """A path as the folders' are written: one slash before each name."""
    return "/" + "/".join(part for part in text.strip().lower().split("/") if part.strip())


def folders_at(scope: Scope, board: int, project: int | None, value: Value, *, deep: bool) -> list[int]:
    """The folders at a path, with `deep` those below it too; notes a fault when there is none."""
    paths, wanted = folder_paths(scope, board, project), plain_path(value.text)
    if wanted not in paths:
        scope.fault(f"there is no folder {shown(value.text)}.{scope.near(wanted, lambda: paths)}", value.at)
    return [n for path, ids in paths.items() if path == wanted or (deep and path.startswith(wanted + "/")) for n in ids]


def folder_tests(scope: Scope, board: int, project: int, value: Value, *, deep: bool) -> Members:
    """The Tests in a folder; the root has those that are in no folder, with `deep` all of the project or plan."""
    f = t.folder_tests.c
    if plain_path(value.text) != "/":
        ids = folders_at(scope, board, project or None, value, deep=deep)
        return lambda column: column.in_(sa.select(f.test_id).where(f.board_id == board, f.folder_id.in_(ids)).correlate(None))
    i, p = t.issues.alias(), t.plan_tests.c
    every = sa.select(i.c.id).where(i.c.project_id == project, i.c.type_id == int(IssueType.TEST))
    if board:
        every = sa.select(p.test_id).where(p.plan_id == board)
    held = sa.select(f.test_id).where(f.board_id == board).correlate(None)
    return lambda column: column.in_(every.correlate(None)) & (sa.true() if deep else column.not_in(held))
