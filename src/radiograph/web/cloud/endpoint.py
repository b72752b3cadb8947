# SPDX-License-Identifier: Apache-2.0
"""An endpoint of Xray Cloud's API, in each of its versions, and the shapes that several of them answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.web.endpoints import Answer, Endpoint

if TYPE_CHECKING:
    from radiograph.domain.outcome import IssueRef, Outcome
    from radiograph.web.endpoints import Handler


class CloudIssue(Struct, frozen=True):
    """An issue; `id` and `self` are empty for one that a dry run would make."""

    id: str
    key: str
    self: str


def issue_shape(number: int, key: str, base: str) -> CloudIssue:
    """An issue by its id and key; `base` is the server's address."""
    return CloudIssue(str(number) if number else "", key, f"{base}/rest/api/2/issue/{number}" if number else "")


def imported_shape(outcome: Outcome, base: str) -> CloudIssue:
    """What Cloud answers to an import: the Test Execution alone."""
    ref: IssueRef = outcome.execution
    return issue_shape(ref.id, ref.key, base)


def cloud_endpoint(name: str, method: str, path: str, handler: Handler, answers: dict[int, Answer], **more: Any) -> Endpoint:  # noqa: ANN401
    """The endpoint; `more` are members of Endpoint."""
    paths = tuple(f"/api/{version}/{path}" for version in ("v2", "v1"))
    return Endpoint(id=f"cloud_{name}", group="Xray Cloud", method=method, paths=paths, handler=handler, answers=answers, **more)
