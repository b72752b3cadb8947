# SPDX-License-Identifier: Apache-2.0
"""The requests of the story (`tests/api/story.py`) for what goes out of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.api.story import Story


def ask_sharing(story: Story) -> None:
    """Ask for what goes out of a project that has a hook."""
    url = "https://1.1.1.1/hooks/a-secret-part"  # never called: the hook is switched off at once
    story.client.post("/projects/DEMO/sharing", data={"name": "Chat", "url": url, "shape": "slack", "event": "new.failure"})
    story.client.post("/projects/DEMO/sharing/hooks/1", data={"what": "off"})
    story.ask("project-sharing", "GET", "/api/projects/DEMO/sharing")
    story.ask("error-404-project-sharing", "GET", "/api/projects/NOPE/sharing")
