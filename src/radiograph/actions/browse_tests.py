# SPDX-License-Identifier: Apache-2.0
"""A project's Tests as a list, by what is asked of them; and what is done to several of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import relations
from radiograph.actions.browse import PAGE
from radiograph.actions.issues import edit_in
from radiograph.actions.projects import project
from radiograph.actions.search import visible_projects
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Problem, Refused, cut
from radiograph.domain.folders import Board, FolderNode, folder_tree, path_names, walk
from radiograph.domain.issue_change import IssueChange, ListOperation
from radiograph.domain.issues import IssueType, test_type
from radiograph.domain.people import Caller, Right
from radiograph.domain.statuses import failing
from radiograph.store import folders, import_reads, instance, quarantines, test_lists
from radiograph.store.engines import lock_projects
from radiograph.store.flaky import flaky_tests
from radiograph.store.test_lists import ListedTest, Sought

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.projects import ProjectRow

MOST = 500
"""So many Tests are changed at once."""
FAILING = "failing"
"""The status that any failure is asked for by."""


class Asked(Struct, frozen=True):
    """What a list is asked for, in words: `status` is that of the latest run, or "failing"; "" is any."""

    status: str = ""
    type: str = ""
    label: str = ""
    folder: str = ""
    text: str = ""
    flaky: bool = False
    quarantined: bool = False
    never: bool = False


class TestsPage(Struct):
    """A page of a project's Tests, the id to go on after (0: this is the last), the folders, and what of the rows is marked."""

    __test__ = False

    project: ProjectRow
    rows: list[ListedTest]
    next: int
    statuses: StatusTable
    tree: list[FolderNode]
    places: dict[int, str]
    flaky: dict[int, str]
    quarantined: set[int]


def tests_page(services: Services, caller: Caller, key: str, asked: Asked, after: int) -> TestsPage:
    """The Tests of a project after an id. Raises NotFound, Refused for a status, type or folder that isn't there."""
    row = project(services, caller, key)
    now = now_ms()
    with services.db.read() as conn:
        table, _ = import_reads.status_tables(conn)
        tree = folder_tree(folders.folders_of(conn, Board(row.id)), {})
        found, following = test_lists.listed(conn, row.id, _sought(asked, table, tree), (after, PAGE), now)
        test_lists.add_latest(conn, found, visible_projects(conn, caller))
        ids = [test.id for test in found]
        flaky = {i: rows[0].sentence for i, rows in flaky_tests(conn, row.id, ids).items()}
        held = quarantines.quarantined(conn, row.id, now)
        return TestsPage(row, found, following, table, tree, folders.paths_of(conn, 0, ids), flaky, held & set(ids))


tests_page.__test__ = False  # type: ignore[attr-defined]


def _sought(asked: Asked, table: StatusTable, tree: Sequence[FolderNode]) -> Sought:
    kind = test_type(asked.type) if asked.type else None
    if asked.type and kind is None:
        raise _refused("type", f"there is no type {cut(asked.type)!r}; use Manual, Cucumber or Generic")
    return Sought(
        _statuses(asked.status, table), kind, asked.label, _folders(asked.folder, tree) if asked.folder else None, asked.text,
        asked.flaky, asked.quarantined, asked.never,
    )  # fmt: skip


def _statuses(name: str, table: StatusTable) -> list[int] | None:
    if not name:
        return None
    if name.lower() == FAILING:
        return failing(table)
    status = table.find(name)
    if status is None:
        raise _refused("status", f"{cut(name)!r} is no status here; the statuses are {', '.join(s.name for s in table.all)}")
    return [status.id]


def _folders(path: str, tree: Sequence[FolderNode]) -> list[int]:
    """The folder at a path and all below it."""
    wanted = "/" + "/".join(path_names(path))
    for node in walk(tree):
        if f"{node.path}/{node.folder.name}" == wanted:
            return [n.folder.id for n in walk([node])]
    raise _refused("folder", f"there is no folder {cut(path)!r}")


def _refused(name: str, problem: str) -> Refused:
    return Refused(f"{problem[0].upper()}{problem[1:]}.", [Problem(name, problem)])


def change_tests(services: Services, caller: Caller, key: str, keys: Sequence[str], what: str, value: str) -> str:
    """Do one thing to Tests of a project: `label` adds a label, `folder` moves them, `gather` adds them to a plan or set.

    What was done, in words. Raises NotFound, IssueNotFound, Refused, Forbidden; then nothing is changed.
    """
    row = project(services, caller, key)
    if not caller.may(Right.EDIT_ISSUE, row.id):
        raise Forbidden
    if not keys or len(keys) > MOST:
        raise _refused("keys", f"choose 1 to {MOST} Tests" if not keys else f"{len(keys)} Tests are more than {MOST} at once")
    if not value:
        raise _refused("value", "say which label, folder, plan or set")
    if what == "gather":
        problems = relations.edit_tests(services, caller, value, (IssueType.TEST_PLAN, IssueType.TEST_SET), relations.Edit(add=list(keys)))
        return f"{_tests(len(keys) - len(problems))} went to {value.upper()}. {' '.join(problems)}".strip()
    with services.db.write() as conn:
        lock_projects(conn, [row.id])
        _change_each(conn, caller, row, keys, _change(what, value))
    if what == "label":
        return f"{_tests(len(keys))} got the label {value}."
    return f"{_tests(len(keys))} {'is' if len(keys) == 1 else 'are'} in {value} now."


def _tests(count: int) -> str:
    return f"{count or 'No'} {'Test' if count in {0, 1} else 'Tests'}"


def _change(what: str, value: str) -> IssueChange:
    if what == "label":
        if len(value.split()) > 1:
            raise _refused("value", "a label has no spaces in it")
        return IssueChange(lists={"labels": [ListOperation("add", (value,))]})
    if what == "folder":
        path_names(value)
        return IssueChange(values={"repository_path": value})
    raise _refused("do", f"{cut(what)!r} is nothing that is done to Tests")


def _change_each(conn: sa.Connection, caller: Caller, row: ProjectRow, keys: Sequence[str], change: IssueChange) -> None:
    fields = {f.key: f for f in instance.custom_fields(conn)}
    heads = import_reads.issue_heads(conn, [k.strip().upper() for k in keys])
    for key in keys:
        head = heads.get(key.strip().upper())
        if head is None or head[1] != row.id or head[2] is not IssueType.TEST:
            raise _refused("keys", f"{cut(key)} is no Test of {row.key}")
        edit_in(conn, caller, key, change, fields)
