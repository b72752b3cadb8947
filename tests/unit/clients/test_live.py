# SPDX-License-Identifier: Apache-2.0
"""The sender: what it does with each kind of answer, and that it never raises."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.clients import live
from radiograph.clients.live import Sender, result_of
from radiograph.clients.posting import Answer
from radiograph.clients.target import Target
from radiograph.clients.telling import keep, tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TARGET = Target(url="http://server", token="t", project="CALC", wait=5, branch="main", environments=("Linux",))
STORED = Answer(stored=True, key="CALC-1", page="http://server/browse/CALC-1")
AWAY = Answer("could not reach http://server", away=True)


class FakeDoor:
    """Answers as it is told, and `STORED` when it was told no more."""

    def __init__(self, *answers: Answer | Exception, first: Answer = STORED) -> None:
        self.answers, self.first = list(answers), first
        self.posts: list[tuple[dict[str, Any], dict[str, str], str]] = []

    def knock(self) -> Answer:
        return self.first

    def post(self, body: bytes, query: Mapping[str, str], key: str) -> Answer:
        self.posts.append((json.loads(body), dict(query), key))
        answer = self.answers.pop(0) if self.answers else STORED
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        pass

    def tests(self) -> list[list[str]]:
        """The Tests of each report."""
        return [[test["testKey"] for test in body["tests"]] for body, _, _ in self.posts]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BATCH_S", 0.2)
    monkeypatch.setattr(live, "_SHORTEST_PAUSE_S", 0.01)


def started(door: FakeDoor, target: Target = TARGET) -> Sender:
    sender = Sender(target, "a run", lambda _: door)  # type: ignore[arg-type, return-value]
    sender.start()
    return sender


def put(sender: Sender, *keys: str, status: str = "PASS") -> None:
    for key in keys:
        sender.put(result_of(key, {"testKey": key, "status": status}))


def test_the_first_batch_says_all_about_the_run_and_the_others_name_its_execution() -> None:
    door = FakeDoor()
    sender = started(door)
    put(sender, "A-1", "A-2")
    while not sender.sent.stored:
        time.sleep(0.01)
    put(sender, "A-3")
    sent = sender.close()
    (first, query, key), (second, later, other) = door.posts
    assert (sent.stored, sent.key, sent.unsent, sent.refused, sent.problem) == (3, "CALC-1", [], [], "")
    assert first["info"].items() >= {"project": "CALC", "summary": "a run", "testEnvironments": ["Linux"]}.items()
    assert "testExecutionKey" not in first
    assert query == {"branch": "main"}
    assert (second["testExecutionKey"], list(second["info"]), later) == ("CALC-1", ["finishDate"], {})
    assert key != other


def test_an_existing_execution_keeps_its_summary_and_project() -> None:
    door = FakeDoor()
    sender = started(door, Target(url="http://server", token="t", execution="CALC-7", revision="4f2a"))
    put(sender, "A-1")
    sender.close()
    assert door.posts[0][0]["testExecutionKey"] == "CALC-7"
    assert sorted(door.posts[0][0]["info"]) == ["finishDate", "revision"]


def test_two_results_of_one_test_never_share_a_report() -> None:
    door = FakeDoor()
    sender = started(door)
    put(sender, "A-1", "A-2", "A-1", "A-1")
    assert sender.close().stored == 4
    assert door.tests() == [["A-1", "A-2"], ["A-1"], ["A-1"]]


def test_a_batch_is_bounded_in_number_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BATCH", 3)
    monkeypatch.setattr(live, "BATCH_BYTES", 120)
    door = FakeDoor()
    sender = started(door)
    put(sender, *(f"A-{i}" for i in range(7)), status="P" * 20)
    sender.put(result_of("B-1", {"testKey": "B-1", "comment": "x" * 500}))
    assert sender.close().stored == 8
    assert max(map(len, door.tests())) == 2
    assert ["B-1"] in door.tests()


def test_while_the_server_is_away_the_same_request_is_made_again() -> None:
    door = FakeDoor(AWAY, Answer("answers 503", away=True, pause=0.05), AWAY)
    sender = started(door)
    put(sender, "A-1")
    sent = sender.close()
    assert (sent.stored, sent.problem) == (1, "")
    assert len({(json.dumps(body), key) for body, _, key in door.posts}) == 1
    assert len(door.posts) == 4


def test_results_that_are_refused_are_told_and_the_others_stored() -> None:
    door = FakeDoor(Answer(stored=True, key="CALC-1", page="p", errors={1: "no such Test"}), Answer("all bad"))
    sender = started(door)
    put(sender, "A-1", "A-2", "A-1")
    sent = sender.close()
    assert sent.stored == 1
    assert [(r.identity, reason) for r, reason in sent.refused] == [("A-2", "no such Test"), ("A-1", "all bad")]


def test_a_result_that_is_refused_is_sent_the_other_way_it_has() -> None:
    door = FakeDoor(Answer("A-1 is not a Test"))
    sender = started(door)
    sender.put(result_of("A-1", {"testKey": "A-1"}, result_of("own", {"testKey": "own"})))
    sent = sender.close()
    assert (sent.stored, sent.refused, door.tests()) == (1, [], [["A-1"], ["own"]])


def test_a_report_that_is_too_large_is_halved() -> None:
    too_large = Answer("413", too_large=True)
    door = FakeDoor(too_large, too_large, too_large)
    sender = started(door)
    put(sender, "A-1", "A-2", "A-3")
    sent = sender.close()
    assert door.tests() == [["A-1", "A-2", "A-3"], ["A-1"], ["A-2", "A-3"], ["A-2"], ["A-3"]]
    assert [r.identity for r, _ in sent.refused] == ["A-1"]
    assert sent.stored == 2


def test_a_server_that_crashes_at_a_report_again_and_again_does_not_hold_up_the_others() -> None:
    crash = Answer("answers 500", away=True, crashed=True)
    door = FakeDoor(crash, crash, crash)
    sender = started(door)
    put(sender, "A-1", "A-1")
    sent = sender.close()
    assert (sent.stored, [r.identity for r, _ in sent.refused]) == (1, ["A-1"])


@pytest.mark.parametrize("when", ["at the start", "later"])
def test_a_closed_door_is_not_knocked_at_again(when: str) -> None:
    closed = Answer("the token is wrong", closed=True)
    door = FakeDoor(first=closed) if when == "at the start" else FakeDoor(closed)
    sender = started(door)
    put(sender, "A-1", "A-1")
    sent = sender.close()
    assert (sent.stored, len(sent.unsent), sent.problem) == (0, 2, "the token is wrong")
    assert len(door.posts) == (when == "later")


def test_the_end_waits_for_a_bounded_time() -> None:
    door = FakeDoor(*[AWAY] * 10_000)
    sender = started(door, Target(url="http://server", token="t", wait=0.5))
    put(sender, "A-1", "A-2")
    began = time.monotonic()
    sent = sender.close()
    assert time.monotonic() - began < 5
    assert ([r.identity for r in sent.unsent], sent.problem) == (["A-1", "A-2"], AWAY.problem)


def test_a_mistake_while_sending_is_told_and_loses_nothing() -> None:
    sender = started(FakeDoor(ValueError("odd")))
    put(sender, "A-1")
    sent = sender.close()
    assert (len(sent.unsent), sent.problem) == (1, "sending failed: ValueError: odd")


def test_what_cant_be_sent_at_all_is_kept(tmp_path: Path) -> None:
    sender = Sender(Target(problem="there is no token"), "a run")
    assert sender.start() == "there is no token"
    put(sender, "A-1")
    good, bad = tell(sender, sender.close(), tmp_path)
    [file] = tmp_path.iterdir()
    assert good == []
    assert bad == [
        "Radiograph: 1 result NOT sent: there is no token",
        f"  They are in {file}; send them with: radiograph import {file}",
    ]
    assert json.loads(file.read_text())["tests"] == [{"testKey": "A-1", "status": "PASS"}]


def test_tries_of_one_test_are_kept_in_files_of_their_own_oldest_first(tmp_path: Path) -> None:
    sender = Sender(Target(problem="none"))
    tries = [result_of("A", {"n": 1}), result_of("B", {"n": 2}), result_of("A", {"n": 3})]
    files = keep(sender, tries, tmp_path)
    assert [[test["n"] for test in json.loads(file.read_text())["tests"]] for file in files] == [[1, 2], [3]]
    put(sender, "A", "A")
    told = "\n".join(tell(sender, sender.close(), tmp_path)[1])
    assert "radiograph import --execution KEY" in told


def test_odd_characters_are_sent_as_utf_8() -> None:
    assert json.loads(result_of("A", {"comment": "naïve \udc80 \x00"}).body)["comment"] == "naïve ? \x00"
