# SPDX-License-Identifier: Apache-2.0
"""Copying what gathers Tests: Test Sets, Preconditions, Test Plans with their executions, and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.domain.errors import Refused
from radiograph.domain.folders import ROOT, Board
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.sources.xray_server import SourceRefusal
from radiograph.store import folders, import_reads, pulled, relations
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import sqlalchemy as sa

    from radiograph.actions.pull_state import Pull

_WORDS = {IssueType.TEST_SET: "testset", IssueType.PRECONDITION: "precondition", IssueType.TEST_PLAN: "testplan"}
_TESTS = (IssueType.TEST,)


def pull_gatherings(work: Pull) -> None:
    """Copy which Tests every set, precondition and plan has, and which executions a plan; `state.cursor` is a number."""
    with work.services.db.read() as conn:
        owners = pulled.issues_after(conn, work.project_id, _WORDS, work.state.cursor)
    for place, (number, issue_id, key, type_id) in enumerate(owners, 1):
        kind = IssueType(type_id)
        tests = _keys(work, f"{_WORDS[kind]}/{key}/test")
        executions = _keys(work, f"testplan/{key}/testexecution") if kind is IssueType.TEST_PLAN else []
        with work.services.db.write() as conn:
            lock_projects(conn, [work.project_id])
            relations.add_tests(conn, kind, issue_id, _ids(conn, work, tests, _TESTS, key))
            if executions:
                relations.link_executions(conn, issue_id, _ids(conn, work, executions, EXECUTION_TYPES, key))
            work.state.cursor = number
            work.state.count(_WORDS[kind])
            pulled.put_state(conn, work.state)
        work.say(f"Test Sets, Preconditions and Test Plans: {place} of {len(owners)}")


def _keys(work: Pull, path: str) -> list[str]:
    try:
        return [str(row.get("key", "")) for page in work.source.pages(path) for row in page if isinstance(row, dict)]
    except SourceRefusal as error:
        work.state.problem(path, str(error))
        return []


def _ids(conn: sa.Connection, work: Pull, keys: list[str], kinds: Collection[IssueType], owner: str) -> list[int]:
    heads = import_reads.issue_heads(conn, keys)
    for key in keys:
        if key not in heads or heads[key][2] not in kinds:
            work.state.problem(f"{key} in {owner}", "it is not here")
    return [heads[k][0] for k in keys if k in heads and heads[k][2] in kinds]


def pull_folders(work: Pull) -> None:
    """Copy the folders of the Test Repository and of every plan's board, each in one transaction."""
    with work.services.db.read() as conn:
        plans = pulled.issues_after(conn, work.project_id, [IssueType.TEST_PLAN], 0)
    boards = [(work.state.project_key, Board(work.project_id)), *((key, Board(work.project_id, plan)) for _, plan, key, _ in plans)]
    for place, (key, board) in enumerate(boards):
        if place < work.state.cursor:
            continue
        found = list(_folders(work, key))
        with work.services.db.write() as conn:
            lock_projects(conn, [work.project_id])
            for path, tests in found:
                _put(conn, work, board, path, tests)
            work.state.cursor = place + 1
            pulled.put_state(conn, work.state)
        work.say(f"Folders: {place + 1} of {len(boards)} boards")


def _folders(work: Pull, key: str) -> Iterator[tuple[str, list[str]]]:
    """The path of every folder, a folder before those in it, with the keys of its Tests."""
    try:
        top = work.source.raven(f"testrepository/{key}/folders").get("folders") or []
        for path, row in _walk(top, ""):
            shape = work.source.raven(f"testrepository/{key}/folders/{row['id']}/tests")
            rows = shape.get("tests") or [] if isinstance(shape, dict) else shape
            yield path, [str(test.get("key", "")) for test in rows]
    except SourceRefusal as error:
        work.state.problem(f"folders of {key}", str(error))


def _walk(rows: list[dict[str, Any]], above: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        path = f"{above}/{row.get('name', '')}"
        yield path, row
        yield from _walk(row.get("folders") or [], path)


def _put(conn: sa.Connection, work: Pull, board: Board, path: str, tests: list[str]) -> None:
    try:
        folder = folders.folder_at(conn, board, path, make=True) or ROOT
    except Refused as error:
        work.state.problem(f"folder {path}", error.message)
        return
    folders.put_tests(conn, board, folder, _ids(conn, work, tests, _TESTS, path))
    work.state.count("folders")
