# SPDX-License-Identifier: Apache-2.0
"""A number that failures of one cause share."""

from __future__ import annotations

import hashlib
import re

_VARYING = re.compile(r"0x[0-9a-fA-F]+|[0-9a-fA-F]{8,}|\d+|\s+")
_LENGTH = 600


def fingerprint(trace: str) -> int | None:
    """A signed 64-bit number of a trace without its numbers, addresses and ids; None for an empty one."""
    if not trace:
        return None
    text = _VARYING.sub("~", trace[:_LENGTH])
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
