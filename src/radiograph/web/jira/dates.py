# SPDX-License-Identifier: Apache-2.0
"""Dates as Jira writes them."""

from __future__ import annotations

from radiograph.domain.clock import format_instant


def jira_date(ms: int, offset: int = 0) -> str:
    """Jira's way to write a date: `2014-08-30T11:47:35.000+0100`."""
    text = format_instant(ms, offset)
    head, zone = text[:-6], text[-6:].replace(":", "")
    return f"{head if '.' in head else head + '.000'}{zone}"
