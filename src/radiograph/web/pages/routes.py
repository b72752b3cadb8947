# SPDX-License-Identifier: Apache-2.0
"""The addresses of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from radiograph.web.badges import badge
from radiograph.web.pages import sharing
from radiograph.web.pages.administration import routes as administration
from radiograph.web.pages.compare import compare
from radiograph.web.pages.coverage import coverage, link
from radiograph.web.pages.create import create_page, create_sent
from radiograph.web.pages.evidence import evidence
from radiograph.web.pages.execute import execute_next
from radiograph.web.pages.execute_forms import execute_page
from radiograph.web.pages.execute_new import execute_new
from radiograph.web.pages.execution_forms import baseline, change_runs
from radiograph.web.pages.execution_list import execution_list
from radiograph.web.pages.execution_live import execution_live
from radiograph.web.pages.flaky import flaky
from radiograph.web.pages.gate import gate
from radiograph.web.pages.imports import imports, one_import
from radiograph.web.pages.issue import browse_issue
from radiograph.web.pages.overview import all_projects, project
from radiograph.web.pages.plan_forms import plan_forms
from radiograph.web.pages.plans import plans
from radiograph.web.pages.quarantine import quarantine
from radiograph.web.pages.render import for_people
from radiograph.web.pages.report import report
from radiograph.web.pages.run import iteration, run
from radiograph.web.pages.run_forms import edit_defects, edit_result
from radiograph.web.pages.search import search
from radiograph.web.pages.sign_in import sign_in, sign_out
from radiograph.web.pages.test_forms import test_forms
from radiograph.web.pages.test_list import test_list
from radiograph.web.pages.triage import triage

if TYPE_CHECKING:
    from starlette.responses import Response


class _Assets(StaticFiles):
    """The stylesheet and the modules; a browser asks whether its copy is still good, so an upgrade shows at once."""

    def file_response(self, *args: Any, **more: Any) -> Response:  # noqa: ANN401
        """A file, or 304."""
        response = super().file_response(*args, **more)
        response.headers["Cache-Control"] = "no-cache"
        return response


routes = [
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/sign-out", for_people(sign_out), methods=["POST"]),
    *administration,
    Route("/", for_people(all_projects)),
    Route("/badges/{key}/{target:path}", badge),
    Route("/projects/{key}", for_people(project)),
    Route("/projects/{key}/sharing", for_people(sharing.sharing)),
    Route("/projects/{key}/sharing/mail", for_people(sharing.weekly_mail)),
    Route("/projects/{key}/sharing/mails", for_people(sharing.choose_mails), methods=["POST"]),
    Route("/projects/{key}/sharing", for_people(sharing.add_hook), methods=["POST"]),
    Route("/projects/{key}/sharing/hooks/{id}", for_people(sharing.change_hook), methods=["POST"]),
    Route("/projects/{key}/sharing/badges", for_people(sharing.change_badges), methods=["POST"]),
    Route("/projects/{key}/flaky", for_people(flaky)),
    Route("/projects/{key}/executions", for_people(execution_list)),
    Route("/projects/{key}/tests", for_people(test_list), methods=["GET", "POST"]),
    Route("/projects/{key}/plans", for_people(plans)),
    Route("/projects/{key}/create", for_people(create_page)),
    Route("/projects/{key}/create", for_people(create_sent), methods=["POST"]),
    Route("/projects/{key}/coverage", for_people(coverage)),
    Route("/projects/{key}/coverage", for_people(link), methods=["POST"]),
    Route("/browse/{key}", for_people(browse_issue)),
    Route("/browse/{key}/report", for_people(report)),
    Route("/browse/{key}/baseline", for_people(baseline), methods=["POST"]),
    Route("/browse/{key}", for_people(change_runs), methods=["POST"]),
    Route("/browse/{key}/live", execution_live),
    *plan_forms,
    *test_forms,
    Route("/runs/{id}", for_people(run)),
    Route("/runs/{id}/iterations/{number}", for_people(iteration)),
    Route("/runs/{id}/edit", for_people(edit_result), methods=["POST"]),
    Route("/runs/{id}/defects", for_people(edit_defects), methods=["POST"]),
    Route("/evidence/{id}", for_people(evidence)),
    Route("/projects/{key}/execute", for_people(execute_new), methods=["GET", "POST"]),
    Route("/browse/{key}/execute", for_people(execute_next)),
    Route("/runs/{id}/execute", for_people(execute_page), methods=["GET", "POST"]),
    Route("/search", for_people(search)),
    Route("/compare", for_people(compare)),
    Route("/gate", for_people(gate)),
    Route("/projects/{key}/triage", for_people(triage), methods=["GET", "POST"]),
    Route("/projects/{key}/quarantine", for_people(quarantine), methods=["GET", "POST"]),
    Route("/imports", for_people(imports)),
    Route("/imports/{id}", for_people(one_import)),
    Mount("/static", _Assets(directory=Path(__file__).parent.parent / "static")),
]
