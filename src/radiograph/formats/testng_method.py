# SPDX-License-Identifier: Apache-2.0
"""A TestNG test method: its status, times, exception, attributes, parameters, output and files."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import later
from radiograph.domain.errors import shown
from radiograph.domain.report import TestResult
from radiograph.formats.failure_text import failure_text
from radiograph.formats.junit_properties import add_requirements
from radiograph.formats.reading import MAX_SUMMARY, base64_file, derived_test, plain_file, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from radiograph.domain.report import TestInfo
    from radiograph.formats.testng_times import Dates
    from radiograph.formats.xml_events import Element

Unknown = dict[str, Counter[str]]
"""How often there was what means nothing here: "attributes" and "elements", by their names."""
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


def read_method(method: Element, class_name: str, groups: Iterable[str], dates: Dates, unknown: Unknown, *, keep_output: bool) -> Try:
    """A call of a test method; what means nothing here is counted in `unknown`."""
    attrs = method.attrs
    name, status = attrs.get("name", ""), attrs.get("status", "")
    definition = f"{class_name}.{name}" if class_name and name else class_name or name
    info = derived_test(definition, attrs.get("description") or attrs.get("test-instance-name") or name)
    if groups or "groups" in attrs:
        info.labels = list(dict.fromkeys([*groups, *filter(None, _WORDS.split(method.get("groups")))])) or None
    result = TestResult(0, "", info, _STATUSES.get(status, status), place=f"line {method.line}")
    found = Try(result, [], attrs.get("duration-ms", ""))
    _times(method, result, dates)
    for part in method.children:
        take = _PARTS.get(part.name)
        if take is None:
            unknown["elements"][part.name] += 1
        elif keep_output or take is not _output:
            take(part, found, info, unknown)
    if attrs.get("retried") == "true":
        found.retried, result.status = True, "FAIL"
    elif status == "SKIP":
        exception = method.find("exception")
        found.may_be_retried = exception is not None and exception.get("class") != _SKIPPED_ITSELF
    return found


def exception_text(exception: Element) -> str:
    """What an exception says."""
    message, trace = exception.find("message"), exception.find("full-stacktrace", "short-stacktrace")
    return failure_text(exception.get("class"), message.text if message else "", trace.text if trace else "")


def _times(method: Element, result: TestResult, dates: Dates) -> None:
    result.start = dates.of_method(method.get("started-at"), result.place, result.warnings)
    written = method.get("duration-ms")
    took = seconds(written)
    if took is None and written:
        result.warnings.append(f"{result.place}: duration-ms {shown(written)} is no duration; it was left out")
    if took is not None and result.start is not None:
        result.finish = later(result.start, took)
    elif took is not None:
        result.elapsed = took / 1000
    else:
        result.finish = dates.of_method(method.get("finished-at"), result.place, result.warnings)


def _exception(exception: Element, found: Try, _info: TestInfo, _unknown: Unknown) -> None:
    found.result.comment = exception_text(exception)


def _parameters(params: Element, found: Try, _info: TestInfo, _unknown: Unknown) -> None:
    for number, param in enumerate(params.all("param")):
        value = param.find("value")
        text = "null" if value is None or value.get("is-null") == "true" else value.text.strip()
        found.parameters.append((f"param[{param.get('index', str(number))}]", text))


def _attributes(attributes: Element, found: Try, info: TestInfo, unknown: Unknown) -> None:
    """Xray's attributes of a test result (its TestNG extensions): test, requirement, labels, summary, description."""
    for attribute in attributes.all("attribute"):
        name, text = attribute.get("name"), attribute.text.strip()
        if name not in _TAKEN:
            unknown["attributes"][name] += 1
        elif text:
            _take(name, text, found.result, info)


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


def _files(attachments: Element, found: Try, _info: TestInfo, _unknown: Unknown) -> None:
    result = found.result
    for file in attachments.all("attachment"):
        name, content = file.get("filename") or file.get("name"), file.find("rawcontent")
        if content is None:
            result.warnings.append(f"{result.place}: the report names the file {shown(name)}, but doesn't hold it; it was left out")
        else:
            result.evidence = [*result.evidence, base64_file(name, "", content.text, f"line {file.line}")]


def _output(output: Element, found: Try, _info: TestInfo, _unknown: Unknown) -> None:
    lines = [line.text.strip() for line in output.all("line")]
    if any(lines):
        text = "\n".join(lines).encode("utf-8", "replace")
        found.result.evidence = [*found.result.evidence, plain_file("system-out.txt", "text/plain", text, found.result.place)]


_PARTS: dict[str, Callable[[Element, Try, TestInfo, Unknown], None]] = {
    "params": _parameters, "exception": _exception, "attributes": _attributes, "attachments": _files, "reporter-output": _output,
}  # fmt: skip
