# SPDX-License-Identifier: Apache-2.0
"""Files that a browser test leaves behind: requests, an answer, a coloured log; made up, and the same at every call."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

_PATHS = (
    ("GET", "/", "text/html", 8214), ("GET", "/static/shop.css", "text/css", 21840), ("GET", "/static/shop.js", "text/javascript", 118230),
    ("GET", "/api/basket", "application/json", 912), ("GET", "/img/3310.webp", "image/webp", 40210), ("POST", "/api/payments", "application/json", 121),
)  # fmt: skip
_REFUSED = "/api/payments"


def file(name: str, kind: str, data: bytes) -> dict[str, str]:
    """A file as Xray JSON has it."""
    return {"filename": name, "contentType": kind, "data": base64.b64encode(data).decode()}


def of_a_failed_payment(at: datetime) -> list[dict[str, str]]:
    """The network's archive, the answer that was refused, the worker's log in colour, and Playwright's trace."""
    return [
        file("network.har", "application/json", json.dumps(_archive(at)).encode()),
        file("response.json", "application/json", json.dumps(_answer(), indent=2).encode()),
        file("worker.log", "text/plain", _log().encode()),
        file("trace.zip", "application/zip", _trace()),
    ]


def _archive(at: datetime) -> dict[str, Any]:
    entries = []
    for number in range(24):
        method, path, kind, length = _PATHS[number % len(_PATHS)]
        status, reason = (503, "Service Unavailable") if path == _REFUSED and number > len(_PATHS) else (200, "OK")
        entries.append({
            "startedDateTime": (at + timedelta(milliseconds=180 * number)).isoformat(), "time": 12.4 + (number * 37) % 260,
            "request": {"method": method, "url": f"https://shop.test{path}"},
            "response": {"status": status, "statusText": reason, "content": {"size": length, "mimeType": kind}},
        })  # fmt: skip
    return {"log": {"version": "1.2", "creator": {"name": "shop", "version": "1"}, "entries": entries}}


def _answer() -> dict[str, Any]:
    tries = [{"at_ms": 400 * i, "upstream": f"pay-{i}.internal", "answered": False} for i in range(3)]
    return {
        "error": "upstream timed out",
        "request": {"id": "4f1c0d22", "amount": 39.9, "currency": "EUR", "card": "saved"},
        "tries": tries,
    }


def _log() -> str:
    lines = []
    for number in range(180):
        if number % 37 == 0:
            lines.append(f"\x1b[31mERROR\x1b[0m  pay-{number % 3}: \x1b[1mupstream timed out\x1b[0m after 1200 ms")
        elif number % 11 == 0:
            lines.append(f"\x1b[33mWARN\x1b[0m   queue is {number} long")
        else:
            lines.append(f"\x1b[2m{number:05d}\x1b[0m  \x1b[36mpayment\x1b[0m accepted")
    return "\n".join(lines) + "\n"


def _trace() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("trace.trace"), '{"type":"context-options","browserName":"chromium"}\n')
    return made.getvalue()
