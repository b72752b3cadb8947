# SPDX-License-Identifier: Apache-2.0
"""How far a long task is; while it is under way the page comes anew by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import jobs
from radiograph.web.addresses import number, own_path
from radiograph.web.pages.render import page
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


async def job_page(request: Request, caller: Caller) -> Response:
    """A task."""
    row = await read(request, jobs.find_job, caller, number(request, "id"), request.app.state.jobs.living())
    then = own_path(request.query_params.get("then", ""))
    share = 1000 if row.state == "done" else round(1000 * row.done / max(row.total, 1))
    return page(request, "job.html", json=f"/rest/raven/2.0/api/job/{row.id}", job=row, then=then, share=share)
