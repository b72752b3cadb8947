# SPDX-License-Identifier: Apache-2.0
"""Feature files by Xray Cloud's address (Xray Cloud docs, Importing Cucumber Tests - REST v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.web.addresses import base_url
from radiograph.web.cloud.endpoint import CloudIssue, cloud_endpoint, issue_shape
from radiograph.web.endpoints import Answer, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven.features import FEATURES, features_imported

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


class FeatureOutcome(Struct, rename="camel"):
    """What could not be imported, in words, and the Tests and Preconditions of the files."""

    errors: list[str]
    updated_or_created_tests: list[CloudIssue]
    updated_or_created_preconditions: list[CloudIssue]


@signed_in
async def import_feature(request: Request, caller: Caller) -> Response:
    """Import feature files: each scenario is a Cucumber Test, each background a Precondition."""
    done, base = await features_imported(request, caller), base_url(request)
    errors = [f"{p.path}: {p.problem}" for p in done.problems]
    tests, preconditions = ([issue_shape(number, key, base) for number, key in listed] for listed in (done.tests, done.preconditions))
    return encode(FeatureOutcome(errors, tests, preconditions))


endpoints = [
    cloud_endpoint("import_feature", "POST", "import/feature", import_feature, {200: Answer(FeatureOutcome)}, **FEATURES),
]
