# SPDX-License-Identifier: Apache-2.0
"""Joins the results of a TRX report with the definitions of their tests, and rounds and tries with each other."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem
from radiograph.domain.report import RefusedResult, StepResult
from radiograph.formats.dotnet_names import name_of, parameters
from radiograph.formats.dotnet_properties import Stated
from radiograph.formats.reading import derived_test
from radiograph.formats.rounds import Gathered, Round
from radiograph.formats.trx_definition import Definition
from radiograph.formats.trx_result import DATA_DRIVEN, DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from radiograph.domain.report import TestResult
    from radiograph.formats.trx_result import Row

_DATA_ROW = re.compile(r"Data Row (\d+)")
"""How MSTest names a round whose values it doesn't tell."""


def join(rows: Sequence[Row], definitions: Mapping[str, Definition]) -> tuple[list[TestResult], list[RefusedResult]]:
    """The results with their Tests, and those that nothing names; definitions are told by the ids of tests and of executions."""
    joining = _Joining(rows, definitions)
    for row in rows:
        joining.take(row)
    return joining.gathered.results(), joining.refused


class _Joining:
    def __init__(self, rows: Sequence[Row], definitions: Mapping[str, Definition]) -> None:
        self.gathered = Gathered()
        self.refused: list[RefusedResult] = []
        self._definitions = definitions
        self._driven = {r.test_id for r in rows if r.type == DATA_ROW}
        """Tests whose rows stand beside them, not inside."""
        self._tries: dict[tuple[str, str], TestResult] = {}
        self._count = 0

    def take(self, row: Row) -> None:
        """Take a result."""
        index, self._count = self._count, self._count + 1
        definition = self._definitions.get(row.test_id) or _by_name(row.name)
        if not definition.definition.strip():
            self.refused.append(RefusedResult(index, [Problem(row.result.place, "a result has no name, and no test that it is of")]))
        elif row.holds_rows and row.inner:
            self._rows(row, definition)
        elif row.type == DATA_DRIVEN and row.test_id in self._driven:
            return  # the whole of rows that stand beside it
        else:
            self._one(row, definition)
            for inner in row.inner:
                self.take(inner)

    def _rows(self, row: Row, definition: Definition) -> None:
        """A data-driven test: a round for each row inside; what the whole says that no row does is kept as its comment."""
        whole = row.result
        for inner in row.inner:
            self._round(inner, definition)
        first = row.inner[0].result
        first.warnings = [*whole.warnings, *first.warnings]
        first.evidence = [*whole.evidence, *first.evidence]
        if whole.comment and not any(r.result.comment for r in row.inner):
            first.comment = whole.comment

    def _one(self, row: Row, definition: Definition) -> None:
        arguments = definition.arguments if definition.arguments is not None else _arguments(row.name, definition)
        if row.type == DATA_ROW or arguments is not None:
            self._round(row, definition)
            return
        result = row.result
        _give_test(result, row, definition)
        result.steps = [_step(inner) for inner in row.inner]
        earlier = self._tries.get((row.test_id, row.name)) if row.test_id else None
        if earlier is None:
            self._tries[row.test_id, row.name] = result
            self.gathered.add(result)
        else:
            _try_again(earlier, result)

    def _round(self, row: Row, definition: Definition) -> None:
        _give_test(row.result, row, definition)
        arguments = definition.arguments if definition.arguments is not None else _arguments(row.name, definition)
        number = _DATA_ROW.fullmatch(arguments) if arguments is not None else None
        if arguments is None or number:
            values = [("row", number[1] if number else row.number)] if number or row.number else []
        else:
            values = parameters(arguments)
        short = row.name.removeprefix(f"{definition.definition.removesuffix(definition.method)}") or definition.method
        key = row.result.test_key or row.result.test_id or definition.definition
        self.gathered.add_round(key, Round(row.result, short, values, row.duration))


def _by_name(name: str) -> Definition:
    """The definition of a test that the report has none of: its name."""
    found = name_of(name)
    return Definition(name, found.plain, name_of(found.plain).short, found.arguments, Stated(), ordered=False)


def _arguments(name: str, definition: Definition) -> str | None:
    """The arguments in the name of a result: `Adds(1,2)`, or `Adds (1,2)` as MSTest writes it."""
    rest = name.removeprefix(definition.definition).removeprefix(definition.method)
    rest = rest.strip()
    return rest[1:-1] if len(rest) > 1 and rest.startswith("(") and rest.endswith(")") and rest != name else None


def _give_test(result: TestResult, row: Row, definition: Definition) -> None:
    shown = row.name if row.name and row.name not in {definition.definition, definition.name} else definition.name
    is_plain = not shown or (shown.startswith((definition.definition, definition.method)) and " " not in definition.method)
    result.info = derived_test(definition.definition, definition.method if is_plain else shown)
    definition.stated.give(result, result.info)


def _step(row: Row) -> StepResult:
    """A test of an ordered one, as a step of it."""
    return StepResult(row.result.status, row.result.comment, row.name)


def _try_again(kept: TestResult, last: TestResult) -> None:
    """Make the result that is kept the last try, and what it was one of its earlier ones."""
    before = copy(kept)
    before.attempts = []
    tries = [*kept.attempts, before]
    for name in kept.__struct_fields__:
        setattr(kept, name, getattr(last, name))
    kept.attempts = tries
