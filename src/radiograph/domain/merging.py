# SPDX-License-Identifier: Apache-2.0
"""Several results of one Test in one report become one: nothing of either is lost."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from radiograph.domain.clock import earliest, latest
from radiograph.domain.report import StepResult
from radiograph.domain.statuses import TODO, Status, StatusTable, combine, combine_reported
from radiograph.domain.verdict import status_of

if TYPE_CHECKING:
    from radiograph.domain.import_plan import Decision


def merge(first: Decision, second: Decision, runs: StatusTable, steps: StatusTable) -> None:
    """Join `second` into `first`: the status; comments, defects, evidence and parts joined.

    The status is by the algebra, but where the report's format only implies the Test, by that format's rule.
    """
    a, b = first.result, second.result
    derived = b.info is not None and b.info.derived
    if derived:
        first.status = combine_reported(first.status, second.status, runs[TODO])
    else:
        first.status = combine([first.status, second.status]) or first.status
    first.warnings = first.warnings + second.warnings
    first.tries = [*first.tries, *second.tries]
    a.comment = _joined(a.comment, b.comment)
    a.start, a.finish = earliest((a.start, b.start)), latest((a.finish, b.finish))
    a.steps = [_step(x, y, steps) for x, y in zip_longest(a.steps, b.steps)]
    a.examples = [*a.examples, *b.examples]
    a.iterations = [*a.iterations, *b.iterations]
    a.defects = list(dict.fromkeys([*a.defects, *b.defects]))
    a.evidence = [*a.evidence, *b.evidence]
    a.custom_fields = [*a.custom_fields, *b.custom_fields]
    a.executed_by, a.assignee = b.executed_by or a.executed_by, b.assignee or a.assignee


def _joined(one: str, other: str) -> str:
    return "\n\n".join(dict.fromkeys(t for t in (one, other) if t))


def _step(one: StepResult | None, other: StepResult | None, table: StatusTable) -> StepResult:
    if one is None or other is None:
        return one or other or StepResult("")
    both: list[Status] = [status_of(table, one.status), status_of(table, other.status)]
    status = combine(both)
    return StepResult(
        status.name if status else one.status,
        _joined(one.comment, other.comment),
        _joined(one.actual, other.actual),
        [*one.evidence, *other.evidence],
        list(dict.fromkeys([*one.defects, *other.defects])),
    )
