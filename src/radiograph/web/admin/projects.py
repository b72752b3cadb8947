# SPDX-License-Identifier: Apache-2.0
"""A project's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions import project_admin
from radiograph.actions.project_admin import ProjectSettings
from radiograph.web.endpoints import Answer, Endpoint, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


@signed_in
async def settings(request: Request, caller: Caller) -> Response:
    """A project's settings: name, main branch, people with their roles, versions, components, fields of runs and steps.

    It takes the role lead in the project.
    """
    return encode(await read(request, project_admin.settings_of, caller, request.path_params["key"]))


_PATH: dict[str, tuple[type, str, Any]] = {"key": (str, "The project's key.", "DEMO")}
endpoints = [
    Endpoint(
        id="project_settings", group="Administration", method="GET", paths=("/api/projects/{key}/settings",), handler=settings,
        answers={200: Answer(ProjectSettings)}, path_parameters=_PATH, errors=(403, 404),
    ),
]  # fmt: skip
