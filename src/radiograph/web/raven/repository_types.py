# SPDX-License-Identifier: Apache-2.0
"""The JSON of a Test Repository (Xray docs, Test Repository - REST)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

_RANK = Annotated[int, Meta(ge=1, le=1_000_000)]


class Folder(Struct, kw_only=True, rename="camel"):
    """A folder; `testRepositoryPath` is its parent's path, `testCount` of itself, `totalTestCount` with those below."""

    id: int
    name: str
    rank: int
    test_repository_path: str
    folders: list[Folder]
    test_count: int
    total_test_count: int


class Folders(Struct, rename="camel"):
    """Every folder; the counts are of all Tests of the project or plan, and of those in no folder."""

    folders: list[Folder]
    all_tests_count: int
    all_orphan_tests_count: int


class NewFolder(Struct):
    """A folder to make."""

    name: str


class FolderChange(Struct):
    """What to change: the name, or the rank (from 1) among the folders beside it."""

    name: str | None = None
    rank: _RANK | None = None


class FolderTest(Struct):
    """A Test in a folder."""

    id: int
    key: str
    rank: int


class FolderTests(Struct):
    """A page of a folder's Tests; `total` is how many there are."""

    tests: list[FolderTest]
    total: int


class FolderTestsEdit(Struct):
    """Keys of Tests to put into a folder and to take out of it."""

    add: list[str] | None = None
    remove: list[str] | None = None
