# SPDX-License-Identifier: Apache-2.0
"""The workflow of issues and the types of links between them, as a new instance has them; an administrator can change them."""

from __future__ import annotations

from msgspec import Struct


class WorkflowStatus(Struct, frozen=True):
    """Where an issue can be; `category` is new, indeterminate or done (Jira's status categories)."""

    id: int
    name: str
    category: str


class Transition(Struct, frozen=True):
    """A way to the status `to_id`, from `from_id` only or (None) from anywhere."""

    id: int
    name: str
    to_id: int
    from_id: int | None = None


class LinkType(Struct, frozen=True):
    """A type of links: the source `outward` the target, such as `blocks`; the target `inward` the source."""

    id: int
    name: str
    inward: str
    outward: str


WORKFLOW_STATUSES = (
    WorkflowStatus(10000, "To Do", "new"),
    WorkflowStatus(3, "In Progress", "indeterminate"),
    WorkflowStatus(10001, "Done", "done"),
)
TRANSITIONS = (Transition(11, "To Do", 10000), Transition(21, "In Progress", 3), Transition(31, "Done", 10001))
LINK_TYPES = (
    LinkType(10000, "Blocks", "is blocked by", "blocks"),
    LinkType(10001, "Cloners", "is cloned by", "clones"),
    LinkType(10002, "Duplicate", "is duplicated by", "duplicates"),
    LinkType(10003, "Relates", "relates to", "relates to"),
    LinkType(10004, "Tests", "tested by", "tests"),
    LinkType(10005, "Defect", "created by", "created"),
)
TESTS_LINK = 10004
"""A Test *tests* a requirement: links of this type are coverage, in `requirement_links`."""
