# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of the API, and their description for programs and for people."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from radiograph.web import finding, flaky_data, health, project_data, run_data, sharing_data
from radiograph.web.addresses import base_url
from radiograph.web.admin import api as administration
from radiograph.web.cloud import features as cloud_features
from radiograph.web.cloud import imports as cloud_imports
from radiograph.web.cloud import signing_in
from radiograph.web.cloud import tests as cloud_tests
from radiograph.web.endpoints import Answer, Endpoint
from radiograph.web.errors import encode
from radiograph.web.jira import api as jira
from radiograph.web.manual import api as manual
from radiograph.web.openapi import document
from radiograph.web.plans import coverage, progress
from radiograph.web.raven import (
    datasets,
    execution_export,
    feature_export,
    features,
    imports,
    relations,
    repository,
    resets,
    run_edits,
    run_exports,
    run_fields,
    run_iterations,
    run_steps,
    runs,
    settings,
    steps,
    tests,
)
from radiograph.web.tests import listing as test_listing
from radiograph.web.tests import merging as test_merging
from radiograph.web.tests import names as test_names
from radiograph.web.tests import past as test_past
from radiograph.web.tests import splitting as test_splitting
from radiograph.web.triage import everything as triage

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def openapi_json(request: Request) -> Response:
    """This document."""
    return encode(await request.app.state.threads.read(described) | {"servers": [{"url": base_url(request)}]})


@functools.cache
def described() -> dict[str, Any]:
    """The document, without the address of the server; it is made once a process, in a third of a second."""
    return document(ENDPOINTS, "")


ENDPOINTS = [
    *imports.endpoints,
    *runs.endpoints,
    *run_edits.endpoints,
    *run_steps.endpoints,
    *run_iterations.endpoints,
    *run_exports.endpoints,
    *run_fields.endpoints,
    *resets.endpoints,
    *relations.endpoints,
    *repository.endpoints,
    *settings.endpoints,
    *tests.endpoints,
    *steps.endpoints,
    *datasets.endpoints,
    *feature_export.endpoints,
    *execution_export.endpoints,
    *features.endpoints,
    *test_listing.endpoints,
    *test_past.endpoints,
    *test_names.endpoints,
    *test_merging.endpoints,
    *test_splitting.endpoints,
    *project_data.endpoints,
    *finding.endpoints,
    *run_data.endpoints,
    *jira.endpoints,
    *manual.endpoints,
    *signing_in.endpoints,
    *cloud_imports.endpoints,
    *cloud_features.endpoints,
    *cloud_tests.endpoints,
    *triage.endpoints,
    *administration.endpoints,
    *flaky_data.endpoints,
    *progress.endpoints,
    *coverage.endpoints,
    *sharing_data.endpoints,
    *health.endpoints,
    Endpoint(
        id="openapi", group="About", method="GET", paths=("/openapi.json",), handler=openapi_json,
        answers={200: Answer(dict[str, Any], "An OpenAPI 3.1 document.")}, open=True,
    ),
]  # fmt: skip
