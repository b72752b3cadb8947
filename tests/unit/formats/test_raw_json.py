# SPDX-License-Identifier: Apache-2.0
"""Members of a JSON report, decoded one at a time."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Raw, Struct

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.formats.raw_json import RawJson

DEEP = b"[" * 100_000 + b"]" * 100_000


class Root(Struct):
    name: str = ""
    inner: Raw = Raw(b"")


def test_the_root_has_views_of_its_members() -> None:
    source = RawJson(b'{"name": "a", "inner": [1]}')
    assert (source.root(Root).name, bytes(source.root(Root).inner), source.notes) == ("a", b"[1]", [])


@pytest.mark.parametrize("body", [b'{"name": "\xe4"}', b'{"name": 5}', b'{"name"', b'{"inner": ' + DEEP + b"}"])
def test_a_root_that_cant_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableReport) as refused:
        RawJson(body).root(Root)
    assert refused.value.details[0].path.startswith("$")


@pytest.mark.parametrize(
    ("raw", "path"), [(b'{"name": "\xe4"}', "$.a"), (b'{"name": 5}', "$.a.name"), (b"5", "$.a"), (b'{"inner": ' + DEEP + b"}", "$")]
)
def test_a_member_that_cant_be_read_is_refused_with_its_path(raw: bytes, path: str) -> None:
    with pytest.raises(UnreadableReport) as refused:
        RawJson(b"{}").member(Raw(raw), Root, "$.a")
    assert refused.value.details[0].path == path


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"5", "is a number, but a result is an object"),
        (b"null", "is null, but a result is an object"),
        (b'"\xe4"', "is not valid UTF-8 (byte 0xe4 after '\"'); write the report in UTF-8"),
        (DEEP, "is nested too deeply to be a result"),
    ],
)
def test_a_result_that_is_no_object_is_told(raw: bytes, problem: str) -> None:
    found: Any = RawJson(b"{}").result(Raw(raw), "$.a")
    assert found == Problem("$.a", problem)
