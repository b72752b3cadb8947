# SPDX-License-Identifier: Apache-2.0
"""What the forms of pages send, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contract.door import generic, imported, key_of

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

ORIGIN = {"Origin": "http://testserver"}


def post(door: Door, path: str, **fields: str) -> httpx2.Response:
    return door.http.post(path, data=fields, headers=ORIGIN, follow_redirects=False)


def test_what_no_database_can_store_is_replaced_in_forms(door: Door) -> None:
    answer = post(door, "/projects/DEMO/create", type="Story", summary="A\0B", description="\0")
    assert answer.status_code == 303, answer.text
    assert door.fields(answer.headers["location"].rpartition("/")[2])["summary"] == "A\ufffdB"


def test_what_no_database_can_store_is_replaced_in_the_forms_of_manual_execution(door: Door) -> None:
    answer = door.load(generic(1, "TODO"))
    test, execution = imported(answer)[0], key_of(answer)
    path = f"/runs/{door.run(execution, test)['id']}/execute"
    sent = {"run-comment": "A\0B", "was-run-comment": ""}
    assert door.http.post(path, data=sent, headers=ORIGIN, follow_redirects=False).status_code == 303
    assert door.run(execution, test)["comment"] == "A\ufffdB"
    files = {name: (None, value.encode()) for name, value in {"run-comment": "C\0D", "was-run-comment": "A\ufffdB"}.items()}
    assert door.http.post(path, files=files, headers=ORIGIN, follow_redirects=False).status_code == 303
    assert door.run(execution, test)["comment"] == "C\ufffdD"
