# SPDX-License-Identifier: Apache-2.0
"""Reports that nobody should send: each is refused in plain words or stored whole, on both databases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.contract.bodies import GOOD, ONE, post, refused, report
from tests.contract.door import generic, imported, key_of, told

if TYPE_CHECKING:
    from tests.contract.door import Door


# --- the body as a whole ---------------------------------------------------------------------------
@pytest.mark.parametrize("body", [b"", b" ", b"\n\t \r\n" * 1000, b"\xef\xbb\xbf", b"\xef\xbb\xbf  "])
def test_an_empty_body_is_told(door: Door, body: bytes) -> None:
    assert "empty" in refused(post(door, body))
    assert door.executions() == 0


def test_a_body_that_is_cut_off_anywhere_is_told_with_its_place_and_nothing_is_stored(door: Door) -> None:
    for end in range(1, len(GOOD)):
        answer = post(door, GOOD[:end])
        assert refused(answer).startswith("The report ")
        assert f"(byte {end})" in answer.text or "line 1, column" in answer.text, answer.text
    assert door.executions() == 0
    assert len(imported(post(door, GOOD).json())) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (GOOD.decode().encode("utf-16"), "UTF-16 or UTF-32"),
        (GOOD.decode().encode("utf-16-be"), "UTF-16 or UTF-32"),
        (GOOD.decode().encode("utf-32"), "UTF-16 or UTF-32"),
        (b'{"info":{"project":"DEMO","summary":"caf\xe9"},"tests":[]}', "not valid UTF-8 in $.info, at line 1, column 41 (byte 40)"),
        (b"<testsuite/>", "this looks like JUnit XML, not Xray JSON"),
        (b"<html/>", "looks like XML"),
        (b"\x1f\x8b\x08", "is compressed"),
        (b"--x\nnothing", "looks like a multipart body"),
        (b"[]", "$: Expected `object`"),
        (b"null", "$: Expected `object`"),
        (b"5", "$: Expected `object`"),
        (b'"text"', "$: Expected `object`"),
        (b'{"tests":{}}', "$.tests: Expected `array"),
        (b'{"tests":5}', "$.tests: Expected `array"),
        (b'{"info":[],"tests":[{}]}', "$.info: Expected `object`"),
        (b'{"testExecutionKey":5,"tests":[]}', "$.testExecutionKey: Expected `str"),
        (GOOD + b"x", "trailing characters"),
        (GOOD + GOOD, "trailing characters"),
        (b'{"tests":[{"status":NaN}]}', "invalid character at line 1, column 21 (byte 20)"),
        (b'{"tests":[{"status":Infinity}]}', "invalid character at line 1, column 21 (byte 20)"),
        (b'{"tests":[{"status":-Infinity}]}', "at line 1, column"),
        (b'{"tests":[{"status":"PA\x00SS"}]}', "invalid character at line 1, column 24 (byte 23)"),
        (b'{\n"tests":[\n  {"status":"PA\\qSS"}]}', "invalid escaped character at line 3, column 17"),
        (b"{'tests':[]}", "at line 1, column 2 (byte 1)"),
        (b'{"tests":[],}', "at line 1, column 13 (byte 12)"),
        (b'{"tests":[//x\n]}', "at line 1, column 11 (byte 10)"),
    ],
)
def test_what_is_no_report_is_told_with_its_place(door: Door, body: bytes, words: str) -> None:
    assert words in refused(post(door, body))
    assert door.executions() == 0


def test_a_byte_order_mark_is_taken(door: Door) -> None:
    assert len(imported(post(door, b"\xef\xbb\xbf" + GOOD).json())) == 2


@pytest.mark.parametrize("name", ["tests", "info", "testExecutionKey"])
def test_a_name_twice_at_the_root_refuses_the_report(door: Door, name: str) -> None:
    again = {"tests": "[]", "info": "{}", "testExecutionKey": '"DEMO-1"'}[name]
    body = b'{"testExecutionKey":"","info":{"project":"DEMO"},"tests":[%b],"%b":%b}' % (ONE.encode(), name.encode(), again.encode())
    answer = post(door, body)
    assert f"{name} is there twice; merge them into one" in refused(answer)
    assert [d["path"] for d in answer.json()["details"]] == [f"$.{name}"]
    assert door.executions() == 0


def test_a_name_twice_in_a_result_is_told_and_the_last_value_counts(door: Door) -> None:
    answer = post(door, report(ONE[:-1] + ',"comment":"one","status" : "FAIL","comment":"two"}', json.dumps(generic(2)))).json()
    warnings = answer["testRunWarnings"]
    assert [w["testKey"] for w in warnings] == imported(answer)[:1]
    assert warnings[0]["warningCollection"] == [
        "$.tests[0].status is there twice; the last value was taken", "$.tests[0].comment is there twice; the last value was taken",
    ]  # fmt: skip
    run = door.run(key_of(answer), imported(answer)[0])
    assert (run["status"], run["comment"]) == ("FAIL", "two")


# --- depth and size --------------------------------------------------------------------------------
@pytest.mark.parametrize("head", [b"", b'{"tests":', b'{"info":', b'{"tests":[{"comment":', b'{"x":', b'{"tests":[{"steps":'])
@pytest.mark.parametrize("piece", [b"[" * 2**20, b'{"a":' * 2**18])
def test_endless_nesting_harms_nothing(door: Door, head: bytes, piece: bytes) -> None:
    text = refused(post(door, (p for p in [head, *[piece] * 4])))
    assert "nested too deeply" in text or "Expected `" in text
    assert door.executions() == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])  # no database is asked
def test_200_mb_of_brackets_are_refused(door: Door) -> None:
    assert "nested too deeply" in refused(post(door, (p for p in [b'{"tests":', *[b"[" * 2**20] * 200])))
    assert len(imported(post(door, GOOD).json())) == 2


@pytest.mark.parametrize("depth", [50, 400, 900, 100_000])
def test_a_deep_value_in_one_result_is_kept_or_refused_and_can_be_shown(door: Door, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    answer = post(door, report(ONE[:-1] + f',"customFields":[{{"id":1,"value":{deep}}}],"unknown":{deep}}}', json.dumps(generic(2))))
    if answer.status_code != 200:
        assert "nested too deeply" in refused(answer)
        assert depth > 400
        return
    for key in imported(answer.json()):
        assert door.run(key_of(answer.json()), key)["status"] == "PASS"


def test_a_text_of_64_mb_is_kept_whole(door: Door) -> None:
    answer = post(door, report(ONE[:-1] + ',"comment":"' + "x" * 2**26 + '"}'))
    assert answer.status_code == 200, answer.text[:300]
    assert len(door.run(key_of(answer.json()), imported(answer.json())[0])["comment"]) == 2**26


def test_100_000_defects_of_one_result_are_kept(door: Door) -> None:
    answer = door.load(generic(1, "FAIL", defects=[f"X-{i}" for i in range(1, 100_001)]))
    assert len(door.run(key_of(answer), imported(answer)[0])["defects"]) == 100_000


# --- one bad result among good ones ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("bad", "path", "problem"),
    [
        ('{"testKey":"A-1","status":1e999}', "$.tests[1].status", "out of range"),
        ('{"testKey":"A-1","status":5}', "$.tests[1].status", "Expected `str | null`, got `int`"),
        ('{"testKey":5,"status":"PASS"}', "$.tests[1].testKey", "Expected `str | null`, got `int`"),
        ('{"testKey":"A-1","status":true}', "$.tests[1].status", "Expected `str | null`, got `bool`"),
        ('{"testKey":"A-1","comment":["x"]}', "$.tests[1].comment", "Expected `str | null`, got `array`"),
        ('{"testKey":"A-1","steps":{}}', "$.tests[1].steps", "Expected `array | null`, got `object`"),
        ('{"testKey":"A-1","steps":[5]}', "$.tests[1].steps[0]", "Expected `object`, got `int`"),
        ('{"testKey":"A-1","iterations":[{"duration":1e999}]}', "$.tests[1].iterations[0].duration", "out of range"),
        ('{"testKey":"A-1","unknown":1e999,"status":"PASS"}', "$.tests[1][...]", "out of range"),
        ("5", "$.tests[1]", "Expected `object`, got `int`"),
        ("null", "$.tests[1]", "Expected `object`, got `null`"),
        ("[]", "$.tests[1]", "Expected `object`, got `array`"),
        ("{}", "$.tests[1].status", "no status is given"),
    ],
)
def test_a_result_that_cannot_be_read_is_told_with_its_path_and_the_others_are_stored(
    door: Door, bad: str, path: str, problem: str
) -> None:
    answer = post(door, report(ONE, bad, json.dumps(generic(2))))
    assert answer.status_code == 200, answer.text
    assert len(imported(answer.json())) == 2
    (error,) = answer.json()["testIssues"]["error"]
    assert error["index"] == 1
    assert any(m.startswith(f"{path}: ") and problem in m for m in error["messages"]), error


def test_latin_1_in_one_result_is_told_with_the_byte_and_the_others_are_stored(door: Door) -> None:
    body = report(ONE, '{"testKey":"A-1","comment":"caf@","status":"PASS"}').replace(b"@", b"\xe9")
    (error,) = post(door, body).json()["testIssues"]["error"]
    assert error["messages"] == ['$.tests[1]: is not valid UTF-8 (byte 0xe9 after \'"A-1","comment":"caf\'); write the report in UTF-8']


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\uDC00", "\\ud83d\\ud83d\\ude00"])
def test_what_no_database_can_store_is_replaced_and_told(door: Door, escape: str) -> None:
    tests = [json.dumps(generic(i, comment=f"Test @{i}")) for i in range(3)]
    tests[1] = tests[1].replace("@", escape)
    answer = post(door, report(*tests)).json()
    assert len(imported(answer)) == 3
    assert "$.tests[1].comment has a character that can't be stored; it was replaced by U+FFFD" in told(answer)
    assert door.run(key_of(answer), imported(answer)[1])["comment"].startswith("Test �")


def test_bad_escapes_anywhere_are_stored_as_replacements(door: Door) -> None:
    odd = json.loads('"a\\u0000b"')
    test = generic(
        1, "FAIL", comment=odd, executedBy=odd, assignee=odd, defects=[odd], steps=[{"status": "PASS", "comment": odd, "actualResult": odd}],
        iterations=[{"status": "PASS", "name": odd, "log": odd, "parameters": [{"name": odd, "value": odd}]}], customFields=[{"value": {odd: [odd]}}],
        evidence=[{"filename": odd, "contentType": odd, "data": "YQ=="}],
    )  # fmt: skip
    test["testInfo"] |= {"summary": odd, "definition": odd, "description": odd, "labels": [odd], "requirementKeys": [odd]}
    info = {"project": "DEMO", "summary": odd, "description": odd, "version": odd, "user": odd, "revision": odd, "testEnvironments": [odd]}
    answer = door.load(test, info=info)
    run = door.run(key_of(answer), imported(answer)[0])
    assert (run["comment"], run["executedBy"], run["testEnvironments"]) == ("a�b", "a�b", ["a�b"])


@pytest.mark.parametrize(
    "more",
    [
        {"start": "9999-12-31T23:59:59-14:00"}, {"start": "0001-01-01T00:00:00+14:00", "finish": "0001-01-01T00:00:00Z"},
        {"start": "2020-01-01T00:00:00+99:99"}, {"start": "-2020-01-01T00:00:00Z"}, {"start": "9" * 10_000}, {"start": "9999-12-31T23:59:59.9999Z"},
    ],
)  # fmt: skip
def test_a_date_that_no_calendar_has_is_told_and_the_result_is_kept(door: Door, more: dict[str, str]) -> None:
    answer = door.load(generic(1, **more), info={"project": "DEMO", "startDate": more["start"]})
    assert "$.tests[0].start: '" in told(answer)
    assert "$.info.startDate: '" in told(answer)
    assert len(told(answer)) < 1000
    assert "startedOn" not in door.run(key_of(answer), imported(answer)[0])
    assert door.http.get("/rest/api/2/search").status_code == 200


def test_dates_at_the_edges_are_kept_and_shown(door: Door) -> None:
    answer = door.load(
        generic(1, start="0001-01-01T00:00:00Z", finish="9999-12-31T23:59:59.999Z"), generic(2, start="2020-01-01T00:00:00+23:59")
    )
    assert door.run(key_of(answer), imported(answer)[0])["finishedOn"].startswith("9999-12-31T23:59:59.999")
    assert door.http.get(f"/browse/{key_of(answer)}").status_code == 200
    assert door.http.get(f"/browse/{imported(answer)[0]}").status_code == 200


def test_numbers_of_any_size_are_kept_as_they_are(door: Door) -> None:
    iteration = {"status": "PASS", "duration": 10**400, "parameters": [{"name": 10**30, "value": -(10**40)}, {"name": "f", "value": 1e308}]}
    answer = door.load(generic(1, iterations=[iteration], customFields=[{"id": 10**25, "value": {"n": 10**400}}]))
    run = door.run(key_of(answer), imported(answer)[0])
    assert run["customFields"] == [{"id": 10**25, "name": None, "value": {"n": 10**400}}]
