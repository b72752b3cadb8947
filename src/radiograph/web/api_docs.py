# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document as pages for people: a list of every operation, and a page each with the schemas that it needs."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.domain.errors import NotFound, cut
from radiograph.web.api import described
from radiograph.web.openapi import REF
from radiograph.web.pages.render import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

_REF = REF.format(name="")


class Operation(Struct):
    """An operation: `it` is as the document has it, `schemas` are those that it leads to, in the order of their first use."""

    path: str
    method: str
    it: dict[str, Any]
    schemas: dict[str, Any]


async def operations(request: Request) -> Response:
    """Every operation in groups, and how to sign in."""
    groups = await request.app.state.threads.read(_groups)
    return page(request, "api_docs.html", api=described(), groups=groups)


async def operation(request: Request) -> Response:
    """One operation whole."""
    found = (await request.app.state.threads.read(_operations)).get(request.path_params["operation"])
    if found is None:
        raise NotFound(f"The API has no operation {cut(request.path_params['operation'])}; the list of all is at /api-docs.")
    return page(request, "api_operation.html", o=found, responses=described()["components"]["responses"])


@functools.cache
def _operations() -> dict[str, Operation]:
    """Every operation by its id; made once, since each looks for its schemas."""
    paths: dict[str, dict[str, Any]] = described()["paths"]
    return {
        it["operationId"]: Operation(path, method, it, _schemas(it)) for path, methods in paths.items() for method, it in methods.items()
    }


@functools.cache
def _groups() -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in described()["tags"]}
    for one in _operations().values():
        found[one.it["tags"][0]].append(one)
    return found


def _schemas(it: dict[str, Any]) -> dict[str, Any]:
    parts = described()["components"]
    every: dict[str, Any] = parts["schemas"]
    found: dict[str, Any] = {}
    left: list[Any] = [it, *(parts["responses"][r["$ref"].rpartition("/")[2]] for r in it["responses"].values() if "$ref" in r)]
    while left:
        for name in _names(left.pop(0)):
            if name not in found:
                found[name] = every[name]
                left.append(every[name])
    return found


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401  (a document is any JSON)
    """The names of the schemas that a part of the document refers to."""
    if isinstance(value, dict):
        ref = value.get("$ref")
        if isinstance(ref, str) and ref.startswith(_REF):
            yield ref.removeprefix(_REF)
        for inside in value.values():
            yield from _names(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _names(inside)
