# SPDX-License-Identifier: Apache-2.0
"""Reads a JSON list of features, one element at a time: what Cucumber's and Behave's JSON have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Raw

from radiograph.domain.clock import earliest, latest
from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report
from radiograph.domain.statuses import FAIL
from radiograph.formats.body import bad_byte, malformed, open_body
from radiograph.formats.escapes import ELEMENTS, may_have_bad_escapes, repair
from radiograph.formats.gherkin_outlines import KEY, Scenarios
from radiograph.formats.gherkin_results import Element, background_lines, status_of, step_lines
from radiograph.formats.gherkin_wire import WireElement, WireFeature, text_of

if TYPE_CHECKING:
    from radiograph.formats.gherkin_results import Dialect
    from radiograph.formats.reading import ReadOptions, Source

_PLACE = re.compile(r"(.*?) - at `\$(.*)`$", re.DOTALL)
_FEATURE = msgspec.json.Decoder(WireFeature)
_ELEMENT = msgspec.json.Decoder(WireElement)
_T = TypeVar("_T")


def read_features(source: Source, options: ReadOptions, dialect: Dialect) -> Report:
    """The report in a list of features; raises UnreadableReport, with line and column, when it is none."""
    view = open_body(source.data)
    mended = repair(view) if may_have_bad_escapes(view) else None
    view = mended.view if mended else view
    reading = _Reading(options, dialect)
    for index, raw in enumerate(features := _root(view)):
        if mended is not None:
            reading.notes += [
                f"{path} has a character that can't be stored; it was replaced by U+FFFD" for path in mended.paths(raw, f"$[{index}]")
            ]
    if mended is not None:
        mended.finish()
    for index, raw in enumerate(features):
        reading.feature(index, raw)
    return reading.report()


def _root(view: memoryview) -> list[Raw]:
    try:
        return ELEMENTS.decode(view)
    except msgspec.ValidationError:
        text = "is not a list of features"
        raise UnreadableReport(f"The report can't be read: its root {text}.", [Problem("$", text)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(view, error) from None


class _Reading:
    """One report being read."""

    def __init__(self, options: ReadOptions, dialect: Dialect) -> None:
        """Nothing is read yet."""
        self._options, self._dialect = options, dialect
        self._found = Report("", ExecutionInfo(), [], [], [])
        self._count = 0
        self._names: dict[str, int] = {}
        self.notes = self._found.notes

    def report(self) -> Report:
        """All that was read."""
        info, results = self._found.info, self._found.results
        info.begin = earliest(r.start for r in results)
        info.end = latest(r.finish for r in results)
        return self._found

    def feature(self, index: int, raw: Raw) -> None:
        """Read a feature's scenarios."""
        feature = self._decode(_FEATURE, raw, f"$[{index}]")
        if feature is None:
            self._count += 1
            return
        scenarios, before, known = Scenarios(), None, frozenset[int]()
        for number, inner in enumerate(feature.elements or []):
            place = f"$[{index}].elements[{number}]"
            element = self._decode(_ELEMENT, inner, place)
            if element is None:
                self._count += 1
            elif text_of(element.type).lower() == "background" or text_of(element.keyword).lower() == "background":
                before, known = element, known | frozenset(step_lines(element)) - {0}
            else:
                lines = step_lines(element)
                known |= background_lines(element, lines)
                ran = before if before and any(s.result for s in before.steps or []) else None
                scenarios.add(Element(self._dialect, self._options, feature, place).read(self._count, element, ran, lines, known))
                self._count, before = self._count + 1, None
        results = list(scenarios.results())
        self._found.results += results
        self._tell(index, feature, {r.status for r in results})
        for result in results:
            if result.info and not any(KEY.fullmatch(tag) for tag in result.tags):
                self._namesake(result.info.summary or "", index, result.place)

    def _tell(self, index: int, feature: WireFeature, statuses: set[str]) -> None:
        if self._dialect.own_status and status_of(feature.status) == FAIL and FAIL not in statuses:
            self.notes.append(f"$[{index}]: the feature failed, though none of its scenarios did: a hook may have")

    def _namesake(self, name: str, index: int, place: str) -> None:
        """Tell of a scenario that has the name of another feature's: without keys both are one Test."""
        if self._names.setdefault(name, index) != index:
            text = f"another feature has a scenario of this name, {name!r}; without a tag such as @TEST_DEMO-1 both are one Test"
            self.notes.append(f"{place}: {text}")
            self._names[name] = index

    def _decode(self, decoder: msgspec.json.Decoder[_T], raw: Raw, path: str) -> _T | None:
        """A feature or element; None for one that can't be read, which is refused."""
        try:
            return decoder.decode(raw)
        except UnicodeDecodeError:
            problem = Problem(path, f"is not valid UTF-8{bad_byte(memoryview(raw))}; write the report in UTF-8")
        except (msgspec.DecodeError, RecursionError) as error:
            found = _PLACE.match(str(error))
            problem = Problem(path + found[2], found[1]) if found else Problem(path, str(error))
        self._found.refused.append(RefusedResult(self._count, [problem]))
        return None
