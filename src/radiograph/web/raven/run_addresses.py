# SPDX-License-Identifier: Apache-2.0
"""What stands in the addresses of runs and of their parts, and the pages of a run's own lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from radiograph.domain.errors import NotFound, cut
from radiograph.web.endpoints import Answer, Endpoint, Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from radiograph.web.endpoints import Handler

_T = TypeVar("_T")
PART_PAGE = Whole("page", "Which page, from 1; without page and limit the list is whole.", 1, 10_000_000, 1)
PART_LIMIT = Whole("limit", "How many rows a page has.", 0, 200, 200)
RUN = {"id": (int, "The id of the Test Run.", 1)}
_STEP = {"step": (str, "The id of the step's result; a negative one is its position: -1 is the first.", "-1")}
_FILE = {"file": (str, "The id of the file.", "3")}
STEP = RUN | _STEP
EXAMPLE = {"id": (int, "The id of the Test Run.", 3), "index": (str, "Which data row, from 0.", "0")}
ITERATION = {
    "id": (int, "The id of the Test Run.", 2),
    "iteration": (str, "The id of the iteration; a negative one is its position: -1 is the first.", "-1"),
}
ITERATION_STEP = ITERATION | _STEP
RUN_FILE, STEP_FILE, ITERATION_STEP_FILE = RUN | _FILE, STEP | _FILE, ITERATION_STEP | _FILE
_SIGNED = re.compile(r"-?[0-9]{1,18}")


def part_number(request: Request, name: str) -> int:
    """The id of a part in the path, which may be negative; raises NotFound when it is no number."""
    text = str(request.path_params[name])
    if not _SIGNED.fullmatch(text):
        raise NotFound(f"There is nothing with the id {cut(text)}.")
    return int(text)


def one_page(request: Request, rows: Sequence[_T]) -> Sequence[_T]:
    """The rows of a run's list on the page that is asked for; all of them when none is. Raises Refused outside the bounds."""
    query = request.query_params
    if not query.get("page") and not query.get("limit"):
        return rows
    at, limit = PART_PAGE.read(query), PART_LIMIT.read(query)
    return rows[(at - 1) * limit : at * limit]


def v2_only(name: str, method: str, path: str, handler: Handler, answers: dict[int, Answer] | Any, **more: Any) -> list[Endpoint]:  # noqa: ANN401
    """An endpoint that only version 2.0 (and `latest`) has; `answers` by status, or the type of the one with 200."""
    paths = tuple(f"/rest/raven/{v}/{path}" for v in ("2.0", "latest"))
    answers = answers if isinstance(answers, dict) else {200: Answer(answers)}
    return [Endpoint(id=name, group="Xray 2.0", method=method, paths=paths, handler=handler, answers=answers, **more)]
