# SPDX-License-Identifier: Apache-2.0
"""What a request asks of a plan or of coverage; pages and the API read it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.coverage import Asked
from radiograph.actions.plan_page import Wanted

if TYPE_CHECKING:
    from starlette.requests import Request

FIELDS = {"text": "q"}
"""Where the name in an address differs from that in `Wanted` and `Asked`."""


def wanted_of(request: Request) -> Wanted:
    """Which Tests of a plan are asked for; what the query doesn't give is empty."""
    query = request.query_params
    return Wanted(*(query.get(FIELDS.get(n, n), "").strip() for n in Wanted.__struct_fields__))


def coverage_of(request: Request) -> Asked:
    """Which results count for coverage, and which requirements are asked for; what the query doesn't give is empty."""
    query = request.query_params
    return Asked(*(query.get(FIELDS.get(n, n), "").strip() for n in Asked.__struct_fields__))
