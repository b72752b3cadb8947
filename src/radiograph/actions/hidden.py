# SPDX-License-Identifier: Apache-2.0
"""What issues of projects that a caller can't see must not tell through issues that they can see.

A key that somebody wrote down is part of the text where it stands; summaries, statuses, definitions and files are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.issues import Definition
from radiograph.store import issue_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from radiograph.actions.runs import RunView
    from radiograph.domain.people import Caller
    from radiograph.store.runs import RunParts, RunRow


def hidden_issues(conn: sa.Connection, caller: Caller, ids: Iterable[int]) -> set[int]:
    """Which of these issues are in projects that the caller can't see: one query, none for who sees everything."""
    wanted = sorted(set(ids))
    if not wanted or (caller.admin and caller.token_projects is None):
        return set()
    heads = issue_links.heads(conn, wanted)
    return {i for i in wanted if i not in heads or caller.role_in(heads[i].project_id) is None}


def hide_in_rows(caller: Caller, rows: Sequence[RunRow]) -> None:
    """Take the summaries of hidden Tests out of runs."""
    for row in rows:
        if caller.role_in(row.test_project_id) is None:
            row.test_summary = ""


def hide_in_views(caller: Caller, views: Sequence[RunView]) -> None:
    """Leave the results of runs, and take out what hidden Tests and hidden defects say beside their keys."""
    hide_in_rows(caller, [v.row for v in views])
    for view in views:
        if caller.role_in(view.row.test_project_id) is None:
            view.definition = Definition(view.definition.type)
            view.details, view.step_files = [], []
            for iteration in view.parts.iterations:
                iteration.parameters = []  # they may be the rows of its dataset
        _hide_defects(caller, view.parts)


def hide_in_parts(caller: Caller, run: RunRow, attempts: Iterable[RunParts]) -> None:
    """As `hide_in_views`, for what belongs to the attempts of a run."""
    for parts in attempts:
        if caller.role_in(run.test_project_id) is None:
            for iteration in parts.iterations:
                iteration.parameters = []
        _hide_defects(caller, parts)


def _hide_defects(caller: Caller, parts: RunParts) -> None:
    for defect in parts.defects:
        if defect.issue_project_id is not None and caller.role_in(defect.issue_project_id) is None:
            defect.issue_id = defect.summary = defect.workflow = None
