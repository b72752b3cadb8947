# SPDX-License-Identifier: Apache-2.0
"""Keys and ids of projects and issues."""

from __future__ import annotations

import re

_KEY = re.compile(r"([A-Z][A-Z0-9_]{1,254})-([1-9][0-9]{0,17})")
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_ID = re.compile(r"[0-9]{1,18}")


def parse_id(text: str) -> int | None:
    """The number that a text of digits is; None when it is no number, or one that no id can be (beyond 18 digits)."""
    return int(text) if _ID.fullmatch(text) else None


def parse_issue_key(text: str) -> tuple[str, int] | None:
    """`DEMO-7` -> (`DEMO`, 7), lower case taken too; None when it is no issue key."""
    found = _KEY.fullmatch(text.strip().upper())
    return (found[1], int(found[2])) if found else None


def is_project_key(text: str) -> bool:
    """Whether the text can be a project key: 2 to 64 capitals, digits and `_`, a capital first."""
    return _PROJECT.fullmatch(text) is not None
