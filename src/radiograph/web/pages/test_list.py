# SPDX-License-Identifier: Apache-2.0
"""The Tests of a project, filtered by what stands in the address; and what is done to those that are ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct, structs

from radiograph.actions.browse_tests import FAILING, Asked, change_tests, tests_page
from radiograph.domain.issues import TestType
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Right
from radiograph.domain.statuses import severity
from radiograph.web.pages.acting import or_again
from radiograph.web.pages.forms import done, text, texts
from radiograph.web.pages.render import page
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.tests.listing import asked
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse_tests import TestsPage
    from radiograph.domain.folders import FolderNode
    from radiograph.domain.people import Caller

_MOST_FOLDERS = 500


class Row(Struct):
    """A Test in the list; `strip` are its last runs, oldest first."""

    key: str
    summary: str
    type: str
    mark: Mark
    strip: list[tuple[int, Mark]]
    when: int | None
    folder: str
    labels: list[str]
    flaky: str
    quarantined: bool


class FolderLine(Struct):
    """A folder in the tree: its name, how deep it is, and the query that shows it."""

    name: str
    path: str
    depth: int
    query: str


def address_of(wanted: Asked, **more: str) -> str:
    """The query that asks for the same, with more."""
    values = {n: "1" if v is True else v for n, v in structs.asdict(wanted).items()}
    values["q"] = values.pop("text")
    return urlencode({k: v for k, v in (values | more).items() if v})


async def test_list(request: Request, caller: Caller) -> Response:
    """A project's Tests by key; what is sent is done to those that are ticked."""
    if request.method == "POST":
        return await or_again(request, caller, _change, _show)
    return await _show(request, caller)


test_list.__test__ = False  # type: ignore[attr-defined]


async def _show(request: Request, caller: Caller) -> Response:
    key, wanted = request.path_params["key"], asked(request)
    after = parse_id(request.query_params.get("after", "")) or 0
    found: TestsPage = await read(request, tests_page, caller, key, wanted, after)
    project = found.project.key
    query, rows = address_of(wanted, after=str(after or "")), _rows_of(found)
    return page(
        request, "tests.html", json=f"/api/projects/{project}/tests{'?' if query else ''}{query}", area=project, here="/tests",
        project=found.project, rows=rows, failed=sum(r.mark.failed for r in rows), unstable=sum(bool(r.flaky) for r in rows), wanted=wanted, filtered=wanted != Asked(), first=not after,
        next=address_of(wanted, after=str(found.next)) if found.next else "", start=address_of(wanted), here_query=query,
        folders=_folders(found.tree, wanted)[:_MOST_FOLDERS], anywhere=address_of(structs.replace(wanted, folder="")),
        statuses=[(FAILING, "any failure"), *((found.statuses.by_id[s].name,) * 2 for s in severity(found.statuses))],
        types=[k.label for k in TestType], chips=_chips(wanted), may_edit=caller.may(Right.EDIT_ISSUE, found.project.id),
    )  # fmt: skip


def _rows_of(found: TestsPage) -> list[Row]:
    """The rows of a page."""
    table, todo = found.statuses.by_id, found.statuses["TODO"]
    return [
        Row(
            r.key, r.summary, r.type.label, mark(table[r.latest[0][1]] if r.latest else todo), [(n, mark(table[s])) for n, s in r.latest[::-1]],
            r.ran_ms, found.places.get(r.id, ""), r.labels, found.flaky.get(r.id, ""), r.id in found.quarantined,
        )
        for r in found.rows
    ]  # fmt: skip


def _folders(tree: list[FolderNode], wanted: Asked) -> list[FolderLine]:
    """The folders on the way to the one that is shown, those beside and below it, and all top ones."""
    chosen = "/" + wanted.folder.strip("/") if wanted.folder else ""
    lines: list[FolderLine] = []

    def add(nodes: list[FolderNode], depth: int) -> None:
        for node in nodes:
            path = f"{node.path}/{node.folder.name}"
            lines.append(FolderLine(node.folder.name, path, min(depth, 6), address_of(structs.replace(wanted, folder=path))))
            if chosen == path or chosen.startswith(f"{path}/"):
                add(node.children, depth + 1)

    add(tree, 0)
    return lines


def _chips(wanted: Asked) -> list[tuple[str, str, bool]]:
    """The filters that are on or off: word, query, whether it is on."""
    return [
        (word, address_of(structs.replace(wanted, **{name: not getattr(wanted, name)})), getattr(wanted, name))
        for name, word in (("flaky", "Flaky"), ("quarantined", "In quarantine"), ("never", "Never run"))
    ]  # fmt: skip


async def _change(request: Request, caller: Caller, given: FormData) -> Response:
    key, query = request.path_params["key"], address_of(asked(request), after=request.query_params.get("after", ""))
    said = await write(request, change_tests, caller, key, texts(given, "keys"), text(given, "do"), text(given, "value"))
    return done(request, f"/projects/{key}/tests{'?' if query else ''}{query}", said)
