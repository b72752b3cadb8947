# SPDX-License-Identifier: Apache-2.0
"""What a failure is: new, or known for a reason, the one that says most first."""

from __future__ import annotations

import pytest

from radiograph.domain.judging import Known, Weighed, Why, why

TEST = {7}
ALL = Known(TEST, TEST, TEST, TEST)


@pytest.mark.parametrize(
    ("defects", "known", "weighed", "found"),
    [
        ((), Known(), Weighed(), Why.NEW),
        ((), Known({8}, {8}, {8}, {8}), Weighed(), Why.NEW),
        (("BUG-1",), ALL, Weighed(), Why.QUARANTINED),
        (("BUG-1",), ALL, Weighed(quarantine=False), Why.DEFECT),
        ((), ALL, Weighed(quarantine=False), Why.FLAKY),
        ((), ALL, Weighed(quarantine=False, flaky=False), Why.BASELINE),
        ((), Known(main=TEST), Weighed(), Why.MAIN),
        ((), Known(flaky=TEST), Weighed(flaky=False), Why.NEW),
        ((), Known(quarantined=TEST), Weighed(quarantine=False), Why.NEW),
    ],
)
def test_a_failure_has_the_first_reason_that_counts(defects: tuple[str, ...], known: Known, weighed: Weighed, found: Why) -> None:
    assert why(7, defects, known, weighed) is found
