# SPDX-License-Identifier: Apache-2.0
"""A JUnit test case: its outcome, its earlier tries, what it printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.errors import shown
from radiograph.domain.report import TestResult
from radiograph.formats.failure_text import failure_text
from radiograph.formats.reading import plain_file, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from radiograph.domain.report import EvidenceFile
    from radiograph.formats.xml_events import Element

FAILURES = frozenset({"failure", "error"})
SKIPS = frozenset({"skipped", "disabled", "ignored"})
RERUNS = frozenset({"rerunFailure", "rerunError"})
FLAKY = frozenset({"flakyFailure", "flakyError"})
OUTPUTS = ("system-out", "system-err")
KNOWN = FAILURES | SKIPS | RERUNS | FLAKY | {*OUTPUTS, "properties", "property", "warning"}
_PASSED = frozenset({"", "run", "passed", "pass", "success", "successful", "ok", "completed", "executed"})
_FAILED = frozenset({"fail", "failed", "failure", "error", "broken"})
_NOT_RUN = frozenset({"disabled", "notrun", "notexecuted", "skipped", "skip", "ignored", "pending", "untested", "suppressed"})
_ATTACHMENT = re.compile(r"\[\[ATTACHMENT\|([^\]\n]+)\]\]")
_NAMED = 5
"""So many files that are missing are named."""


def read_outcome(case: Element, result: TestResult, *, keep_output: bool) -> None:
    """Give a result its comment, earlier tries, output, and its status where an element tells it."""
    groups = {name: [c for c in case.children if c.name in names] for name, names in _GROUPS.items()}
    if groups["failures"] or groups["skips"]:
        result.status = "FAIL" if groups["failures"] else "TODO"
    said = [_text(c) for c in groups["failures"] or groups["skips"] or groups["warnings"]]
    output = [c for c in case.children if c.name in OUTPUTS]
    if groups["tries"]:
        said = _tries(result, groups, said, keep_output=keep_output)
    result.comment = "\n\n".join(dict.fromkeys(filter(None, [*said, result.comment])))
    _missing_files(result, output)
    # what a test printed that failed for good and was run again is that of the first try (Surefire, Playwright)
    first = result.attempts[0] if groups["failures"] and result.attempts else result
    if keep_output and output:
        first.evidence = [*first.evidence, *output_files(output, result.place)]


_GROUPS = {"failures": FAILURES, "skips": SKIPS, "warnings": {"warning"}, "tries": RERUNS | FLAKY}


def stated(case: Element) -> str:
    """The status by the attributes; a word that is none of the format's stays as it is."""
    if case.get("result") in {"suppressed", "skipped"}:
        return "TODO"
    written = case.get("status").strip()
    word = written.lower()
    return "PASS" if word in _PASSED else "FAIL" if word in _FAILED else "TODO" if word in _NOT_RUN else written


def _text(outcome: Element) -> str:
    inner = outcome.find("stackTrace")
    kind, message = outcome.get("type"), outcome.get("message")
    if kind == "NoneType":  # behave's for a step that is undefined
        kind, message = "", message.removeprefix("None")
    elif outcome.name in SKIPS and kind.lower().rpartition(".")[2] in {"skip", "skipped"}:
        kind = ""
    return failure_text(kind, message, inner.text if inner else outcome.text)


def _tries(result: TestResult, groups: dict[str, list[Element]], said: list[str], *, keep_output: bool) -> list[str]:
    """Set the earlier tries; what the last one says.

    Where a test failed for good its first try is the `failure` and the others follow it; one that is flaky failed
    before it passed (schema of the Surefire reports).
    """
    tries = [_attempt(c, result.index, keep_output=keep_output) for c in groups["tries"]]
    if not groups["failures"]:
        result.attempts = tries
        return said
    first = TestResult(result.index, status="FAIL", comment="\n\n".join(said), place=f"line {groups['failures'][0].line}")
    last = tries.pop()
    result.attempts = [first, *tries]
    result.evidence = [*result.evidence, *last.evidence]
    return [last.comment]


def _attempt(tried: Element, index: int, *, keep_output: bool) -> TestResult:
    place = f"line {tried.line}"
    output = output_files([c for c in tried.children if c.name in OUTPUTS], place) if keep_output else []
    return TestResult(index, status="FAIL", comment=_text(tried), place=place, elapsed=seconds(tried.get("time")), evidence=output)


def output_files(output: Iterable[Element], place: str) -> list[EvidenceFile]:
    """What a test printed, as a text file for each stream."""
    streams: dict[str, list[str]] = {}
    for element in output:
        if element.text.strip():
            streams.setdefault(element.name, []).append(element.text)
    return [plain_file(f"{name}.txt", "text/plain", "".join(texts).encode("utf-8", "replace"), place) for name, texts in streams.items()]


def _missing_files(result: TestResult, output: Iterable[Element]) -> None:
    names = [name for c in output if "[[ATTACHMENT|" in c.text for name in _ATTACHMENT.findall(c.text)]
    if names:
        which = ", ".join(map(shown, names[:_NAMED])) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        result.warnings.append(f"{result.place}: the report names files that it doesn't hold, which were left out: {which}")
