# SPDX-License-Identifier: Apache-2.0
"""An execution as a list shows it, and the line that sends a project its first results."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.statuses import FAIL, failing
from radiograph.web.pages.statuses import Mark, Part, mark, parts

if TYPE_CHECKING:
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow


class ExecutionLine(Struct):
    """An execution in a list."""

    key: str
    summary: str
    parts: list[Part]
    total: int
    failed: int
    failure: Mark
    environments: str
    version: str
    branch: str
    when: int


def execution_line(e: ExecutionRow, table: StatusTable) -> ExecutionLine:
    """A row for an execution."""
    failed = sum(e.counts.get(s, 0) for s in failing(table))
    return ExecutionLine(
        e.key, e.summary, parts(e.counts, table), sum(e.counts.values()), failed, mark(table[FAIL]), " · ".join(e.environments), ", ".join(e.versions),
        e.branch, e.begin_ms or e.created_ms,
    )  # fmt: skip


_FIRST = """{"info": {"project": "%s"}, "tests": [{"status": "PASS", "testInfo":
    {"projectKey": "%s", "summary": "My first Test", "testType": "Generic", "definition": "first"}}]}"""


def first_import(key: str, name: str, address: str) -> str:
    """The line for a shell that sends a project its first result, as this reader."""
    lines = (
        f"curl -u {shlex.quote(name)} -H 'Content-Type: application/json' -X POST",
        f"  --data '{_FIRST % (key, key)}'",
        f"  {shlex.quote(address)}/rest/raven/2.0/import/execution",
    )
    return " \\\n".join(lines)
