# SPDX-License-Identifier: Apache-2.0
"""A live server with the demonstration, for clients as they come from the registry."""

from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest
from atlassian import Xray
from tests.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[LiveServer]:
    """`radiograph demo` as a process of its own."""
    live = LiveServer(copytree(seeded, tmp_path_factory.mktemp("clients") / "data"), "demo")
    yield live
    live.stop()


@pytest.fixture(params=["1.0", "2.0"])
def xray(server: LiveServer, request: pytest.FixtureRequest) -> Xray:
    """atlassian-python-api's client for each version of Xray's API in turn."""
    return Xray(url=server.url, username="admin", password="admin", api_version=request.param)


@pytest.fixture
def v2(server: LiveServer) -> Xray:
    """atlassian-python-api's client for version 2.0."""
    return Xray(url=server.url, username="admin", password="admin", api_version="2.0")
