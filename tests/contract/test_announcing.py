# SPDX-License-Identifier: Apache-2.0
"""Hooks are told what happened, once, by a real call, on both databases."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, key_of
from tests.receivers import receiver

from radiograph.actions import sharing
from radiograph.actions.announcing import announce, deliver
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Refused
from radiograph.domain.people import Caller, Role
from radiograph.insight import notices
from radiograph.store import outgoing, project_settings
from radiograph.store import tables as t
from radiograph.web.mails import of_notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.door import Door
    from tests.receivers import Receiver

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)
DEMO, ALL = 10402, ["new.failure", "execution.finished", "plan.done", "import.refused"]


@pytest.fixture
def there() -> Iterator[Receiver]:
    """Who takes calls."""
    with receiver() as made:
        yield made


@pytest.fixture
def open_services(services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The instance as one that may call this machine; nothing waits for more imports, and nobody else tells."""
    monkeypatch.setattr(notices, "QUIET_MS", -1000)
    monkeypatch.setattr("radiograph.web.upkeep.TELL_S", 3600)
    return dataclasses.replace(services, settings=dataclasses.replace(services.settings, hooks_private=True))


def hook(services: Services, url: str, events: list[str] = ALL, shape: str = "json") -> outgoing.Hook:
    return sharing.add_hook(services, CALLER, "DEMO", sharing.NewHook("Chat", url, shape, events, "s3cret"), "http://r.example")


def told(services: Services, there: Receiver) -> list[tuple[str, str]]:
    """The events and texts of the calls that were made since the last time."""
    announce(services, of_notice)
    deliver(services)
    found = [(c[1]["x-radiograph-event"], json.loads(c[2]).get("text", "")) for c in there.calls]
    there.calls.clear()
    return found


def night(door: Door, statuses: str, execution: str = "", **more: Any) -> str:
    words = {"F": "FAIL", "P": "PASS", "E": "EXECUTING"}
    info = None if execution else {"project": "DEMO", "testEnvironments": ["iOS"]} | more
    return key_of(door.load(*(generic(i, words[s]) for i, s in enumerate(statuses) if s != "."), info=info, execution=execution))


def test_what_was_before_the_hook_is_not_told_and_what_comes_is_told_once(open_services: Services, door: Door, there: Receiver) -> None:
    night(door, "FP")
    hook(open_services, there.url)
    assert told(open_services, there) == []
    key = night(door, "FF")
    assert told(open_services, there) == [
        ("new.failure", f"1 new failure in {key} on iOS"), ("execution.finished", f"{key} on iOS: 0 of 2 did not fail"),
    ]  # fmt: skip
    assert told(open_services, there) == []


def test_a_call_is_signed_with_its_time_and_carries_links(open_services: Services, door: Door, there: Receiver) -> None:
    hook(open_services, f"{there.url}/hook?x=1", ["new.failure"])
    night(door, "F")
    announce(open_services, of_notice)
    deliver(open_services)
    path, headers, body = there.calls[0]
    at, _, digest = headers["x-radiograph-signature"].partition(",v1=")
    assert path == "/hook?x=1"
    assert hmac.new(b"s3cret", f"{at.removeprefix('t=')}.".encode() + body, hashlib.sha256).hexdigest() == digest
    assert json.loads(body)["items"][0]["url"].startswith("http://r.example/runs/")


def test_results_of_a_pipeline_that_come_in_parts_are_one_event_and_unfinished_ones_wait(
    open_services: Services, door: Door, there: Receiver
) -> None:
    hook(open_services, there.url, ["execution.finished"])
    key = night(door, "PE")
    assert told(open_services, there) == []
    night(door, ".P", key)
    night(door, "..P", key)
    assert told(open_services, there) == [("execution.finished", f"{key} on iOS: no failure in 3 runs")]


def test_a_plan_is_done_once_and_again_after_it_was_not(open_services: Services, door: Door, there: Receiver) -> None:
    hook(open_services, there.url, ["plan.done"])
    plan = door.make("Test Plan")
    first = night(door, "PE", testPlanKey=plan)
    assert told(open_services, there) == []
    night(door, ".F", first)
    assert [e for e, _ in told(open_services, there)] == ["plan.done"]
    night(door, "PF", testPlanKey=plan)
    assert told(open_services, there) == []
    again = night(door, "E", testPlanKey=plan)
    assert told(open_services, there) == []
    night(door, "P", again)
    assert [e for e, _ in told(open_services, there)] == ["plan.done"]


def test_refused_imports_are_told_to_the_project_that_they_name(open_services: Services, door: Door, there: Receiver) -> None:
    hook(open_services, there.url, ["import.refused"])
    assert door.send({"info": {"project": "DEMO"}, "tests": [{"testKey": "DEMO-999", "status": "PASS"}]}).status_code == 400
    assert door.send({"info": {"project": "NOPE"}, "tests": [generic(1)]}).status_code == 400
    door.load(generic(1), {"testKey": "DEMO-999", "status": "PASS"})
    texts = [text for _, text in told(open_services, there)]
    assert len(texts) == 2
    assert "An import was refused" in texts[0]
    assert "1 result for" in texts[1]


def test_a_call_that_fails_is_tried_again_later_and_given_up_in_the_end(open_services: Services, door: Door, there: Receiver) -> None:
    made = hook(open_services, there.url, ["execution.finished"])
    there.answers = [503, 500, 200]
    night(door, "P")
    announce(open_services, of_notice)
    for state, tries in (("waiting", 1), ("waiting", 2), ("sent", 3)):
        deliver(open_services)
        assert deliver(open_services) == 0, "not before it is due"
        with open_services.db.write() as conn:
            last = outgoing.last_of(conn, made.id, 1)[0]
            conn.execute(sa.update(t.outgoing).values(due_ms=1))
        assert (last.state, last.tries) == (state, tries)
    assert last.answer.startswith("200 thank you")
    there.answers = [500]
    night(door, "P")
    announce(open_services, of_notice)
    for _ in range(6):
        deliver(open_services)
        with open_services.db.write() as conn:
            conn.execute(sa.update(t.outgoing).values(due_ms=1))
    with open_services.db.read() as conn:
        assert outgoing.last_of(conn, made.id, 1)[0].state == "given up"
    assert deliver(open_services) == 0


def test_an_address_inside_is_refused_when_it_is_added_and_again_when_it_is_called(services: Services, there: Receiver) -> None:
    with pytest.raises(Refused, match="inside the network"):
        hook(services, there.url)
    opened = dataclasses.replace(services, settings=dataclasses.replace(services.settings, hooks_private=True))
    made = hook(opened, there.url)
    sharing.change_hook(services, CALLER, "DEMO", made.id, "test")
    deliver(services)
    with services.db.read() as conn:
        assert "inside the network" in outgoing.last_of(conn, made.id, 1)[0].answer
    assert there.calls == []


def test_a_hook_that_is_off_is_not_called_and_a_removed_one_leaves_nothing(open_services: Services, door: Door, there: Receiver) -> None:
    made = hook(open_services, there.url)
    sharing.change_hook(open_services, CALLER, "DEMO", made.id, "off")
    night(door, "F")
    assert told(open_services, there) == []
    sharing.change_hook(open_services, CALLER, "DEMO", made.id, "on")
    sharing.change_hook(open_services, CALLER, "DEMO", made.id, "test")
    assert [e for e, _ in told(open_services, there)] == ["test"]
    sharing.change_hook(open_services, CALLER, "DEMO", made.id, "remove")
    with open_services.db.read() as conn:
        assert (outgoing.hooks(conn, DEMO), outgoing.last_of(conn, made.id, 9)) == ([], [])


def test_two_processes_never_send_the_same_thing(open_services: Services, there: Receiver) -> None:
    made = hook(open_services, there.url)
    sharing.change_hook(open_services, CALLER, "DEMO", made.id, "test")
    with open_services.db.read() as conn:
        one = outgoing.last_of(conn, made.id, 1)[0]
    with open_services.db.write() as conn:
        assert outgoing.claim(conn, one, one.due_ms + 1000)
    with open_services.db.write() as conn:
        assert not outgoing.claim(conn, one, one.due_ms + 1000)


def test_only_administrators_of_the_project_change_what_goes_out_and_others_see_no_hooks(services: Services) -> None:
    lead, stranger = Caller(2, "lea", roles={DEMO: Role.LEAD}), Caller(3, "sam")
    new = sharing.NewHook("Chat", "https://1.1.1.1/", "json", ALL)
    with pytest.raises(Forbidden):
        sharing.add_hook(services, lead, "DEMO", new, "")
    with pytest.raises(NotFound):
        sharing.add_hook(services, stranger, "DEMO", new, "")
    with pytest.raises(Forbidden):
        sharing.renew_badges(services, lead, "DEMO", on=True)
    sharing.add_hook(services, CALLER, "DEMO", new, "http://r.example")
    sharing.renew_badges(services, CALLER, "DEMO", on=True)
    seen = sharing.sharing(services, lead, "DEMO")
    assert (seen.hooks, seen.badge_key, seen.administers) == ([], "", False)
    with pytest.raises(Refused, match="at least one"):
        sharing.add_hook(services, CALLER, "DEMO", sharing.NewHook("x", "https://1.1.1.1/", "json", []), "")


def test_two_processes_that_tell_at_once_tell_it_once(open_services: Services, door: Door, there: Receiver) -> None:
    hook(open_services, there.url)
    for _ in range(5):
        night(door, "F")
        with ThreadPoolExecutor(4) as pool:
            put = list(pool.map(lambda _: announce(open_services, of_notice), range(4)))
        assert (sorted(put)[:3], max(put) > 0) == ([0, 0, 0], True)


def test_the_link_of_new_failures_leads_to_those_that_the_page_marks(services: Services, door: Door) -> None:
    first, second = night(door, "FP"), night(door, "FF")
    with services.db.write() as conn:
        project_settings.put_setting(conn, DEMO, notices.MARK, "0")
        news = notices.news(conn, DEMO, "DEMO", "", now_ms() + 60_000)
    assert news is not None
    assert [n.url for n in news.notices if n.event == "new.failure"] == [f"/browse/{first}", f"/browse/{second}?new=1"]
