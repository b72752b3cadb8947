# SPDX-License-Identifier: Apache-2.0
"""What the pages of runs and of their files show, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions.browse_evidence import evidence_page, read_lines
from radiograph.actions.run_seen import Seen, since
from radiograph.domain.clock import format_instant
from radiograph.domain.errors import cut
from radiograph.domain.keys import parse_id
from radiograph.web.addresses import attachment_address, base_url, number
from radiograph.web.endpoints import Answer, Endpoint, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

GROUP = "Runs"
LINE = Whole("line", "The number of the first line to give.", 1, 10**12, 1)
TEXT = Word("q", "Give only the lines with this text in them; case is ignored for A to Z.", "503")
SEEN = Word("seen", "How the run was seen: the `seen` of an earlier call; all changes without it.", "12.7")
_FILE: dict[str, tuple[type, str, Any]] = {"id": (int, "The id of the file.", 1)}
_LONGEST = 500


class LineData(Struct, omit_defaults=True):
    """A line of a text; `part` says that it is longer than what is given."""

    number: int
    text: str
    part: bool = False


class LinesData(Struct):
    """Lines of a text file: how many it has, how many match (null: nothing was looked for), and some of these."""

    total: int
    matching: int | None
    lines: list[LineData]


class FileData(Struct, rename="camel"):
    """A file of a run or of an issue; `kind` is how its page shows it, `earlier` the same image in the last pass (null: none).

    `text` is null for what isn't shown as text.
    """

    id: int
    name: str
    type: str
    size: int
    sha256: str
    kind: str
    created: str
    content: str
    run: int | None
    attempt: int | None
    issue: str
    earlier: int | None
    text: LinesData | None


@signed_in
async def file(request: Request, caller: Caller) -> Response:
    """A file of a run or of an issue: what it is, and of a text a window of its lines, or those that match."""
    found = await read(request, evidence_page, caller, number(request, "id"))
    text, line, f = TEXT.read(request.query_params)[:_LONGEST], LINE.read(request.query_params), found.file
    shown = None
    if found.kind in {"text", "json"}:
        lines = await read(request, read_lines, f.sha256, text, line)
        shown = LinesData(lines.total, lines.matching, [LineData(r.number, r.text, bool(r.before or r.after)) for r in lines.rows])
    return encode(
        FileData(
            f.id, f.filename, f.content_type, f.size, f.sha256, found.kind, format_instant(f.created_ms),
            attachment_address(base_url(request), f.id, f.filename), found.run.id if found.run else None, found.attempt, found.issue,
            found.earlier.file.id if found.earlier else None, shown,
        )
    )  # fmt: skip


class ChangeData(Struct):
    """A change by hand: of which field, by whom, and when (ISO 8601)."""

    user: str
    field: str
    before: str
    after: str
    when: str


class ChangesData(Struct):
    """What others did to a run: its status now, changes by hand, and whether a report replaced the result; `seen` is for the next call."""

    status: str
    changes: list[ChangeData]
    replaced: bool
    seen: str


@signed_in
async def changes(request: Request, caller: Caller) -> Response:
    """What others changed in a run since it was seen, at most 100 changes."""
    change, _, import_id = SEEN.read(request.query_params).partition(".")
    found = await read(request, since, caller, number(request, "id"), Seen(parse_id(change) or 0, parse_id(import_id) or 0))
    rows = [ChangeData(c.user or "", c.field, cut(c.before), cut(c.after), format_instant(c.at_ms)) for c in found.changes]
    return encode(ChangesData(found.status, rows, found.replaced, f"{found.seen.change}.{found.seen.import_id}"))


endpoints = [
    Endpoint(
        id="run_changes", group=GROUP, method="GET", paths=("/api/runs/{id}/changes",), handler=changes, query=(SEEN,),
        path_parameters={"id": (int, "The id of the run.", 1)}, answers={200: Answer(ChangesData, "The changes.")}, errors=(404,),
    ),
    Endpoint(
        id="file_data", group=GROUP, method="GET", paths=("/api/evidence/{id}",), handler=file, query=(TEXT, LINE), path_parameters=_FILE,
        answers={200: Answer(FileData, "The file.")}, errors=(404,),
    ),
]  # fmt: skip
