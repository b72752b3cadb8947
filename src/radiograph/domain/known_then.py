# SPDX-License-Identifier: Apache-2.0
"""What was known of a Test Run at an earlier time: by the results that had come, and what was changed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence


class Came(Struct, frozen=True):
    """A result of a run: when it came (UTC milliseconds), and the status that it had last, after all changes by hand."""

    at_ms: int
    status_id: int


class Changed(Struct, frozen=True):
    """A change of a run's status by hand."""

    at_ms: int
    before: int
    after: int


def status_then(results: Sequence[Came], changes: Sequence[Changed], at_ms: int) -> int | None:
    """The status id of a run at a time; None when it had none yet. Both are oldest first.

    A change by hand belongs to the result that was there when it was made, so that the change after the wanted time says
    what the status had been. A result that wasn't final is not kept when another one takes its place: of it, only the
    changes are known.
    """
    known = [i for i, r in enumerate(results) if r.at_ms <= at_ms]
    here = known[-1] if known else -1
    since = results[here].at_ms if known else None
    until = results[here + 1].at_ms if here + 1 < len(results) else None
    own = [c for c in changes if (since is None or c.at_ms >= since) and (until is None or c.at_ms < until)]
    done = [c for c in own if c.at_ms <= at_ms]
    if done:
        return done[-1].after
    later = [c for c in own if c.at_ms > at_ms]
    if later and known:
        return later[0].before
    return results[here].status_id if known else None
