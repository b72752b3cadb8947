# SPDX-License-Identifier: Apache-2.0
"""Folders of a Test Repository as a tree (Xray docs, Test Repository - REST)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import Problem, Refused, shown
from radiograph.domain.issues import MAX_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = 0
"""The parent of top folders; clients call it -1."""
MAX_DEPTH = 50
"""How deep folders can be in each other: each is a name in a path that people read."""


class Board(Struct, frozen=True):
    """Where folders are: the repository of a project (`plan_id` 0), or the board of a Test Plan in it."""

    project_id: int
    plan_id: int = 0


class Folder(Struct, frozen=True):
    """A folder; `rank` is its place among those of the same parent, from 1."""

    id: int
    project_id: int
    board_id: int
    parent_id: int
    name: str
    rank: int

    @property
    def board(self) -> Board:
        """Where it is."""
        return Board(self.project_id, self.board_id)


class FolderNode(Struct):
    """A folder with those in it: `tests` it has itself, `total` with those below; `path` is its parent's (top: "")."""

    folder: Folder
    path: str
    tests: int
    total: int
    children: list[FolderNode]


def folder_tree(folders: Sequence[Folder], tests: Mapping[int, int]) -> list[FolderNode]:
    """The top folders, by rank, with all below; `tests` says how many Tests each folder has itself."""
    below: dict[int, list[Folder]] = {}
    for folder in sorted(folders, key=lambda f: (f.rank, f.id)):
        below.setdefault(folder.parent_id, []).append(folder)
    return _nodes(below, tests, ROOT, "")


def _nodes(below: Mapping[int, list[Folder]], tests: Mapping[int, int], parent: int, path: str) -> list[FolderNode]:
    nodes = []
    for folder in below.get(parent, ()):
        children = _nodes(below, tests, folder.id, f"{path}/{folder.name}")
        own = tests.get(folder.id, 0)
        nodes.append(FolderNode(folder, path, own, own + sum(c.total for c in children), children))
    return nodes


def walk(nodes: Sequence[FolderNode]) -> Iterator[FolderNode]:
    """These nodes and all below them, a folder before those in it."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def folder_paths(folders: Sequence[Folder]) -> dict[int, str]:
    """The path of each folder, such as `/Calculator/Basic`."""
    return {node.folder.id: f"{node.path}/{node.folder.name}" for node in walk(folder_tree(folders, {}))}


def path_names(path: str) -> list[str]:
    """The names of a path such as `/Calculator/Basic` or `Calculator/Basic`; none for the root. Raises Refused."""
    names = [part.strip() for part in path.split("/")]
    found = [folder_name(name) for name in names if name]
    if len(found) > MAX_DEPTH:
        raise _refused("testRepositoryPath", f"{shown(path)} is deeper than {MAX_DEPTH} folders")
    return found


def folder_name(name: str) -> str:
    """The name without spaces around it; raises Refused when it is empty, too long or has a slash in it."""
    name = name.strip()
    if not name:
        raise _refused("name", "a folder needs a name")
    if len(name) > MAX_NAME:
        raise _refused("name", f"{shown(name)} has more than {MAX_NAME} characters")
    if "/" in name or "\\" in name:
        raise _refused("name", f"{shown(name)} has a slash in it, which stands between the names of folders")
    return name


def _refused(path: str, problem: str) -> Refused:
    return Refused(f"{path}: {problem}.", [Problem(path, problem)])
