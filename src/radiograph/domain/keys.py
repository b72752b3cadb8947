# SPDX-License-Identifier: Apache-2.0
"""Keys of projects and issues."""

from __future__ import annotations

import re

_KEY = re.compile(r"([A-Z][A-Z0-9_]{1,254})-([1-9][0-9]{0,17})")
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,63}")


def parse_issue_key(text: str) -> tuple[str, int] | None:
    """`DEMO-7` -> (`DEMO`, 7), lower case taken too; None when it is no issue key."""
    found = _KEY.fullmatch(text.strip().upper())
    return (found[1], int(found[2])) if found else None


def is_project_key(text: str) -> bool:
    """Whether the text can be a project key: 2 to 64 capitals, digits and `_`, a capital first."""
    return _PROJECT.fullmatch(text) is not None
