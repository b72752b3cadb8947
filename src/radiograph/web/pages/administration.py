# SPDX-License-Identifier: Apache-2.0
"""The addresses of the pages that administer."""

from __future__ import annotations

from starlette.routing import Route

from radiograph.web.pages import admin
from radiograph.web.pages.jobs import job_page
from radiograph.web.pages.me import me
from radiograph.web.pages.project_settings import new_project, project_settings
from radiograph.web.pages.render import for_people
from radiograph.web.pages.retention import retention
from radiograph.web.pages.undo import undo_page

_BOTH = ["GET", "POST"]
_ROOMS = (
    admin.server, admin.people, admin.tokens, admin.statuses, admin.workflow, admin.environments, admin.storage,
)  # fmt: skip
routes = [
    Route("/projects/create", for_people(new_project), methods=_BOTH),
    Route("/projects/{key}/retention", for_people(retention), methods=_BOTH),
    Route("/projects/{key}/settings", for_people(project_settings), methods=_BOTH),
    Route("/me", for_people(me), methods=_BOTH),
    Route("/imports/{id}/undo", for_people(undo_page), methods=_BOTH),
    *(Route(f"/admin{room.path}", for_people(page), methods=_BOTH) for room, page in zip(admin.ROOMS, _ROOMS, strict=False)),
    Route("/admin/audit", for_people(admin.audit)),
    Route("/jobs/{id}", for_people(job_page)),
]
