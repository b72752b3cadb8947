# SPDX-License-Identifier: Apache-2.0
"""A run shows what the definition that it ran has beside the texts of its steps: files and fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa
from tests.contract.runs_door import Run, manual

from radiograph.actions.files import keep_files, plain_file
from radiograph.domain.clock import now_ms
from radiograph.store import tables as t
from radiograph.store.attachments import add_attachments

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services


def test_files_and_fields_of_the_definitions_steps_are_shown_with_the_runs_steps(door: Door, services: Services) -> None:
    run = Run(door, manual("TODO", iterations=[{"parameters": [{"name": "page", "value": "till"}], "status": "TODO"}]))
    file = plain_file("hint.txt", "text/plain", b"look here")
    keep_files(services, [file])
    with services.db.write() as conn:
        test = conn.execute(sa.select(t.tests.c.issue_id, t.tests.c.version_id)).one()
        (number,) = add_attachments(conn, (10402, test.issue_id), [file], 1, now_ms(), of_step=True)
        details = [{"id": 7, "attachments": [number], "fields": {"Hint": "see ${page}", "Where": ["Chrome", "Firefox"]}}, {"id": 8}]
        change = sa.update(t.test_versions).where(t.test_versions.c.id == test.version_id)
        conn.execute(change.values(step_details=json.dumps(details)))
    first, second = run.now["iterations"][0]["steps"]
    assert [a["fileName"] for a in first["attachments"]] == ["hint.txt"]
    assert door.http.get(first["attachments"][0]["fileURL"].removeprefix("http://testserver")).content == b"look here"
    assert list(first["fields"]) == ["Action", "Data", "Expected Result", "Hint", "Where"]
    assert first["fields"]["Hint"] == {"type": "Data", "value": "see till"}
    assert first["fields"]["Where"] == {"type": "Option", "value": [{"id": 1, "value": "Chrome"}, {"id": 2, "value": "Firefox"}]}
    assert (second["attachments"], list(second["fields"])) == ([], ["Action", "Data", "Expected Result"])
    old = run.ask("GET", "/step", v1=True).json()
    assert [a["fileName"] for a in old[0]["attachments"]] == ["hint.txt"]
