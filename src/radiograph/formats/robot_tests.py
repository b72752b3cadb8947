# SPDX-License-Identifier: Apache-2.0
"""One test of a Robot Framework report as a result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.errors import Problem, shown
from radiograph.domain.report import RefusedResult, TestInfo, TestResult
from radiograph.formats.reading import check_count, derived_test, plain_file, seconds
from radiograph.formats.robot_steps import HTML, STATUSES, Log, files_in, plain_text, status_of, steps_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.formats.xml_events import Element

_RESERVED = "robot:"
"""Tags that begin so steer Robot Framework and say nothing of the test (its User Guide, section Reserved tags)."""
_MERGED = "re-executed and results merged."
_TRY = re.compile(r"""(?:<span class="(?:new|old)-status">)?(New|Old) status:(?:</span>)? <span class="?[\w ]+"?>([^<]*)</span>""")
_MESSAGE = re.compile(r"""\A(?:<br>)?\s*(?:<span class="(?:new|old)-message">)?(?:New|Old) message:(?:</span>)?\s*""")
_AFTER = re.compile(r"""(?:<br>|<hr>|\s)+\Z""")


class Times(Struct, frozen=True):
    """How times are read that have no offset: they are so many minutes east of UTC."""

    offset: int = 0

    def start_and_finish(self, status: Element, place: str, warnings: list[str]) -> tuple[Instant | None, Instant | None, float | None]:
        """The start and finish that a status tells, and its duration where it tells neither."""
        start = self.instant(status.get("starttime") or status.get("start"), place, warnings)
        finish = self.instant(status.get("endtime"), place, warnings)
        text = status.get("elapsed")
        elapsed = seconds(text)
        if text and elapsed is None:
            warnings.append(f"{place}: the duration {shown(text)} can't be read and was left out")
        if start is not None and finish is None and elapsed is not None:
            finish = Instant(start.ms + round(elapsed * 1000), start.offset)
        return start, finish, elapsed if start is None and finish is None else None

    def instant(self, text: str, place: str, warnings: list[str]) -> Instant | None:
        """A time such as `20240101 10:00:00.123` or `2024-01-01T10:00:00.123456`."""
        if text in {"", "N/A"}:
            return None
        found = parse_instant(text)
        if found is None:
            warnings.append(f"{place}: the time {shown(text)} can't be read and was left out")
        elif self.offset:
            return Instant(found.ms - self.offset * 60_000, self.offset)
        return found


def read_test(test: Element, suites: Sequence[str], at: tuple[int, str], times: Times, *, keep_output: bool) -> TestResult | RefusedResult:
    """The result of a test in these suites, `at` being its index and place."""
    index, place = at
    check_count(index + 1)
    name = test.get("name").strip()
    if not name:
        return RefusedResult(index, [Problem(place, "the test has no name, so it can't be told which Test it is")])
    log = Log(place, printed=[] if keep_output else None)
    result = TestResult(index, info=_info(test, suites, name), place=place, steps=steps_of(test, log), warnings=log.warnings)
    result.tags = [t for t in _tags(test) if not t.lower().startswith(_RESERVED)]
    _take_status(test, result, times, log)
    if log.printed:
        result.evidence = [plain_file("system-out.txt", "text/plain", "\n".join(log.printed).encode("utf-8", "replace"), place)]
    return result


def _info(test: Element, suites: Sequence[str], name: str) -> TestInfo:
    info = derived_test(".".join([*suites, name]), name)
    doc = test.find("doc")
    info.description = (doc.text.strip() if doc is not None else "") or None
    return info


def _tags(test: Element) -> list[str]:
    """The tags, which stood in a list of their own before Robot Framework 4."""
    around = test.find("tags") or test
    return [tag.text.strip() for tag in around.all("tag") if tag.text.strip()]


def _take_status(test: Element, result: TestResult, times: Times, log: Log) -> None:
    status, message = status_of(test)
    result.status = STATUSES.get(status, status)
    found = test.find("status")
    if found is not None:
        result.start, result.finish, result.elapsed = times.start_and_finish(found, result.place, result.warnings)
    if not message.startswith(HTML):
        result.comment = message
        return
    result.evidence = files_in(message, log)
    tries = [*_TRY.finditer(message)] if _MERGED in message else []
    if not tries:
        result.comment = plain_text(message)
        return
    for i, found_try in enumerate(tries):
        text = message[found_try.end() : tries[i + 1].start() if i + 1 < len(tries) else len(message)]
        _take_try(result, found_try, plain_text(HTML + _AFTER.sub("", _MESSAGE.sub("", text))))


def _take_try(result: TestResult, found: re.Match[str], comment: str) -> None:
    """Take one of the tries that `rebot --merge` put into a message: the new one first, then the old ones, the latest first."""
    if found[1] == "New":
        result.comment = comment
        return
    status = found[2].strip()
    tried = TestResult(result.index, status=STATUSES.get(status, status), comment=comment, place=result.place)
    result.attempts = [tried, *result.attempts]
