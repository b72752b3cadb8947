# SPDX-License-Identifier: Apache-2.0
"""One test of a CTRF report as a result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from radiograph.domain.clock import Instant
from radiograph.domain.errors import cut, shown
from radiograph.domain.report import EvidenceFile, Iteration, StepResult, TestInfo, TestResult
from radiograph.formats.ctrf_values import instant, members, number, objects, text, texts
from radiograph.formats.reading import base64_file, derived_test, plain_file
from radiograph.formats.text_lines import without_colours

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATUSES = {"passed": "PASS", "failed": "FAIL", "skipped": "TODO", "pending": "TODO", "other": "TODO"}
_TEST_KEYS = {"testkey", "xraykey", "xraytestkey", "jirakey"}
_REQUIREMENTS = {"requirement", "requirements", "requirementkey", "requirementkeys"}
_MARKS = ("::", " > ")
_ABSOLUTE = re.compile(r"/|[A-Za-z]:|file:")
"""A path that is another one on another machine, and so no part of what a Test is."""
_LONGEST_MS = 10 * 365 * 86_400_000
_CLASS_BEFORE = 100
"""So far into a trace its message may begin, behind the name of a class."""
_MOST_TRIES = 20
_FEWER_THAN_A_PICTURE = 256
_BASE64 = re.compile(r"data:[^,]*;base64,|[A-Za-z0-9+/=_\s-]*\Z")
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?[\w;=.+-]*;base64,")


def read_test(test: dict[str, Any], index: int, place: str, *, keep_output: bool) -> TestResult:
    """The result of a test that has a name."""
    name = text(test.get("name"))
    result = TestResult(index, info=_info(test, name), place=place, warnings=[])
    _take_outcome(test, result)
    _take_keys(test, result)
    result.evidence = [*_files(test, result), *(_output(test, place) if keep_output else ())]
    result.attempts = _attempts(test, result)
    _take_parts(test, result)
    return result


def _info(test: dict[str, Any], name: str) -> TestInfo:
    suite = texts(test.get("suite"))
    if any(name == joined or name.startswith(joined + mark) for mark in _MARKS for joined in (mark.join(suite),) if suite):
        return derived_test(name, name)  # pytest's and vitest's names have their suites in them
    path = text(test.get("filePath")).replace("\\", "/")
    if not suite and path and not _ABSOLUTE.match(path):
        suite = [path.removeprefix("./")]
    return derived_test(".".join([*suite, name]), name)


def status_of(value: Any) -> str:  # noqa: ANN401  (any JSON)
    """The status that one of CTRF's means, or the word as it is."""
    word = text(value)
    return _STATUSES.get(word.lower(), word)


def _take_outcome(test: dict[str, Any], result: TestResult) -> None:
    """The status, times and failure of a test or of one try at it."""
    result.status = status_of(test.get("status"))
    result.start, result.finish = instant(test.get("start")), instant(test.get("stop"))
    took = _duration(test, result)
    if result.start is not None and result.finish is None and took is not None:
        result.finish = Instant(result.start.ms + round(took * 1000))
    if result.start is None and result.finish is None:
        result.elapsed = took
    result.comment = _comment(test)


def _duration(test: dict[str, Any], result: TestResult) -> float | None:
    value = test.get("duration")
    found = number(value)
    if found is not None and 0 <= found <= _LONGEST_MS:
        return round(found / 1000, 9)
    if value not in (None, ""):
        result.warnings.append(f"{result.place}.duration: {shown(text(value) or str(value))} is no duration, and was left out")
    return None


def _comment(test: dict[str, Any]) -> str:
    message, trace, snippet = (without_colours(text(test.get(name))) for name in ("message", "trace", "snippet"))
    if message in trace[: len(message) + _CLASS_BEFORE]:
        message = ""
    raw = text(test.get("rawStatus")) if status_word(test) == "other" else ""
    return "\n\n".join(part for part in (message, trace, snippet, f"The tool's own status: {raw}" if raw else "") if part)


def status_word(test: dict[str, Any]) -> str:
    """The status as CTRF has it."""
    return text(test.get("status")).lower()


def _take_keys(test: dict[str, Any], result: TestResult) -> None:
    """Keys and labels. Tags may be keys; what `labels` say becomes labels such as `priority:P1`."""
    assert result.info is not None  # noqa: S101  (every test has one)
    result.tags = list(dict.fromkeys(tag.removeprefix("@") for tag in texts(test.get("tags")) if tag != "@"))
    labels = texts(test.get("type"))
    requirements: list[str] = []
    for name, values, is_label in _named(test):
        plain = re.sub(r"[\W_]", "", name.lower())
        if plain in _TEST_KEYS and values:
            result.test_key = result.test_key or values[0]
        elif plain in _REQUIREMENTS:
            requirements += [key.strip() for value in values for key in value.split(",") if key.strip()]
        elif is_label:
            labels += [f"{name}:{value}" for value in values]
    result.info.requirement_keys = list(dict.fromkeys(requirements))
    result.info.labels = list(dict.fromkeys(labels)) or None


def _named(test: dict[str, Any]) -> Iterator[tuple[str, list[str], bool]]:
    """Names with their values: of `labels`, of `extra` and `meta`, and of the annotations in these; and whether they are labels."""
    for name, value in members(test.get("labels")).items():
        yield name, texts(value), True
    for place in ("extra", "meta"):
        found = members(test.get(place))
        for name, value in found.items():
            yield name, texts(value), False
        for note in objects(found.get("annotations")):
            yield text(note.get("type")), texts(note.get("description")), False


def _files(test: dict[str, Any], result: TestResult) -> list[EvidenceFile]:
    found = []
    picture = text(test.get("screenshot"))
    if picture and _BASE64.match(picture) and (len(picture) >= _FEWER_THAN_A_PICTURE or "." not in picture):
        found.append(_embedded(picture, "screenshot", "image/png", f"{result.place}.screenshot"))
    elif picture:
        _warn_of(picture, result)
    for i, file in enumerate(objects(test.get("attachments"))):
        path = text(file.get("path"))
        if _DATA.match(path):
            name = text(file.get("name")) or f"attachment-{i + 1}"
            found.append(_embedded(path, name, text(file.get("contentType")), f"{result.place}.attachments[{i}]"))
        else:
            _warn_of(path or text(file.get("name")) or "without a name", result)
    return found


def _embedded(data: str, name: str, kind: str, place: str) -> EvidenceFile:
    head = _DATA.match(data)
    kind = (head[1] if head else None) or kind
    if name == "screenshot":
        name = f"screenshot.{kind.partition('/')[2].replace('jpeg', 'jpg')}"
    return base64_file(name, kind, data[head.end() :] if head else data, place)


def _warn_of(path: str, result: TestResult) -> None:
    result.warnings.append(f"{result.place}: the report names the file {cut(path)}, but doesn't hold it")


def _output(test: dict[str, Any], place: str) -> Iterator[EvidenceFile]:
    for name, filename in (("stdout", "system-out.txt"), ("stderr", "system-err.txt")):
        value = test.get(name)
        lines = [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]
        if any(lines):
            yield plain_file(filename, "text/plain", "\n".join(lines).encode("utf-8", "replace"), f"{place}.{name}")


def _attempts(test: dict[str, Any], result: TestResult) -> list[TestResult]:
    """The earlier tries; where a report has their number alone, each failed, or it would have been the last."""
    retries = number(test.get("retries"))
    told = objects(test.get("retryAttempts"))
    if not told and retries and result.status in {"PASS", "FAIL"} and retries > 0:
        said = "an earlier try, of which the report tells no more"
        return [
            TestResult(result.index, status="FAIL", comment=said, place=result.place, warnings=[])
            for _ in range(min(int(retries), _MOST_TRIES))
        ]
    told.sort(key=lambda attempt: number(attempt.get("attempt")) or 0)
    if told and _is_last(told, test, retries):
        told.pop()
    return [_attempt(attempt, result) for attempt in told]


def _is_last(told: list[dict[str, Any]], test: dict[str, Any], retries: float | None) -> bool:
    """Whether the last of the attempts is the result itself: some tools list it, others only those before it."""
    if retries is not None:
        return len(told) > retries
    last = told[-1]
    if status_word(last) != status_word(test):
        return False
    return status_word(last) == "passed" or (last.get("duration") is not None and last.get("duration") == test.get("duration"))


def _attempt(attempt: dict[str, Any], result: TestResult) -> TestResult:
    found = TestResult(result.index, place=result.place, warnings=[])
    _take_outcome(attempt, found)
    found.evidence = _files(attempt, found)
    result.warnings += found.warnings
    found.warnings = []
    return found


def _take_parts(test: dict[str, Any], result: TestResult) -> None:
    """Steps; a test with parameters is one round of a data-driven Test, and has its steps there."""
    steps = [_step(s) for s in objects(test.get("steps"))]
    parameters = members(test.get("parameters"))
    if not parameters:
        result.steps = steps
        return
    pairs = [(name, text(value) if not isinstance(value, dict | list) else _compact(value)) for name, value in parameters.items()]
    took = number(test.get("duration"))
    seconds = "" if took is None or took < 0 else f"{took / 1000:g}"
    result.iterations = [Iteration(result.status, parameters=pairs, steps=steps, log=text(test.get("message")), duration=seconds)]


def _step(step: dict[str, Any]) -> StepResult:
    return StepResult(status_of(step.get("status")), text(members(step.get("extra")).get("comment")), text(step.get("name")))


def _compact(value: Any) -> str:  # noqa: ANN401  (any JSON)
    if isinstance(value, list):
        return ", ".join(_compact(v) for v in value)
    return ", ".join(f"{k}: {_compact(v)}" for k, v in value.items()) if isinstance(value, dict) else text(value)
