# SPDX-License-Identifier: Apache-2.0
"""Feature files as the import knows them, and what their tags say. Pure."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import cut
from radiograph.domain.issues import EXECUTION_TYPES, IssueType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TAG = re.compile(r"(TESTSET_|TEST_|REQ_|PRECOND_|)([A-Z][A-Z0-9_]*-[0-9]+)")
_PREFIXED = {"TEST_": IssueType.TEST, "TESTSET_": IssueType.TEST_SET, "PRECOND_": IssueType.PRECONDITION}
_LANGUAGE = re.compile(r"#\s*language\s*:\s*([A-Za-z-]+)\s*(?:\n|$)")
_HEADER = re.compile(r"\s*(Scenario Outline|Scenario Template|Scenario|Example|Background)\s*:.*", re.IGNORECASE)


class Condition(Struct, frozen=True):
    """A background, or the part of one below a comment with a Precondition's key ("" without one)."""

    key: str
    summary: str
    text: str


class Scenario(Struct, frozen=True):
    """A scenario or outline: `text` is its steps (and examples), `inherited` are the tags of its rule and feature."""

    name: str
    line: int
    text: str
    outline: bool
    tags: tuple[str, ...]
    inherited: tuple[str, ...]
    conditions: tuple[Condition, ...]


class Feature(Struct, frozen=True):
    """A feature file; `path` is its name in what was sent, with `/` and nothing that leads out."""

    path: str
    name: str
    scenarios: tuple[Scenario, ...]

    @property
    def label(self) -> str:
        """The path as a label, in which no white space can be."""
        return "_".join(self.path.split())

    @property
    def folder(self) -> str:
        """The folder of the path, such as `/shop/pay`."""
        return "/" + self.path.rpartition("/")[0]


class Head(Struct, frozen=True):
    """What an issue is that a tag names."""

    id: int
    project_id: int
    type: IssueType


class Meaning(Struct):
    """What the tags of a scenario say: Tests by key, ids of other issues, labels, and what was wrong with some."""

    tests: list[str] = []
    requirements: list[int] = []
    sets: list[int] = []
    conditions: list[int] = []
    labels: list[str] = []
    problems: list[str] = []


def canonical(text: str) -> str:
    """Gherkin with neither the white space around it nor that at the ends of lines: what is stored, and compared."""
    lines = [line.rstrip() for line in textwrap.dedent(text.replace("\r\n", "\n")).splitlines()]
    return textwrap.dedent("\n".join(lines)).strip("\n")


def language_of(text: str) -> tuple[str, str]:
    """The language that a text begins with (`# language: de`; "en" without one), and the rest of it."""
    found = _LANGUAGE.match(text)
    return (found[1], text[found.end() :]) if found else ("en", text)


def steps_of(text: str) -> str:
    """A scenario's or a background's text as a feature file has it below its first line, whether it was stored with that or not."""
    language, rest = language_of(canonical(text))
    lines = rest.splitlines()
    at = next((i for i, line in enumerate(lines) if line.strip() and not line.strip().startswith(("#", "@"))), 0)
    body = canonical("\n".join(lines[at + 1 :])) if lines and _HEADER.fullmatch(lines[at]) else rest
    return body if language == "en" else f"# language: {language}\n{body}"


def keys_in(features: Iterable[Feature]) -> list[str]:
    """Every key of an issue that the tags and comments of features may name."""
    found: dict[str, None] = {}
    for feature in features:
        for scenario in feature.scenarios:
            for tag in (*scenario.tags, *scenario.inherited):
                named = _TAG.fullmatch(tag)
                found |= {named[2]: None, tag: None} if named else {}
            found |= dict.fromkeys(c.key for c in scenario.conditions if c.key)
    return list(found)


def meaning(scenario: Scenario, heads: Mapping[str, Head]) -> Meaning:
    """What a scenario's tags say; a Test is named by its own tags only, everything else by those of its feature too."""
    said = Meaning()
    for tag in dict.fromkeys((*scenario.tags, *scenario.inherited)):
        _read_tag(tag, heads, said, own=tag in scenario.tags)
    return said


def _read_tag(tag: str, heads: Mapping[str, Head], said: Meaning, *, own: bool) -> None:
    named = _TAG.fullmatch(tag)
    prefix, key = (named[1], named[2]) if named and tag not in heads else ("", tag)
    head = heads.get(key)
    if prefix and (head is None or not _fits(prefix, head.type)):
        kind = _PREFIXED[prefix].label if prefix in _PREFIXED else "requirement"
        said.problems.append(f"@{cut(tag)}: there is no {kind} {cut(key)}")
    elif head is None:
        said.labels.append(tag)
    elif head.type is IssueType.TEST:
        said.tests += [key] if own else []
    else:
        _other(head, said)


def _fits(prefix: str, kind: IssueType) -> bool:
    return kind is _PREFIXED[prefix] if prefix in _PREFIXED else _is_plain(kind)


def _is_plain(kind: IssueType) -> bool:
    return kind not in {IssueType.TEST, IssueType.TEST_SET, IssueType.TEST_PLAN, IssueType.PRECONDITION, *EXECUTION_TYPES}


def _other(head: Head, said: Meaning) -> None:
    """A Test Execution or Plan, which exports put above a feature, says nothing of its Tests."""
    if head.type is IssueType.TEST_SET:
        said.sets.append(head.id)
    elif head.type is IssueType.PRECONDITION:
        said.conditions.append(head.id)
    elif _is_plain(head.type):
        said.requirements.append(head.id)


class Candidate(Struct, frozen=True):
    """A Cucumber Test that a scenario could be; `renamed` means that the summary is one that it had before."""

    id: int
    summary: str
    labels: tuple[str, ...]
    renamed: bool = False


class Matcher:
    """Finds the Tests of scenarios without a key (Xray docs, Importing Cucumber Tests - REST); each Test is one scenario's."""

    def __init__(self, candidates: Sequence[Candidate], paths: Iterable[str], taken: Iterable[int]) -> None:
        """Take the Tests in the order in which they are preferred, the labels of this import's files, and Tests named by key."""
        self._taken, self._paths = set(taken), set(paths)
        self.renamed: set[int] = set()
        self._by: dict[tuple[str, ...], list[Candidate]] = {}
        for test in candidates:
            self._by.setdefault(("summary", test.summary), []).append(test)
            for path in (label for label in test.labels if label in self._paths):
                self._by.setdefault(("path", path, test.summary), []).append(test)
                for label in (label for label in test.labels if label.startswith("id:")):
                    self._by.setdefault(("id", path, label), []).append(test)

    def find(self, path: str, name: str, labels: Iterable[str]) -> int | None:
        """The Test by the file's label and the scenario's `id:...`; by the label and the name; by the name alone."""
        places = [("id", path, label) for label in labels if label.startswith("id:")]
        for place in (*places, ("path", path, name)):
            found = self._free(self._by.get(place, ()))
            if found is not None:
                return found
        by_name = [t for t in self._by.get(("summary", name), ()) if not self._paths.intersection(t.labels)]
        return self._free(sorted(by_name, key=lambda t: any(label.endswith(".feature") for label in t.labels)))

    def _free(self, found: Iterable[Candidate]) -> int | None:
        free = next((test for test in found if test.id not in self._taken), None)
        if free is None:
            return None
        self._taken.add(free.id)
        if free.renamed:
            self.renamed.add(free.id)
        return free.id
