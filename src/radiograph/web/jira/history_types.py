# SPDX-License-Identifier: Apache-2.0
"""The history and the transitions of issues in the JSON of Jira's REST API v2; members that are UNSET are left out."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType
from msgspec import field as field_

from radiograph.web.jira.instance_types import Person, WorkflowStatus  # noqa: TC001  (msgspec reads the annotations)


class ChangedField(Struct, kw_only=True):
    """One field that was changed, with its texts before and after."""

    field: str
    fieldtype: str
    from_: str | None = field_(default=None, name="from")
    from_string: str | None = field_(name="fromString")
    to: str | None = None
    to_string: str | None = field_(name="toString")


class HistoryEntry(Struct, kw_only=True):
    """What a person changed in one go."""

    id: str
    author: Person | None
    created: str
    items: list[ChangedField]


class Changelog(Struct, rename="camel"):
    """The history of an issue, oldest first."""

    start_at: int
    max_results: int
    total: int
    histories: list[HistoryEntry]


class TransitionOut(Struct, rename="camel"):
    """A transition that an issue can take."""

    id: str
    name: str
    to: WorkflowStatus
    has_screen: bool = False
    is_global: bool = True
    is_initial: bool = False
    is_conditional: bool = False
    fields: dict[str, Any] | UnsetType = UNSET


class Transitions(Struct):
    """The transitions that an issue can take."""

    expand: str
    transitions: list[TransitionOut]
