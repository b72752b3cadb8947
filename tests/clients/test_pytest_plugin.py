# SPDX-License-Identifier: Apache-2.0
"""`pytest --radiograph` in a user's suite, against a real server: what runs, what is there afterwards, what goes wrong."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest
from tests.clients.plugin_runs import PYTEST, Api, begin, ended, environment, new_server, unsent, until, until_it_says
from tests.live import done

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.live import LiveServer

SHOP = '''
import logging, sys
import pytest

class TestCart:
    def test_add(self, radiograph):
        """Adds to the basket.

        And more.
        """
        with radiograph.step("Fill", expected="1 item"):
            radiograph.attach("basket.json", '{"n": 1}')
            with radiograph.step("Look"):
                pass
        radiograph.attach("whole.txt", b"of the run")
        radiograph.comment("all is well")
        radiograph.defect("EXT-1")

def test_fails(radiograph):
    print("to stdout")
    print("to stderr", file=sys.stderr)
    logging.warning("to the log")
    with radiograph.step("good"):
        pass
    with radiograph.step("bad"):
        assert 1 == 2, "sums are off"

@pytest.mark.skip(reason="not yet")
def test_skipped(): pass

@pytest.mark.xfail(reason="known bug")
def test_xfail(): assert 0

@pytest.mark.xfail(reason="known bug")
def test_xpass(): pass

@pytest.mark.xfail(reason="known bug", strict=True)
def test_xpass_strict(): pass

@pytest.fixture
def broken(): raise RuntimeError("no database")
def test_setup(broken): pass

@pytest.fixture
def broken_end():
    yield
    raise RuntimeError("can't clean up")
def test_teardown(broken_end): pass

@pytest.mark.parametrize("n", [1, 2, 3], ids=["one", "two", "three"])
def test_rows(n, radiograph):
    with radiograph.step("count"):
        assert n != 2

def test_subtests(subtests):
    for i in range(2):
        with subtests.test(msg="part", i=i):
            assert i != 1

def test_missing_file(radiograph, tmp_path):
    radiograph.attach("gone.txt", tmp_path / "gone.txt")
'''
OUTCOMES = {
    "test_add": "PASS", "test_fails": "FAIL", "test_skipped": "TODO", "test_xfail": "TODO", "test_xpass": "PASS",
    "test_xpass_strict": "FAIL", "test_setup": "FAIL", "test_teardown": "FAIL", "test_rows": "FAIL", "test_subtests": "FAIL",
    "test_missing_file": "PASS",
}  # fmt: skip
SLOW = """
import time, pytest
@pytest.mark.parametrize("pause", [0])
def test_first(pause): pass
def test_second(): assert 0
def test_slow():
    for _ in range(600):
        time.sleep(0.1)
        if __import__("pathlib").Path("go").exists(): return
def test_last(): pass
"""


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with the project CALC."""
    live = new_server(tmp_path_factory.mktemp("calc") / "data")
    yield live
    live.stop()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LiveServer]:
    """A server that a test may kill."""
    live = new_server(tmp_path / "data")
    yield live
    if live.process.poll() is None:
        live.stop()


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """The folder of a user's suite, with its tests in tests/."""
    (tmp_path / "suite" / "tests").mkdir(parents=True)
    return tmp_path / "suite"


def run(folder: Path, url: str, text: str, *options: str, **env: str) -> tuple[int, str]:
    """Write tests/test_shop.py and run pytest on it."""
    (folder / "tests" / "test_shop.py").write_text(text)
    return ended(begin([*PYTEST, "tests", "--radiograph", *options], folder, environment(url) | env))


def names(rows: list[dict[str, Any]], field: str = "name") -> list[str]:
    return [row[field] for row in rows]


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")], ids=["alone", "xdist"])
def test_every_outcome_arrives_with_its_reasons_steps_and_files(calc: LiveServer, suite: Path, workers: tuple[str, ...]) -> None:
    code, said = run(suite, calc.url, SHOP, *workers)
    api = Api(calc)
    runs = api.runs(api.execution(said))
    assert code == 1
    assert f"Radiograph: {len(OUTCOMES)} results sent to {calc.url}/browse/CALC-" in said
    assert {name: r["status"] for name, r in runs.items()} == OUTCOMES

    add = runs["test_add"]
    assert (add["definition"], add["issue"]["summary"]) == ("tests.test_shop.TestCart.test_add", "Adds to the basket.")
    assert [(s["comment"]["raw"], s["status"]) for s in add["steps"]] == [("Fill\nExpected: 1 item", "PASS"), ("Fill / Look", "PASS")]
    assert [api.text(file) for file in add["steps"][0]["evidences"]] == ['{"n": 1}']
    assert [(file["fileName"], api.text(file)) for file in add["evidences"]] == [("whole.txt", "of the run")]
    assert (add["comment"], names(add["defects"], "key")) == ("all is well", ["EXT-1"])

    fails = runs["test_fails"]
    assert fails["comment"].startswith("AssertionError: sums are off")
    assert "test_shop.py:" in fails["comment"]
    assert [s["status"] for s in fails["steps"]] == ["PASS", "FAIL"]
    assert "sums are off" in fails["steps"][1]["actualResult"]["raw"]
    outputs = {file["fileName"]: api.text(file) for file in fails["evidences"]}
    assert (outputs["stdout.txt"], outputs["stderr.txt"]) == ("to stdout\n", "to stderr\n")
    assert "to the log" in outputs["log.txt"]

    assert runs["test_skipped"]["comment"] == "Skipped: not yet"
    assert runs["test_xfail"]["comment"].startswith("Expected to fail: known bug")
    assert runs["test_xpass"]["comment"] == "Passed, but is expected to fail: known bug"
    assert runs["test_setup"]["comment"].startswith("In setup: RuntimeError: no database")
    assert runs["test_teardown"]["comment"].startswith("In teardown: RuntimeError: can't clean up")
    assert [(s["comment"]["raw"], s["status"]) for s in runs["test_subtests"]["steps"]] == [("part, i=0", "PASS"), ("part, i=1", "FAIL")]
    assert "gone.txt could not be attached" in runs["test_missing_file"]["comment"]

    rows = runs["test_rows"]
    assert sorted((i["name"], i["status"], i["parameters"][0]["value"]) for i in rows["iterations"]) == [
        ("one", "PASS", "1"), ("three", "PASS", "3"), ("two", "FAIL", "2"),
    ]  # fmt: skip
    assert {i["steps"][0]["status"] for i in rows["iterations"]} == {"PASS", "FAIL"}
    assert rows["comment"].startswith("[two] assert 2 != 2")
    assert rows["attempts"] == 0


def test_keys_requirements_defects_and_several_functions_of_one_test(calc: LiveServer, suite: Path) -> None:
    api = Api(calc)
    keys = [api.make("Test", summary) for summary in ("One", "Two", "Three")]
    story = api.make("Story", "Adds")
    code, said = run(
        suite, calc.url,
        f"""
import pytest
@pytest.mark.xray("{keys[0]}", requirements=["{story}"], defects=["EXT-9"])
def test_one(): assert 0
@pytest.mark.xray(test_key="{keys[1]}")
class TestTwo:
    def test_a(self): assert 0
    def test_b(self): pass
@pytest.mark.xray(["{keys[1]}", "{keys[2]}"])
def test_three(): pass
""",
        "--strict-markers",
    )  # fmt: skip
    runs = api.runs(api.execution(said))
    assert code == 1
    assert {key: runs[key]["status"] for key in keys} == {keys[0]: "FAIL", keys[1]: "FAIL", keys[2]: "PASS"}
    assert names(runs[keys[0]]["defects"], "key") == ["EXT-9"]
    assert [i["status"] for i in runs[keys[1]]["iterations"]] == ["FAIL", "PASS", "PASS"]
    assert story in str(api.get(f"/rest/api/2/issue/{keys[0]}"))


def test_a_repeated_test_keeps_its_tries_as_attempts(calc: LiveServer, suite: Path) -> None:
    code, said = run(
        suite, calc.url,
        """
import pytest
TRIES = []
def test_flaky(radiograph):
    TRIES.append(1)
    radiograph.comment(f"try {len(TRIES)}")
    assert len(TRIES) == 3
@pytest.mark.parametrize("n", [1, 2])
def test_rows(n):
    TRIES.append(n)
    assert n == 1 or TRIES.count(2) == 2
""",
        "--reruns", "2", "-p", "no:xdist",
    )  # fmt: skip
    api = Api(calc)
    runs = api.runs(api.execution(said))
    assert code == 0
    assert (runs["test_flaky"]["status"], runs["test_flaky"]["attempts"], runs["test_flaky"]["comment"]) == ("PASS", 2, "try 3")
    assert (runs["test_rows"]["status"], runs["test_rows"]["attempts"]) == ("PASS", 0)
    assert [i["log"][:11] for i in runs["test_rows"]["iterations"]] == ["", "Try 1: FAIL"]


def test_what_the_run_is_goes_to_the_execution(calc: LiveServer, suite: Path) -> None:
    options = ("--radiograph-environment", "Linux", "--radiograph-environment", "Firefox", "--radiograph-summary", "Nightly")
    github = {"GITHUB_ACTIONS": "true", "GITHUB_SHA": "4f2a", "GITHUB_REF_NAME": "main"}
    _, said = run(suite, calc.url, "def test_a(): pass", *options, "--radiograph-branch", "mine", **github)
    api = Api(calc)
    key = api.execution(said)
    fields = {f["id"]: f["name"] for f in api.get("/rest/api/2/field")}
    told = {fields[name]: value for name, value in api.get(f"/rest/api/2/issue/{key}")["fields"].items() if value}
    assert (told["Summary"], sorted(told["Test Environments"])) == ("Nightly", ["Firefox", "Linux"])
    assert (told["Revision"], told["Branch"]) == ("4f2a", "mine")
    _, again = run(suite, calc.url, "def test_a(): assert 0", "--radiograph-execution", key)
    assert api.execution(again) == key
    assert api.runs(key)["test_a"]["attempts"] == 1
    assert api.get(f"/rest/api/2/issue/{key}")["fields"]["summary"] == "Nightly"


def test_without_the_option_nothing_happens_and_the_fixture_is_there(suite: Path) -> None:
    (suite / "tests" / "test_shop.py").write_text(SHOP)
    code, said = ended(begin([*PYTEST, "tests", "-p", "no:xdist", "--strict-markers"], suite, environment("http://127.0.0.1:9")))
    assert (code, "Radiograph" in said) == (1, False)


def test_output_of_passing_tests_is_kept_when_asked_for(calc: LiveServer, suite: Path) -> None:
    text = "def test_a(): print('hello')\ndef test_b():\n    print('hello')\n    assert 0\n"
    api = Api(calc)
    _, always = run(suite, calc.url, text, "--radiograph-output", "always")
    assert [len(r["evidences"]) for r in api.runs(api.execution(always)).values()] == [1, 1]
    _, never = run(suite, calc.url, text, "--radiograph-output", "never")
    assert [len(r["evidences"]) for r in api.runs(api.execution(never)).values()] == [0, 0]


def test_a_wrong_token_is_told_at_the_start_and_the_results_are_kept(calc: LiveServer, suite: Path) -> None:
    code, said = run(suite, calc.url, "def test_a(): pass", RADIOGRAPH_TOKEN="wrong")
    assert code == 0
    start, _, end = said.partition("[100%]")
    assert "The tests run all the same" in start
    assert "radiograph token add" in start
    assert "Radiograph: 1 result NOT sent: " in end
    [file] = unsent(suite)
    assert f"radiograph import {file}" in said
    assert "1 result imported into CALC-" in done("import", str(file), "--url", calc.url, "--token", "live-token")


@pytest.mark.parametrize(("url", "reason"), [("", "set RADIOGRAPH_URL"), ("ftp://x", "is no address")])
def test_no_address_or_a_wrong_one_is_told_and_fails_nothing(suite: Path, url: str, reason: str) -> None:
    code, said = run(suite, url, "def test_a(): pass")
    assert (code, reason in said, len(unsent(suite))) == (0, True, 1)


def test_an_option_that_swallows_the_tests_says_how_to_write_it(suite: Path) -> None:
    (suite / "tests" / "test_shop.py").write_text("def test_a(): pass")
    code, said = ended(begin([*PYTEST, "--radiograph", "tests"], suite, environment("")))
    assert code == 4
    assert "write --radiograph=URL" in said


def test_a_refused_result_is_told_and_the_others_are_stored(calc: LiveServer, suite: Path) -> None:
    text = "import pytest\n@pytest.mark.xray('CALC-9999')\ndef test_a(): pass\ndef test_b(): pass\n"
    code, said = run(suite, calc.url, text)
    assert code == 0
    assert "Radiograph: 1 result sent to" in said
    assert "Radiograph: 1 result refused by the server:" in said
    assert "CALC-9999: " in said
    assert "not found" in said
    assert len(unsent(suite)) == 1


def test_a_server_that_comes_back_gets_everything(own: LiveServer, suite: Path) -> None:
    own.kill()
    (suite / "tests" / "test_shop.py").write_text(SLOW)
    running = begin([*PYTEST, "tests", "--radiograph", "--radiograph-wait", "120"], suite, environment(own.url))
    assert "results are kept" in until_it_says(running, "could not reach")
    own.start()
    (suite / "go").touch()
    code, said = ended(running)
    assert code == 1
    assert "Radiograph: 4 results sent to" in said
    api = Api(own)
    assert len(api.runs(api.execution(said))) == 4
    assert unsent(suite) == []


def test_a_server_that_dies_in_the_middle_leaves_a_file_of_the_rest(own: LiveServer, suite: Path) -> None:
    (suite / "tests" / "test_shop.py").write_text(SLOW)
    api = Api(own)
    running = begin([*PYTEST, "tests", "--radiograph", "--radiograph-wait", "2"], suite, environment(own.url))
    key = until(api.execution, "the first batch")
    until(lambda: len(api.runs(key)) == 2, "the tests before the slow one")
    own.kill()
    (suite / "go").touch()
    code, said = ended(running)
    assert code == 1
    assert "Radiograph: 2 results sent to" in said
    assert "Radiograph: 2 results NOT sent: could not reach" in said
    [file] = unsent(suite)
    own.start()
    assert f"2 results imported into {key}" in done("import", str(file), "--url", own.url, "--token", "live-token")
    assert {name: r["status"] for name, r in Api(own).runs(key).items()} == {
        "test_first": "PASS", "test_second": "FAIL", "test_slow": "PASS", "test_last": "PASS",
    }  # fmt: skip


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_what_was_sent_is_there_when_the_run_is_cut_off(own: LiveServer, suite: Path, how: signal.Signals) -> None:
    (suite / "tests" / "test_shop.py").write_text(SLOW)
    api = Api(own)
    running = begin([*PYTEST, "tests", "--radiograph", "-p", "no:xdist"], suite, environment(own.url))
    key = until(api.execution, "the first batch")
    until(lambda: len(api.runs(key)) == 2, "the tests before the slow one")
    running.send_signal(how)
    code, said = ended(running)
    assert code == (2 if how is signal.SIGINT else -how)
    assert ("Radiograph: 2 results sent" in said) == (how is signal.SIGINT)
    assert {name: r["status"] for name, r in api.runs(key).items()} == {"test_first": "PASS", "test_second": "FAIL"}


def test_a_worker_that_crashes_fails_its_test_and_the_others_arrive(calc: LiveServer, suite: Path) -> None:
    text = "import os\ndef test_a(): pass\ndef test_crash(): os._exit(1)\ndef test_b(): pass\n"
    code, said = run(suite, calc.url, text, "-n", "1")
    api = Api(calc)
    assert code == 1
    assert {name: r["status"] for name, r in api.runs(api.execution(said)).items()} == {
        "test_a": "PASS",
        "test_crash": "FAIL",
        "test_b": "PASS",
    }
