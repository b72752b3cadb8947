# SPDX-License-Identifier: Apache-2.0
"""The Test Repository of a project and the board of a Test Plan: folders, and the Tests in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.relations import find_owner
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Forbidden, IssueNotFound, NotFound, Problem, Refused, cut, shown
from radiograph.domain.folders import MAX_DEPTH, ROOT, Board, Folder, FolderNode, folder_name, folder_tree, walk
from radiograph.domain.issues import IssueType
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Caller, Right
from radiograph.store import audit, changes, executions, folders, import_reads, projects
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services

CLIENTS_ROOT = -1
"""What clients call the root (Xray docs, Test Repository - REST)."""


class Tree(Struct):
    """A whole repository or board; `all_tests` and `orphans` count the Tests of the project or plan."""

    nodes: list[FolderNode]
    all_tests: int
    orphans: int


class FolderTests(Struct):
    """A page of a folder's Tests: id, key and rank of each; `total` is how many there are."""

    tests: list[tuple[int, str, int]]
    total: int


def tree(services: Services, caller: Caller, place: str) -> Tree:
    """The folders of a project (key or id) or of a Test Plan (key). Raises NotFound, Refused."""
    with services.db.read() as conn:
        return _tree(conn, _board(conn, caller, place))


def node(services: Services, caller: Caller, place: str, folder_id: int) -> FolderNode:
    """A folder with those below it; -1 is the root with all of them. Raises NotFound, Refused."""
    with services.db.read() as conn:
        board = _board(conn, caller, place)
        if folder_id == CLIENTS_ROOT:
            whole = _tree(conn, board)
            root = Folder(CLIENTS_ROOT, board.project_id, board.plan_id, ROOT, "Test Repository", 0)
            return FolderNode(root, "", whole.orphans, whole.all_tests, whole.nodes)
        return _node(_nodes(conn, board), place, folder_id)


def _tree(conn: sa.Connection, board: Board) -> Tree:
    nodes = _nodes(conn, board)
    total = folders.count_tests(conn, board)
    return Tree(nodes, total, total - sum(n.total for n in nodes))


def _nodes(conn: sa.Connection, board: Board) -> list[FolderNode]:
    found = folders.folders_of(conn, board)
    return folder_tree(found, folders.counts(conn, [f.id for f in found]))


def _node(nodes: Sequence[FolderNode], place: str, folder_id: int) -> FolderNode:
    for found in walk(nodes):
        if found.folder.id == folder_id:
            return found
    raise NotFound(f"There is no folder {folder_id} in {cut(place)}.")


def _board(conn: sa.Connection, caller: Caller, place: str) -> Board:
    """The board of a Test Plan's key, else the repository of a project's key or id."""
    if "-" in place:
        plan = find_owner(conn, caller, place, (IssueType.TEST_PLAN,))
        return Board(plan.project_id, plan.id)
    project = projects.find_project(conn, place.strip().upper())
    if project is None or caller.role_in(project.id) is None:
        raise NotFound(f"No project could be found with key {shown(place)}.")
    return Board(project.id)


def _held(conn: sa.Connection, caller: Caller, place: str) -> Board:
    board = _board(conn, caller, place)
    if not caller.may(Right.EDIT_ISSUE, board.project_id):
        raise Forbidden
    lock_projects(conn, [board.project_id])
    return board


def add_folder(services: Services, caller: Caller, place: str, parent_id: int, name: str) -> FolderNode:
    """Make a folder below another, or below the root (-1). Raises NotFound, Refused for a bad name, Conflict for one taken."""
    name = folder_name(name)
    with services.db.write() as conn:
        board = _held(conn, caller, place)
        nodes = _nodes(conn, board)
        parent = None if parent_id == CLIENTS_ROOT else _node(nodes, place, parent_id)
        path = "" if parent is None else f"{parent.path}/{parent.folder.name}"
        if path.count("/") >= MAX_DEPTH:
            raise Refused(f"Folders can be {MAX_DEPTH} deep at most.", [Problem("id", f"is {MAX_DEPTH} folders deep already")])
        _check_free(nodes if parent is None else parent.children, name)
        folder = folders.add_folder(conn, board, ROOT if parent is None else parent_id, name)
        audit.note(conn, caller.id, "folder.add", f"{cut(place)} {path}/{name}", project_id=board.project_id)
    return FolderNode(folder, path, 0, 0, [])


def _check_free(siblings: Sequence[FolderNode], name: str) -> None:
    if any(s.folder.name == name for s in siblings):
        raise Conflict(f"There is a folder {shown(name)} here already.", [Problem("name", "is taken")])


def change_folder(services: Services, caller: Caller, place: str, folder_id: int, name: str | None, rank: int | None) -> FolderNode:
    """Rename a folder, or give it another rank among those beside it. Raises NotFound, Refused, Conflict, Forbidden."""
    name = None if name is None else folder_name(name)
    with services.db.write() as conn:
        board = _held(conn, caller, place)
        nodes = _nodes(conn, board)
        found = _node(nodes, place, folder_id)
        if name is not None and name != found.folder.name:
            beside = [n for n in walk(nodes) if n.folder.parent_id == found.folder.parent_id]
            _check_free(beside, name)
            folders.rename_folder(conn, folder_id, name)
        if rank is not None:
            folders.move_folder(conn, found.folder, rank)
        audit.note(conn, caller.id, "folder.edit", f"{cut(place)} {found.path}/{found.folder.name}", project_id=board.project_id)
        return _node(_nodes(conn, board), place, folder_id)


def remove_folder(services: Services, caller: Caller, place: str, folder_id: int) -> None:
    """Remove a folder and those below it; their Tests stay, in no folder. Raises NotFound, Forbidden."""
    with services.db.write() as conn:
        board = _held(conn, caller, place)
        found = _node(_nodes(conn, board), place, folder_id)
        folders.remove_folders(conn, [n.folder for n in walk([found])])
        counts = {"tests": found.total}
        audit.note(conn, caller.id, "folder.remove", f"{cut(place)} {found.path}/{found.folder.name}", counts, project_id=board.project_id)


def tests_in(services: Services, caller: Caller, place: str, folder_id: int, skip: int, limit: int | None) -> FolderTests:
    """The Tests in a folder itself, `limit` of them (None: all) after the first `skip`; the root has those in no folder."""
    with services.db.read() as conn:
        board = _board(conn, caller, place)
        if folder_id == CLIENTS_ROOT:
            return _of_board(conn, board, skip, limit, orphans=True)
        found = _node(_nodes(conn, board), place, folder_id)
        return FolderTests(_keyed(conn, folders.tests_in(conn, [folder_id], skip, limit)), found.tests)


def tests_below(services: Services, caller: Caller, place: str, folder_id: int, skip: int, limit: int | None) -> FolderTests:
    """The Tests in a folder and in those below it, folder by folder; below the root are all Tests of the project or plan."""
    with services.db.read() as conn:
        board = _board(conn, caller, place)
        if folder_id == CLIENTS_ROOT:
            return _of_board(conn, board, skip, limit, orphans=False)
        found = _node(_nodes(conn, board), place, folder_id)
        wanted = [n.folder.id for n in walk([found])]
        return FolderTests(_keyed(conn, folders.tests_in(conn, wanted, skip, limit)), found.total)


def _of_board(conn: sa.Connection, board: Board, skip: int, limit: int | None, *, orphans: bool) -> FolderTests:
    ids = folders.page_of_tests(conn, board, skip, limit, orphans=orphans)
    rows = [(number, place) for place, number in enumerate(ids, skip + 1)]
    return FolderTests(_keyed(conn, rows), folders.count_tests(conn, board, orphans=orphans))


def _keyed(conn: sa.Connection, rows: Sequence[tuple[int, int]]) -> list[tuple[int, str, int]]:
    keys = executions.keys(conn, [number for number, _ in rows])
    return [(number, keys[number], rank) for number, rank in rows]


def edit_tests(services: Services, caller: Caller, place: str, folder_id: int, add: Sequence[str], remove: Sequence[str]) -> None:
    """Put Tests into a folder (from wherever they were; the root: into none), and take others out of it.

    A Test Plan's board takes the plan's Tests only, a repository its project's. Raises NotFound, IssueNotFound,
    Refused that names each key that can't be here, Forbidden; then nothing is changed.
    """
    with services.db.write() as conn:
        board = _held(conn, caller, place)
        if folder_id != CLIENTS_ROOT:
            _node(_nodes(conn, board), place, folder_id)
        new, gone = (_tests(conn, caller, board, keys, name) for keys, name in ((add, "add"), (remove, "remove")))
        at = ROOT if folder_id == CLIENTS_ROOT else folder_id
        before = folders.paths_of(conn, board.plan_id, [*new.values(), *gone.values()])
        folders.take_out(conn, board, list(gone.values()), at or None)
        folders.put_tests(conn, board, at, new.values())
        after = folders.paths_of(conn, board.plan_id, [*new.values(), *gone.values()])
        if not board.plan_id:
            for test in {*new.values(), *gone.values()}:
                fields = [("Test Repository Path", before.get(test, ""), after.get(test, ""))]
                changes.note_changes(conn, "issue", (board.project_id, test), caller.id, now_ms(), fields)
        counts = {"added": len(new), "removed": len(gone)}
        audit.note(conn, caller.id, "folder.tests", f"{cut(place)} {folder_id}", counts, project_id=board.project_id)


def _tests(conn: sa.Connection, caller: Caller, board: Board, keys: Sequence[str], name: str) -> dict[str, int]:
    wanted = {k.strip().upper(): f"{name}[{i}]" for i, k in enumerate(keys)}
    heads = import_reads.issue_heads(conn, list(wanted))
    inside = set(folders.which_belong(conn, board, [h[0] for h in heads.values()]))
    found, problems = {}, []
    for key, path in wanted.items():
        head = heads.get(key)
        if head is None or caller.role_in(head[1]) is None:
            raise IssueNotFound(key)
        if head[2] is not IssueType.TEST or head[0] not in inside:
            what = "Test Plan" if board.plan_id else "project"
            problems.append(Problem(path, f"{cut(key)} is not a Test of this {what}"))
        found[key] = head[0]
    if problems:
        raise Refused("; ".join(f"{p.path}: {p.problem}" for p in problems[:20]), problems)
    return found


def parse_folder_id(text: str) -> int:
    """The id of a folder in a path; -1 is the root. Raises NotFound."""
    number = CLIENTS_ROOT if text == str(CLIENTS_ROOT) else parse_id(text)
    if number is None:
        raise NotFound(f"There is no folder {cut(text)}.")
    return number
