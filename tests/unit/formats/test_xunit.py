# SPDX-License-Identifier: Apache-2.0
"""xUnit.net XML, formats 1 to 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.formats.found import at, info, one

from radiograph.domain.errors import UnreadableReport
from radiograph.formats.known import detect
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def read(body: str | bytes, *, keep_output: bool = False) -> Report:
    data = body.encode() if isinstance(body, str) else body
    return read_reports([Source("xunit.xml", memoryview(data))], "xunit", ReadOptions(keep_output=keep_output))[0]


def run(inside: str, more: str = "") -> str:
    return f'<assemblies><assembly name="a.dll" {more}><collection name="c">{inside}</collection></assembly></assemblies>'


def a_test(name: str = "A.T.Adds", more: str = 'result="Pass"', inside: str = "", method: str = "Adds") -> str:
    return f'<test name="{name}" type="A.T" method="{method}" {more}>{inside}</test>'


def traits(*pairs: tuple[str, str]) -> str:
    return "<traits>" + "".join(f'<trait name="{n}" value="{v}"/>' for n, v in pairs) + "</traits>"


@pytest.mark.parametrize(
    ("name", "summary"),
    [("A.T.Adds", "Adds"), ("Adds", "Adds"), ("adds two numbers", "adds two numbers"), ("", "Adds"), ("Adds (fast)", "Adds (fast)")],
)
def test_the_definition_is_type_and_method_and_the_summary_what_people_wrote(name: str, summary: str) -> None:
    found = one(read(run(a_test(name))))
    assert (info(found).definition, info(found).summary, list(found.iterations)) == ("A.T.Adds", summary, [])


def test_without_type_and_method_the_name_is_the_definition() -> None:
    report = read(run('<test name="A.T.Adds" result="Pass"/><test name="Sums(x: 1)" result="Pass"/><test result="Pass"/>'))
    assert [info(r).definition for r in report.results] == ["A.T.Adds", "Sums"]
    assert [(r.index, r.problems[0].path) for r in report.refused] == [(2, "line 1")]


def test_a_writer_that_knows_no_methods_has_its_tests_told_apart_by_their_names() -> None:
    tests = "".join(f'<test name="{n}" type="Calc" method="Test" result="Pass"/>' for n in ("adds", "subtracts"))
    assert [info(r).definition for r in read(run(tests, 'test-framework="Jest"')).results] == ["Calc.adds", "Calc.subtracts"]


def test_rounds_of_a_theory_are_one_test_though_others_stand_between() -> None:
    report = read(run(a_test("A.T.Adds(x: 1)") + a_test("A.T.Other", method="Other") + a_test("A.T.Adds(x: 2)", 'result="Fail"')))
    assert [(info(r).definition, r.status, [i.parameters for i in r.iterations]) for r in report.results] == [
        ("A.T.Adds", "FAIL", [[("x", "1")], [("x", "2")]]), ("A.T.Other", "PASS", []),
    ]  # fmt: skip


def test_names_that_xunit_escaped_or_cut_off_are_read() -> None:
    found = one(read(run(a_test(r"A.T.Adds(text: \&quot;a, b\&quot;)") + a_test("A.T.Adds(text: &quot;long···)"))))
    assert [i.parameters for i in found.iterations] == [[("text", '"a, b"')], [("arguments", 'text: "long···')]]


def test_a_display_name_of_a_theory_goes_with_its_arguments() -> None:
    found = one(read(run(a_test("adds numbers(x: 1)") + a_test("adds numbers(x: 2)"))))
    assert (info(found).definition, info(found).summary, [i.name for i in found.iterations]) == (
        "A.T.Adds", "adds numbers", ["adds numbers(x: 1)", "adds numbers(x: 2)"],
    )  # fmt: skip


def test_the_same_test_in_two_assemblies_is_two_results() -> None:
    assembly = f'<assembly name="a"><collection>{a_test("A.T.Adds(x: 1)")}</collection></assembly>'
    assert [len(r.iterations) for r in read(f"<assemblies>{assembly}{assembly}</assemblies>").results] == [1, 1]


def test_traits_name_the_test_requirements_and_labels() -> None:
    found = one(
        read(
            run(
                a_test(
                    inside=traits(
                        ("test", "DEMO-1"), ("requirement", "DEMO-2"), ("labels", "core UI"), ("Category", "Long running"), ("Owner", "qa")
                    )
                )
            )
        )
    )
    assert (found.test_key, info(found).requirement_keys, info(found).labels) == ("DEMO-1", ["DEMO-2"], ["core", "UI", "Long_running"])
    assert read(run(a_test(inside=traits(("Owner", "qa"))))).notes == ["Properties that mean nothing here were left out: Owner"]


def test_a_comment_is_type_message_and_trace_then_reason_and_warnings() -> None:
    failure = r'<failure exception-type="A.Odd"><message>no\r\nnever</message><stack-trace>at A</stack-trace></failure>'
    assert one(read(run(a_test(more='result="Fail"', inside=failure)))).comment == "A.Odd: no\nnever\n\nat A"
    assert one(read(run(a_test(more='result="Skip"', inside="<reason><![CDATA[not yet]]></reason>")))).comment == "not yet"
    assert one(read(run(a_test(inside="<warnings><warning>old</warning><warning>odd</warning></warnings>")))).comment == "old\n\nodd"
    assert one(read(run(a_test(more='result="Fail"', inside="<output>boom</output>")))).comment == "boom"
    assert one(read(run(a_test(inside="<output>fine</output>")))).comment == ""


def test_tests_of_a_collection_run_after_each_other_and_collections_beside_each_other() -> None:
    tests = (
        a_test(more='result="Pass" time="0.5"')
        + a_test("A.T.B", 'result="Skip" time="0"', method="B")
        + a_test("A.T.C", 'result="Pass" time="1"', method="C")
    )
    body = f'<assemblies><assembly run-date="2026-11-26" run-time="10:00:00"><collection>{tests}</collection><collection>{a_test(more="""result="Pass" time="2" """)}</collection></assembly></assemblies>'
    report = read(body)
    assert [(r.start and r.start.ms % 10_000, r.finish and r.finish.ms % 10_000) for r in report.results] == [
        (0, 500), (None, None), (500, 1500), (0, 2000),
    ]  # fmt: skip
    assert (report.info.begin, report.info.end) == (at("2026-11-26T10:00:00Z"), at("2026-11-26T10:00:02Z"))


def test_version_3_tells_the_times_of_each_test() -> None:
    times = 'result="Pass" start-rtf="2026-11-26T10:00:00.1000000+01:00" finish-rtf="2026-11-26T10:00:00.2000000+01:00" time="0.1" time-rtf="00:00:00.1000000"'
    found = one(read(run(a_test(more=times), 'start-rtf="2026-11-26T10:00:00.0000000+01:00"')))
    assert (found.start, found.finish) == (at("2026-11-26T10:00:00.1+01:00"), at("2026-11-26T10:00:00.2+01:00"))


def test_times_that_can_not_be_read_are_told_and_the_result_is_kept() -> None:
    report = read(run(a_test(more='result="Pass" time="-1"'), 'run-date="11/26/2026" run-time="2 PM"'))
    assert one(report).warnings == ["line 1: the duration '-1' can't be read and was left out"]
    assert report.notes == ["line 1: the date and time '11/26/2026T2 PM' of the assembly can't be read"]


def test_what_failed_outside_of_tests_is_told() -> None:
    failure = "<failure><message>no\nway</message></failure>"
    body = f'<assemblies><assembly><errors><error type="test-class-cleanup" name="A.T">{failure}</error><error/></errors></assembly></assemblies>'
    assert read(body).notes == [
        "line 1: test-class-cleanup of A.T failed outside of any test: no", "line 2: a fixture failed outside of any test: ",
    ]  # fmt: skip


def test_attachments_are_evidence_and_output_is_if_it_is_to_be_kept() -> None:
    inside = '<output>said</output><attachments><attachment name="a.bin" media-type="application/x">AA==</attachment><attachment>t</attachment></attachments>'
    assert [(f.filename, f.content_type, f.plain) for f in one(read(run(a_test(inside=inside)))).evidence] == [
        ("a.bin", "application/x", False), ("attachment", "text/plain", True),
    ]  # fmt: skip
    assert [f.filename for f in one(read(run(a_test(inside=inside)), keep_output=True)).evidence] == [
        "a.bin",
        "attachment",
        "system-out.txt",
    ]


def test_format_1_is_read_too() -> None:
    body = f'<assembly name="a.dll" run-date="2026-11-26" run-time="10:00:00"><class name="A.T">{a_test(more="""result="Skip" """, inside="<reason><message>why</message></reason>")}</class></assembly>'
    assert (one(read(body)).status, one(read(body)).comment) == ("TODO", "why")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<assemblies>\n<assembly></assemblies>", r"Line 2: it is not well-formed XML"),
        ("<assemblies>\n<assembly>", r"Line 2: it ends too early"),
        ("<!DOCTYPE a><assemblies/>", r"Line 1: it has a document type"),
        (b'<assemblies>\n<assembly name="\xfc"/></assemblies>', r"Line 2: it has the byte 0xfc"),
    ],
)
def test_bad_xml_is_refused_with_its_line(body: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableReport, match=message):
        read(body)


def test_control_characters_odd_statuses_and_huge_names_are_read() -> None:
    report = read(run(a_test("A.T.Adds(x: &quot;" + "é" * 100_000 + "\x00&quot;)", 'result="Blocked"')))
    assert (one(report).iterations[0].status, one(report).status, report.notes) == (
        "Blocked", "", ["1 control characters that XML can't hold were replaced"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (b"<assemblies/>", True), (b'<assembly run-date="2026-11-26"/>', True), (b'<?xml version="1.0"?><!-- c --><assemblies a="b">', True),
        (b'<assembly xmlns="http://maven.apache.org/ASSEMBLY/2.2.0"/>', False), (b"<testsuites/>", False), (b"<test-run/>", False),
    ],
)  # fmt: skip
def test_a_report_is_told_by_its_root(body: bytes, *, is_one: bool) -> None:
    found = detect(memoryview(body))
    assert (found is not None and found.name == "xunit") is is_one
