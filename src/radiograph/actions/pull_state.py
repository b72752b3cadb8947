# SPDX-License-Identifier: Apache-2.0
"""One copying of a project from another server, as its phases see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.issues import CustomField  # noqa: TC001  (msgspec reads the annotations)
from radiograph.domain.people import Caller
from radiograph.domain.workflow import WorkflowStatus  # noqa: TC001
from radiograph.store import pulled

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services
    from radiograph.sources.xray_server import XraySource

OPERATOR = Caller(0, "operator", admin=True)
"""Whoever runs the command: nobody who is known here."""


class Words(Struct):
    """What words of the other server mean here."""

    meanings: dict[str, str]
    """By the id of a field there: what it means here, "" for what is copied otherwise."""
    own: dict[str, CustomField]
    """By the id of a field there: the instance's own field of the same name."""
    strange: dict[str, str]
    """By the id of a field there: its name, of those that aren't here."""
    statuses: list[WorkflowStatus]

    def status(self, name: str, category: str) -> str:
        """The status of that name, else the first of that category, else the first."""
        same = [s.name for s in self.statuses if s.name.lower() == name.strip().lower()]
        alike = [s.name for s in self.statuses if s.category == category]
        return [*same, *alike, self.statuses[0].name][0]


class Pull(Struct):
    """One copying: where from, where to, how far it is, and whom to tell."""

    services: Services
    source: XraySource
    state: pulled.PullState
    project_id: int
    words: Words
    say: Callable[[str], None]

    def save(self) -> None:
        """Note how far it is, when nothing else was written."""
        with self.services.db.write() as conn:
            pulled.put_state(conn, self.state)
