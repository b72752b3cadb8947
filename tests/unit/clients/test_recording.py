# SPDX-License-Identifier: Apache-2.0
"""What tests tell of themselves, and what becomes of several rows: nothing of it raises, and nothing grows without bounds."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from radiograph.clients.pytest_results import Group, addressed, together
from radiograph.clients.recording import Recorder, cut
from radiograph.clients.robot_listener import settings_of
from radiograph.clients.robot_results import RobotTest

if TYPE_CHECKING:
    from pathlib import Path

ROW = {"name": "one", "parameters": [], "single": False}
ENDED = {"status": "PASS", "tags": [], "message": ""}


def test_a_step_passes_fails_or_skips_and_knows_what_it_is_inside_of() -> None:
    recorder = Recorder()
    with recorder.step("Checkout"), recorder.step("Pay", expected="thanks"):
        pass
    with pytest.raises(ValueError, match="off"), recorder.step("Add"):
        raise ValueError("off")
    with pytest.raises(pytest.skip.Exception), recorder.step("Later"):
        pytest.skip("not yet")
    assert recorder.told()["steps"] == [
        {"status": "PASS", "comment": "Checkout"},
        {"status": "PASS", "comment": "Checkout / Pay\nExpected: thanks"},
        {"status": "FAIL", "comment": "Add", "actualResult": "ValueError: off"},
        {"status": "TODO", "comment": "Later", "actualResult": "Skipped: not yet"},
    ]


def test_files_go_to_the_open_step_or_the_run_and_their_types_are_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"png")
    recorder = Recorder()
    with recorder.step("Look"):
        recorder.attach("shot.png", tmp_path / "a.png")
    recorder.attach("note", "words")
    recorder.attach("blob", b"\0", type="application/x-own")
    told = recorder.told()
    assert told["steps"][0]["evidence"] == [{"data": base64.b64encode(b"png").decode(), "filename": "shot.png", "contentType": "image/png"}]
    assert [file["contentType"] for file in told["evidence"]] == ["text/plain", "application/x-own"]


def test_what_cant_be_attached_is_said_in_the_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiograph.clients.recording.MAX_FILE", 3)
    recorder = Recorder()
    recorder.attach("gone", tmp_path / "gone")
    recorder.attach("long", b"long")
    recorder.attach("odd", object())  # type: ignore[arg-type]
    lines = recorder.told()["comment"].splitlines()
    assert [line.partition(" was")[0].partition(" could")[0] for line in lines] == ["The file gone", "The file long", "The file odd"]


def test_a_recorder_that_nobody_listens_to_keeps_nothing(tmp_path: Path) -> None:
    recorder = Recorder(live=False)
    with recorder.step("Look"):
        recorder.attach("gone", tmp_path / "gone")
    recorder.comment("words")
    recorder.defect("A-1")
    assert recorder.told() == {}


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    assert cut("a" * 10, 10) == "a" * 10
    assert cut("start" + "-" * 100 + "end", 10).startswith("start\n... 98 characters left out")
    assert cut("start" + "-" * 100 + "end", 10).endswith("--end")


def test_rows_become_one_result_and_those_that_did_not_run_are_told() -> None:
    group = Group(3)
    group.add("a", ROW, {"status": "PASS"})
    group.retried("b", ROW | {"name": "two"}, {"status": "FAIL", "comment": "off"})
    assert not group.complete
    assert group.end()
    result = group.result()
    assert result["status"] == "FAIL"
    assert result["comment"] == "2 of 3 ran.\n\n[two] off"
    assert sorted(i["name"] for i in result["iterations"]) == ["one", "two"]


def test_the_status_of_several_is_as_junit_imports_have_it() -> None:
    assert [together(s.split()) for s in ("PASS PASS", "PASS TODO", "TODO", "TODO FAIL")] == ["PASS", "TODO", "TODO", "FAIL"]


def test_known_defects_go_with_failures_only() -> None:
    test = {"key": "A-1", "requirements": [], "defects": ["A-9"], "definition": "d", "summary": "s"}
    assert addressed(test, {"status": "FAIL"}, "A") == {"status": "FAIL", "testKey": "A-1", "defects": ["A-9"]}
    assert addressed(test, {"status": "PASS"}, "A") == {"status": "PASS", "testKey": "A-1"}


@pytest.mark.parametrize("separator", [":", ";"])
def test_arguments_of_the_listener_are_put_together_as_they_were_written(separator: str) -> None:
    text = separator.join(["http://h:8080/jira", "project=CALC", "build=https://ci/1", "environment=A", "environment=B"])
    given, environments = settings_of(text.split(separator))
    assert (given, environments) == ({"url": "http://h:8080/jira", "project": "CALC", "build": "https://ci/1"}, ["A", "B"])
    assert settings_of([]) == ({}, [])


@pytest.mark.parametrize("name", ["../secret.png", "http://h/a.png", "page.html", "gone.png", "", "#top", "data:image/png;base64,%%"])
def test_only_files_of_the_run_become_evidence(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"s")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "page.html").write_bytes(b"h")
    test = RobotTest("Pays", {}, 0)
    test.log({"message": f'<img src="{name}">', "html": "yes", "level": "INFO"})
    test.end(ENDED, 1, tmp_path / "out")
    assert "evidence" not in test.own("A")


def test_a_link_out_of_the_output_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"s")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "link.png").symlink_to(tmp_path / "secret.png")
    test = RobotTest("Pays", {}, 0)
    test.log({"message": "<img src='link.png'>", "html": "yes", "level": "INFO"})
    test.end(ENDED, 1, tmp_path / "out")
    assert "evidence" not in test.own("A")


def test_tags_are_told_apart() -> None:
    test = RobotTest("Pays", {"longname": "Shop.Pays"}, 0)
    test.end(ENDED | {"tags": ["test_a-1", "REQ_A-2", "A-3", "very slow", "x-1.2"]}, 1, None)  # type: ignore[arg-type]
    assert (test.keys, test.requirements, test.maybe, test.labels) == (["A-1"], ["A-2"], ["A-3"], ["very_slow", "x-1.2"])
    assert test.keyed("A-1")["testInfo"] == {"requirementKeys": ["A-2", "A-3"]}
    assert test.own("A")["testInfo"]["definition"] == "Shop.Pays"
