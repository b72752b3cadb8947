# SPDX-License-Identifier: Apache-2.0
"""What the Tests of a requirement say of it."""

from __future__ import annotations

import pytest

from radiograph.domain.coverage import requirement_status


@pytest.mark.parametrize(
    ("tests", "status"),
    [
        ([], "UNCOVERED"), (["OK"], "OK"), (["OK", "OK"], "OK"), (["OK", "NOTRUN"], "NOTRUN"), (["NOTRUN", "UNKNOWN"], "UNKNOWN"),
        (["NOK", "UNKNOWN", "OK"], "NOK"),
    ],
)  # fmt: skip
def test_the_worst_of_its_tests_counts(tests: list[str], status: str) -> None:
    assert requirement_status(tests) == status
