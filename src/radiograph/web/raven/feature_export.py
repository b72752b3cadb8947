# SPDX-License-Identifier: Apache-2.0
"""Cucumber Tests as feature files through Xray's API (Xray docs, Export Cucumber Tests - REST)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from radiograph.actions import feature_export
from radiograph.web.endpoints import FILE, Answer, Flag, Word, signed_in
from radiograph.web.raven.versions import versions

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller

KEYS = Word(
    "keys",
    "Keys of Tests, or of Test Executions, Plans, Sets, Preconditions or requirements that have Tests, with ; between them.",
    "DEMO-7",
)
FILTER = Word("filter", "The id or the name of a saved filter.")
ZIP = Flag("fz", "A zip even when there is one feature only.")


@signed_in
async def export_features(request: Request, caller: Caller) -> Response:
    """Cucumber Tests as a feature file, or as a zip of several: one for each requirement, with tags that tell the Tests again."""
    query, state = request.query_params, request.app.state
    keys, saved, zipped = KEYS.read(query), FILTER.read(query), ZIP.read(query)
    file = await state.threads.read(feature_export.export_features, state.services, caller, keys, saved, zipped=zipped)
    return Response(file.data, media_type=FILE, headers={"Content-Disposition": f'attachment; filename="{file.name}"'})


_FILE = {200: Answer(bytes, "A feature file in UTF-8, or a zip.", FILE)}

endpoints = versions(
    "export_features", "GET", "export/test", export_features, _FILE, _FILE, also=("api/export/test",), query=(KEYS, FILTER, ZIP),
    errors=(404,),
)  # fmt: skip
