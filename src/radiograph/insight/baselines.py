# SPDX-License-Identifier: Apache-2.0
"""What an execution is compared with, for every page, mail and call that says "since"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from radiograph.domain.baselines import MAIN_BRANCH, baseline, last_on_main, main_branches, sequence
from radiograph.store import pasts
from radiograph.store.project_settings import get_setting

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.domain.baselines import Past


def main_of(conn: sa.Connection, project_id: int) -> tuple[str, ...]:
    """The names that a project's main branch may have."""
    return main_branches(get_setting(conn, project_id, MAIN_BRANCH))


def with_chosen(conn: sa.Connection, past: Sequence[Past], measured: Sequence[Past]) -> list[Past]:
    """These executions, and after them the baselines that were chosen for `measured`, wherever those are."""
    known = {p.id for p in past}
    apart = [p.baseline_id for p in measured if p.baseline_id is not None and p.baseline_id not in known]
    return [*past, *(pasts.pasts_of(conn, apart) if apart else ())]


class Measured(Struct, frozen=True):
    """An execution, what it is measured by, and the main branch's last (None where there is none)."""

    execution: Past
    baseline: Past | None
    main: Past | None


def measured(e: Past, past: Sequence[Past], main: Sequence[str]) -> Measured:
    """What an execution is measured by, among those before it (newest first) and the one that was chosen."""
    return Measured(e, baseline(e, past, main), last_on_main(e, past, main))


class Followed(Struct, frozen=True):
    """What an execution is measured by (None: it is gone), what the rule finds whatever was chosen, and the ids of its sequence.

    `domain/baselines.py` says what a sequence is; it begins with the execution itself.
    """

    measured: Measured | None
    found: Past | None
    sequence: list[int]


def followed(conn: sa.Connection, project_id: int, execution_id: int, main: Sequence[str]) -> Followed:
    """What an execution follows, among its project's last 500 until it; `main` are the names that the main branch may have."""
    past = pasts.pasts(conn, project_id, execution_id)
    here = next((p for p in past if p.id == execution_id), None)
    if here is None:
        return Followed(None, None, [execution_id])
    found = baseline(structs.replace(here, baseline_id=None), past, main)
    return Followed(measured(here, with_chosen(conn, past, [here]), main), found, [p.id for p in sequence(here, past, main)])
