# SPDX-License-Identifier: Apache-2.0
"""Names that one object has twice. JSON allows it, and readers take the last without a word (RFC 8259, section 4).

At the root that would lose a list of results or mistake where they go, so the report is refused; of a
result the last value counts, as it does for the vendor, and a warning says so.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.formats.escapes import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ROOT = ("tests", "info", "testExecutionKey")
_DISTINCT = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_COLON, _SPACED = b'":', b'" :'
_SHORT = 16 * 1024
"""A longer result has evidence: one pass over it is enough, without a copy. In bytes."""


def check_root(view: memoryview, results: Sequence[msgspec.Raw]) -> None:
    """Raise UnreadableReport when a name of the root that matters is there twice."""
    outside = len(view) - sum(memoryview(raw).nbytes for raw in results)
    # What isn't inside a result is before the first and after the last, so that evidence isn't searched.
    ends = bytes(view[:outside]) + bytes(view[max(outside, len(view) - outside) :])
    if all(ends.count(b'"%b"' % name.encode()) <= 1 for name in _ROOT):
        return
    for name in _twice(MEMBERS.decode(view)):
        if name in _ROOT:
            text = f"{name} is there twice; merge them into one"
            raise UnreadableReport(f"The report can't be read: {text}.", [Problem(f"$.{name}", text)])


def repeated_names(result: msgspec.Raw) -> list[str]:
    """The names that a result has twice."""
    if memoryview(result).nbytes <= _SHORT:
        # Quick counts tell nearly every plain result from those that need a look at each name.
        text = bytes(result)
        if text.count(_COLON) == len(_DISTINCT(result)) and _SPACED not in text:
            return []
    return _twice(MEMBERS.decode(result))


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(map(str.__str__, names)).items() if count > 1]
