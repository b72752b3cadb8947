# SPDX-License-Identifier: Apache-2.0
"""From an element of Cucumber's or Behave's JSON to the result of a scenario."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.errors import shown
from radiograph.domain.issues import TestType
from radiograph.domain.report import StepResult, TestInfo, TestResult
from radiograph.domain.statuses import FAIL, PASS, TODO
from radiograph.formats.gherkin_files import embedded, output_file
from radiograph.formats.gherkin_outlines import Row, whole_status
from radiograph.formats.gherkin_text import scenario_text, step_words
from radiograph.formats.gherkin_wire import WireElement, WireHook, WireOutcome, WireStep, line_of, tags_of, text_of
from radiograph.formats.reading import MAX_SUMMARY, ReadOptions, check_count, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from radiograph.domain.report import EvidenceFile
    from radiograph.formats.gherkin_wire import WireFeature

_STATUSES = {
    **dict.fromkeys(("passed",), PASS),
    **dict.fromkeys(("failed", "ambiguous", "error", "hook_error", "cleanup_error"), FAIL),
    **dict.fromkeys(("", "skipped", "pending", "pending_warn", "undefined", "untested", "untested_pending"), TODO),
    **dict.fromkeys(("untested_undefined", "unused", "unknown", "executing", "notrun", "not_run"), TODO),
}
_OUTLINE = re.compile(r"outline|template", re.IGNORECASE)
_ROW_NAME = re.compile(r" -- @\d+\.\d+\b.*", re.DOTALL)


_NONE = WireOutcome()
_NO_LINES: frozenset[int] = frozenset()
_DAY = 86_400


class Dialect(Struct, frozen=True):
    """How tools differ: the unit of durations in seconds, and whether a scenario's own status counts."""

    unit: float
    own_status: bool = False


def status_of(word: Any) -> str:  # noqa: ANN401  (any JSON)
    """The status that a word of a report means; a word of nobody's stays, as the instance may have such a status."""
    text = text_of(word)
    known = _STATUSES.get(text)
    return _STATUSES.get(text.strip().lower(), text.strip()) if known is None else known


class Element:
    """Reads one element, with the background before it."""

    def __init__(self, dialect: Dialect, options: ReadOptions, feature: WireFeature, place: str) -> None:
        """Take what it is read by, its feature and its place there."""
        self._dialect, self._options, self._feature, self._place = dialect, options, feature, place
        self._spent: list[float] = []
        self._files: list[EvidenceFile] = []
        self._comments: list[str] = []
        self._statuses: list[str] = []
        self._warnings: list[str] = []
        self._lines: tuple[int, ...] = ()

    def read(self, index: int, element: WireElement, before: WireElement | None, lines: tuple[int, ...], background: frozenset[int]) -> Row:
        """The result of a scenario whose steps are on these lines, those of its feature's background on the known ones."""
        check_count(index + 1)
        self._lines = lines
        hooks = [*(before.before or [] if before else []), *(element.before or [])]
        self._hooks(hooks, "before", "Before hook")
        steps = self._steps(before.steps or [] if before else [], "background ")
        own = element.steps or []
        steps += self._steps(own, "")
        self._hooks([*(before.after or [] if before else []), *(element.after or [])], "after", "After hook")
        result = TestResult(index, "", self._info(element, own, background), place=self._place)
        result.status, result.steps, result.evidence = self._status(element, steps), steps, self._files
        if result.status == FAIL and not self._comments:
            self._comments = _unexplained(own)
        result.comment, result.warnings = "\n\n".join(self._comments), self._warnings
        self._times(result, element, before)
        inherited = tags_of(self._feature.tags)
        tags = [tag for tag in tags_of(element.tags) if tag not in inherited]
        result.tags = [*tags, *inherited]
        return self._row(result, element, tags)

    def _row(self, result: TestResult, element: WireElement, tags: list[str]) -> Row:
        status = result.status or next((s for s in (*(step.status for step in result.steps),) if s not in {PASS, TODO}), TODO)
        at = (text_of(element.id), line_of(element))
        return Row(result, name_of(element), at, self._lines, is_row(element, self._lines), tags, status)

    def _info(self, element: WireElement, steps: Sequence[WireStep], background: frozenset[int]) -> TestInfo:
        name = name_of(element)
        if not name:
            name = text_of(self._feature.name).strip() or text_of(self._feature.uri).rpartition("/")[2] or "Scenario"
            self._warnings.append(f"{self._place}: the scenario has no name; {shown(name)} was taken")
        if len(name) > MAX_SUMMARY:
            self._warnings.append(f"{self._place}: the scenario's name is longer than {MAX_SUMMARY} characters and was cut")
        text = scenario_text(s for s in steps if not s.hidden and line_of(s) not in background)
        return TestInfo(summary=name[:MAX_SUMMARY], type=TestType.CUCUMBER, scenario=text, scenario_type="Scenario", derived=True)

    def _status(self, element: WireElement, steps: list[StepResult]) -> str:
        own = status_of(element.status) if self._dialect.own_status and element.status else ""
        parts = [*(step.status for step in steps), *(s for s in self._statuses if s == FAIL)]
        return FAIL if FAIL in parts else own or whole_status(parts or [TODO])

    def _steps(self, steps: Iterable[WireStep], kind: str) -> list[StepResult]:
        found = []
        for i, step in enumerate(steps):
            path = f"{self._place}.{kind.strip() + '.' if kind else ''}steps[{i}]"
            if step.hidden:
                hook = WireHook(step.result, step.match, step.embeddings, step.output)
                self._hook(hook, path, f"{text_of(step.keyword).strip() or 'Hidden'} hook")
            else:
                found.append(self._step(step, path))
        return found

    def _step(self, step: WireStep, path: str) -> StepResult:
        outcome = step.result or _NONE
        files = self._embedded(step, path) if step.embeddings or step.output else []
        found = StepResult(status_of(outcome.status), _message(outcome), step_words(step), files)
        if outcome.duration is not None:
            self._spend(outcome, path)
        if found.status == FAIL:
            self._comments.append(found.comment or f"{step_words(step)}: {text_of(outcome.status)}")
        if step.before or step.after:
            self._around(step, found, path)
        return found

    def _around(self, step: WireStep, found: StepResult, path: str) -> None:
        """The hooks of a step, whose files are the step's."""
        known = len(self._comments)
        files, self._files = self._files, list(found.evidence)
        for hooks, name in ((step.before, "before"), (step.after, "after")):
            self._hooks(hooks or [], name, f"{name.title()} step hook", path)
        found.evidence, self._files = self._files, files
        if len(self._comments) > known:
            found.status = FAIL
            found.comment = "\n\n".join(filter(None, (found.comment, *self._comments[known:])))

    def _hooks(self, hooks: Iterable[WireHook], member: str, name: str, path: str = "") -> None:
        for i, hook in enumerate(hooks):
            self._hook(hook, f"{path or self._place}.{member}[{i}]", name)

    def _hook(self, hook: WireHook, path: str, name: str) -> None:
        outcome = hook.result or WireOutcome()
        self._spend(outcome, path)
        self._files += self._embedded(hook, path)
        status = status_of(outcome.status)
        self._statuses.append(status)
        if status == FAIL:
            where = text_of(hook.match.get("location")) if isinstance(hook.match, dict) else ""
            self._comments.append(f"{name}{' ' + where if where else ''} failed: {_message(outcome)}".rstrip(": "))

    def _embedded(self, owner: WireStep | WireHook, path: str) -> list[EvidenceFile]:
        files, printed = embedded(owner.embeddings or [], path)
        if self._options.keep_output:
            files += output_file([*printed, text_of(owner.output)], path)
        return files

    def _spend(self, outcome: WireOutcome, path: str) -> None:
        if outcome.duration is None or outcome.duration == "":
            return
        found = _scaled(outcome.duration, self._dialect.unit)
        if found is None:
            self._warnings.append(f"{path}.result.duration: {shown(text_of(outcome.duration))} is no duration; it was left out")
        else:
            self._spent.append(found)

    def _times(self, result: TestResult, element: WireElement, before: WireElement | None) -> None:
        result.elapsed = round(sum(self._spent), 9) if self._spent else None
        written = text_of(element.start_timestamp or (before.start_timestamp if before else None))
        if not written:
            return
        result.start = parse_instant(written)
        if result.start is None:
            self._warnings.append(f"{self._place}.start_timestamp: {shown(written)} is no date; it was left out")
        elif result.elapsed is not None:
            result.finish = Instant(result.start.ms + round(result.elapsed * 1000), result.start.offset)


def _unexplained(steps: Sequence[WireStep]) -> list[str]:
    """Why a scenario failed of which no step did: Behave writes nothing of hooks that fail."""
    undefined = [step_words(s) for s in steps if s.result and text_of(s.result.status) == "undefined"]
    return [f"{words}: undefined" for words in undefined] or ["The scenario failed, though none of its steps did: a hook may have."]


def _scaled(written: Any, unit: float) -> float | None:  # noqa: ANN401  (any JSON)
    """A duration in seconds; None for what is none, is below zero or absurdly long."""
    kind = type(written)
    plain = kind is int or kind is float
    if plain and 0 <= (found := written * unit) < _DAY:
        return float(found)
    try:
        return seconds(repr(float(written if plain else text_of(written)) * unit)) if plain or isinstance(written, str) else None
    except (ValueError, OverflowError):
        return None


def _message(outcome: WireOutcome) -> str:
    if outcome.error_message is None and outcome.comment is None:
        return ""
    return text_of(outcome.error_message).strip() or text_of(outcome.comment).strip()


def name_of(element: WireElement) -> str:
    """A scenario's name in one line, without what Behave adds to the name of a row."""
    return " ".join(_ROW_NAME.sub("", text_of(element.name)).split())


def step_lines(element: WireElement) -> tuple[int, ...]:
    """The lines of a scenario's steps in the feature file; 0 for one that isn't told."""
    return tuple(line_of(step) for step in element.steps or [] if not step.hidden)


def background_lines(element: WireElement, lines: tuple[int, ...]) -> frozenset[int]:
    """The lines of steps that stand before their scenario, as those of a background do that a tool merges into it."""
    at = line_of(element)
    return frozenset(line for line in lines if 0 < line < at) if lines and min(lines) < at < max(lines) else _NO_LINES


def is_row(element: WireElement, lines: tuple[int, ...]) -> bool:
    """Whether an element is a row of a scenario outline: by its keyword, its name, or as it stands below its steps."""
    if _OUTLINE.search(text_of(element.keyword)) or _ROW_NAME.search(text_of(element.name)):
        return True
    return 0 < max(lines, default=0) < line_of(element)
