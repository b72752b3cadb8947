# SPDX-License-Identifier: Apache-2.0
"""The answer of an import, in the vendor's shape (Xray docs, Import Execution Results - REST)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from radiograph.domain.outcome import IssueRef, Outcome
    from radiograph.domain.report import RefusedResult


class IssueShape(Struct):
    """An issue by id (a text), key and address."""

    id: str
    key: str
    self: str


class ErrorShape(Struct, omit_defaults=True):
    """A result that was refused, by its key or its definition, with every reason and its JSON path."""

    messages: list[str]
    testKey: str = ""  # noqa: N815  (the vendor's name)
    testDefinition: str = ""  # noqa: N815
    index: int = -1


class TestIssuesShape(Struct):
    """Which results were imported and which were not."""

    __test__ = False

    success: list[IssueShape]
    error: list[ErrorShape]


class RunWarningShape(Struct):
    """What was odd about a run."""

    testRunId: str  # noqa: N815
    testKey: str  # noqa: N815
    testExecutionKey: str  # noqa: N815
    warningCollection: list[str]  # noqa: N815


class ImportAnswer(Struct, omit_defaults=True):
    """The answer to an import."""

    testExecIssue: IssueShape | None  # noqa: N815
    testIssues: TestIssuesShape  # noqa: N815
    testRunWarnings: list[RunWarningShape]  # noqa: N815
    infoMessages: list[str]  # noqa: N815
    dryRun: bool = False  # noqa: N815


def import_answer(outcome: Outcome, base: str) -> ImportAnswer:
    """The answer; `base` is the server's address without a slash at its end."""
    issue = f"{base}/rest/api/2/issue/"
    key = outcome.execution.key

    def shape(ref: IssueRef) -> IssueShape:
        number = str(ref.id)
        return IssueShape(number, ref.key, issue + number if ref.id else "")

    return ImportAnswer(
        shape(outcome.execution),
        TestIssuesShape(list(map(shape, outcome.tests)), [_error(e) for e in sorted(outcome.errors, key=lambda e: e.index)]),
        [RunWarningShape(str(w.run_id), w.test_key, key, w.warnings) for w in outcome.warnings],
        outcome.messages,
        outcome.dry_run,
    )


def _error(refused: RefusedResult) -> ErrorShape:
    messages = [f"{p.path}: {p.problem}" for p in refused.problems]
    definition = "" if refused.test_key else refused.definition
    return ErrorShape(messages, refused.test_key, definition, refused.index)
