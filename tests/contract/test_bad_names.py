# SPDX-License-Identifier: Apache-2.0
"""Names, keys and query parameters of any size, and values of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.bodies import GOOD, LONG, post, refused
from tests.contract.door import FIELDS, IMPORT, generic, imported, key_of, told
from tests.effort import effort

if TYPE_CHECKING:
    from tests.contract.door import Door


# --- names and keys of a megabyte ------------------------------------------------------------------
def test_long_names_are_cut_and_told(door: Door) -> None:
    info = {"project": "DEMO", "version": LONG, "user": LONG, "testEnvironments": [LONG], "revision": LONG, "summary": LONG}
    answer = door.load(generic(1, executedBy=LONG, assignee=LONG, defects=[LONG], comment=LONG), info=info)
    run = door.run(key_of(answer), imported(answer)[0])
    kept = (run["executedBy"], run["assignee"], run["testEnvironments"][0], run["fixVersions"][0]["name"])
    assert kept == (LONG[:255],) * 4
    assert (run["comment"], run["defects"][0]["key"]) == (LONG, LONG)
    for place in ("$.info.version", "$.info.user", "$.info.testEnvironments", "$.tests[0].executedBy", "$.tests[0].assignee"):
        assert f"{place}: '{LONG[:100]}'... (300000 characters) is longer than 255 characters and was cut" in told(answer)


@pytest.mark.parametrize(
    "bad",
    [
        generic(3, LONG), {"testKey": LONG, "status": "PASS"}, {"testKey": "DEMO-" + "9" * 30, "status": "PASS"}, {"testKey": "9" * 30, "status": "PASS"},
        {"testInfo": generic(3)["testInfo"] | {"projectKey": LONG}, "status": "PASS"}, {"testInfo": generic(3)["testInfo"] | {"projectKey": "9" * 30}, "status": "PASS"},
        {"testInfo": {"projectKey": "DEMO", "summary": "x", "testType": LONG}, "status": "PASS"},
    ],
)  # fmt: skip
def test_a_key_or_status_of_a_megabyte_is_that_results_error_and_not_repeated(door: Door, bad: dict[str, Any]) -> None:
    answer = door.load(generic(1), bad)
    (error,) = answer["testIssues"]["error"]
    assert sum(map(len, error["messages"])) < 1000


@pytest.mark.parametrize("head", [{"testExecutionKey": LONG}, {"info": {"project": LONG}}, {"info": {"project": "9" * 30}}, {"info": {"project": "DEMO", "testPlanKey": LONG}}])  # fmt: skip
def test_an_unknown_target_of_a_megabyte_is_told_in_few_words(door: Door, head: dict[str, Any]) -> None:
    answer = door.send(head | {"tests": [generic(1)]})
    assert len(refused(answer)) < 400


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"testEnvironments": "a;" + "e" * 256}, "A name in testEnvironments has at most 255 characters, not 256."),
        ({"fixVersion": "v" * 256}, "A name in fixVersion has at most 255 characters, not 256."),
        ({"testExecKey": "9" * 30}, "was not found"),
        ({"testExecKey": "DEMO-" + "9" * 30}, "was not found"),
        ({"testPlanKey": "x" * 5000}, "was not found"),
        ({"revision": "\x00"}, "NUL"),
        ({"projectKey": "\x00"}, "NUL"),
    ],
)
def test_query_parameters_are_bounded(door: Door, query: dict[str, str], words: str) -> None:
    answer = door.send({"info": {"project": "DEMO"}, "tests": [generic(1)]}, **query)
    assert words in refused(answer)
    assert door.executions() == 0


def test_bytes_that_are_no_text_in_the_query_are_replaced(door: Door) -> None:
    answer = door.http.post(
        f"{IMPORT}?testEnvironments=a%ED%A0%80b&revision=%FF", json={"info": {"project": "DEMO"}, "tests": [generic(1)]}
    )
    assert answer.status_code == 200, answer.text
    assert "�" in door.run(key_of(answer.json()), imported(answer.json())[0])["testEnvironments"][0]


def test_an_idempotency_key_is_bounded(door: Door) -> None:
    assert "at most 255" in refused(post(door, GOOD, **{"Idempotency-Key": "k" * 256}))
    assert post(door, GOOD, **{"Idempotency-Key": "k" * 255}).status_code == 200


# --- at random -------------------------------------------------------------------------------------
def _values() -> st.SearchStrategy[Any]:
    leaf = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
    odd = st.sampled_from(
        ["PASS", "FAIL", "DEMO-1", "DEMO", "9" * 30, "2020-01-01T00:00:00Z", "Generic", "Manual", "YQ==", "\x00", 10**30, -1]
    )
    return st.recursive(
        leaf | odd, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=5
    )


@pytest.mark.parametrize("place", ["info", "test", "testInfo", "step", "iteration", "evidence", "fields"])
def test_any_value_anywhere_is_stored_or_refused_and_never_a_crash(door: Door, place: str) -> None:
    names = {
        "info": ["project", "summary", "description", "version", "user", "revision", "startDate", "finishDate", "testPlanKey", "testEnvironments"],
        "test": ["testKey", "testInfo", "start", "finish", "comment", "executedBy", "assignee", "status", "steps", "examples", "iterations", "defects", "evidence", "evidences", "customFields", "results", "testVersion"],
        "testInfo": ["projectKey", "summary", "testType", "type", "description", "requirementKeys", "labels", "steps", "scenario", "scenarioType", "definition"],
        "step": ["status", "comment", "actualResult", "evidences", "evidence", "defects"],
        "iteration": ["name", "parameters", "status", "steps", "log", "duration"],
        "evidence": ["data", "filename", "contentType"],
        "fields": ["project", "issuetype", "summary", "description", "labels", "components", "fixVersions", "assignee", "xrayFields", *FIELDS.values()],
    }[place]  # fmt: skip

    @settings(max_examples=effort(15, 40), suppress_health_check=[HealthCheck.too_slow])
    @given(st.dictionaries(st.sampled_from(names), _values(), max_size=3))
    def check(more: dict[str, Any]) -> None:
        if place == "fields":
            answer = door.form({"fields": {"project": {"key": "DEMO"}} | more}, {"tests": [generic(1)]})
            issue = {"project": {"key": "DEMO"}, "issuetype": {"name": "Test Execution"}, "summary": "s"} | more
            assert door.http.post("/rest/api/2/issue", json={"fields": issue}).status_code in {201, 400}
        else:
            test = generic(1)
            inside = {
                "testInfo": {"testInfo": test["testInfo"] | more},
                "step": {"steps": [more]},
                "iteration": {"iterations": [more]},
                "evidence": {"evidence": [more]},
            }
            test |= more if place == "test" else inside.get(place, {})
            answer = door.send({"info": {"project": "DEMO"} | (more if place == "info" else {}), "tests": [test, generic(2)]})
        assert answer.status_code in {200, 400}, answer.text
        if answer.status_code == 400:
            assert answer.json()["error"]
            return
        for key in imported(answer.json()):
            assert door.run(key_of(answer.json()), key)

    check()
