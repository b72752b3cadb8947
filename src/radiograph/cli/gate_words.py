# SPDX-License-Identifier: Apache-2.0
"""The answer of a gate, for people, for programs and for GitHub's annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOWN, _ANNOTATED, _LINE = 20, 10, 160
_WORDS = {"pass": "PASS", "fail": "FAIL", "unknown": "UNKNOWN"}
_WHY = {
    "baseline": "failed before", "main": "fails on the main branch", "defect": "known", "flaky": "flaky", "quarantined": "in quarantine",
}  # fmt: skip


class Failure(Struct, rename="camel"):
    """A failure as the server tells it."""

    test: str
    summary: str = ""
    link: str = ""
    message: str = ""
    why: str = "new"
    defects: list[str] = []
    done_defects: list[str] = []


class Execution(Struct):
    """An execution and its page."""

    key: str
    link: str = ""


class Counts(Struct):
    """Those of the numbers that are said."""

    runs: int = 0
    failed: int = 0
    new: int = 0
    executing: int = 0


class Answer(Struct, rename="camel"):
    """What the server says."""

    verdict: str
    reason: str
    execution: Execution
    link: str = ""
    counts: Counts = msgspec.field(default_factory=Counts)
    last_result_ms: int | None = None
    new_failures: list[Failure] = []
    not_counted: list[Failure] = []
    raw: bytes = b""
    """The whole answer as it came."""


def plain(text: str) -> str:
    """A text from a report on one line, without what a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)[:_LINE].strip()


def tell_text(answer: Answer) -> None:
    """The verdict and its reason first, then what broke, with links, then what wasn't counted."""
    click.echo(f"{_WORDS.get(answer.verdict, answer.verdict)}: {plain_reason(answer)}")
    if answer.new_failures:
        click.echo("\nNew failures:")
    for failure in answer.new_failures[:_SHOWN]:
        click.echo(f"  {failure.test}  {plain(failure.summary)}")
        done = f" [{', '.join(failure.done_defects)} is done]" if failure.done_defects else ""
        if failure.message or done:
            click.echo(f"      {plain(failure.message)}{done}")
        click.echo(f"      {failure.link}")
    more = answer.counts.new - min(len(answer.new_failures), _SHOWN)
    if more > 0:
        click.echo(f"  and {more:,} more")
    if answer.not_counted:
        click.echo("\nNot counted:")
    for failure in answer.not_counted[:_SHOWN]:
        known = f": {', '.join(failure.defects)}" if failure.why == "defect" else ""
        click.echo(f"  {failure.test}  {plain(failure.summary)} ({_WHY.get(failure.why, failure.why)}{known})")
    more = answer.counts.failed - answer.counts.new - min(len(answer.not_counted), _SHOWN)
    if more > 0:
        click.echo(f"  and {more:,} more")
    click.echo(f"\n{answer.link}")


def plain_reason(answer: Answer) -> str:
    """The reason, whole but printable."""
    return "".join(c if c.isprintable() else " " for c in answer.reason)


def tell_json(answer: Answer) -> None:
    """The server's answer, indented."""
    click.echo(msgspec.json.format(answer.raw).decode())


def tell_github(answer: Answer) -> None:
    """An annotation for each new failure, ten at most (as many as GitHub shows), then the text."""
    for failure in answer.new_failures[:_ANNOTATED]:
        title = f"{failure.test} {plain(failure.summary)}"
        click.echo(f"::error title={_property(title)}::{_data(plain(failure.message) or 'It failed')} {_data(failure.link)}")
    if answer.verdict == "fail":
        click.echo(f"::error title=Radiograph::{_data(plain_reason(answer))} {_data(answer.link)}")
    elif answer.verdict != "pass":
        click.echo(f"::warning title=Radiograph::{_data(plain_reason(answer))} {_data(answer.link)}")
    tell_text(answer)


def _data(text: str) -> str:
    """A text as a workflow command holds it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[Answer], None]] = {"text": tell_text, "json": tell_json, "github": tell_github}
