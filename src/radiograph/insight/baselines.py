# SPDX-License-Identifier: Apache-2.0
"""What an execution is compared with, for every page, mail and call that says "since"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from radiograph.domain.baselines import baseline, main_branches
from radiograph.insight.gate import MAIN_BRANCH
from radiograph.store import baselines, pasts
from radiograph.store.project_settings import get_setting

if TYPE_CHECKING:
    import sqlalchemy as sa


def found_baseline(conn: sa.Connection, project_id: int, execution_id: int) -> tuple[int, str] | None:
    """The execution (id, key) that the rule finds for this one, whatever was chosen; None: there is none."""
    past = pasts.pasts(conn, project_id, execution_id)
    here = next((p for p in past if p.id == execution_id), None)
    if here is None:
        return None
    found = baseline(structs.replace(here, baseline_id=None), past, main_branches(get_setting(conn, project_id, MAIN_BRANCH)))
    return (found.id, found.key) if found else None


def baseline_of(conn: sa.Connection, project_id: int, execution_id: int) -> tuple[int, str] | None:
    """The execution (id, key) that somebody chose for this one, else the one that the rule finds."""
    return baselines.chosen_baseline(conn, execution_id) or found_baseline(conn, project_id, execution_id)
