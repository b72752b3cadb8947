# SPDX-License-Identifier: Apache-2.0
"""Cucumber JSON, of every tool that writes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.domain.clock import Instant
from radiograph.domain.errors import UnreadableReport
from radiograph.domain.issues import TestType
from radiograph.formats import known
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

if TYPE_CHECKING:
    from radiograph.domain.report import Report, TestResult


def read(value: Any, *, keep_output: bool = False, name: str = "cucumber") -> Report:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_reports([Source("", memoryview(body))], name, ReadOptions(keep_output=keep_output))[0]


def step(status: str = "passed", line: int | None = None, **more: Any) -> dict[str, Any]:
    place = {} if line is None else {"line": line}
    return {"keyword": "Given ", "name": "a step", "result": {"status": status}, **place, **more}


def scenario(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"keyword": "Scenario", "name": "s", "type": "scenario", "steps": list(steps), **more}


def feature(*elements: Any, **more: Any) -> dict[str, Any]:
    return {"uri": "features/a.feature", "keyword": "Feature", "name": "Basket", "elements": list(elements), **more}


def results(*elements: Any, keep_output: bool = False, **more: Any) -> list[TestResult]:
    return read([feature(*elements, **more)], keep_output=keep_output).results


def failing(message: str, **more: Any) -> dict[str, Any]:
    return step(**more) | {"result": {"status": "failed", "error_message": message}}


def test_a_scenario_is_a_cucumber_test_told_by_its_name() -> None:
    (result,) = results(scenario(step(), name="Adds  two"))
    assert result.info
    assert (result.info.type, result.info.summary, result.info.derived) == (TestType.CUCUMBER, "Adds two", True)
    assert (result.place, result.status) == ("$[0].elements[0]", "PASS")


def test_the_scenario_is_written_again_with_its_tables_and_texts() -> None:
    table: dict[str, Any] = {"rows": [{"cells": ["a", "long|cell"]}, {"cells": ["\\", "x\ny"]}]}
    text: dict[str, Any] = {"doc_string": {"value": 'one\n\n"""', "content_type": "json"}}
    script: dict[str, Any] = {"arguments": [{"rows": [{"cells": ["a"]}]}, {"content": "words"}]}
    (result,) = results(scenario(step(keyword="假如", name="x", **table), step(**text), step(**script), step(keyword="*", name="y")))
    assert result.info
    assert result.info.scenario == (
        "假如 x\n  | a  | long\\|cell |\n  | \\\\ | x\\ny       |\n"
        'Given a step\n  """json\n  one\n\n  \\"\\"\\"\n  """\nGiven a step\n  | a |\n  """\n  words\n  """\n* y'
    )


def test_a_background_counts_for_the_scenario_after_it() -> None:
    background = {"type": "background", "keyword": "Background", "name": "", "steps": [failing("no", line=3)]}
    first, second = results(background, scenario(step("skipped", 6), line=5), scenario(step(line=9), line=8, name="t"))
    assert (first.status, [s.status for s in first.steps], first.comment) == ("FAIL", ["FAIL", "TODO"], "no")
    assert (second.status, len(second.steps)) == ("PASS", 1)


def test_a_background_that_a_tool_merged_into_its_scenarios_is_no_part_of_the_test() -> None:
    (one, two) = results(
        scenario(step(line=3, name="before"), step(line=6, name="own"), line=5),
        scenario(step(line=3, name="before"), step(line=9, name="own"), line=12, name="o", keyword="Scenario Outline"),
    )
    assert [r.info and r.info.scenario for r in (one, two)] == ["Given own", "Given own"]
    assert len(one.steps) == 2


def test_statuses_of_the_instances_own_are_left_to_it() -> None:
    (plain, failed, row) = results(
        scenario(step("BLOCKED"), step()),
        scenario(step("BLOCKED"), step("failed"), name="f"),
        scenario(step("BLOCKED"), name="o", keyword="Scenario Outline"),
    )
    assert (plain.status, plain.steps[0].status) == ("", "BLOCKED")
    assert failed.status == "FAIL"
    assert (row.status, row.examples) == ("", ["BLOCKED"])


def test_a_scenario_without_steps_did_not_run() -> None:
    assert [r.status for r in results(scenario())] == ["TODO"]


def test_hooks_that_fail_fail_their_scenario() -> None:
    hook = {"result": {"status": "failed", "error_message": "no browser"}, "match": {"location": "Hooks.start()"}}
    before, after, hidden = results(
        scenario(step("skipped"), before=[hook]),
        scenario(step(), after=[hook], name="t"),
        scenario(step(), step("failed", keyword="After", hidden=True) | {"result": hook["result"]}, name="u"),
    )
    assert (before.status, before.comment) == ("FAIL", "Before hook Hooks.start() failed: no browser")
    assert (after.status, after.comment) == ("FAIL", "After hook Hooks.start() failed: no browser")
    assert (hidden.status, hidden.comment, len(hidden.steps)) == ("FAIL", "After hook failed: no browser", 1)


def test_a_hook_of_a_step_fails_the_step() -> None:
    (result,) = results(scenario(step(after=[{"result": {"status": "failed", "error_message": "x"}}])))
    assert [(s.status, s.comment) for s in result.steps] == [("FAIL", "After step hook failed: x")]
    assert (result.status, result.comment) == ("FAIL", "After step hook failed: x")


def test_embeddings_are_files_of_their_step() -> None:
    files = [
        {"mime_type": "image/png", "data": "iVBORw0KGgo=", "name": "the page"},
        {"media": {"type": "text/plain", "encoding": "base64"}, "data": "YWJj"},
        {"mime_type": "text/plain", "data": "plain words"},
        {"mime_type": "application/json", "data": "eyJhIjogMX0="},
        {"mime_type": "text/html", "data": "<p>"},
        {"mime_type": "application/x-thing", "data": "AAAA", "name": "core.dump"},
    ]
    (result,) = results(scenario(step(embeddings=files)))
    assert [(f.filename, f.plain, bytes(f.data or b"")) for f in result.steps[0].evidence] == [
        ("the page.png", False, b'"iVBORw0KGgo="'),
        ("embedding-2.txt", False, b'"YWJj"'),
        ("embedding-3.txt", True, b"plain words"),
        ("embedding-4.json", False, b'"eyJhIjogMX0="'),
        ("embedding-5.html", True, b"<p>"),
        ("core.dump", False, b'"AAAA"'),
    ]


def test_what_was_printed_is_kept_only_if_asked_for() -> None:
    log = {"mime_type": "text/x.cucumber.log+plain", "data": "bG9n"}
    printing = scenario(step(output=["one", "two"], embeddings=[log]))
    assert not results(printing)[0].steps[0].evidence
    (file,) = results(printing, keep_output=True)[0].steps[0].evidence
    assert (file.filename, bytes(file.data or b"")) == ("system-out.txt", b"log\none\ntwo")


def test_files_of_hooks_are_files_of_the_run() -> None:
    shot = [{"mime_type": "image/png", "data": "AA=="}]
    (result,) = results(scenario(step(), step(hidden=True, keyword="After", embeddings=shot), after=[{"embeddings": shot}]))
    assert [f.path for f in result.evidence] == ["$[0].elements[0].steps[1].embeddings[0]", "$[0].elements[0].after[0].embeddings[0]"]


def test_rows_of_an_outline_are_examples_of_one_result() -> None:
    shot = [{"mime_type": "image/png", "data": "AA=="}]
    rows = [
        scenario(step(line=5, embeddings=shot), id="f;o;few;2", keyword="Scenario Outline", line=9, name="o 1"),
        scenario(failing("two", line=5), id="f;o;few;3", keyword="Scenario Outline", line=10, name="o 2"),
        scenario(failing("three", line=5), id="f;o;many;2", keyword="Scenario Outline", line=14, name="o 3"),
    ]
    (result,) = results(*rows)
    assert (result.status, result.examples, result.comment) == ("FAIL", ["PASS", "FAIL", "FAIL"], "Row 2: two\n\nRow 3: three")
    assert [s.comment for s in result.steps] == ["two"]
    assert [f.path for f in result.evidence] == ["$[0].elements[0].steps[0].embeddings[0]"]


@pytest.mark.parametrize(
    "row",
    [
        {"id": "f;o", "line": 4, "keyword": "Scenario Outline"},
        {"id": "f;o", "line": None},
        {"id": "test_o[1]", "line": 4},
        {"line": 30},
    ],
    ids=["cucumber-js 7", "no lines", "pytest-bdd 4", "cucumber-js 5"],
)
def test_rows_are_told_whatever_a_tool_says_of_them(row: dict[str, Any]) -> None:
    two = dict(row)
    two |= {"id": "test_o[2]"} if "[" in row.get("id", "") else {}
    two |= {"line": 31} if row["line"] == 30 else {}
    steps = [step(line=5 if row["line"] else None)]
    found = results(scenario(*steps, **row), scenario(*steps, **two))
    assert [r.examples for r in found] == [["PASS", "PASS"]]


def test_outlines_with_test_keys_of_their_own_are_apart() -> None:
    def row(key: str) -> dict[str, Any]:
        return scenario(step(line=5), id="f;o;;2", keyword="Scenario Outline", tags=[{"name": "@REQ_A-1"}, {"name": key}])

    found = results(row("@TEST_DEMO-1"), row("@TEST_DEMO-2"), row("@TEST_DEMO-2"), tags=[{"name": "@REQ_A-1"}])
    assert [(r.tags[0], r.examples) for r in found] == [("TEST_DEMO-1", ["PASS"]), ("TEST_DEMO-2", ["PASS", "PASS"])]


def test_scenarios_of_one_name_at_two_places_stay_two() -> None:
    assert len(results(scenario(step(line=5), line=4), scenario(step(line=9), line=8))) == 2


def test_a_scenario_that_failed_and_ran_again_has_attempts() -> None:
    tries = [scenario(failing("1", line=5), line=4), scenario(failing("2", line=5), line=4), scenario(step(line=5), line=4)]
    (result,) = results(*tries)
    assert (result.status, [*result.examples], [a.comment for a in result.attempts]) == ("PASS", [], ["1", "2"])


def test_a_scenario_that_ran_again_after_it_passed_is_two_results() -> None:
    assert [r.status for r in results(*[scenario(step(line=5), line=4)] * 2)] == ["PASS", "PASS"]


def test_a_row_that_was_tried_again_counts_by_its_last_try() -> None:
    def row(number: int, *steps: dict[str, Any]) -> dict[str, Any]:
        return scenario(*steps, id=f"f;o;;{number}", line=8 + number, keyword="Scenario Outline", name="o")

    (result,) = results(row(2, failing("x", line=5)), row(3, step(line=5)), row(2, step(line=5)))
    assert (result.examples, result.attempts) == (["PASS", "PASS"], [])
    assert result.warnings == ["$[0].elements[2]: row 1 was tried 2 times; its last try counts"]


def test_tags_are_those_of_the_scenario_and_then_of_its_feature() -> None:
    (result,) = results(scenario(step(), tags=[{"name": "@b"}, {"name": "@a"}]), tags=[{"name": "@a", "line": 1}, {"name": ""}])
    assert result.tags == ["b", "a"]


def test_durations_are_nanoseconds_and_a_start_tells_the_times() -> None:
    timed = step() | {"result": {"status": "passed", "duration": 1_500_000_000}}
    (result,) = results(scenario(timed, start_timestamp="2026-11-20T09:30:00.000Z"))
    assert (result.elapsed, result.start, result.finish) == (1.5, Instant(1795167000000), Instant(1795167001500))


def test_times_of_the_whole_are_the_earliest_and_the_latest() -> None:
    timed = step() | {"result": {"status": "passed", "duration": 1_000_000}}
    report = read([feature(*(scenario(timed, name=n, start_timestamp=f"2026-11-20T09:30:0{n}Z") for n in "213"))])
    assert report.info.begin == Instant(1795167001000)
    assert report.info.end == Instant(1795167003001)


@pytest.mark.parametrize("duration", [-5, "3,000.457x", 1e30, float("1e17") * 100, [], True])
def test_an_odd_duration_is_left_out_with_a_warning(duration: Any) -> None:
    (result,) = results(scenario(step() | {"result": {"status": "passed", "duration": duration}}))
    assert result.status == "PASS"
    assert [w.split(":")[0] for w in result.warnings] == ["$[0].elements[0].steps[0].result.duration"]


def test_an_odd_start_is_left_out_with_a_warning() -> None:
    (result,) = results(scenario(step(), start_timestamp="yesterday"))
    assert result.warnings == ["$[0].elements[0].start_timestamp: 'yesterday' is no date; it was left out"]


def test_a_scenario_without_a_name_takes_that_of_its_feature() -> None:
    (one,) = results(scenario(step(), name=""))
    (two,) = results(scenario(step(), name=None), name="")
    assert [r.info and r.info.summary for r in (one, two)] == ["Basket", "a.feature"]
    assert "has no name" in one.warnings[0]


def test_a_name_that_is_too_long_is_cut_with_a_warning() -> None:
    (result,) = results(scenario(step(), name="x" * 300))
    assert result.info
    assert len(result.info.summary or "") == 255
    assert "was cut" in result.warnings[0]


def test_scenarios_of_one_name_in_two_features_are_told_of() -> None:
    tagged = scenario(step(), tags=[{"name": "@TEST_DEMO-1"}])
    report = read([feature(scenario(step())), feature(scenario(step()), name="b"), feature(tagged, name="c")])
    assert [note.split(":")[0] for note in report.notes] == ["$[1].elements[0]"]


def test_an_element_that_cannot_be_read_is_refused_and_the_others_are_kept() -> None:
    report = read([feature(5, scenario(step()), {"steps": {}}), "no feature", feature()])
    assert [r.status for r in report.results] == ["PASS"]
    assert [(p.path, p.problem) for r in report.refused for p in r.problems] == [
        ("$[0].elements[0]", "Expected `object`, got `int`"),
        ("$[0].elements[2].steps", "Expected `array | null`, got `object`"),
        ("$[1]", "Expected `object`, got `str`"),
    ]


def test_bytes_that_are_no_utf8_refuse_their_scenario_only() -> None:
    body = json.dumps([feature(scenario(step(), name="caf?"), scenario(step()))]).encode().replace(b"caf?", b"caf\xe9")
    report = read(body)
    assert len(report.results) == 1
    assert "is not valid UTF-8 (byte 0xe9 after" in report.refused[0].problems[0].problem


def test_characters_that_no_database_stores_are_replaced() -> None:
    body = json.dumps([feature(scenario(failing("a\\u0000b?")))]).encode().replace(b"\\\\u0000", b"\\u0000").replace(b"?", b"\\ud83d")
    report = read(body)
    assert report.results[0].comment == "a\ufffdb\ufffd"
    assert report.notes == [
        "$[0].elements[0].steps[0].result.error_message has a character that can't be stored; it was replaced by U+FFFD"
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'[{"keyword": "Feature"', "ends too early, at line 1, column 23"),
        (b'[{"keyword": "Feature",\n "x": tru}]', "line 2"),
        (b'{"keyword": "Feature"}', "its root is not a list of features"),
        (b'{"meta":{"protocolVersion":"32.2.0"}}\n{"source":{}}', "Cucumber Messages"),
        (b"", "is empty"),
        (b"[" * 100_000, "nested too deeply"),
        ('[{"keyword": 1}]'.encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_report_is_refused_with_its_place(body: bytes, words: str) -> None:
    with pytest.raises(UnreadableReport, match=words):
        known.formats()["cucumber"].read(Source("", memoryview(body)), ReadOptions())


def test_messages_are_told_from_other_json() -> None:
    found = known.detect(memoryview(b'{"meta":{"protocolVersion":"32.2.0"}}\n'))
    assert found
    assert found.name == "cucumber"


def test_a_report_without_features_has_no_results() -> None:
    assert read(b"[]").results == []
