# SPDX-License-Identifier: Apache-2.0
"""Files of one step of a run or of an iteration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import editing
from radiograph.actions.run_links import edit_files
from radiograph.actions.run_parts import find_iteration, find_step
from radiograph.domain.errors import NotFound, cut
from radiograph.domain.run_edits import FileEdit, StepEdit

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller


def remove_step_file(services: Services, caller: Caller, run_id: int, iteration_id: int | None, step_id: int, edit: FileEdit) -> None:
    """Take files of a step away, by id or by name; raises NotFound when it has none such."""
    with services.db.write() as conn:
        e = editing.begin(services, conn, caller, run_id)
        iteration = None if iteration_id is None else find_iteration(e, iteration_id)
        row = find_step(e, iteration, StepEdit(id=step_id))
        place = "" if iteration is None else f"iteration {iteration.position + 1} "
        _, gone = edit_files(e, row.id, edit, f"{place}step {row.position + 1} ", [])
        if not gone:
            what = edit.remove[0] if edit.remove else cut(edit.remove_named[0])
            raise NotFound(f"The step has no file {what}.")
        editing.finish(e)
