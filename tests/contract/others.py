# SPDX-License-Identifier: Apache-2.0
"""The server as people with fewer rights see it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from starlette.testclient import TestClient
from tests.contract.door import Door

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.actions.services import Services
    from radiograph.domain.people import Role


@contextlib.contextmanager
def door_of(services: Services, name: str, role: Role | None, project_id: int = 10402) -> Iterator[Door]:
    """The door as a person with this role in a project (None: with no role in any) finds it."""
    put_user(services, name, name)
    if role is not None:
        give_role(services, name, project_id, role)
    token = add_token(services, name, "door")
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.headers["Authorization"] = f"Bearer {token}"
        yield Door(http)
