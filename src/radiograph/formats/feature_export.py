# SPDX-License-Identifier: Apache-2.0
"""Writes Cucumber Tests as feature files, with tags that tell the Tests again (Xray docs, Export Cucumber Tests - REST)."""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.features import language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HEADER = re.compile(r"\s*(Scenario Outline|Scenario Template|Scenario|Example)\s*:", re.IGNORECASE)
_BACKGROUND = re.compile(r"\s*Background\s*:.*\n?", re.IGNORECASE)
_TAG = re.compile(r"[^\s@#]+")
_DAY_ONE = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip: the same Tests give the same bytes."""


class Scenario(Struct):
    """A Cucumber Test; `text` is its Gherkin, with or without the line `Scenario:`, `tags` come after its own."""

    key: str
    summary: str
    text: str
    outline: bool
    tags: list[str]


class Feature(Struct):
    """Scenarios in one file; `background` are the keys and texts of their Preconditions."""

    key: str
    name: str
    tags: list[str]
    background: list[tuple[str, str]]
    scenarios: list[Scenario]
    language: str = "en"


def write_feature(feature: Feature) -> str:
    """The text of a feature file."""
    words = _Words() if feature.language == "en" else _words(feature.language)
    lines = [] if words.language == "en" else [f"# language: {words.language}"]
    lines += [_tags(feature.tags)] if feature.tags else []
    lines += [f"{words.feature}: {_one_line(feature.name)}", ""]
    if feature.background:
        lines.append(f"\t{words.background}:")
        for key, text in feature.background:
            lines += [f"\t\t#@PRECOND_{key}", *_indented(_BACKGROUND.sub("", language_of(text)[1], count=1), 2)]
        lines.append("")
    for scenario in feature.scenarios:
        lines += _scenario(scenario, words)
    return "\n".join(lines).rstrip() + "\n"


class _Words(Struct):
    """The words of a language that a file's parts begin with."""

    language: str = "en"
    feature: str = "Feature"
    background: str = "Background"
    scenario: str = "Scenario"
    outline: str = "Scenario Outline"


def _words(language: str) -> _Words:
    """Those of Gherkin's languages; English for an unknown one."""
    from gherkin.dialect import DIALECTS  # noqa: PLC0415  (it reads a file, which English needs not)

    found = DIALECTS.get(language)
    if found is None:
        return _Words()
    return _Words(language, *(found[name][0] for name in ("feature", "background", "scenario", "scenarioOutline")))


def _scenario(scenario: Scenario, words: _Words) -> Iterable[str]:
    before, body = _parted(language_of(scenario.text)[1])
    yield f"\t{_tags([f'TEST_{scenario.key}', *scenario.tags])}"
    yield from _indented("\n".join(before), 1)
    if body and _HEADER.match(body[0]):
        yield f"\t{body[0].strip()}"
        body = body[1:]
    else:
        yield f"\t{words.outline if scenario.outline else words.scenario}: {_one_line(scenario.summary)}"
    yield from _indented("\n".join(body), 2)
    yield ""


def _parted(text: str) -> tuple[list[str], list[str]]:
    """The tags and comments that a scenario begins with, where its `Scenario:` follows them, and the rest."""
    lines = text.splitlines()
    at = next((i for i, line in enumerate(lines) if line.strip() and not line.strip().startswith(("#", "@"))), 0)
    return (lines[:at], lines[at:]) if at < len(lines) and _HEADER.match(lines[at]) else ([], lines)


def _indented(text: str, depth: int) -> list[str]:
    plain = textwrap.dedent(text).strip("\n")
    return [f"{chr(9) * depth}{line.rstrip()}" if line.strip() else "" for line in plain.splitlines()]


def _tags(names: Sequence[str]) -> str:
    """Tags in one line; a name that can't be one is left out."""
    return " ".join(f"@{name}" for name in names if _TAG.fullmatch(name))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def zip_features(features: Sequence[Feature]) -> bytes:
    """A zip with a file for each feature."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, feature in enumerate(features, 1):
            archive.writestr(zipfile.ZipInfo(file_name(number, feature), _DAY_ONE), write_feature(feature), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def file_name(number: int, feature: Feature) -> str:
    """The name of a feature's file, such as `1_DEMO-2.feature`."""
    return f"{number}_{feature.key}.feature"
