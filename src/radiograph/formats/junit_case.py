# SPDX-License-Identifier: Apache-2.0
"""A JUnit test case: its outcome, its earlier tries, what it printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.report import TestResult
from radiograph.formats.failure_text import failure_text
from radiograph.formats.reading import missing_files, plain_file, seconds

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from radiograph.domain.report import EvidenceFile
    from radiograph.formats.xml_events import Element

FAILURES = frozenset({"failure", "error"})
_SKIPS = frozenset({"skipped", "disabled", "ignored"})
_OUTPUTS = frozenset({"system-out", "system-err"})
_KINDS = {
    **dict.fromkeys(FAILURES, "failures"), **dict.fromkeys(_SKIPS, "skips"), **dict.fromkeys(_OUTPUTS, "output"), "warning": "warnings",
    **dict.fromkeys(("rerunFailure", "rerunError", "flakyFailure", "flakyError"), "tries"),
    "properties": "properties", "property": "properties",
}  # fmt: skip
_PASSED = frozenset({"", "run", "passed", "pass", "success", "successful", "ok", "completed", "executed"})
_FAILED = frozenset({"fail", "failed", "failure", "error", "broken"})
_NOT_RUN = frozenset({"disabled", "notrun", "notexecuted", "skipped", "skip", "ignored", "pending", "untested", "suppressed"})
_ATTACHMENT = re.compile(r"\[\[ATTACHMENT\|([^\]\n]+)\]\]")


def read_outcome(case: Element, result: TestResult, unknown: Counter[str], *, keep_output: bool) -> None:
    """Give a result its comment, earlier tries, output, and its status where an element tells it.

    Elements that mean nothing here are counted in `unknown`.
    """
    groups: dict[str, list[Element]] = {}
    for child in case.children:
        if kind := _KINDS.get(child.name):
            groups.setdefault(kind, []).append(child)
        else:
            unknown[child.name] += 1
    failures, skips, output = groups.get("failures"), groups.get("skips"), groups.get("output")
    if failures or skips:
        result.status = "FAIL" if failures else "TODO"
    said = [_text(c) for c in failures or skips or groups.get("warnings") or ()]
    if failures and skips and any(c.get("type") == "todo" for c in skips):  # Node.js: it may fail until it is done
        result.status, said = "TODO", [*map(_text, skips), *said]
    if "tries" in groups:
        said = _tries(result, groups["tries"], failures, said, keep_output=keep_output)
    result.comment = said[0] if len(said) == 1 and not result.comment else "\n\n".join(dict.fromkeys(filter(None, [*said, result.comment])))
    if output:
        _missing_files(result, output)
        if keep_output:
            # what a test printed that failed for good and was run again is that of the first try (Surefire, Playwright)
            first = result.attempts[0] if failures and result.attempts else result
            first.evidence = [*first.evidence, *output_files(output, result.place)]


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
    elif outcome.name in _SKIPS and kind.lower().rpartition(".")[2] in {"skip", "skipped"}:
        kind = ""
    return failure_text(kind, message, inner.text if inner else outcome.text)


def _tries(result: TestResult, tried: list[Element], failures: list[Element] | None, said: list[str], *, keep_output: bool) -> list[str]:
    """Set the earlier tries; what the last one says.

    Where a test failed for good its first try is the `failure` and the others follow it; one that is flaky failed
    before it passed (schema of the Surefire reports).
    """
    tries = [_attempt(c, result.index, keep_output=keep_output) for c in tried]
    if not failures:
        result.attempts = tries
        return said
    first = TestResult(result.index, status="FAIL", comment="\n\n".join(said), place=f"line {failures[0].line}")
    last = tries.pop()
    result.attempts = [first, *tries]
    result.evidence = [*result.evidence, *last.evidence]
    return [last.comment]


def _attempt(tried: Element, index: int, *, keep_output: bool) -> TestResult:
    place = f"line {tried.line}"
    output = output_files([c for c in tried.children if c.name in _OUTPUTS], place) if keep_output else []
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
        result.warnings.append(f"{result.place}: {missing_files(names)}")
