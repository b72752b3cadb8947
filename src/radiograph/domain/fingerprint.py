# SPDX-License-Identifier: Apache-2.0
"""A number that failures of one cause share."""

from __future__ import annotations

import hashlib
import re

_DIGITS = bytes.maketrans(b"0123456789", b"~" * 10)
_AFTER = re.compile(rb"~[~a-fA-Fx]*")
_BEFORE = re.compile(rb"[a-fA-F]+~")
_LENGTH = 600


def fingerprint(trace: str) -> int | None:
    """A signed 64-bit number of a trace without its numbers, addresses and ids; None for an empty one."""
    if not trace:
        return None
    # Bytes, and digits first: three times as fast as one expression, and an import does this for every failure.
    text = b" ".join(trace[:_LENGTH].encode("utf-8", "replace").translate(_DIGITS).split())
    digest = hashlib.blake2b(_BEFORE.sub(b"~", _AFTER.sub(b"~", text)), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0e-\x1f\x7f]")
_RANDOM = re.compile(
    r"\b(?:0x[0-9a-fA-F]{4,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,})\b"
)
_HEADLINE = 200


def headline(trace: str) -> str:
    """The first line of a trace that says something, without colours, addresses and ids: what failures of one cause are called."""
    for line in trace[:4000].splitlines():
        text = _RANDOM.sub("…", " ".join(_ESCAPE.sub("", line).split()))
        if text:
            return text if len(text) <= _HEADLINE else f"{text[: _HEADLINE - 1]}…"
    return ""
