# SPDX-License-Identifier: Apache-2.0
"""Taking an import back: what it would do, and doing it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions import undo_import
from radiograph.actions.undo_import import Undo
from radiograph.formats.json_value import MAX_SIZE
from radiograph.web.addresses import number
from radiograph.web.endpoints import Answer, Endpoint, signed_in
from radiograph.web.errors import encode
from radiograph.web.spool import receive
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


class UndoDone(Struct):
    """What was done; `job` is the id of the task that does it where there is much to do, 0 where it is done."""

    done: Undo
    job: int


async def take_back(request: Request, caller: Caller, number_of_import: int) -> UndoDone:
    """Take an import back, at once or by a task. Raises what `undo_import.undo` raises, Refused where it isn't possible."""
    told: Undo = await read(request, undo_import.preview, caller, number_of_import)
    if told.refusal or told.size <= undo_import.AT_ONCE:
        return UndoDone(await write(request, undo_import.undo, caller, number_of_import), 0)
    state = request.app.state
    job = await write(request, undo_import.start, caller, number_of_import)
    state.jobs.begin(state.services, job, partial(_work, state.services, caller, number_of_import, job))
    return UndoDone(told, job)


def _work(services: object, caller: Caller, number_of_import: int, job: int, stopped: object) -> None:
    undo_import.run(services, caller, number_of_import, job, stopped=stopped())  # type: ignore[arg-type, operator]


@signed_in
async def undo_preview(request: Request, caller: Caller) -> Response:
    """What taking an import back would do: what goes, what stays and why.

    It takes the role lead in the import's project.
    """
    return encode(await read(request, undo_import.preview, caller, number(request, "id")))


@signed_in
async def undo(request: Request, caller: Caller) -> Response:
    """Take an import back, whole or not at all.

    Runs return to their attempt before; runs, Tests and the execution that only the import made go. What people or later
    imports use stays, and is told. A large import is taken back by a task, whose id is `job`.
    """
    (await receive(request, MAX_SIZE)).close()  # it needs no body, and takes none that is too large
    return encode(await take_back(request, caller, number(request, "id")))


_PATH: dict[str, tuple[type, str, Any]] = {"id": (int, "The id of the import record.", 1)}
endpoints = [
    Endpoint(
        id="undo_preview", group="Administration", method="GET", paths=("/api/imports/{id}/undo",), handler=undo_preview,
        answers={200: Answer(Undo)}, path_parameters=_PATH, errors=(403, 404),
    ),
    Endpoint(
        id="undo_import", group="Administration", method="POST", paths=("/api/imports/{id}/undo",), handler=undo,
        answers={200: Answer(UndoDone)}, path_parameters=_PATH, errors=(403, 404, 409), writes=True,
    ),
]  # fmt: skip
