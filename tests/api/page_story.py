# SPDX-License-Identifier: Apache-2.0
"""The requests of the story (`tests/api/story.py`) for what the pages of projects and executions show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.api.story import Story


def ask_pages(story: Story) -> None:
    """Ask for the twins of the pages, in an instance that the story has filled."""
    story.ask("project-executions", "GET", "/api/projects/DEMO/executions", params={"version": "v1.3", "environment": "iOS"})
    story.ask("error-404-project-executions", "GET", "/api/projects/NOPE/executions")
    story.ask("file-data-lines", "GET", "/api/evidence/7", params={"q": "503"})
    story.ask("run-changes", "GET", "/api/runs/1/changes")
    story.ask("error-404-file-data", "GET", "/api/evidence/4711")
    story.ask("project-overview", "GET", "/api/projects/DEMO/overview")
    story.ask("find", "GET", "/api/find", params={"q": "pays"})
    story.ask("find-key", "GET", "/api/find", params={"q": "demo-4"})
