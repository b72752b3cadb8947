# SPDX-License-Identifier: Apache-2.0
"""Links between issues, written straight into the store: Tests in sets, plans and behind Preconditions, and people with roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.store import import_reads
from radiograph.store import tables as t
from radiograph.store.preconditions import put_preconditions

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from radiograph.actions.services import Services
    from radiograph.domain.issues import TestType
    from radiograph.domain.people import Role

_TABLES = {"set": t.set_tests, "plan": t.plan_tests, "precondition": t.precondition_tests, "requirement": t.requirement_links}


def ids(services: Services, *keys: str) -> list[int]:
    """The ids of issues by their keys."""
    with services.db.read() as conn:
        heads = import_reads.issue_heads(conn, list(keys))
    return [heads[key][0] for key in keys]


def gather(services: Services, kind: str, holder: str, *tests: str) -> None:
    """Put Tests into a set, a plan, behind a Precondition, or let them cover a requirement."""
    owner, *held = ids(services, holder, *tests)
    with services.db.write() as conn:
        conn.execute(sa.insert(_TABLES[kind]), [{f"{kind}_id": owner, "test_id": test} for test in held])


def define(services: Services, precondition: str, kind: TestType, text: str) -> None:
    """Give a Precondition its type and definition."""
    (number,) = ids(services, precondition)
    with services.db.write() as conn:
        put_preconditions(conn, {number: (kind, text)})


def step_field(services: Services, number: int, name: str, kind: str = "Text", options: str = "[]") -> None:
    """Define a custom field of DEMO's steps."""
    with services.db.write() as conn:
        conn.execute(
            sa.insert(t.run_fields).values(id=number, project_id=10402, of="step", name=name, type=kind, options=options, rank=number)
        )


def signed_in_as(services: Services, http: TestClient, role: Role | None) -> dict[str, Any]:
    """What to send a request with to be a person of that role in DEMO."""
    put_user(services, "other", "other")
    add_token(services, "other", "t", "other-token")
    if role is not None:
        give_role(services, "other", 10402, role)
    http.cookies.clear()
    return {"auth": None, "headers": {"Authorization": "Bearer other-token"}}
