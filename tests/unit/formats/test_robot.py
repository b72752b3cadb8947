# SPDX-License-Identifier: Apache-2.0
"""The mapping of Robot Framework's output, and what becomes of odd ones."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.formats.cells.robot import report, status

from radiograph.domain.clock import Instant
from radiograph.domain.errors import UnreadableReport
from radiograph.formats.known import detect
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.robot import read_robot

if TYPE_CHECKING:
    from radiograph.domain.report import Report, TestResult

OLD = '<status status="{}" starttime="{}" endtime="{}"></status>'


def read(body: bytes | str, *, keep_output: bool = False) -> Report:
    data = body.encode() if isinstance(body, str) else body
    return read_robot(Source("output.xml", memoryview(data)), ReadOptions(keep_output=keep_output))


def one(*bodies: str, keep_output: bool = False) -> TestResult:
    return read(report(*bodies), keep_output=keep_output).results[0]


def suite(inner: str, generator: str = "Robot 7.5", generated: str = "2026-11-26T10:00:00") -> str:
    return f'<robot generator="{generator}" generated="{generated}"><suite name="S">{inner}</suite></robot>'


def definition(result: TestResult) -> str | None:
    return result.info.definition if result.info else None


def as_json(**suite: Any) -> bytes:
    return json.dumps({"generator": "Robot 7.5 (Python 3.13.0 on linux)", "generated": "2026-11-26T10:00:00", "suite": suite}).encode()


def test_a_definition_is_the_names_of_the_suites_and_of_the_test() -> None:
    found = read(suite(f'<suite name="A.B"><test name="C">{status("PASS")}</test></suite><suite name="A"/>'))
    assert [definition(r) for r in found.results] == ["S.A.B.C"]
    assert found.info.fields.summary == "S"


def test_definitions_may_collide_and_both_results_are_kept() -> None:
    inner = (
        f'<suite name="A.B"><test name="C">{status("PASS")}</test></suite><suite name="A"><test name="B.C">{status("FAIL")}</test></suite>'
    )
    assert [definition(r) for r in read(suite(inner)).results] == ["S.A.B.C", "S.A.B.C"]


def test_a_test_without_a_name_is_refused_and_the_others_are_kept() -> None:
    found = read(suite(f'\n<test name=" ">{status("PASS")}</test><test name="x">{status("PASS")}</test>'))
    assert [(r.index, r.problems[0].path) for r in found.refused] == [(0, "line 2")]
    assert [(r.index, definition(r)) for r in found.results] == [(1, "S.x")]


def test_a_report_without_tests_has_no_results() -> None:
    assert read(suite("")).results == []


def test_the_documentation_describes_a_new_test() -> None:
    found = one("<doc>It adds.\nUp.</doc>" + status("PASS")).info
    assert found is not None
    assert (found.description, found.given, found.derived) == ("It adds.\nUp.", (), True)


@pytest.mark.parametrize(
    "tags", ["<tags><tag>a</tag><tag> DEMO-1 </tag><tag></tag></tags>", "<tag>a</tag><tag>DEMO-1</tag><tag>ROBOT:exit</tag>"]
)
def test_tags_are_read_of_all_versions_but_not_those_that_steer_robot(tags: str) -> None:
    assert one(tags + status("PASS")).tags == ["a", "DEMO-1"]


def test_times_of_old_and_new_versions_are_utc() -> None:
    old = read(suite(f'<test name="x">{OLD.format("PASS", "20261126 10:00:00.123", "20261126 10:00:01.000")}</test>')).results[0]
    assert (old.start, old.finish) == (Instant(1795687200123), Instant(1795687201000))
    new = one(status("PASS"))
    assert (new.start, new.finish, new.elapsed) == (Instant(1795687200000), Instant(1795687200500), None)


def test_times_are_in_the_zone_of_the_report_where_it_names_one() -> None:
    found = read(suite(f'<test name="x">{status("PASS")}</test>', generated="2026-11-26T10:00:00+01:00"))
    assert found.results[0].start == Instant(1795683600000, 60)
    assert found.info.begin == Instant(1795683600000, 60)


def test_a_run_begins_and_ends_with_its_tests_and_suite() -> None:
    inner = f'<test name="x">{status("PASS")}</test>{OLD.format("PASS", "20261126 09:59:59.000", "20261126 10:00:09.000")}'
    info = read(suite(inner)).info
    assert (info.begin, info.end) == (Instant(1795687199000), Instant(1795687209000))


@pytest.mark.parametrize(
    ("attributes", "warning"),
    [
        ('start="yesterday"', "line 1: the time 'yesterday' can't be read and was left out"),
        ('starttime="20261326 10:00:00.000"', "line 1: the time '20261326 10:00:00.000' can't be read and was left out"),
        ('elapsed="-3"', "line 1: the duration '-3' can't be read and was left out"),
    ],
)
def test_a_time_that_cant_be_read_is_left_out_with_a_warning(attributes: str, warning: str) -> None:
    found = one(f'<status status="PASS" {attributes}/>')
    assert found.warnings == [warning]
    assert (found.status, found.start, found.elapsed) == ("PASS", None, None)


def test_a_duration_alone_is_kept_also_with_groups_of_thousands() -> None:
    assert one('<status status="PASS" elapsed="3,000.457"/>').elapsed == pytest.approx(3000.457)
    assert one('<status status="PASS" starttime="N/A" endtime="N/A"/>').warnings == []


@pytest.mark.parametrize(
    ("item", "header"),
    [
        ('<kw name="Log" library="BuiltIn"><arguments><arg>a</arg><arg>b c</arg></arguments></kw>', "Log    a    b c"),
        ('<kw name="Get"><assign><var>${x}</var><var>${y}</var></assign></kw>', "${x} ${y} =    Get"),
        ('<kw name="Close" type="teardown"/>', "Teardown: Close"),
        ('<kw name="${x} IN [ a | b ]" type="for"/>', "FOR    ${x} IN [ a | b ]"),
        ('<for flavor="IN"><var>${x}</var><value>a</value><iter/></for>', "FOR    ${x}    IN    a"),
        ('<if><branch type="IF" condition="$x"/><branch type="ELSE"/></if>', "IF    $x / ELSE"),
        ('<try><branch type="TRY"/><branch type="EXCEPT"><pattern>a*</pattern></branch></try>', "TRY / EXCEPT    a*"),
        ("<try/>", "TRY"),
        ('<while condition="$x"/>', "WHILE    $x"),
        ('<group name="Log in"/>', "GROUP    Log in"),
        ('<variable name="${x}"><var>1</var></variable>', "VAR    ${x}    1"),
        ("<return><value>1</value></return>", "RETURN    1"),
        ("<error><value>ELSE</value></error>", "ELSE"),
        ("<break/>", "BREAK"),
    ],
)
def test_a_step_shows_its_line(item: str, header: str) -> None:
    assert [s.actual for s in one(item + status("PASS")).steps] == [header]


def test_nested_keywords_are_no_steps_but_their_failures_are_told_with_their_names() -> None:
    inner = (
        f'<kw name="Inner"><kw name="Deep"><msg level="FAIL">no luck</msg>{status("FAIL", "no luck")}</kw>{status("FAIL", "no luck")}</kw>'
    )
    found = one(f'<kw name="Outer">{inner}<msg level="WARN">careful</msg>{status("FAIL", "no luck")}</kw>' + status("FAIL", "no luck"))
    assert [(s.status, s.comment) for s in found.steps] == [("FAIL", "Inner > Deep: no luck\nWARN: careful")]


def test_a_failure_that_a_step_got_over_is_not_told() -> None:
    inner = f'<kw name="Fail"><msg level="FAIL">not so bad</msg>{status("FAIL", "not so bad")}</kw>'
    assert one(f'<kw name="Run Keyword And Ignore Error">{inner}{status("PASS")}</kw>').steps[0].comment == ""


def test_of_many_messages_the_first_are_told_and_how_many_there_were() -> None:
    lines = (
        one("<kw name='Loop'>" + "".join(f'<msg level="WARN">{i}</msg>' for i in range(300)) + status("PASS") + "</kw>").steps[0].comment
    )
    assert (lines.count("\n"), lines.splitlines()[-1]) == (200, "... and 100 more messages")


def test_pictures_in_messages_are_evidence_and_links_to_files_are_warned_of_once() -> None:
    html = (
        '<a href="shot-1.png"><img src="shot-1.png"></a><a href="https://example.org/x.png">x</a><a href="#top">t</a>'
        "<img src='data:image/jpeg;base64,YQ=='><a href=\"data:text/plain,a%20b\">t</a><img src=''>"
    )
    found = one(f'<kw name="Shoot"><msg level="INFO" html="yes">{escape(html)}</msg>{status("PASS")}</kw>' + status("PASS"))
    files = found.steps[0].evidence
    assert [(f.filename, f.content_type, bytes(f.data or b"")) for f in files] == [
        ("screenshot-1.jpg", "image/jpeg", b'"YQ=="'),
        ("file-2.txt", "text/plain", b"a b"),
    ]
    assert found.warnings == ["line 1: the report names the file shot-1.png, but doesn't hold it"]


def test_a_message_that_is_no_html_holds_no_files() -> None:
    text = escape('<img src="shot.png">')
    found = one(f'<kw name="Log"><msg level="WARN">{text}</msg>{status("PASS")}</kw>' + status("PASS"))
    assert found.warnings == []
    assert found.steps[0].comment == 'WARN: <img src="shot.png">'


def test_a_message_of_a_test_in_html_becomes_plain_text() -> None:
    found = one(status("FAIL", '*HTML* <p>a &amp; b</p><br>2 &lt; 3 <img src="data:image/png;base64,YQ==">'))
    assert found.comment == "a & b\n\n2 < 3"
    assert [f.filename for f in found.evidence] == ["screenshot-1.png"]


def test_a_test_that_was_merged_several_times_has_its_tries_oldest_first() -> None:
    def part(which: str, word: str, message: str) -> str:
        low = which.lower()
        return (
            f'<span class="{low}-status">{which} status:</span> <span class="{word.lower()}">{word}</span><br>'
            f'<span class="{low}-message">{which} message:</span> {message}<br>'
        )

    head = '*HTML* <span class="merge">Test has been re-executed and results merged.</span>'
    message = "<hr>".join([head, part("New", "PASS", "a &lt; b"), part("Old", "SKIP", "two<hr>lines"), part("Old", "FAIL", "first")])
    found = one(status("PASS", message))
    assert found.comment == "a < b"
    assert [(a.status, a.comment) for a in found.attempts] == [("FAIL", "first"), ("TODO", "two\nlines")]


def test_a_message_of_merging_without_an_earlier_status_is_a_comment() -> None:
    skipped = "*HTML* Test has been re-executed and results merged. Latter result had <span>SKIP</span> status and was ignored. Message:\nx"
    found = one(status("PASS", skipped))
    assert not found.attempts
    assert found.comment.endswith("Latter result had SKIP status and was ignored. Message:\nx")


TESTS = f'<test name="a">{status("PASS")}</test><test name="b">{status("FAIL", "no")}</test><test name="c">{status("SKIP", "s")}</test>'


def teardown(word: str) -> str:
    return f'<kw name="Fail" type="TEARDOWN"><msg level="FAIL">the till</msg>{status(word, "the till")}</kw>'


def test_tests_fail_with_the_teardown_of_their_suite_but_only_once() -> None:
    assert [(r.status, r.comment) for r in read(suite(TESTS + teardown("FAIL"))).results] == [
        ("FAIL", "Parent suite teardown failed:\nthe till"),
        ("FAIL", "no\n\nAlso parent suite teardown failed:\nthe till"),
        ("TODO", "s\n\nAlso parent suite teardown failed:\nthe till"),
    ]
    assert [r.status for r in read(suite(TESTS + teardown("FAIL"), generator="Rebot 7.5")).results] == ["PASS", "FAIL", "TODO"]
    assert [r.status for r in read(suite(TESTS + teardown("PASS"))).results] == ["PASS", "FAIL", "TODO"]


def test_the_teardown_of_a_suite_can_skip_its_tests() -> None:
    skipping = f'<kw name="Skip" type="TEARDOWN"><msg level="SKIP">closed</msg>{status("SKIP", "closed")}</kw>'
    assert [(r.status, r.comment) for r in read(suite(TESTS + skipping)).results] == [
        ("TODO", "Skipped in parent suite teardown:\nclosed"),
        ("TODO", "Skipped in parent suite teardown:\nclosed\n\nEarlier message:\nno"),
        ("TODO", "Skipped in parent suite teardown:\nclosed\n\nEarlier message:\ns"),
    ]


def test_errors_of_the_run_are_told_but_not_its_warnings() -> None:
    errors = '<errors><msg level="ERROR">No library</msg><msg level="WARN">w</msg></errors>'
    body = suite("").replace("</robot>", errors + "</robot>")
    assert read(body).notes == ["Robot Framework told of an error: No library"]
    assert len(read(body.replace("<errors>", "<errors>" + '<msg level="ERROR">x</msg>' * 50)).notes) == 20


def test_what_was_logged_is_evidence_only_if_output_is_kept() -> None:
    body = f'<kw name="Log"><msg level="INFO">hello</msg><msg level="WARN">w</msg>{status("PASS")}</kw>' + status("PASS")
    assert not one(body).evidence
    files = one(body, keep_output=True).evidence
    assert [(f.filename, bytes(f.data or b"")) for f in files] == [("system-out.txt", b"INFO  hello\nWARN  w")]


@pytest.mark.parametrize(
    ("body", "place", "problem"),
    [
        (b'<robot>\n<suite name="a">\n<test', "line 3", "it was cut off"),
        (b"<robot>\n</suite>", "line 2", "not well-formed"),
        (b'<!DOCTYPE x>\n<robot generator="Robot">', "line 1", "document type"),
        (b'<robot>\n<suite name="\xe4"/></robot>', "line 2", "byte 0xe4"),
    ],
)
def test_what_is_no_xml_is_refused_with_its_line(body: bytes, place: str, problem: str) -> None:
    with pytest.raises(UnreadableReport, match=problem) as refused:
        read(body)
    assert refused.value.details[0].path == place


def test_control_characters_are_replaced_and_told() -> None:
    found = read(report(status("FAIL", "a\x1b[31mb")))
    assert found.results[0].comment == "a\ufffd[31mb"
    assert found.notes == ["1 control characters that XML can't hold were replaced"]


def test_a_huge_message_is_read() -> None:
    assert len(one(status("FAIL", "x" * 3_000_000)).comment) == 3_000_000


def test_json_has_the_same_rules_as_xml() -> None:
    test = {
        "name": "pays",
        "status": "FAIL",
        "message": "no",
        "tags": ["DEMO-1"],
        "doc": "It pays.",
        "start_time": "2026-11-26T10:00:00",
        "elapsed_time": 0.5,
        "setup": {"name": "Open", "status": "PASS"},
        "body": [
            {"name": "Try", "args": ["1", 2], "assign": ["${x}"], "status": "FAIL", "message": "no"},
            {"type": "VAR", "name": "${v}", "value": ["1"], "status": "NOT RUN"},
            {"name": "Shoot", "status": "PASS", "body": [{"type": "MESSAGE", "level": "INFO", "html": True, "message": '<img src="data:image/png;base64,YQ==">'}]},
            "odd",
        ],
    }  # fmt: skip
    found = read(as_json(name="S", suites=[{"name": "In", "tests": [test]}], start_time="2026-11-26T09:00:00", elapsed_time=7200))
    result = found.results[0]
    assert (definition(result), result.place, result.status, result.tags) == ("S.In.pays", "$.suite.suites[0].tests[0]", "FAIL", ["DEMO-1"])
    assert [(s.status, s.comment, s.actual, len(s.evidence)) for s in result.steps] == [
        ("PASS", "", "Setup: Open", 0),
        ("FAIL", "no", "${x} =    Try    1    2", 0),
        ("TODO", "", "VAR    ${v}    1", 0),
        ("PASS", "", "Shoot", 1),
    ]
    assert (found.info.begin, found.info.end) == (Instant(1795683600000), Instant(1795690800000))


def test_json_tells_of_failed_teardowns_and_errors() -> None:
    body = json.loads(
        as_json(name="S", tests=[{"name": "a", "status": "PASS"}], teardown={"name": "Fail", "status": "FAIL", "message": "till"})
    )
    body["errors"] = [{"level": "ERROR", "message": "No library"}]
    found = read(json.dumps(body))
    assert [(r.status, r.comment) for r in found.results] == [("FAIL", "Parent suite teardown failed:\ntill")]
    assert found.notes == ["Robot Framework told of an error: No library"]


def test_a_test_in_json_that_is_no_object_is_refused_and_the_others_are_kept() -> None:
    found = read(as_json(name="S", tests=[5, {"name": "a", "status": "PASS"}, {"status": "PASS"}]))
    assert [(r.index, r.problems[0].path) for r in found.refused] == [(0, "$.suite.tests[0]"), (2, "$.suite.tests[2]")]
    assert [definition(r) for r in found.results] == ["S.a"]


@pytest.mark.parametrize(
    ("body", "path", "problem"),
    [
        (b'{"generator": "Robot", "suite": {"name": 5}}', "$.suite.name", "Expected `str`, got `int`"),
        (b'{"generator": "Robot", "suite": {"tests": 5}}', "$.suite.tests", "Expected `array"),
        (b'{"generator": "Robot"}', "$", "missing required field `suite`"),
        (b'{"generator": "Robot", "suite"', "$", "cut off"),
        (b'{"generator": "Robot", "suite": {"name": "\xe4"}}', "$.suite", "not valid UTF-8"),
        (b'{"generator": "R", "suite": {"teardown": ' + b'{"body": [' * 300 + b"]}" * 300 + b"}}", "$.suite", "nested too deeply"),
        (b'{"generator": "R", "suite": ' + b'{"suites": [' * 300 + b"]}" * 300 + b"}", "$.suite" + ".suites[0]" * 201, "nested too deeply"),
    ],
)
def test_json_that_cant_be_read_is_refused_with_its_path(body: bytes, path: str, problem: str) -> None:
    with pytest.raises(UnreadableReport, match=problem) as refused:
        read(body)
    assert refused.value.details[0].path == path


@pytest.mark.parametrize("body", [report(status("PASS")), as_json(name="S"), b'<?xml version="1.0"?>\n<!-- x -->\n<robot rpa="false">'])
def test_reports_of_robot_are_told_by_their_beginning(body: bytes) -> None:
    found = detect(memoryview(body))
    assert found is not None
    assert found.name == "robot"
