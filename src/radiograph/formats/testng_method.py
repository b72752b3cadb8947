# SPDX-License-Identifier: Apache-2.0
"""A TestNG test method: its status, times, exception, attributes, parameters, output and files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import shown
from radiograph.domain.report import TestResult
from radiograph.formats.failure_text import failure_text
from radiograph.formats.junit_properties import add_requirements
from radiograph.formats.reading import MAX_SUMMARY, base64_file, derived_test, plain_file, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.domain.clock import Instant
    from radiograph.domain.report import TestInfo
    from radiograph.formats.testng_times import Dates
    from radiograph.formats.xml_events import Element

KNOWN = frozenset({"params", "exception", "reporter-output", "attributes", "attachments"})
_STATUSES = {"PASS": "PASS", "SUCCESS_PERCENTAGE_FAILURE": "PASS", "FAIL": "FAIL", "SKIP": "TODO"}
_SKIPPED_ITSELF = "org.testng.SkipException"
_WORDS = re.compile(r"[,\s]+")


class Try(Struct):
    """One call of a test method; `retried` failed and was called again, `may_be_retried` perhaps too.

    TestNG writes both as skipped; before version 7 without saying that it is no test that was left out.
    """

    result: TestResult
    parameters: list[tuple[str, str]]
    took: str
    retried: bool = False
    may_be_retried: bool = False


def read_method(method: Element, class_name: str, groups: Iterable[str], dates: Dates, *, keep_output: bool) -> tuple[Try, list[str]]:
    """A call of a test method, and the names of its attributes that mean nothing here."""
    place = f"line {method.line}"
    name = method.get("name")
    definition = f"{class_name}.{name}" if class_name and name else class_name or name
    info = derived_test(definition, method.get("description") or method.get("test-instance-name") or name)
    info.labels = list(dict.fromkeys([*groups, *filter(None, _WORDS.split(method.get("groups")))])) or None
    result = TestResult(0, "", info, _STATUSES.get(method.get("status"), method.get("status")), place=place)
    found = Try(result, list(_parameters(method)), method.get("duration-ms"))
    _times(method, result, dates)
    _exception(method, found)
    unknown = _attributes(method, result, info)
    _files(method, result, keep_output=keep_output)
    return found, unknown


def exception_text(method: Element) -> str:
    """What the exception of a method says; "" without one."""
    exception = method.find("exception")
    if exception is None:
        return ""
    message, trace = exception.find("message"), exception.find("full-stacktrace", "short-stacktrace")
    return failure_text(exception.get("class"), message.text if message else "", trace.text if trace else "")


def _times(method: Element, result: TestResult, dates: Dates) -> None:
    result.start = dates.of_method(method.get("started-at"), result.place, result.warnings)
    written = method.get("duration-ms")
    took = seconds(written)
    if took is None and written:
        result.warnings.append(f"{result.place}: duration-ms {shown(written)} is no duration; it was left out")
    if took is not None and result.start is not None:
        result.finish = _after(result.start, took)
    elif took is not None:
        result.elapsed = took / 1000
    else:
        result.finish = dates.of_method(method.get("finished-at"), result.place, result.warnings)


def _after(start: Instant, ms: float) -> Instant:
    return type(start)(start.ms + int(ms), start.offset)


def _exception(method: Element, found: Try) -> None:
    exception = method.find("exception")
    if exception is not None:
        found.result.comment = exception_text(method)
    if method.get("retried") == "true":
        found.retried, found.result.status = True, "FAIL"
    elif exception is not None and method.get("status") == "SKIP":
        found.may_be_retried = exception.get("class") != _SKIPPED_ITSELF


def _parameters(method: Element) -> Iterator[tuple[str, str]]:
    for params in method.all("params"):
        for number, param in enumerate(params.all("param")):
            value = param.find("value")
            text = "null" if value is None or value.get("is-null") == "true" else value.text.strip()
            yield f"param[{param.get('index', str(number))}]", text


def _attributes(method: Element, result: TestResult, info: TestInfo) -> list[str]:
    """Xray's attributes of a test result (its TestNG extensions): test, requirement, labels, summary, description."""
    unknown = []
    for attribute in (a for c in method.all("attributes") for a in c.all("attribute")):
        name, text = attribute.get("name"), attribute.text.strip()
        if name not in _TAKEN:
            unknown.append(name)
        elif text:
            _take(name, text, result, info)
    return unknown


_TAKEN = frozenset({"test", "requirement", "requirements", "labels", "summary", "description", "attachments"})


def _take(name: str, text: str, result: TestResult, info: TestInfo) -> None:
    if name == "test":
        result.test_key = text
    elif name in {"requirement", "requirements"}:
        add_requirements(info, text)
    elif name == "labels":
        info.labels = list(dict.fromkeys([*(info.labels or []), *filter(None, _WORDS.split(text))]))
        info.given = (*info.given, "labels")
    elif name == "summary":
        if len(text) > MAX_SUMMARY:
            result.warnings.append(f"{result.place}: its summary is longer than {MAX_SUMMARY} characters and was cut")
        info.summary, info.given = text[:MAX_SUMMARY], (*info.given, "summary")
    elif name == "description":
        info.description, info.given = text, (*info.given, "description")


def _files(method: Element, result: TestResult, *, keep_output: bool) -> None:
    for file in (a for c in method.all("attachments") for a in c.all("attachment")):
        name, content = file.get("filename") or file.get("name"), file.find("rawcontent")
        if content is None:
            result.warnings.append(f"{result.place}: the report names the file {shown(name)}, but doesn't hold it; it was left out")
        else:
            result.evidence = [*result.evidence, base64_file(name, "", content.text, f"line {file.line}")]
    lines = [line.text.strip() for c in method.all("reporter-output") for line in c.all("line")]
    if keep_output and any(lines):
        output = "\n".join(lines).encode("utf-8", "replace")
        result.evidence = [*result.evidence, plain_file("system-out.txt", "text/plain", output, result.place)]
