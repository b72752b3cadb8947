# SPDX-License-Identifier: Apache-2.0
"""One result of Allure: which Test it is of, its labels and links, its times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import Instant
from radiograph.domain.errors import shown
from radiograph.domain.report import TestResult
from radiograph.formats.allure_steps import Folder, parameters_of, path_in, read_attachments, read_steps, status_of, told
from radiograph.formats.allure_wire import text
from radiograph.formats.reading import derived_test

if TYPE_CHECKING:
    from collections.abc import Iterable

    from radiograph.formats.allure_wire import WireLink, WireResult

KEY = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")
_SUITES = ("parentSuite", "suite", "subSuite")
_TECHNICAL = {"host", "thread", "framework", "language", "package", "testClass", "testMethod", "resultFormat", "titlePath", "tag", *_SUITES}
"""Labels that aren't kept: where the code is and what ran it. Tags are kept apart."""
_LATEST = 253_402_214_400_000
"""No time is later: the last day of the year 9999, in UTC milliseconds."""


class Try(Struct):
    """One try at a Test: `round` tells its parameters from others, `result` is as if it were the only one."""

    uuid: str
    definition: str
    name: str
    round: object
    parameters: list[tuple[str, str]]
    result: TestResult
    ignored: list[str]

    @property
    def order(self) -> tuple[bool, int, str]:
        """By start; those without come last."""
        start = self.result.start
        return start is None, start.ms if start else 0, self.result.place


def read_try(wire: WireResult, place: str, folder: Folder) -> Try | None:
    """A result; None when nothing tells which Test it is of."""
    labels = [(text(label.name), text(label.value)) for label in wire.labels or ()]
    definition = _definition(wire, labels)
    if not definition:
        return None
    info = derived_test(definition, text(wire.name))
    info.description = text(wire.description) or None
    info.labels = _labels(labels) or None
    comment = told(wire.status_details)
    result = TestResult(0, info=info, status=status_of(text(wire.status)), comment=comment, place=place)
    traces = not (wire.status_details and text(wire.status_details.trace))
    result.steps = read_steps(wire.steps, place, folder, result.warnings, traces=traces)
    top = path_in(place, "")[:-1]
    result.evidence = read_attachments(wire.attachments, top, place, folder, result.warnings)
    result.tags = list(dict.fromkeys(value.removeprefix("@") for name, value in labels if name == "tag" and value))
    ignored = _links(wire.links or (), result)
    _times(wire, result)
    if not text(wire.status):
        result.warnings.append(f"{place}: the result has no status; it was read as TODO")
    parameters = parameters_of(wire.parameters)
    return Try(text(wire.uuid), definition, text(wire.name), text(wire.history_id) or tuple(parameters), parameters, result, ignored)


def _definition(wire: WireResult, labels: list[tuple[str, str]]) -> str:
    """The full name; else class and method, else suites and name, else an id of Allure's."""
    if text(wire.full_name):
        return text(wire.full_name)
    by_name = dict(reversed(labels))
    if by_name.get("testClass") and by_name.get("testMethod"):
        return f"{by_name['testClass']}.{by_name['testMethod']}"
    if text(wire.name):
        return ".".join(filter(None, [*map(by_name.get, _SUITES), text(wire.name)]))
    return text(wire.test_case_id) or text(wire.history_id)


def _labels(labels: list[tuple[str, str]]) -> list[str]:
    """Labels such as `severity:critical`, as words without spaces."""
    kept = [(name, value) for name, value in labels if value and name not in _TECHNICAL and not name.startswith("_")]
    return list(dict.fromkeys("_".join(f"{_plain_name(name)}:{value}".split()) for name, value in kept))


def _plain_name(name: str) -> str:
    return "AS_ID" if name.upper() in {"AS_ID", "ALLURE_ID"} else name


def _links(links: Iterable[WireLink], result: TestResult) -> list[str]:
    """Links of type `tms` tell the Test, those of type `issue` the defects; the types of what was left out."""
    ignored = []
    for i, link in enumerate(links):
        kind, key = text(link.type), _key(link)
        path = path_in(result.place, f"links[{i}]")
        if kind == "tms" and key:
            result.tags = [*result.tags, f"TEST_{key}"]
        elif kind == "tms":
            result.warnings.append(f"{path}: {shown(text(link.url) or text(link.name))} ends in no key of a Test; the link was left out")
        elif kind == "issue" and result.status != "PASS":
            result.defects = [*result.defects, key or text(link.url) or text(link.name)]
        else:
            ignored.append("issue (of a result that passed)" if kind == "issue" else kind or "link")
    result.defects = list(dict.fromkeys(filter(None, result.defects)))
    return ignored


def _key(link: WireLink) -> str:
    """The key that a link's address ends in, or that is its name; empty for none."""
    last = re.split(r"[?#]", text(link.url), maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return next((word for word in (last, text(link.name)) if KEY.fullmatch(word)), "")


def _times(wire: WireResult, result: TestResult) -> None:
    result.start = _instant(wire.start, "start", result)
    result.finish = _instant(wire.stop, "stop", result)
    if result.start and result.finish and result.finish.ms < result.start.ms:
        result.warnings.append(f"{path_in(result.place, 'stop')} is before its start")


def _instant(ms: float | None, name: str, result: TestResult) -> Instant | None:
    if ms is None:
        return None
    if not 0 < ms < _LATEST:
        result.warnings.append(f"{path_in(result.place, name)}: {ms} is no time in milliseconds since 1970; it was left out")
        return None
    return Instant(int(ms))
