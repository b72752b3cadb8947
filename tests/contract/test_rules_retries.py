# SPDX-License-Identifier: Apache-2.0
"""The rules of an import: bodies that can't be read, and the same request again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.contract.door import IMPORT, Door, generic, key_of

if TYPE_CHECKING:
    import httpx2

REPORT = {"info": {"project": "DEMO"}, "tests": [generic(1)]}


def send(door: Door, report: object, key: str) -> httpx2.Response:
    return door.http.post(IMPORT, json=report, headers={"Idempotency-Key": key})


def test_the_same_key_and_request_get_the_first_answer(door: Door) -> None:
    first, second = send(door, REPORT, "build-1"), send(door, REPORT, "build-1")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert door.executions() == 1


def test_another_key_is_another_import(door: Door) -> None:
    assert key_of(send(door, REPORT, "build-1").json()) != key_of(send(door, REPORT, "build-2").json())


def test_the_same_key_with_another_request_is_a_conflict(door: Door) -> None:
    send(door, REPORT, "build-1")
    answer = send(door, REPORT | {"tests": [generic(2)]}, "build-1")
    assert answer.status_code == 409
    assert "build-1" in answer.json()["error"]
    assert door.executions() == 1


def test_a_refused_import_leaves_its_key_free(door: Door) -> None:
    assert send(door, {"tests": []}, "build-1").status_code == 400
    assert send(door, REPORT, "build-1").status_code == 200


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
