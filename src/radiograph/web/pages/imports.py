# SPDX-License-Identifier: Apache-2.0
"""Import records: what was sent, by whom, how it went and how long it took."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from radiograph.actions import browse
from radiograph.actions.projects import visible_projects
from radiograph.domain.people import Right
from radiograph.formats.known import formats
from radiograph.store.import_records import Wanted
from radiograph.web.addresses import number
from radiograph.web.pages.render import page
from radiograph.web.pages.words import seconds

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse import ImportView
    from radiograph.domain.people import Caller


class Phase(Struct):
    """A phase of an import: its time, its share, and its bar's place and width, of 1000."""

    name: str
    time: str
    share: str
    x: float
    width: float


class ImportLine(Struct):
    """An import as a list shows it."""

    view: ImportView
    results: int
    refused: int
    made: int
    took: str
    rate: str


def _line(view: ImportView) -> ImportLine:
    total, results = sum(view.phases.values()), view.counts.get("results", 0)
    rate = f"{results / total:,.0f}" if total and results else ""
    return ImportLine(
        view, results, view.counts.get("refused", 0), view.counts.get("created_tests", 0), seconds(total) if total else "", rate,
    )  # fmt: skip


def _phases(view: ImportView) -> list[Phase]:
    total = sum(view.phases.values()) or 1.0
    found, x = [], 0.0
    for name, took in view.phases.items():
        width = 1000 * took / total
        found.append(Phase(name, f"{took * 1000:,.1f} ms", f"{100 * took / total:.0f} %", round(x, 1), round(max(width, 1.0), 1)))
        x += width
    return found


FILTERS = ("project", "outcome", "format", "person")


async def imports(request: Request, caller: Caller) -> Response:
    """Import records, newest first, filtered by what stands in the address."""
    state = request.app.state
    chosen = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    wanted = Wanted(chosen["outcome"], chosen["format"], chosen["person"])
    listing = await state.threads.read(
        browse.imports_page, state.services, caller, request.query_params.get("before", ""), chosen["project"], wanted
    )
    keys = [p.key for p in await state.threads.read(visible_projects, state.services, caller)]
    more = urlencode({n: v for n, v in chosen.items() if v} | {"before": listing.next})
    return page(
        request, "imports.html", rows=[_line(v) for v in listing.rows], next=more if listing.next else "", chosen=chosen, keys=keys,
        formats=["xray", *formats()],
    )  # fmt: skip


async def one_import(request: Request, caller: Caller) -> Response:
    """One import record."""
    state = request.app.state
    view = await state.threads.read(browse.import_page, state.services, caller, number(request, "id"))
    held = [(n if n.isupper() else n.replace("_", " ").capitalize(), c) for n, c in sorted(view.counts.items()) if c]
    r = view.row
    undoable = r.outcome != "refused" and r.undone_ms is None and r.execution_id is not None and caller.may(Right.DELETE, r.project_id or 0)
    return page(request, "import.html", i=_line(view), phases=_phases(view), held=held, may_undo=undoable)
