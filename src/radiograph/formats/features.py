# SPDX-License-Identifier: Apache-2.0
"""Reads feature files in any language of Gherkin; the text of a scenario stays as it was written."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from gherkin.errors import CompositeParserException, ParserError
from gherkin.parser import Parser
from msgspec import Struct

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.domain.features import Condition, Feature, Scenario, canonical
from radiograph.formats.archive import is_zip, unpack
from radiograph.formats.reading import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LARGEST = 4 * 1024 * 1024
"""The largest feature file, in bytes."""
_PRECONDITION = re.compile(r"\s*#\s*@(?:PRECOND_)?([A-Z][A-Z0-9_]*-[0-9]+)\s*")
_PLACE = re.compile(r"\((\d+):(\d+)\): (.*)", re.DOTALL)
_EXPECTED = re.compile(r"expected: .*, got '(.*)'", re.DOTALL)


def read_feature_files(sources: Iterable[Source], unpacked: int) -> tuple[list[Feature], list[Problem]]:
    """The features of `.feature` files and zips of them (to `unpacked` bytes), and what was wrong with others.

    A problem's path is the file's with the line. Raises UnreadableReport for a zip that can't be unpacked, and TooLarge.
    """
    features: list[Feature] = []
    problems: list[Problem] = []
    for source in sources:
        for file in _files(source, unpacked, problems):
            try:
                found = read_feature(file)
            except UnreadableReport as error:
                problems += error.details
            else:
                features += [found] if found.scenarios else []
                problems += [] if found.scenarios else [Problem(file.name, "has no scenario")]
    return features, problems


def _files(source: Source, unpacked: int, problems: list[Problem]) -> list[Source]:
    if not is_zip(source.data):
        return [Source(_path(source.name) or "feature", source.data)]
    found = [Source(_path(file.name), file.data) for file in unpack(source, unpacked) if file.name.lower().endswith(".feature")]
    if not found:
        problems.append(Problem(source.name or "file", "has no .feature file in it"))
    return found


def _path(name: str) -> str:
    """A file's name as words: nothing in it leads anywhere."""
    parts = (part.strip() for part in name.replace("\\", "/").replace("\0", "").split("/"))
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def read_feature(source: Source) -> Feature:
    """One feature file. Raises UnreadableReport whose details name each line that is wrong."""
    text = _text(source)
    try:
        found: Any = Parser().parse(text)
    except CompositeParserException as error:
        raise _unreadable([_problem(source.name, str(e)) for e in error.errors]) from None
    except ParserError as error:
        raise _unreadable([_problem(source.name, str(error))]) from None
    feature = found.get("feature")
    if feature is None:
        raise _unreadable([Problem(source.name, "has no feature in it")])
    return _Reader(source.name, text, feature, {c["location"]["line"]: c["text"] for c in found["comments"]}).read()


def _text(source: Source) -> str:
    if len(source.data) > LARGEST:
        raise _unreadable([Problem(source.name, f"is larger than {LARGEST} bytes")])
    data = bytes(source.data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable([Problem(f"{source.name} line {line}", f"is not UTF-8 (byte 0x{data[error.start]:02x})")]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _problem(name: str, text: str) -> Problem:
    place = _PLACE.match(text.removeprefix("Parser errors:\n"))
    if not place:
        return Problem(name, text)
    unexpected = _EXPECTED.fullmatch(place[3])
    return Problem(f"{name} line {place[1]}", f"{unexpected[1]!r} is not Gherkin here" if unexpected else place[3])


def _unreadable(problems: Sequence[Problem]) -> UnreadableReport:
    return UnreadableReport("; ".join(f"{p.path}: {p.problem}" for p in problems), problems)


class _Level(Struct, frozen=True):
    """What a scenario has of its feature and rule."""

    tags: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


class _Reader:
    """Reads the parser's tree with the text that it was made of."""

    def __init__(self, path: str, text: str, feature: Any, comments: dict[int, str]) -> None:  # noqa: ANN401  (the parser's dicts)
        """Take the tree, and the comments by line."""
        self._path, self._feature, self._comments = path, feature, comments
        self._lines = text.split("\n")
        self._scenarios: list[Scenario] = []

    def read(self) -> Feature:
        """The feature."""
        self._children(self._feature["children"], _Level(_tags(self._feature)))
        return Feature(self._path, _one_line(self._feature["name"]), tuple(self._scenarios))

    def _children(self, children: Sequence[Any], level: _Level) -> None:
        for child in children:
            if "background" in child:
                level = _Level(level.tags, (*level.conditions, *self._background(child["background"])))
            elif "rule" in child:
                self._children(child["rule"]["children"], _Level((*_tags(child["rule"]), *level.tags), level.conditions))
            else:
                self._scenarios.append(self._scenario(child["scenario"], level))

    def _scenario(self, scenario: Any, level: _Level) -> Scenario:  # noqa: ANN401
        first = scenario["location"]["line"]
        outline = bool(scenario["examples"])
        text = self._body(first + 1, self._end(scenario))
        return Scenario(_one_line(scenario["name"]), first, text, outline, _tags(scenario), level.tags, level.conditions)

    def _background(self, background: Any) -> list[Condition]:  # noqa: ANN401
        """The parts of a background: each begins at a comment with a Precondition's key."""
        start, end = background["location"]["line"] + 1, self._end(background)
        keyed = [(n, named[1]) for n, c in self._comments.items() if start <= n <= end and (named := _PRECONDITION.fullmatch(c))]
        bounds = [(start - 1, ""), *keyed, (end + 1, "")]
        name = _one_line(background["name"]) or f"Background of {_one_line(self._feature['name']) or self._path}"
        parts = ((key, self._body(at + 1, upto - 1)) for (at, key), (upto, _) in itertools.pairwise(bounds))
        return [Condition(key, name[:255], text) for key, text in parts if text or key]

    def _body(self, first: int, last: int) -> str:
        """The text of these lines; one that isn't English begins with its language."""
        text = canonical("\n".join(self._lines[first - 1 : last]))
        language = self._feature["language"]
        return text if language == "en" or not text else f"# language: {language}\n{text}"

    def _end(self, part: Any) -> int:  # noqa: ANN401
        """The last line of a scenario or background."""
        last = max(part["location"]["line"] + len(part["description"].splitlines()), *(self._step_end(s) for s in part["steps"]), 0)
        for examples in part.get("examples", ()):
            rows = [examples.get("tableHeader"), *examples.get("tableBody", ())]
            last = max(last, examples["location"]["line"], *(row["location"]["line"] for row in rows if row))
        return int(last)

    def _step_end(self, step: Any) -> int:  # noqa: ANN401
        if "dataTable" in step:
            return max(int(row["location"]["line"]) for row in step["dataTable"]["rows"])
        if "docString" in step:
            at = int(step["docString"]["location"]["line"])
            closing = (
                n for n in range(at + 1, len(self._lines) + 1) if self._lines[n - 1].strip().startswith(step["docString"]["delimiter"])
            )
            return next(closing, at)
        return int(step["location"]["line"])


def _tags(part: Any) -> tuple[str, ...]:  # noqa: ANN401
    return tuple(dict.fromkeys(tag["name"].removeprefix("@") for tag in part["tags"]))


def _one_line(text: str) -> str:
    return " ".join(text.split())
