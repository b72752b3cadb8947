# SPDX-License-Identifier: Apache-2.0
"""The versions of Xray's API: 1.0, and 2.0 which is `latest` too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from radiograph.web.endpoints import Answer, Endpoint

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.web.endpoints import Handler

    Answers: TypeAlias = dict[int, Answer] | type[Any]


def is_v2(request: Request) -> bool:
    """Whether the path is of version 2.0 (`latest` is)."""
    return "/raven/1.0/" not in request.url.path


def versions(
    name: str,
    method: str,
    path: str,
    handler: Handler,
    v1: Answers,
    v2: Answers,
    *,
    also: tuple[str, ...] = (),
    **more: Any,  # noqa: ANN401  (the members of Endpoint)
) -> list[Endpoint]:
    """The endpoint in both versions: `v1` and `v2` are its answers by status, or the type of the one with 200.

    `also` are other paths of the same.
    """
    kinds = {"1.0": ("1.0",), "2.0": ("2.0", "latest")}
    return [
        Endpoint(
            id=f"{name}_v{number[0]}", group=f"Xray {number}", method=method, handler=handler,
            paths=tuple(f"/rest/raven/{v}/{p}" for p in (path, *also) for v in names),
            answers=answers if isinstance(answers, dict) else {200: Answer(answers)}, **more,
        )
        for (number, names), answers in zip(kinds.items(), (v1, v2), strict=True)
    ]  # fmt: skip
