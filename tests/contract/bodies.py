# SPDX-License-Identifier: Apache-2.0
"""Bodies, good and odd, and what is said of those that are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.contract.door import IMPORT, generic

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from tests.contract.door import Door

GOOD = json.dumps(
    {"info": {"project": "DEMO"}, "tests": [generic(1), generic(2, "FAIL", comment="café ☕ \U0001f600")]}, ensure_ascii=False
).encode()
LONG = "".join(chr(0x4E00 + (i * 7919) % 20_000) for i in range(300_000))
"""900 kB that no database compresses well."""


def post(door: Door, body: bytes | Iterator[bytes], path: str = IMPORT, **headers: str) -> httpx2.Response:
    return door.http.post(path, content=body, headers={"Content-Type": "application/json"} | headers)


def refused(answer: httpx2.Response, status: int = 400) -> str:
    """The text of a refusal; it has a message, and where it says what is wrong, it says where."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    body = answer.json()
    assert body.keys() == {"error", "message", "details"}
    assert body["error"] == body["message"] != ""
    assert all(d["path"] and d["problem"] for d in body["details"])
    return str(body["error"])


def report(*tests: str, head: str = '"info":{"project":"DEMO"},') -> bytes:
    """A report with these results as they are written."""
    return ("{" + head + '"tests":[' + ",".join(tests) + "]}").encode("utf-8", "surrogatepass")


ONE = json.dumps(generic(1))
