# SPDX-License-Identifier: Apache-2.0
"""The pages of a project, as the tabs that stand above each of them."""

from __future__ import annotations

from typing import NamedTuple


class Tab(NamedTuple):
    """A page of a project: its place below the project's address, and its word."""

    path: str
    word: str


TABS = (
    Tab("", "Overview"),
    Tab("/executions", "Executions"),
    Tab("/tests", "Tests"),
    Tab("/triage", "Triage"),
    Tab("/flaky", "Flaky"),
    Tab("/plans", "Plans"),
    Tab("/coverage", "Coverage"),
    Tab("/settings", "Settings"),
)
"""In the order in which they stand."""
