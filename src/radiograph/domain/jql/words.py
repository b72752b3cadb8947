# SPDX-License-Identifier: Apache-2.0
"""What `~` looks for: every word somewhere, a part in quotes as it stands, `*` and `?` between words as spaces."""

from __future__ import annotations

import re

MAX_WORDS = 50
"""Words of one condition: a database takes so many with room to spare."""
_WORD = re.compile(r'"([^"]+)"|([^\s*?"]+)')


def words(text: str) -> list[str]:
    """The words and phrases to look for."""
    return [word for m in _WORD.finditer(text) if (word := (m[1] or m[2]).strip())]
