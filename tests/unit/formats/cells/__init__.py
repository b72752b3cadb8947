# SPDX-License-Identifier: Apache-2.0
"""The table of formats and what is read of each; a module for each format holds its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.domain.report import Report

FEATURES = ("statuses", "keys", "requirements", "steps", "examples", "iterations", "evidence", "retries")


class Cell(Struct, frozen=True):
    """A small report of a real shape, and a function that asserts what must come of it."""

    document: bytes
    expect: Callable[[Report], None]


class Without(Struct, frozen=True):
    """Why a format has no such thing."""

    why: str


Cells = dict[str, Cell | Without]
