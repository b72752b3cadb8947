# SPDX-License-Identifier: Apache-2.0
"""A result of a TRX report, before it is known which test it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.report import TestResult
from radiograph.formats.dotnet_results import add_output, files_left_out, give_times
from radiograph.formats.failure_text import failure_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.formats.xml_events import Element

RESULTS = {
    "UnitTestResult", "TestResultAggregation", "GenericTestResult", "ManualTestResult", "TestResult", "WebTestResult", "LoadTestResult",
}  # fmt: skip
_STATUSES = {
    "passed": "PASS", "passedbutrunaborted": "PASS", "warning": "PASS",
    "failed": "FAIL", "error": "FAIL", "timeout": "FAIL", "notrunnable": "FAIL",
    "aborted": "ABORTED", "disconnected": "ABORTED", "inprogress": "EXECUTING",
    "notexecuted": "TODO", "inconclusive": "TODO", "completed": "TODO", "pending": "TODO",
}  # fmt: skip
_NO_OUTCOME = "FAIL"
"""MSTest leaves out the outcome `Error`, the first of its list."""
DATA_ROW, DATA_DRIVEN = "DataDrivenDataRow", "DataDrivenTest"


class Row(Struct):
    """A result and the id of its test (or of its execution, where that alone is told).

    `inner` are those inside it: the rows of its data, or the tests of an ordered one.
    """

    result: TestResult
    name: str
    test_id: str
    type: str
    number: str
    duration: str
    inner: list[Row]

    @property
    def holds_rows(self) -> bool:
        """Whether what is inside are rounds of this same test."""
        return self.type == DATA_DRIVEN or any(r.type == DATA_ROW for r in self.inner)


def read_row(element: Element, *, keep_output: bool) -> Row:
    """Read a result with those inside it."""
    result = TestResult(0, place=f"line {element.line}")
    written = element.get("outcome").strip()
    result.status = _STATUSES.get(written.lower(), written) or _NO_OUTCOME
    give_times(result, element.get("startTime"), element.get("endTime"), element.get("duration"))
    row = Row(
        result, element.get("testName"), (element.get("testId") or element.get("executionId")).lower(), element.get("resultType"),
        element.get("dataRowInfo"), element.get("duration"), [],
    )  # fmt: skip
    if element.children:
        _read_inside(element, result, keep_output=keep_output)
        row.inner = [read_row(e, keep_output=keep_output) for e in _inner(element)]
    return row


def _read_inside(element: Element, result: TestResult, *, keep_output: bool) -> None:
    outputs = list(element.all("Output"))
    result.comment = "\n\n".join(filter(None, (_said(o) for o in outputs)))
    words = files_left_out(f.get("path") for group in element.all("ResultFiles") for f in group.all("ResultFile"))
    if words:
        result.warnings = [*result.warnings, f"{result.place}: {words}"]
    if keep_output:
        _keep(result, outputs)


def _inner(element: Element) -> Iterator[Element]:
    return (e for group in element.all("InnerResults") for e in group.children if e.name in RESULTS)


def _said(output: Element) -> str:
    """The failure, or else what the test says of itself."""
    found = output.find("ErrorInfo")
    if found:
        message, trace = found.find("Message"), found.find("StackTrace")
        return failure_text("", message.text if message else "", trace.text if trace else "")
    return "\n".join(m.text.strip() for group in output.all("TextMessages") for m in group.all("Message"))


def _keep(result: TestResult, outputs: list[Element]) -> None:
    for tag, name in (("StdOut", "system-out.txt"), ("StdErr", "system-err.txt"), ("DebugTrace", "debug-trace.txt")):
        add_output(result, "".join(part.text for o in outputs for part in o.all(tag)), name)
