# SPDX-License-Identifier: Apache-2.0
"""The properties of a JUnit test case that name its Test, requirements, labels, comment, custom fields and files.

They are those of Xray's JUnit extensions (docs/reference/formats/junit.md); what any other tool notes in
properties means nothing here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.report import TestInfo
from radiograph.formats.reading import MAX_SUMMARY, base64_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from radiograph.domain.report import TestResult
    from radiograph.formats.xml_events import Element

_KEYS = re.compile(r"[,;\s]+")
_VALUES = re.compile(r"((?:[^\\;]|\\.?)*)(;|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\;])")


def read_properties(properties: Iterable[Element], result: TestResult) -> list[str]:
    """Give a result what its properties say; the names of those that mean nothing here.

    `testrun_comment` becomes the result's comment: what the outcome says is to be added to it.
    """
    info = result.info or TestInfo()
    unknown = []
    for prop in properties:
        name = prop.get("name").strip()
        taken = _KNOWN.get(name.lower())
        if taken is None:
            unknown.append(name)
        else:
            taken(prop, result, info)
    return unknown


def keys_of(text: str) -> list[str]:
    """The keys of a list with commas."""
    return [key for key in _KEYS.split(text) if key]


def values_of(text: str) -> str | list[str]:
    """The value of a custom field: several are joined with `;`, which a backslash keeps inside one of them."""
    text = text.strip()
    if ";" not in text:
        return text
    found = [_ESCAPED.sub(r"\1", m[1]).strip() for m in _VALUES.finditer(text) if m[1] or m[2]]
    return found[0] if len(found) == 1 else [v for v in found if v]


def add_requirements(info: TestInfo, text: str) -> None:
    """Add the requirements of a list to those that the Test covers."""
    info.requirement_keys = list(dict.fromkeys([*info.requirement_keys, *keys_of(text)]))


def _value(prop: Element) -> str:
    return prop.get("value").strip() or prop.text.strip()


def _key(prop: Element, result: TestResult, _info: TestInfo) -> None:
    result.test_key = _value(prop)


def _id(prop: Element, result: TestResult, _info: TestInfo) -> None:
    result.test_id = _value(prop)


def _summary(prop: Element, result: TestResult, info: TestInfo) -> None:
    text = " ".join(_value(prop).split())
    if not text:
        return
    if len(text) > MAX_SUMMARY:
        result.warnings.append(f"{result.place}: test_summary is longer than {MAX_SUMMARY} characters and was cut")
    info.summary, info.given = text[:MAX_SUMMARY], (*info.given, "summary")


def _description(prop: Element, _result: TestResult, info: TestInfo) -> None:
    if text := _value(prop):
        info.description, info.given = text, (*info.given, "description")


def _comment(prop: Element, result: TestResult, _info: TestInfo) -> None:
    result.comment = _value(prop)


def _requirements(prop: Element, _result: TestResult, info: TestInfo) -> None:
    add_requirements(info, _value(prop))


def _tags(prop: Element, _result: TestResult, info: TestInfo) -> None:
    if found := [t.strip() for t in _value(prop).split(",") if t.strip()]:
        info.labels, info.given = list(dict.fromkeys([*(info.labels or []), *found])), (*info.given, "labels")


def _ctest_labels(prop: Element, _result: TestResult, info: TestInfo) -> None:
    """Labels that a new Test gets; one that is there keeps its own, as CTest doesn't know of them."""
    info.labels = [label for label in _value(prop).split(";") if label] or info.labels


def _custom_fields(prop: Element, result: TestResult, _info: TestInfo) -> None:
    result.custom_fields = [*result.custom_fields, *({"name": i.get("name"), "value": values_of(i.text)} for i in prop.all("item"))]


def _evidence(prop: Element, result: TestResult, _info: TestInfo) -> None:
    files = [base64_file(i.get("name"), i.get("type"), i.text, f"line {i.line}") for i in prop.all("item")]
    result.evidence = [*result.evidence, *files]


def _skip(prop: Element, result: TestResult, _info: TestInfo) -> None:
    """That it was skipped, which node-tap says nowhere else, and why, which Playwright says nowhere else."""
    if result.status == "PASS":
        result.status = "TODO"
    why = _value(prop)
    if why and why != "true":
        result.comment = "\n\n".join(filter(None, (result.comment, why)))


def _nothing(_prop: Element, _result: TestResult, _info: TestInfo) -> None:
    """`_dummy_` is there so that the list isn't empty."""


_KNOWN: dict[str, Callable[[Element, TestResult, TestInfo], None]] = {
    "test_key": _key, "test_id": _id, "test_summary": _summary, "test_description": _description, "testrun_comment": _comment,
    "requirement": _requirements, "requirements": _requirements, "tags": _tags, "testrun_customfields": _custom_fields,
    "testrun_evidence": _evidence, "cmake_labels": _ctest_labels, "skip": _skip, "fixme": _skip, "_dummy_": _nothing,
}  # fmt: skip
