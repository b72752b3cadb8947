# SPDX-License-Identifier: Apache-2.0
"""What a failure is to those who look: new, or one that is known for a reason. Pure."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Why(enum.IntEnum):
    """Why a failure isn't new; NEW is none of them. The number is the order in which they are shown."""

    NEW = 0
    QUARANTINED = 1
    DEFECT = 2
    FLAKY = 3
    MAIN = 4
    BASELINE = 5

    @property
    def word(self) -> str:
        """Its name in JSON: `new`."""
        return self.name.lower()


class Known(Struct, frozen=True):
    """What is known before an execution's failures are judged: sets of Tests."""

    quarantined: Collection[int] = ()
    flaky: Collection[int] = ()
    main: Collection[int] = ()
    baseline: Collection[int] = ()


class Weighed(Struct, frozen=True):
    """Which reasons count for nothing: a gate may count flaky failures, and those in quarantine."""

    flaky: bool = True
    quarantine: bool = True


def why(test_id: int, defects: Sequence[str], known: Known, weighed: Weighed) -> Why:
    """What a failure of that Test is; `defects` are those that it is known by and that aren't done."""
    if weighed.quarantine and test_id in known.quarantined:
        return Why.QUARANTINED
    if defects:
        return Why.DEFECT
    if weighed.flaky and test_id in known.flaky:
        return Why.FLAKY
    if test_id in known.baseline:
        return Why.BASELINE
    return Why.MAIN if test_id in known.main else Why.NEW
