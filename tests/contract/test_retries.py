# SPDX-License-Identifier: Apache-2.0
"""The same request twice is one import: with a key, and when the answer could not be delivered."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import IMPORT, generic, key_of

from radiograph.actions import deliveries
from radiograph.actions.deliveries import Delivery, Sent, keep_lost, once
from radiograph.actions.importing import Delivered, Received, import_delivered
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Refused
from radiograph.domain.outcome import ImportOptions, Outcome
from radiograph.formats.reading import Source
from radiograph.store import accounts
from radiograph.store import deliveries as store

if TYPE_CHECKING:
    import httpx2
    from sqlalchemy import Connection
    from tests.contract.door import Door

    from radiograph.actions.deliveries import Keep
    from radiograph.actions.services import Services

BODY = {"info": {"project": "DEMO"}, "tests": [generic(1)]}


def send(door: Door, key: str, body: Any = None, **query: str) -> httpx2.Response:
    return door.http.post(IMPORT, json=body or BODY, params=query, headers={"Idempotency-Key": key})


def test_the_same_key_and_body_answer_as_the_first_time(door: Door) -> None:
    first, second = send(door, "one"), send(door, "one")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")
    assert door.executions() == 1


def test_another_key_is_another_import(door: Door) -> None:
    assert key_of(send(door, "one").json()) != key_of(send(door, "two").json())


@pytest.mark.parametrize("other", [{"body": BODY | {"tests": [generic(2)]}}, {"revision": "7"}])
def test_the_same_key_with_another_request_is_a_conflict(door: Door, other: dict[str, Any]) -> None:
    send(door, "one")
    answer = send(door, "one", **other)
    assert answer.status_code == 409
    assert "Idempotency-Key one was used for another request" in answer.json()["error"]
    assert door.executions() == 1


def test_after_a_failed_import_the_key_is_free(door: Door) -> None:
    assert send(door, "one", {"tests": []}).status_code == 400
    assert send(door, "one").status_code == 200


def test_a_dry_run_uses_no_key(door: Door) -> None:
    assert send(door, "one", dryRun="true").json()["dryRun"] is True
    assert "dryRun" not in send(door, "one").json()


def test_requests_at_the_same_moment_are_one_import(door: Door) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: send(door, "one"), range(6)))
    assert {a.content for a in answers} == {answers[0].content}
    assert sorted("idempotent-replayed" in a.headers for a in answers) == [False] + [True] * 5
    assert door.executions() == 1


def test_without_a_key_a_delivered_answer_is_never_guessed(door: Door) -> None:
    assert key_of(door.send(BODY).json()) != key_of(door.send(BODY).json())


# --- one step below HTTP: answers that got lost, and servers with turns of their own --------------
def importing(services: Services, execution: str = "") -> Any:
    """What a server does for one request."""
    body = json.dumps(BODY | ({"testExecutionKey": execution} if execution else {})).encode()
    with services.db.read() as conn:
        account = accounts.find_account(conn, "admin")
        assert account is not None
        caller = accounts.caller(conn, account)

    def work(keep: Keep) -> bytes:
        def finish(conn: Connection, outcome: Outcome) -> None:
            keep(conn, answer(outcome))

        received = Received(len(body), "x", finish)
        return answer(import_delivered(services, caller, Delivered([Source("", memoryview(body))]), ImportOptions(), received))

    return work


def answer(outcome: Outcome) -> bytes:
    return json.dumps({"key": outcome.execution.key, "infoMessages": []}, separators=(",", ":")).encode()


def test_a_lost_answer_is_given_to_who_asks_again_within_an_hour_and_says_so(services: Services) -> None:
    delivery = Delivery(1, "", "print")
    first = once(services, delivery, importing(services))
    keep_lost(services, delivery, first)
    again = once(services, delivery, importing(services))
    assert (first.replayed, again.replayed) == (False, True)
    told = json.loads(again.answer)
    assert (told["key"], len(told["infoMessages"])) == (json.loads(first.answer)["key"], 1)
    assert "sent before but not delivered" in told["infoMessages"][0]
    assert not once(services, delivery, importing(services)).replayed  # that answer was delivered


def test_an_answer_that_is_lost_twice_is_kept_twice(services: Services) -> None:
    delivery = Delivery(1, "", "print")
    keep_lost(services, delivery, once(services, delivery, importing(services)))
    second = once(services, delivery, importing(services))
    keep_lost(services, delivery, second)
    assert once(services, delivery, importing(services)) == second


@pytest.mark.parametrize(("key", "age_ms"), [("", deliveries._HOUR_MS), ("k", deliveries._DAY_MS)])
def test_an_old_answer_is_forgotten(services: Services, key: str, age_ms: int) -> None:
    delivery = Delivery(1, key, "print")
    with services.db.write() as conn:
        store.put(conn, 1, delivery.name, ("print", "{}", None), now_ms() - age_ms - 1000)
    assert not once(services, delivery, importing(services)).replayed


def test_a_key_belongs_to_one_user(services: Services) -> None:
    assert not once(services, Delivery(1, "k", "print"), importing(services)).replayed
    assert not once(services, Delivery(2, "k", "other"), importing(services)).replayed
    with pytest.raises(Conflict):
        once(services, Delivery(1, "k", "other"), importing(services))


def test_a_failure_keeps_nothing(services: Services) -> None:
    with pytest.raises(Refused):
        once(services, Delivery(1, "k", "print"), importing(services, "DEMO-404"))
    assert not once(services, Delivery(1, "k", "print"), importing(services)).replayed


def test_servers_with_turns_of_their_own_make_one_import_of_one_key(services: Services, door: Door) -> None:
    """As on two machines: nobody waits for a turn, and only the database holds them together."""
    delivery = Delivery(1, "k", "print")
    with ThreadPoolExecutor(4) as threads:
        sent: list[Sent] = list(threads.map(lambda _: once(services, delivery, importing(services)), range(4)))
    assert len({s.answer for s in sent}) == 1
    assert door.executions() == 1
