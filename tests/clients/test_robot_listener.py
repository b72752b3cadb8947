# SPDX-License-Identifier: Apache-2.0
"""`robot --listener radiograph.robot` in a user's suite, against a real server."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from tests.clients.plugin_runs import ROBOT, Api, begin, ended, environment, new_server, unsent, until
from tests.live import done

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.live import LiveServer

SHOP = r"""
*** Settings ***
Library    OperatingSystem

*** Test Cases ***
test_adds
    [Documentation]    Adds to the basket.
    [Tags]    smoke    REQ_{story}
    [Setup]    Log    before
    ${{x}} =    Set Variable    1
    Create Binary File    ${{OUTPUT DIR}}/shot.png    \x89PNG
    Log    <a href="shot.png"><img src="shot.png"></a>    html=True
    Log    <img src="data:image/png;base64,iVBORw0KGgo="><img src="../suite/secret.png">    html=True
    Log    <img src="gone.png">    html=True
test_fails
    Log    one
    Fail    sums are off
    Log    never
test_skips
    Skip    not yet
test_rows
    [Template]    Should Be Equal As Integers
    1    1
    1    2
test_loops
    FOR    ${{i}}    IN    a    b
        Log    ${{i}}
    END
test_keyed
    [Tags]    TEST_{test}
    No Operation
test_bare
    [Tags]    {bare}
    No Operation
test_story
    [Tags]    {story}    UTF-8
    No Operation
"""
SLOW = """
*** Test Cases ***
test_first
    No Operation
test_slow
    Sleep    60s
"""
TEARDOWN = """
*** Settings ***
Suite Teardown    Fail    can't clean up
*** Test Cases ***
test_a
    No Operation
test_b
    Fail    broken
"""


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with the project CALC."""
    live = new_server(tmp_path_factory.mktemp("calc") / "data")
    yield live
    live.stop()


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A user's folder."""
    (tmp_path / "suite").mkdir()
    return tmp_path / "suite"


def run(folder: Path, url: str, text: str, listener: str = "radiograph.robot", **env: str) -> tuple[int, str]:
    """Write suite.robot and run it; its output is in out/."""
    (folder / "suite.robot").write_text(text)
    command = [*ROBOT, "--listener", listener, "--outputdir", "out", "suite.robot"]
    return ended(begin(command, folder, environment(url) | env))


def test_every_outcome_arrives_with_its_keywords_files_and_tags(calc: LiveServer, suite: Path) -> None:
    api = Api(calc)
    story, test, bare = api.make("Story", "Pays"), api.make("Test", "Keyed"), api.make("Test", "Bare")
    (suite / "secret.png").write_text("not of the run")
    code, said = run(suite, calc.url, SHOP.format(story=story, test=test, bare=bare))
    runs = api.runs(api.execution(said))
    assert code == 2
    assert "Radiograph: 8 results sent to" in said
    assert {name: r["status"] for name, r in runs.items()} == {
        "test_adds": "PASS", "test_fails": "FAIL", "test_skips": "TODO", "test_rows": "FAIL", "test_loops": "PASS",
        test: "PASS", bare: "PASS", "test_story": "PASS",
    }  # fmt: skip

    adds = runs["test_adds"]
    assert (adds["definition"], adds["issue"]["summary"], adds["issue"]["labels"]) == ("Suite.test_adds", "test_adds", ["smoke"])
    assert adds["issue"]["description"] == "Adds to the basket."
    assert [s["comment"]["raw"] for s in adds["steps"]][:2] == ["Setup:    Log    before", "${x} =    Set Variable    1"]
    assert [[e["fileName"] for e in s["evidences"]] for s in adds["steps"]] == [[], [], [], ["shot.png"], ["screenshot-1.png"], []]
    assert "gone.png could not be attached" in adds["comment"]
    assert [s["status"] for s in runs["test_fails"]["steps"]] == ["PASS", "FAIL", "TODO"]
    assert runs["test_fails"]["comment"] == "sums are off"
    assert runs["test_skips"]["comment"] == "Skipped: not yet"
    assert [(i["name"], i["status"]) for i in runs["test_rows"]["iterations"]] == [("1, 1", "PASS"), ("1, 2", "FAIL")]
    assert runs["test_loops"]["steps"][0]["comment"]["raw"].startswith("FOR    ${i}")
    for name in ("test_adds", "test_story"):
        assert story in str(api.get(f"/rest/api/2/issue/{runs[name]['key']}")["fields"]["issuelinks"])


def test_settings_in_the_listeners_arguments_and_a_wrong_token(calc: LiveServer, suite: Path) -> None:
    text = "*** Test Cases ***\ntest_a\n    No Operation\n"
    listener = f"radiograph.robot:{calc.url}:project=CALC:summary=Smoke: quick:environment=Linux"
    code, said = run(suite, "http://127.0.0.1:9", text, listener)
    api = Api(calc)
    assert code == 0
    assert api.get(f"/rest/api/2/issue/{api.execution(said)}")["fields"]["summary"] == "Smoke: quick"
    code, said = run(suite, calc.url, text, "radiograph.clients.robot_listener.RadiographListener", RADIOGRAPH_TOKEN="wrong")
    assert code == 0
    assert "The tests run all the same" in said
    [file] = unsent(suite)
    assert "1 result imported into CALC-" in done("import", str(file), "--url", calc.url, "--token", "live-token")


def test_a_suite_whose_teardown_fails_fails_its_tests(calc: LiveServer, suite: Path) -> None:
    code, said = run(suite, calc.url, TEARDOWN)
    api = Api(calc)
    runs = api.runs(api.execution(said))
    assert code == 2
    assert {name: (r["status"], r["attempts"]) for name, r in runs.items()} == {"test_a": ("FAIL", 1), "test_b": ("FAIL", 0)}
    assert runs["test_a"]["comment"].startswith("Parent suite teardown failed:")


def test_what_was_sent_is_there_when_the_runner_is_killed(calc: LiveServer, suite: Path) -> None:
    (suite / "suite.robot").write_text(SLOW)
    api = Api(calc)
    before = api.execution()
    running = begin([*ROBOT, "--listener", "radiograph.robot", "suite.robot"], suite, environment(calc.url))
    until(lambda: api.execution() != before, "the first batch")
    running.send_signal(signal.SIGKILL)
    assert ended(running)[0] == -signal.SIGKILL
    assert {name: r["status"] for name, r in api.runs(api.execution()).items()} == {"test_first": "PASS"}
