# SPDX-License-Identifier: Apache-2.0
"""Test Repository folders through Xray's API (Xray docs, Test Repository - REST); a Test Plan's key gives its board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from radiograph.actions import repository
from radiograph.domain.errors import Problem, Refused
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Flag, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import repository_types as types
from radiograph.web.raven.runs import LIMIT, PAGE, page
from radiograph.web.raven.versions import versions
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.folders import FolderNode
    from radiograph.domain.people import Caller
    from radiograph.web.endpoints import Endpoint, Handler

ALL_DESCENDANTS = Flag("allDescendants", "Give the Tests of the folders below too.")


def _shape(node: FolderNode) -> types.Folder:
    return types.Folder(
        id=node.folder.id, name=node.folder.name, rank=node.folder.rank, test_repository_path=node.path,
        folders=[_shape(child) for child in node.children], test_count=node.tests, total_test_count=node.total,
    )  # fmt: skip


def _place(request: Request) -> tuple[str, int]:
    return request.path_params["key"], repository.parse_folder_id(request.path_params["id"])


@signed_in
async def folders(request: Request, caller: Caller) -> Response:
    """Every folder of a project's Test Repository or of a Test Plan's board."""
    tree = await read(request, repository.tree, caller, request.path_params["key"])
    return encode(types.Folders([_shape(node) for node in tree.nodes], tree.all_tests, tree.orphans))


@signed_in
async def folder(request: Request, caller: Caller) -> Response:
    """A folder with those below it; -1 is the root."""
    return encode(_shape(await read(request, repository.node, caller, *_place(request))))


@signed_in
async def add_folder(request: Request, caller: Caller) -> Response:
    """Make a folder below another, or below the root (-1)."""
    given = await read_body(request, types.NewFolder)
    return encode(_shape(await write(request, repository.add_folder, caller, *_place(request), given.name)))


@signed_in
async def change_folder(request: Request, caller: Caller) -> Response:
    """Rename a folder, or move it among those beside it."""
    given = await read_body(request, types.FolderChange)
    return encode(_shape(await write(request, repository.change_folder, caller, *_place(request), given.name, given.rank)))


@signed_in
async def remove_folder(request: Request, caller: Caller) -> Response:
    """Remove a folder and those below it; their Tests stay, in no folder."""
    await write(request, repository.remove_folder, caller, *_place(request))
    return Response(status_code=200)


@signed_in
async def tests(request: Request, caller: Caller) -> Response:
    """The Tests in a folder; those of the root (-1) are in no folder. `page` and `limit` are given together or not at all."""
    query = request.query_params
    paged = [name for name in ("page", "limit") if query.get(name, "").strip()]
    if len(paged) == 1:
        missing = "limit" if paged == ["page"] else "page"
        raise Refused(f"Give {missing} too: page and limit go together.", [Problem(missing, "is required with the other")])
    skip, limit = page(request) if paged else (0, None)
    descendants = ALL_DESCENDANTS.read(query)
    action = repository.tests_below if descendants else repository.tests_in
    found = await read(request, action, caller, *_place(request), skip, limit)
    return encode(types.FolderTests([types.FolderTest(*row) for row in found.tests], found.total))


@signed_in
async def edit_tests(request: Request, caller: Caller) -> Response:
    """Put Tests into a folder, from wherever they were, and take others out of it."""
    given = await read_body(request, types.FolderTestsEdit)
    await write(request, repository.edit_tests, caller, *_place(request), given.add or [], given.remove or [])
    return Response(status_code=200)


_KEY = {"key": (str, "The key or id of the project, or the key of a Test Plan.", "DEMO")}
_FOLDER = _KEY | {"id": (int, "The id of the folder; -1 is the root.", 10000)}
_LEAF = _KEY | {"id": (int, "The id of the folder.", 10002)}


def _both(name: str, method: str, path: str, handler: Handler, answer: Any, **more: Any) -> list[Endpoint]:  # noqa: ANN401
    return versions(name, method, f"api/testrepository/{{key}}/{path}", handler, answer, answer, **more)


endpoints = [
    *_both("folders", "GET", "folders", folders, types.Folders, path_parameters=_KEY),
    *_both("folder", "GET", "folders/{id}", folder, types.Folder, path_parameters=_FOLDER),
    *_both(
        "add_folder", "POST", "folders/{id}", add_folder, types.Folder, path_parameters=_FOLDER, writes=True,
        body=Body(types.NewFolder, {"name": "Calculator"}), errors=(409,),
    ),
    *_both(
        "change_folder", "PUT", "folders/{id}", change_folder, types.Folder, path_parameters=_FOLDER, writes=True,
        body=Body(types.FolderChange, {"name": "Calculator", "rank": 1}), errors=(409,),
    ),
    *_both("remove_folder", "DELETE", "folders/{id}", remove_folder, {200: Answer()}, path_parameters=_LEAF, writes=True),
    *_both(
        "tests_of_folder", "GET", "folders/{id}/tests", tests, types.FolderTests, path_parameters=_FOLDER,
        query=(ALL_DESCENDANTS, PAGE, LIMIT),
    ),
    *_both(
        "edit_tests_of_folder", "PUT", "folders/{id}/tests", edit_tests, {200: Answer()}, path_parameters=_FOLDER, writes=True,
        body=Body(types.FolderTestsEdit, {"add": ["DEMO-6"], "remove": []}),
    ),
]  # fmt: skip
