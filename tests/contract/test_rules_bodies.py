# SPDX-License-Identifier: Apache-2.0
"""The rules of an import: bodies that can't be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.contract.door import IMPORT

if TYPE_CHECKING:
    from tests.contract.door import Door


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"tests": [\n  {"testKey" "DEMO-1"}]}', "line 2, column 14 (byte 25)"),
        (b'{"tests": [', "ends too early, at line 1, column 12"),
        (b"[]", "$: Expected `object`, got `array`"),
        ('{"tests": []}'.encode("utf-16"), "UTF-8"),
    ],
)
def test_a_body_that_is_no_json_is_refused_with_line_and_column(door: Door, body: bytes, reason: str) -> None:
    answer = door.http.post(IMPORT, content=body)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]
