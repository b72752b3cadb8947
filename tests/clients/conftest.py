# SPDX-License-Identifier: Apache-2.0
"""A live server with the demonstration, for clients as they come from the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """`radiograph demo` as a process of its own."""
    live = LiveServer(tmp_path_factory.mktemp("clients") / "data", "demo")
    yield live
    live.stop()
