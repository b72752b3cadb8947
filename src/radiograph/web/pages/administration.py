# SPDX-License-Identifier: Apache-2.0
"""The addresses of the pages that administer."""

from __future__ import annotations

from starlette.routing import Route

from radiograph.web.pages.jobs import job_page
from radiograph.web.pages.me import me
from radiograph.web.pages.render import for_people
from radiograph.web.pages.undo import undo_page

_BOTH = ["GET", "POST"]
routes = [
    Route("/me", for_people(me), methods=_BOTH),
    Route("/imports/{id}/undo", for_people(undo_page), methods=_BOTH),
    Route("/jobs/{id}", for_people(job_page)),
]
