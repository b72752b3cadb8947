# SPDX-License-Identifier: Apache-2.0
"""Bodies that nobody should send: each is refused in plain words or stored whole, on both databases."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.door import FIELDS, IMPORT, generic, imported, key_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from tests.contract.door import Door

GOOD = json.dumps(
    {"info": {"project": "DEMO"}, "tests": [generic(1), generic(2, "FAIL", comment="café ☕ \U0001f600")]}, ensure_ascii=False
).encode()
LONG = "".join(chr(0x4E00 + (i * 7919) % 20_000) for i in range(300_000))
"""900 kB that no database compresses well."""


def post(door: Door, body: bytes | Iterator[bytes], path: str = IMPORT, **headers: str) -> httpx2.Response:
    return door.http.post(path, content=body, headers={"Content-Type": "application/json"} | headers)


def refused(answer: httpx2.Response, status: int = 400) -> str:
    """The text of a refusal; it has a message, and where it says what is wrong, it says where."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    body = answer.json()
    assert body.keys() == {"error", "message", "details"}
    assert body["error"] == body["message"] != ""
    assert all(d["path"].startswith("$") and d["problem"] for d in body["details"])
    return str(body["error"])


def report(*tests: str, head: str = '"info":{"project":"DEMO"},') -> bytes:
    """A report with these results as they are written."""
    return ("{" + head + '"tests":[' + ",".join(tests) + "]}").encode("utf-8", "surrogatepass")


ONE = json.dumps(generic(1))


# --- the body as a whole -------------------------------------------------------------------------
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
        (b"<testsuite/>", "looks like XML"),
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


# --- depth and size ------------------------------------------------------------------------------
@pytest.mark.parametrize("head", [b"", b'{"tests":', b'{"info":', b'{"tests":[{"comment":', b'{"x":', b'{"tests":[{"steps":'])
@pytest.mark.parametrize("piece", [b"[" * 2**20, b'{"a":' * 2**18])
def test_endless_nesting_harms_nothing(door: Door, head: bytes, piece: bytes) -> None:
    text = refused(post(door, (p for p in [head, *[piece] * 4])))
    assert "nested too deeply" in text or "Expected `" in text
    assert door.executions() == 0


def test_200_mb_of_brackets_are_refused(door: Door, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("no database is asked")
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


# --- one bad result among good ones --------------------------------------------------------------
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


# --- names and keys of a megabyte ----------------------------------------------------------------
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


# --- gzip ----------------------------------------------------------------------------------------
def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # the time would make other names for the same tests


ZIPPED = zipped(GOOD)


@pytest.mark.parametrize(
    "body",
    [
        ZIPPED,
        zipped(GOOD[:10]) + zipped(GOOD[10:]),
        ZIPPED + b"\0" * 100,
        zipped(b"") + ZIPPED,
        zipped(GOOD + b" " * 2**22),
    ],
    ids=["one", "two members", "padded", "an empty one first", "4 MiB of spaces"],
)
def test_gzip_is_unpacked(door: Door, body: bytes) -> None:
    for encoding in ("gzip", "x-gzip", " GZIP "):
        assert len(imported(post(door, body, **{"Content-Encoding": encoding}).json())) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (ZIPPED[:-1], "ends in the middle"), (ZIPPED[: len(ZIPPED) // 2], "ends in the middle"), (ZIPPED[:5], "ends in the middle"),
        (ZIPPED + b"garbage", "can't be unpacked"), (GOOD, "can't be unpacked"), (ZIPPED[:-8] + b"\0" * 8, "can't be unpacked"),
        (ZIPPED + ZIPPED[:-3], "ends in the middle"), (b"", "empty"), (zipped(b""), "empty"),
    ],
)  # fmt: skip
def test_gzip_that_is_not_whole_is_refused_and_nothing_is_stored(door: Door, body: bytes, words: str) -> None:
    assert words in refused(post(door, body, **{"Content-Encoding": "gzip"}))
    assert door.executions() == 0


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x"])
def test_an_unknown_encoding_is_a_415(door: Door, encoding: str) -> None:
    assert encoding in refused(post(door, GOOD, **{"Content-Encoding": encoding}), 415)


# --- multipart -----------------------------------------------------------------------------------
FORM = f"{IMPORT}/multipart"
INFO = json.dumps({"fields": {"project": {"key": "DEMO"}, "summary": "From a form", "issuetype": {"name": "Test Execution"}}})
RESULT = json.dumps({"tests": [generic(1)]})


def part(name: str, content: str, more: str = "", end: str = "\r\n") -> str:
    return f'--x{end}Content-Disposition: form-data; name="{name}"{more}{end}{end}{content}{end}'


def form(door: Door, body: str, content_type: str = "multipart/form-data; boundary=x") -> httpx2.Response:
    return post(door, body.encode(), FORM, **{"Content-Type": content_type})


BOTH = part("info", INFO) + part("result", RESULT)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (BOTH + "--x--\r\n", "multipart/form-data; boundary=x"),
        (BOTH + "--x--", 'Multipart/Form-Data; charset=UTF-8; boundary="x"'),
        (BOTH + "--x--\r\nepilogue\r\n--x\r\n", "multipart/form-data; boundary=x"),
        ("preamble\r\n--xyz\r\n" + BOTH + "--x--", "multipart/form-data; boundary=x"),
        (part("info", INFO, end="\n") + part("result", RESULT, end="\n") + "--x--\n", "multipart/form-data; boundary=x"),
        (BOTH + "--x--", "application/json"),
        (BOTH + "--x--", "multipart/form-data"),
        (BOTH + "--x--", "text/plain"),
        (part("info", INFO, '; filename="../../../etc/passwd"') + part("result", RESULT, '; filename="C:\\\\x\\\\r.json"') + "--x--", "multipart/form-data; boundary=x"),
        (part("info", INFO, '; filename="a\\"b"\r\nContent-Type: image/png') + part("result", RESULT) + "--x--", "multipart/form-data; boundary=x"),
        (part("result", RESULT) + part("info", INFO) + part("other", "5") + part("tail", "--xy\r\n--x-\r\n --x") + "--x--", "multipart/form-data; boundary=x"),
        (part("info", json.dumps(INFO)) + part("results", RESULT) + "--x--", "multipart/form-data; boundary=x"),
        (part("info", "\ufeff" + INFO) + part("file", RESULT) + "--x--", "multipart/form-data; boundary=x"),
        (BOTH.replace("--x\r\n", "--x \t\r\n") + "--x-- \r\n", "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_forms_are_read_as_clients_write_them(door: Door, body: str, content_type: str) -> None:
    answer = form(door, body, content_type)
    assert answer.status_code == 200, answer.text
    assert door.fields(key_of(answer.json()))["summary"] == "From a form"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BOTH, "ends in the middle of a part"),
        (BOTH[:-30], "ends in the middle of a part"),
        ("nothing", "has no part: --x is not in it"),
        ("--y\r\n\r\n\r\n--y--", "has no part: --x is not in it"),
        ("--x--", "The part 'result' is missing; there is no parts"),
        (part("info", INFO) + "--x--", "The part 'result' is missing; there is info"),
        (BOTH + part("result", RESULT) + "--x--", "The part 'result' is there twice"),
        (BOTH + part("results", RESULT) + "--x--", "2 parts with a report, result and results; send one"),
        ("".join(part(f"p{i}", "") for i in range(10_000)) + "--x--", "more than 100 parts"),
        (f"--x\r\n\r\n{RESULT}\r\n--x--", "has no name"),
        (f"--x\r\nContent-Type: text/plain\r\n\r\n{RESULT}\r\n--x--", "has no name"),
        (f"--x\r\n{'X: y' * 10_000}\r\n\r\n{RESULT}\r\n--x--", "has no headers, or they are too long"),
        (part("result", part("result", RESULT).replace("--x", "--xx") + "--xx--") + "--x--", "looks like a multipart body"),
        (part("info", "") + part("result", RESULT) + "--x--", "The info part is empty"),
        (part("info", "[]") + part("result", RESULT) + "--x--", "$info must be an object, not []"),
        (part("info", "5") + part("result", RESULT) + "--x--", "$info must be an object, not 5"),
        (part("info", "{") + part("result", RESULT) + "--x--", "The info part ends too early, at line 1, column 2 (byte 1)"),
        (part("info", '"{"') + part("result", RESULT) + "--x--", "The info part ends too early"),
        (part("info", "[" * 100_000) + part("result", RESULT) + "--x--", "nested too deeply"),
        (part("info", '{"fields":{"summary":NaN}}') + part("result", RESULT) + "--x--", "The info part is not valid JSON"),
        (part("info", '{"fields":[]}') + part("result", RESULT) + "--x--", "Project"),
        (part("info", INFO) + part("result", "") + "--x--", "The report is empty"),
        (part("info", INFO) + part("result", "[]") + "--x--", "$: Expected `object`"),
    ],
)
def test_forms_that_are_not_whole_are_refused_and_nothing_is_stored(door: Door, body: str, words: str) -> None:
    text = refused(form(door, body))
    assert words.lower() in text.lower(), text
    assert door.executions() == 0


def test_a_form_without_any_boundary_is_refused(door: Door) -> None:
    assert "names no boundary" in refused(form(door, "{}", "multipart/form-data"))
    assert "takes multipart/form-data" in refused(form(door, RESULT, "application/json"))


# --- Jira's API ----------------------------------------------------------------------------------
BAD_FIELDS: dict[str, list[Any]] = {
    "summary": [5, [], {}, "x" * 300, None, ""], "description": [5, []], "labels": ["x", 5, {}, ["l" * 300]], "components": [5, "x", [{"name": LONG}]],
    "fixVersions": [{"name": "x"}, [{"name": LONG}]], "assignee": [5, [], {"name": 5}, {"name": LONG}], "project": [{"key": LONG}, {"id": 10**40}, 5, [1], {"key": {}}],
    "issuetype": [{"id": 10**40}, {"id": "9" * 5000}, 7, [1], {"name": LONG}, {"name": {}}], FIELDS["plan"]: [[5], "x", LONG], FIELDS["environments"]: [[LONG], LONG],
    FIELDS["steps"]: [{"steps": [5]}, {"steps": [{"fields": 5}]}, {"steps": [{"fields": [1]}]}], FIELDS["type"]: ["Odd", {"value": LONG}],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD_FIELDS.items() for v in values])
def test_a_bad_field_of_an_issue_is_refused_in_jiras_shape(door: Door, name: str, value: Any) -> None:
    kind = "Test" if name in {FIELDS["steps"], FIELDS["type"]} else "Test Execution"
    fields = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": "s", name: value}
    answer = door.http.post("/rest/api/2/issue", json={"fields": fields})
    assert answer.status_code == 400, answer.text[:300]
    assert answer.json().keys() == {"errorMessages", "errors"}
    assert len(answer.text) < 2000


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"null", b'"x"', b'{"fields":[]}', b'{"fields":5}', b"[" * 100_000, b"{", b"\xff\xfe{\0}\0", b'{"fields":{"x":NaN}}', b'{"fields":{"summary":"\xe9"}}'])  # fmt: skip
def test_a_bad_body_of_an_issue_is_refused_in_jiras_shape(door: Door, body: bytes) -> None:
    key = door.make("Bug")
    answers = [door.http.post("/rest/api/2/issue", content=body), door.http.post("/rest/api/2/search", content=body)]
    answers.append(door.http.put(f"/rest/api/2/issue/{key}", content=body))
    for answer in answers:
        assert answer.status_code in ({200, 400} if answer.request.url.path.endswith("search") and b"fields" in body else {400}), (
            answer.text
        )
        if answer.status_code == 400:
            assert answer.json().keys() == {"errorMessages", "errors"}


def test_bad_escapes_in_an_issue_are_stored_as_replacements(door: Door) -> None:
    body = b'{"fields":{"project":{"key":"DEMO"},"issuetype":{"name":"Bug"},"summary":"a\\u0000b","description":"\\ud800","labels":["\\u0000"],"x":"\\udc00"}}'
    answer = door.http.post("/rest/api/2/issue", content=body)
    assert answer.status_code == 201, answer.text
    assert door.fields(answer.json()["key"])["summary"] == "a�b"


@pytest.mark.parametrize(
    ("jql", "status"),
    [
        ("id in (" + "9" * 30 + ")", 200), ("project = " + "9" * 30, 200), ("id = " + "9" * 5000, 200), ("issuetype = " + "9" * 5000, 200),
        ("key in (" + ",".join(f"D-{i}" for i in range(7000)) + ")", 200), ("summary ~ '" + "a " * 1000 + "'", 400), ("x" * 70_000, 400),
        ("summary ~ '%_\\\\'", 200), ("summary ~ 'a\x00'", 200), (" AND ".join(["project = A"] * 1000), 400),
    ],
)  # fmt: skip
def test_a_query_of_any_size_finds_something_or_is_refused(door: Door, jql: str, status: int) -> None:
    answer = door.http.post("/rest/api/2/search", json={"jql": jql})
    assert answer.status_code == status, answer.text[:300]
    assert answer.json().keys() >= ({"issues"} if status == 200 else {"errorMessages", "errors"})


@pytest.mark.parametrize("body", [{"jql": 5}, {"fields": 5}, {"fields": {"a": 1}}, {"fields": [5, None]}, {"startAt": 1.5}, {"startAt": -1}, {"maxResults": None}, {"maxResults": 10**40}, {"startAt": 99_999_999_999}])  # fmt: skip
def test_a_search_with_odd_values_never_crashes(door: Door, body: dict[str, Any]) -> None:
    assert door.http.post("/rest/api/2/search", json=body).status_code in {200, 400}


@pytest.mark.parametrize(
    "query", ["page=9999999999", "page=10000001", "page=0", "page=-1", "limit=201", "limit=" + "0" * 20 + "201", "limit=1e2", "page=%C2%B2"]
)
def test_pages_outside_their_bounds_are_refused(door: Door, query: str) -> None:
    key = key_of(door.load(generic(1)))
    assert "must be a whole number from" in refused(door.http.get(f"/rest/raven/2.0/api/testexec/{key}/test?{query}"))
    assert door.http.get(f"/rest/raven/2.0/api/testexec/{key}/test?page=10000000&limit=200").json() == []


@pytest.mark.parametrize("after", ["0", "0.", ".1", "x.y", "0." + "9" * 10, "0." + "9" * 25, "9" * 19 + ".1", "0.1.2"])
def test_a_page_of_people_says_what_is_wrong_with_its_address(door: Door, after: str) -> None:
    answer = door.http.get(f"/browse/{key_of(door.load(generic(1)))}?after={after}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "follow the links of the page" in answer.text


@pytest.mark.parametrize("name", ["\0", "admin\0", "\ud800", "x" * 10_000])
def test_nobody_has_such_a_name(door: Door, name: str) -> None:
    body = {"name": name.encode("utf-8", "surrogatepass"), "password": b"x"}
    answer = door.http.post("/sign-in", data=body, auth=lambda request: request)
    assert answer.status_code == 401


# --- at random -----------------------------------------------------------------------------------
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

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
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
