# SPDX-License-Identifier: Apache-2.0
"""Cucumber's JSON and Behave's as they are written: one shape, in which each tool leaves out and adds members.

What is one text, number or list in one tool and another thing in the next is `Any`, and read by the functions below;
files stay the JSON tokens that they were written as.
"""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct

_DIGITS = 10
"""A line number has fewer."""


class WireOutcome(Struct, gc=False):
    """`result` of a step or hook; `duration` in nanoseconds (Cucumber) or seconds (Behave)."""

    status: Any = None
    duration: Any = None
    error_message: Any = None
    comment: Any = None


class WireEmbedding(Struct, gc=False):
    """A file; cucumber-js before 7 wrote `media` for `mime_type`."""

    data: Raw = Raw()
    mime_type: Any = None
    media: Any = None
    name: Any = None


class WireHook(Struct, gc=False):
    """What ran before or after a scenario or a step."""

    result: WireOutcome | None = None
    match: Any = None
    embeddings: list[WireEmbedding] | None = None
    output: Any = None


class WireStep(Struct, gc=False):
    """A step. A hook of cucumber-js is one that is `hidden`.

    Tables are `rows` (JVM, Ruby, Go), `table` (Behave) or in `arguments` (JavaScript), texts `doc_string`, `text` or there.
    """

    keyword: Any = None
    name: Any = None
    line: Any = None
    location: Any = None
    hidden: Any = None
    result: WireOutcome | None = None
    match: Any = None
    rows: Any = None
    doc_string: Any = None
    arguments: Any = None
    table: Any = None
    text: Any = None
    embeddings: list[WireEmbedding] | None = None
    output: Any = None
    before: list[WireHook] | None = None
    after: list[WireHook] | None = None


class WireElement(Struct, gc=False):
    """A scenario, a row of a scenario outline, or a background."""

    id: Any = None
    keyword: Any = None
    name: Any = None
    type: Any = None
    line: Any = None
    location: Any = None
    status: Any = None
    tags: Any = None
    start_timestamp: Any = None
    steps: list[WireStep] | None = None
    before: list[WireHook] | None = None
    after: list[WireHook] | None = None


class WireFeature(Struct, gc=False):
    """A feature; its elements are decoded one at a time."""

    uri: Any = None
    name: Any = None
    location: Any = None
    status: Any = None
    tags: Any = None
    elements: list[Raw] | None = None


def text_of(value: Any) -> str:  # noqa: ANN401  (any JSON)
    """A text: a list is its lines, null is none."""
    if type(value) is str:
        return value
    if isinstance(value, list):
        return "\n".join(map(text_of, value))
    return "" if value is None or isinstance(value, dict) else str(value)


def tags_of(value: Any) -> list[str]:  # noqa: ANN401  (any JSON)
    """The names of tags without `@`, which Cucumber writes as objects and Behave as texts."""
    listed = value if isinstance(value, list) else []
    names = (text_of(tag.get("name") if isinstance(tag, dict) else tag).strip().removeprefix("@") for tag in listed)
    return list(dict.fromkeys(name for name in names if name))


def line_of(part: WireStep | WireElement) -> int:
    """The line in the feature file where a step or scenario stands; 0 when it isn't told."""
    if type(part.line) is int:
        return part.line
    written = part.line if part.line is not None else text_of(part.location).rpartition(":")[2]
    return int(written) if isinstance(written, str) and written.isascii() and written.isdigit() and len(written) < _DIGITS else 0
