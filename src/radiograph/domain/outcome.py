# SPDX-License-Identifier: Apache-2.0
"""What came of an import."""

from __future__ import annotations

from msgspec import Struct

from radiograph.domain.report import RefusedResult  # noqa: TC001


class IssueRef(Struct, frozen=True, gc=False):
    """An issue by its id and key."""

    id: int
    key: str


class RunWarning(Struct, frozen=True):
    """What was odd about one result; `run_id` is 0 when nothing was stored."""

    run_id: int
    test_key: str
    warnings: list[str]


class Outcome(Struct):
    """What an import did, or with `dry_run` would do. `execution` has id 0 if it would be new."""

    execution: IssueRef
    created: bool
    tests: list[IssueRef]
    errors: list[RefusedResult]
    warnings: list[RunWarning]
    messages: list[str]
    dry_run: bool = False
    import_id: int = 0
    counts: dict[str, int] = {}


class ImportOptions(Struct, kw_only=True):
    """What the request says beside its body (the vendor's query parameters, and ours)."""

    project_key: str = ""
    execution_key: str = ""
    plan_key: str = ""
    environments: list[str] = []
    revision: str = ""
    fix_version: str = ""
    branch: str = ""
    build_url: str = ""
    strict: bool = False
    dry_run: bool = False
