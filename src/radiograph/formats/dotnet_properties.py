# SPDX-License-Identifier: Apache-2.0
"""What the properties, traits and categories of a .NET test say of its Test (docs/reference/formats/nunit.md).

Names are compared without case, `_`, `-` and spaces: `TestKey`, `test_key` and `Test Key` are one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.formats.reading import MAX_SUMMARY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from radiograph.domain.report import TestInfo, TestResult

_BETWEEN = re.compile(r"[,;\s]+")
_IN_NAMES = re.compile(r"[_\-\s]+")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[0-9]+")
_NAMED = 10
"""So many names are told that mean nothing here."""


class Stated(Struct):
    """What properties state; `other` are the names of those that mean nothing here.

    `given` are the fields of the Test that an existing one takes too. What a framework has for itself, such as
    categories, is for new Tests only: it must not replace what people made of a Test.
    """

    test_key: str = ""
    test_id: str = ""
    requirements: list[str] = []
    labels: list[str] = []
    summary: str = ""
    description: str = ""
    other: list[str] = []
    given: list[str] = []

    def add(self, name: str, value: str) -> None:
        """Take one property."""
        known = _KNOWN.get(_IN_NAMES.sub("", name).lower())
        value = value.strip()
        if known is None or (known is _possible_key and not _KEY.fullmatch(value)):
            self.other.append(name)
        elif value:
            known(self, value)

    def give(self, result: TestResult, info: TestInfo, around: Stated | None = None) -> None:
        """Give a result and its Test what is stated, and the requirements and labels of what is around the test."""
        result.test_key, result.test_id = self.test_key, self.test_id
        info.summary = self.summary or info.summary
        info.description = self.description or info.description
        requirements, labels, given = self.requirements, self.labels, self.given
        if around is not None:
            requirements, labels, given = [*around.requirements, *requirements], [*around.labels, *labels], [*around.given, *given]
        if requirements:
            info.requirement_keys = list(dict.fromkeys(requirements))
        if labels:
            info.labels = list(dict.fromkeys(labels))
        if given:
            info.given = tuple(dict.fromkeys(given))


def together(around: Iterable[Stated]) -> Stated:
    """What several suites state that holds for all tests in them: requirements and labels."""
    every = [*around]
    labels_are_given = any("labels" in s.given for s in every)
    return Stated(
        requirements=[key for s in every for key in s.requirements],
        labels=[label for s in every for label in s.labels],
        given=["labels"] if labels_are_given else [],
    )


def note_of(names: Iterable[str]) -> list[str]:
    """A note that names the properties that mean nothing here, if any."""
    once = [name for name in dict.fromkeys(names) if not name.startswith("_")]
    if not once:
        return []
    more = f" and {len(once) - _NAMED} more" if len(once) > _NAMED else ""
    return [f"Properties that mean nothing here were left out: {', '.join(once[:_NAMED])}{more}"]


def _test_key(stated: Stated, value: str) -> None:
    stated.test_key = value


def _possible_key(stated: Stated, value: str) -> None:
    """`test` is a usual name for other things as well, so what isn't a key is none."""
    stated.test_key = value


def _test_id(stated: Stated, value: str) -> None:
    stated.test_id = value


def _requirements(stated: Stated, value: str) -> None:
    stated.requirements = [*stated.requirements, *filter(None, _BETWEEN.split(value))]


def _labels(stated: Stated, value: str) -> None:
    stated.labels = [*stated.labels, *filter(None, _BETWEEN.split(value))]
    stated.given.append("labels")


def _category(stated: Stated, value: str) -> None:
    """One label, as a category is one; labels have no spaces."""
    stated.labels = [*stated.labels, "_".join(value.split())]


def _summary(stated: Stated, value: str) -> None:
    stated.summary = " ".join(value.split())[:MAX_SUMMARY]
    stated.given.append("summary")


def _test_description(stated: Stated, value: str) -> None:
    stated.description = value
    stated.given.append("description")


def _description(stated: Stated, value: str) -> None:
    stated.description = stated.description or value


_KNOWN: dict[str, Callable[[Stated, str], None]] = {
    "testkey": _test_key, "test": _possible_key, "testid": _test_id, "requirement": _requirements, "requirements": _requirements,
    "testsummary": _summary, "testdescription": _test_description, "description": _description, "label": _labels, "labels": _labels,
    "tag": _labels, "tags": _labels, "category": _category, "testcategory": _category,
}  # fmt: skip
