# SPDX-License-Identifier: Apache-2.0
"""What a report says only by ids, tags and durations, said as Xray JSON would: keys, labels, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.clock import Instant, now_ms
from radiograph.domain.keys import parse_id
from radiograph.domain.tags import keys_in, read_tags
from radiograph.store import executions
from radiograph.store import import_reads as reads

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.domain.people import Caller
    from radiograph.domain.report import Report


def resolve_names(conn: sa.Connection, caller: Caller, report: Report) -> None:
    """Find out which Tests the results' ids and tags mean; of issues that the caller can't see nothing is found.

    An id that isn't there stays where a key would be, and is told as an unknown key.
    """
    named = [r for r in report.results if r.test_id or r.tags]
    if not named:
        return  # as in Xray JSON
    numbers = {number for r in named if (number := parse_id(r.test_id)) is not None}
    ids = executions.keys(conn, sorted(numbers)) if numbers else {}
    wanted = keys_in({tag for r in named for tag in r.tags}) | set(ids.values())
    heads = reads.issue_heads(conn, sorted(wanted)) if wanted else {}
    types = {key: head[2] for key, head in heads.items() if caller.role_in(head[1]) is not None}
    for result in named:
        if result.test_id:
            key = ids.get(parse_id(result.test_id) or 0, "")
            result.test_key, result.test_id = key if key in types else result.test_id, ""
        if result.tags:
            read_tags(report, result, types)


def place_results(report: Report, project_id: int) -> None:
    """Let Tests that the report only implies be of the execution's project, and durations without dates end now."""
    project, now = str(project_id), now_ms()
    for result in report.results:
        if result.info is not None and result.info.derived and not result.info.project_key:
            result.info.project_key = project
        for one in (result, *result.attempts) if result.attempts else (result,):
            if one.elapsed is not None and one.start is None and one.finish is None:
                one.start, one.finish = Instant(now - round(one.elapsed * 1000)), Instant(now)
