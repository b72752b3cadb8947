# SPDX-License-Identifier: Apache-2.0
"""The folders of a project's Test Repository and of a Test Plan's board, and the Tests in them.

A Test is in one folder of a repository or board at most; one in none is an orphan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.folders import ROOT, Board, Folder, folder_paths, path_names
from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.engines import bulk_insert
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_F, _P = t.folders.c, t.folder_tests.c
_SELECT = sa.select(*(_F[n] for n in Folder.__struct_fields__))


def folders_of(conn: sa.Connection, board: Board) -> list[Folder]:
    """Every folder of a repository or board, parent by parent in the order of rank."""
    query = _SELECT.where(_F.project_id == board.project_id, _F.board_id == board.plan_id)
    return [Folder(*row) for row in conn.execute(query.order_by(_F.parent_id, _F.rank, _F.id))]


def add_folder(conn: sa.Connection, board: Board, parent_id: int, name: str) -> Folder:
    """Make a folder as the last of its parent's."""
    number = take_number(conn, "folder", start=10000)
    count = len([f for f in folders_of(conn, board) if f.parent_id == parent_id])
    folder = Folder(number, board.project_id, board.plan_id, parent_id, name, count + 1)
    conn.execute(sa.insert(t.folders).values({n: getattr(folder, n) for n in Folder.__struct_fields__}))
    return folder


def rename_folder(conn: sa.Connection, folder_id: int, name: str) -> None:
    """Give a folder another name."""
    conn.execute(sa.update(t.folders).where(_F.id == folder_id).values(name=name))


def move_folder(conn: sa.Connection, folder: Folder, rank: int) -> Folder:
    """Give a folder another rank among those of its parent, which make room; one too high is the last."""
    others = [f for f in folders_of(conn, folder.board) if f.parent_id == folder.parent_id and f.id != folder.id]
    at = max(1, min(rank, len(others) + 1))
    order = [*(f.id for f in others[: at - 1]), folder.id, *(f.id for f in others[at - 1 :])]
    for place, number in enumerate(order, 1):
        conn.execute(sa.update(t.folders).where(_F.id == number, _F.rank != place).values(rank=place))
    return Folder(folder.id, folder.project_id, folder.board_id, folder.parent_id, folder.name, at)


def remove_folders(conn: sa.Connection, folders: Sequence[Folder]) -> None:
    """Remove folders; their Tests become orphans, and those beside them close ranks."""
    ids = [f.id for f in folders] or [0]
    conn.execute(sa.delete(t.folder_tests).where(any_of(conn, _P.folder_id, ids)))
    conn.execute(sa.delete(t.folders).where(any_of(conn, _F.id, ids)))
    for board, parent in {(f.board, f.parent_id) for f in folders}:
        left = [f for f in folders_of(conn, board) if f.parent_id == parent]
        if left:
            move_folder(conn, left[0], left[0].rank)


def put_tests(conn: sa.Connection, board: Board, folder_id: int, test_ids: Iterable[int]) -> None:
    """Put Tests into a folder, after those in it, wherever they were on the board before; ROOT makes them orphans."""
    ids = list(dict.fromkeys(test_ids))
    take_out(conn, board, ids)
    if folder_id == ROOT or not ids:
        return
    last = conn.execute(sa.select(sa.func.coalesce(sa.func.max(_P.rank), 0)).where(_P.folder_id == folder_id)).scalar_one()
    rows = [(board.plan_id, test, folder_id, last + i) for i, test in enumerate(ids, 1)]
    bulk_insert(conn, t.folder_tests, ("board_id", "test_id", "folder_id", "rank"), rows)


def take_out(conn: sa.Connection, board: Board, test_ids: Sequence[int], folder_id: int | None = None) -> list[int]:
    """Make Tests orphans, those in the one folder only when it is given; returns the Tests that were in one."""
    where = [_P.board_id == board.plan_id, any_of(conn, _P.test_id, list(test_ids) or [0])]
    if folder_id is not None:
        where.append(_P.folder_id == folder_id)
    were = list(conn.execute(sa.select(_P.test_id).where(*where)).scalars())
    conn.execute(sa.delete(t.folder_tests).where(*where))
    return were


def counts(conn: sa.Connection, folder_ids: Sequence[int]) -> dict[int, int]:
    """How many Tests each of these folders has in itself; those without are left out."""
    query = sa.select(_P.folder_id, sa.func.count()).where(any_of(conn, _P.folder_id, list(folder_ids) or [0]))
    return {row[0]: row[1] for row in conn.execute(query.group_by(_P.folder_id))}


def tests_in(conn: sa.Connection, folder_ids: Sequence[int], skip: int, limit: int | None) -> list[tuple[int, int]]:
    """The Tests in these folders, in their order: (Test's id, rank), `limit` of them (None: all) after the first `skip`."""
    places = sa.case({number: i for i, number in enumerate(folder_ids)}, value=_P.folder_id, else_=0) if folder_ids else _P.folder_id
    query = sa.select(_P.test_id, _P.rank).where(any_of(conn, _P.folder_id, list(folder_ids) or [0]))
    return [(row[0], row[1]) for row in conn.execute(query.order_by(places, _P.rank, _P.test_id).offset(skip).limit(limit))]


def all_tests(board: Board, *, orphans: bool) -> sa.Select[tuple[int]]:
    """The query for the ids of every Test of a project or plan, or of those in no folder."""
    if board.plan_id:
        query = sa.select(t.plan_tests.c.test_id.label("id")).where(t.plan_tests.c.plan_id == board.plan_id)
        test = t.plan_tests.c.test_id
    else:
        query = sa.select(t.tests.c.issue_id.label("id")).join(t.issues, t.issues.c.id == t.tests.c.issue_id)
        query, test = query.where(t.issues.c.project_id == board.project_id), t.tests.c.issue_id
    placed = sa.exists().where(_P.board_id == board.plan_id, _P.test_id == test)
    return query.where(~placed) if orphans else query


def count_tests(conn: sa.Connection, board: Board, *, orphans: bool = False) -> int:
    """How many Tests a project or plan has, or how many of them are in no folder."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(all_tests(board, orphans=orphans).subquery())).scalar_one())


def page_of_tests(conn: sa.Connection, board: Board, skip: int, limit: int | None, *, orphans: bool) -> list[int]:
    """The ids of a page of `all_tests`, by id."""
    found = all_tests(board, orphans=orphans).subquery()
    return list(conn.execute(sa.select(found.c.id).order_by(found.c.id).offset(skip).limit(limit)).scalars())


def which_belong(conn: sa.Connection, board: Board, issue_ids: Sequence[int]) -> list[int]:
    """Which of these issues are Tests of the project or plan."""
    found = all_tests(board, orphans=False).subquery()
    return list(conn.execute(sa.select(found.c.id).where(any_of(conn, found.c.id, list(issue_ids) or [0]))).scalars())


def paths_of(conn: sa.Connection, board_id: int, test_ids: Sequence[int]) -> dict[int, str]:
    """Where Tests are, such as `/Calculator/Basic`; orphans are left out. `board_id` is 0 or a Test Plan's id."""
    placed = sa.select(_P.test_id, _F.id, _F.project_id).join(t.folders, _F.id == _P.folder_id)
    rows = conn.execute(placed.where(_P.board_id == board_id, any_of(conn, _P.test_id, list(test_ids) or [0]))).all()
    known: dict[int, str] = {}
    for project_id in {row[2] for row in rows}:
        known |= folder_paths(folders_of(conn, Board(project_id, board_id)))
    return {row[0]: known[row[1]] for row in rows}


def folder_at(conn: sa.Connection, board: Board, path: str, *, make: bool = False) -> int | None:
    """The folder at a path such as `/Calculator/Basic` (ROOT for `/`), or None; `make` makes what is missing. Raises Refused."""
    children: Mapping[tuple[int, str], int] = {(f.parent_id, f.name): f.id for f in folders_of(conn, board)}
    at = ROOT
    for name in path_names(path):
        found = children.get((at, name))
        if found is None and not make:
            return None
        at = found if found is not None else add_folder(conn, board, at, name).id
    return at
