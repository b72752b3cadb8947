# SPDX-License-Identifier: Apache-2.0
"""Splitting Tests: what it would do, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.test_split import Choice, Split, preview_split, split_test
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Endpoint, signed_in
from radiograph.web.errors import encode
from radiograph.web.pages.test_split import day
from radiograph.web.tests.names import GROUP, TEST
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


class SplitWanted(Struct, rename="camel"):
    """Which runs go, by one of `environments`, `versions` (numbers) and `since` (a day, in UTC).

    `name` is the new Test's summary, or the definition of a Generic one; `keys` are earlier keys that go with it.
    With `dry_run` nothing is changed.
    """

    name: str
    environments: list[str] | None = None
    versions: list[int] = []
    since: str = ""
    keys: list[str] = []
    dry_run: bool = False


class SplitDone(Struct):
    """What goes, or went: `key` is the new Test's ("" in a dry run); of `divided` runs one result went and another stayed."""

    source: str
    key: str
    name: str
    runs: int
    staying: int
    divided: int


@signed_in
async def split(request: Request, caller: Caller) -> Response:
    """Split runs of a Test off, as a Test of their own.

    Later results of its name are the new Test's. It covers what the other covers, and is in its sets, plans and folder. It takes a lead.
    """
    wanted = await read_body(request, SplitWanted)
    environments = "" if wanted.environments is None else " + ".join(sorted(wanted.environments)) or "-"
    choice = Choice(
        wanted.name, environments, wanted.versions, day(wanted.since) if wanted.since else None, [k.strip().upper() for k in wanted.keys]
    )
    key = request.path_params["key"]
    done: Split = await (
        read(request, preview_split, caller, key, choice) if wanted.dry_run else write(request, split_test, caller, key, choice)
    )
    return encode(SplitDone(done.source.key, done.key, done.name, done.runs, done.staying, done.divided))


endpoints = [
    Endpoint(
        id="split_test", group=GROUP, method="POST", paths=("/api/tests/{key}/split",), handler=split,
        answers={200: Answer(SplitDone, "The counts.")}, errors=(409,), writes=True,
        body=Body(SplitWanted, {"name": "Checkout pays on iOS", "environments": ["iOS"], "dryRun": True}), **TEST,
    ),
]  # fmt: skip
