# SPDX-License-Identifier: Apache-2.0
"""The earlier names of Tests, by which results still find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from starlette.responses import Response

from radiograph.actions import test_names
from radiograph.domain.clock import format_instant
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller

NAME = Word("name", "The earlier name: a summary, or the definition of a Generic Test.", "Checkout pays", required=True)
TEST: dict[str, Any] = {"path_parameters": {"key": (str, "The key of the Test.", "DEMO-1209")}}
"""What stands in the path of every endpoint of a Test."""
GROUP = "Tests"


class Alias(Struct):
    """An earlier name, of the type that the Test had with it, and since when it is one."""

    name: str
    type: str
    since: str


class NewAlias(Struct):
    """A name by which results are to find the Test, too."""

    name: str


@signed_in
async def aliases(request: Request, caller: Caller) -> Response:
    """The earlier names of a Test, the newest first.

    A result that carries one of them is the Test's, unless another Test has that name now.
    """
    rows = await read(request, test_names.aliases, caller, request.path_params["key"])
    return encode([Alias(a.text, a.type.label, format_instant(a.created_ms)) for a in rows])


@signed_in
async def add_alias(request: Request, caller: Caller) -> Response:
    """Let results of a name find a Test, too."""
    wanted = await read_body(request, NewAlias)
    await write(request, test_names.add_alias, caller, request.path_params["key"], wanted.name)
    return Response(status_code=201)


@signed_in
async def remove_alias(request: Request, caller: Caller) -> Response:
    """Take an earlier name from a Test: results of it no longer find it."""
    await write(request, test_names.remove_alias, caller, request.path_params["key"], NAME.read(request.query_params))
    return Response(status_code=204)


_PATH = "/api/tests/{key}/aliases"

endpoints = [
    Endpoint(
        id="aliases_of_test", group=GROUP, method="GET", paths=(_PATH,), handler=aliases, answers={200: Answer(list[Alias], "The names.")},
        **TEST,
    ),
    Endpoint(
        id="add_alias", group=GROUP, method="POST", paths=(_PATH,), handler=add_alias, answers={201: Answer()}, writes=True,
        body=Body(NewAlias, {"name": "Checkout pays"}), errors=(409,), **TEST,
    ),
    Endpoint(
        id="remove_alias", group=GROUP, method="DELETE", paths=(_PATH,), handler=remove_alias, answers={204: Answer()}, writes=True,
        query=(NAME,), **TEST,
    ),
]  # fmt: skip
