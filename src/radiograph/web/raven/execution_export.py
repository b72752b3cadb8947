# SPDX-License-Identifier: Apache-2.0
"""An execution as a file that other tools read: ours, beside Xray's own exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

from radiograph.actions.execution_export import FORMATS, WantedExport, export_execution
from radiograph.web.addresses import attachment_address, base_url
from radiograph.web.endpoints import Answer, Flag, Word, signed_in
from radiograph.web.raven.versions import versions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.web.threads import Threads

FORMAT = Word("format", f"One of {', '.join(FORMATS)}; xray when it isn't given.", "junit")
EVIDENCE = Flag("evidence", "Whether files stand in the export as base64. When it isn't given they do in xray only.")


@signed_in
async def export(request: Request, caller: Caller) -> Response:
    """All runs of a Test Execution as Xray JSON, JUnit XML, CTRF JSON or CSV.

    Ours. Xray JSON imported again makes a new Test Execution with the same runs.
    """
    query, state, base = request.query_params, request.app.state, base_url(request)
    evidence = EVIDENCE.read(query) if EVIDENCE.name in query else None
    name, key = (FORMAT.read(query) or "xray").lower(), request.path_params["key"]
    wanted = WantedExport(name, evidence, lambda number, filename: attachment_address(base, number, filename))
    pieces = await state.threads.read(export_execution, state.services, caller, key, wanted)
    first = await state.threads.read(next, pieces, b"")
    kind = FORMATS[name]
    headers = {
        "Content-Disposition": f'attachment; filename="{key.strip().upper()}{kind.ending}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_sent(first, pieces, state.threads), media_type=kind.media, headers=headers)


async def _sent(first: bytes, pieces: Iterator[bytes], threads: Threads) -> AsyncIterator[bytes]:
    """Each piece is made in a thread for reading when the one before it was sent."""
    piece = first
    while piece:
        yield piece
        piece = await threads.read(next, pieces, b"")


_KEY: dict[str, tuple[type, str, Any]] = {"key": (str, "The key of the Test Execution.", "DEMO-1206")}
_FILE = {200: Answer(bytes, "The file, named by the key; XML for junit, CSV for csv, else JSON.", "*/*")}

endpoints = versions(
    "export_execution", "GET", "export/execution/{key}", export, _FILE, _FILE, path_parameters=_KEY, query=(FORMAT, EVIDENCE),
    errors=(404,),
)  # fmt: skip
