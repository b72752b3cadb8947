# SPDX-License-Identifier: Apache-2.0
"""NUnit XML of versions 2 and 3."""

from __future__ import annotations

import re
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
    return read_reports([Source("TestResult.xml", memoryview(data))], "nunit", ReadOptions(keep_output=keep_output))[0]


def fixture(inside: str, more: str = "") -> str:
    return f'<test-run id="2" {more}><test-suite type="TestFixture" name="T" fullname="A.T">{inside}</test-suite></test-run>'


def case(name: str = "Adds", more: str = 'result="Passed"', inside: str = "") -> str:
    return f'<test-case name="{name}" fullname="A.T.{name}" methodname="{name}" classname="A.T" {more}>{inside}</test-case>'


def properties(*pairs: tuple[str, str]) -> str:
    return "<properties>" + "".join(f'<property name="{n}" value="{v}"/>' for n, v in pairs) + "</properties>"


def two(inside: str) -> str:
    return f'<test-results name="a.dll" date="2026-11-26" time="10:00:00"><test-suite type="TestFixture" name="T"><results>{inside}</results></test-suite></test-results>'


def test_the_definition_is_class_and_method_as_the_vendor_joins_them() -> None:
    found = info(
        one(read(fixture('<test-case name="adds numbers" fullname="A.T.adds numbers" methodname="Adds" classname="A.T" result="Passed"/>')))
    )
    assert (found.definition, found.summary, found.derived) == ("A.T.Adds", "adds numbers", True)


def test_without_class_or_method_the_full_name_is_the_definition() -> None:
    assert info(one(read(fixture('<test-case fullname="A.T.Adds(1)" result="Passed"/>')))).definition == "A.T.Adds"
    assert (
        info(one(read(fixture('<test-case name="Pays" fullname="Shop - Pays (now)" result="Passed"/>')))).definition == "Shop - Pays (now)"
    )


def test_version_2_has_the_full_name_as_the_name_and_a_short_one_gets_those_of_its_suites() -> None:
    report = read(
        two(
            '<test-case name="A.T.Adds" result="Success"/><test-case name="Subtracts" result="Success"/><test-case name="it adds" result="Success"/>'
        )
    )
    assert [(info(r).definition, info(r).summary) for r in report.results] == [
        ("A.T.Adds", "Adds"), ("T.Subtracts", "Subtracts"), ("it adds", "it adds"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ('result="passed"', "PASS"), ('result="Warning"', "PASS"), ('result="Failed" label="Error"', "FAIL"),
        ('result="Failed" label="Cancelled"', "FAIL"), ('result="Skipped" label="Explicit"', "TODO"), ('result="Inconclusive"', "TODO"),
        ('result="Success"', "PASS"), ('result="Failure"', "FAIL"), ('result="Error"', "FAIL"), ('result="NotRunnable"', "FAIL"),
        ('result="Cancelled"', "FAIL"), ('result="Ignored"', "TODO"), ('executed="True" success="True"', "PASS"),
        ('executed="True" success="False"', "FAIL"), ('executed="False"', "TODO"), ("", "FAIL"), ('result="Blocked"', "Blocked"),
    ],
)  # fmt: skip
def test_statuses_of_both_versions(attributes: str, status: str) -> None:
    assert one(read(fixture(case(more=attributes)))).status == status


def test_properties_name_the_test_whatever_their_case() -> None:
    found = one(
        read(
            fixture(
                case(inside=properties(("test_key", "DEMO-1"), ("Test ID", "10001"), ("TEST-SUMMARY", "A  sum"), ("TestDescription", "d")))
            )
        )
    )
    assert (found.test_key, found.test_id) == ("DEMO-1", "10001")
    assert (info(found).summary, info(found).description, info(found).given) == ("A sum", "d", ("summary", "description"))


def test_test_is_a_key_only_where_it_looks_like_one() -> None:
    assert one(read(fixture(case(inside=properties(("Test", "DEMO-1")))))).test_key == "DEMO-1"
    report = read(fixture(case(inside=properties(("Test", "smoke")))))
    assert (one(report).test_key, report.notes) == ("", ["Properties that mean nothing here were left out: Test"])


def test_categories_and_requirements_of_suites_are_those_of_their_tests() -> None:
    inside = properties(("Category", "Smoke"), ("Requirement", "DEMO-2")) + case(
        inside=properties(("Category", "Long running"), ("requirements", "DEMO-3,DEMO-2"))
    )
    found = info(one(read(fixture(inside))))
    assert (found.labels, found.requirement_keys) == (["Smoke", "Long_running"], ["DEMO-2", "DEMO-3"])


def test_only_labels_replace_those_of_a_test_that_is_there_and_categories_dont() -> None:
    assert info(one(read(fixture(case(inside=properties(("Category", "Smoke"))))))).given == ()
    assert info(one(read(fixture(case(inside=properties(("labels", "a, b"), ("Category", "c"))))))).given == ("labels",)
    assert info(one(read(fixture(case(inside=properties(("Description", "d"))))))).given == ()


def test_properties_of_a_fixture_do_not_leak_into_the_next() -> None:
    suite = '<test-suite type="TestFixture" name="{0}" fullname="A.{0}">{1}{2}</test-suite>'
    body = f"<test-run>{suite.format('T', properties(('Category', 'x')), case())}{suite.format('U', '', case('Other'))}</test-run>"
    assert [info(r).labels for r in read(body).results] == [["x"], None]


def test_a_key_of_a_parameterized_method_is_that_of_its_rounds_and_a_round_may_have_its_own() -> None:
    rounds = case("Sums(1)") + case("Sums(2)") + case("Sums(3)", inside=properties(("TestKey", "DEMO-9")))
    suite = f'<test-suite type="ParameterizedMethod" name="Sums">{properties(("TestKey", "DEMO-1"))}{rounds}</test-suite>'
    assert [(r.test_key, len(r.iterations)) for r in read(fixture(suite)).results] == [("DEMO-1", 2), ("DEMO-9", 1)]


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (("Passed", "Passed"), "PASS"), (("Passed", "Failed"), "FAIL"), (("Passed", "Skipped"), "TODO"), (("Skipped", "Skipped"), "TODO"),
        (("Passed", "Blocked"), ""),
    ],
)  # fmt: skip
def test_the_status_of_rounds_is_the_vendors_rule(statuses: tuple[str, str], status: str) -> None:
    rounds = "".join(case(f"Sums({n})", f'result="{s}"') for n, s in enumerate(statuses))
    assert one(read(fixture(f'<test-suite type="Theory" name="Sums">{rounds}</test-suite>'))).status == status


def test_rounds_beside_each_other_are_one_test_without_a_suite_of_their_own() -> None:
    named = '<test-case name="Sums({0})" fullname="A.T.Sums({0})" methodname="Sums" classname="A.T" result="Passed"/>'
    found = one(read(fixture(named.format(1) + named.format(2))))
    assert [i.parameters for i in found.iterations] == [[("argument 1", "1")], [("argument 1", "2")]]


def test_rounds_of_two_assemblies_stay_two_results() -> None:
    assembly = '<test-suite type="Assembly" name="{0}"><test-suite type="ParameterizedMethod" name="Sums">{1}</test-suite></test-suite>'
    body = f"<test-run>{assembly.format('net8.dll', case('Sums(1)'))}{assembly.format('net9.dll', case('Sums(1)'))}</test-run>"
    assert [(info(r).definition, len(r.iterations)) for r in read(body).results] == [("A.T.Sums", 1), ("A.T.Sums", 1)]


def test_a_round_tells_why_it_failed_and_the_result_how_many_did() -> None:
    failure = "<failure><message>no</message><stack-trace>at A</stack-trace></failure>"
    rounds = case("Sums(1)") + case("Sums(2)", 'result="Failed"', failure) + case("Sums(3)", 'result="Failed"', failure)
    found = one(read(fixture(f'<test-suite type="ParameterizedMethod" name="Sums">{rounds}</test-suite>')))
    assert found.comment == "2 of 3 iterations failed.\n\nSums(2): no\n\nat A"
    assert [i.log for i in found.iterations] == ["", "no\n\nat A", "no\n\nat A"]


def test_a_comment_is_the_failure_or_the_reason_or_the_assertions() -> None:
    message = "<{0}><message>{1}</message></{0}>"
    assertions = f"<assertions>{message.format('assertion', 'a')}{message.format('assertion', 'b')}</assertions>"
    inside = [
        message.format("failure", "f") + assertions,
        message.format("reason", "r"),
        assertions,
        "<failure><message/><stack-trace>None</stack-trace></failure>",
    ]
    results = [
        one(read(fixture(case(more=f'result="{s}"', inside=i))))
        for s, i in zip(("Failed", "Passed", "Warning", "Passed"), inside, strict=True)
    ]
    assert [r.comment for r in results] == ["f", "r", "a\n\nb", ""]


def test_times_are_those_of_the_report_and_a_duration_is_finer_than_a_second() -> None:
    coarse = one(
        read(fixture(case(more='result="Passed" start-time="2026-11-26 10:00:00Z" end-time="2026-11-26 10:00:00Z" duration="0.125"')))
    )
    fine = one(
        read(fixture(case(more='result="Passed" start-time="2026-11-26T10:00:00.1Z" end-time="2026-11-26T10:00:00.3Z" duration="0.1"')))
    )
    alone = one(read(fixture(case(more='result="Passed" duration="3,000.457"'))))
    assert (coarse.start, coarse.finish) == (at("2026-11-26T10:00:00Z"), at("2026-11-26T10:00:00.125Z"))
    assert (fine.start, fine.finish) == (at("2026-11-26T10:00:00.1Z"), at("2026-11-26T10:00:00.3Z"))
    assert (alone.start, alone.finish, alone.elapsed) == (None, None, 3000.457)


def test_version_2_tests_run_one_after_the_other_from_the_date_of_the_report() -> None:
    report = read(
        two(
            '<test-case name="A.T.A" result="Success" time="0.5"/><test-case name="A.T.B" result="Ignored"/><test-case name="A.T.C" result="Success" time="1"/>'
        )
    )
    assert [(r.start and r.start.ms % 10_000, r.finish and r.finish.ms % 10_000) for r in report.results] == [
        (0, 500),
        (None, None),
        (500, 1500),
    ]
    assert (report.info.begin, report.info.end) == (at("2026-11-26T10:00:00Z"), at("2026-11-26T10:00:01.5Z"))


def test_times_that_can_not_be_read_are_warnings_and_the_result_is_kept() -> None:
    found = one(read(fixture(case(more='result="Passed" start-time="soon" end-time="0001-01-01 00:00:00Z" duration="-0.5"'))))
    assert found.warnings == [
        "line 1: the start time 'soon' can't be read and was left out",
        "line 1: the duration '-0.5' can't be read and was left out",
    ]
    assert (found.status, found.start, found.finish, found.elapsed) == ("PASS", None, None, None)


def test_times_at_the_edge_of_the_calendar_are_no_error() -> None:
    found = one(read(fixture(case(more='result="Passed" start-time="9999-12-31 23:59:59Z" duration="200000000"'))))
    assert (found.start, found.finish) == (at("9999-12-31T23:59:59Z"), None)


def test_output_is_evidence_only_if_it_is_to_be_kept_and_that_of_suites_is_told_to_be_left_out() -> None:
    body = fixture("<output>set-up</output>" + case(inside="<output>said</output>"))
    assert ([*one(read(body)).evidence], read(body).notes) == ([], [])
    report = read(body, keep_output=True)
    assert [(f.filename, bytes(f.data or b""), f.path) for f in one(report).evidence] == [("system-out.txt", b"said", "line 1")]
    assert report.notes == ["Only the output of tests is kept; that of suites was left out (1)"]


def test_files_are_named_in_warnings_and_never_opened() -> None:
    files = "<attachments>" + "".join(f"<attachment><filePath>/etc/{n}</filePath></attachment>" for n in range(7)) + "</attachments>"
    report = read(fixture(files + case(inside=files)))
    words = "the report names files that it doesn't hold, which were left out: '/etc/0', '/etc/1', '/etc/2', '/etc/3', '/etc/4' and 2 more"
    assert (one(report).warnings, report.notes) == ([f"line 1: {words}"], [f"line 1: {words}"])


def test_a_teardown_that_failed_is_told() -> None:
    suite = (
        '<test-suite type="TestFixture" name="T" site="TearDown"><failure><message>TearDown : open\nfile</message></failure></test-suite>'
    )
    assert read(f"<test-run>{suite}</test-run>").notes == ["line 1: the teardown of T failed: TearDown : open"]


def test_a_case_without_a_name_is_refused_with_its_line_and_the_others_are_kept() -> None:
    report = read(fixture('\n<test-case result="Passed"/>' + case()))
    assert [(r.index, r.problems[0].path, r.problems[0].problem) for r in report.refused] == [(0, "line 2", "a test case has no name")]
    assert len(report.results) == 1


def test_cases_of_the_same_name_stay_results_of_their_own() -> None:
    report = read(fixture(case() + case(more='result="Failed"')))
    assert [(r.index, info(r).definition, r.status) for r in report.results] == [(0, "A.T.Adds", "PASS"), (1, "A.T.Adds", "FAIL")]


def test_a_report_without_tests_is_an_empty_one() -> None:
    report = read("<test-run/>")
    assert (report.results, report.refused, report.execution_key) == ([], [], "")
    assert read("<test-run><test-case name='a'/></test-run>").results[0].status == "FAIL"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<test-run>\n<test-suite></test-run>", r"Line 2: it is not well-formed XML: mismatched tag"),
        ('<test-run>\n<test-case name="a"', r"Line 2: it ends too early"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><test-run>&b;</test-run>", r"Line 1: it has a document type"),
        (b'<test-run>\n<test-case name="\xfcber"/></test-run>', r"Line 2: it has the byte 0xfc"),
        ('<?xml version="1.0" encoding="no-such"?><test-run/>', r"Line 1: it (has an encoding|is not well-formed)"),
        ("<test-run>" + "<test-suite>" * 600, r"nested too deeply"),
    ],
)
def test_bad_xml_is_refused_with_its_line(body: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableReport, match=message):
        read(body)


def test_control_characters_and_other_encodings_are_no_trouble() -> None:
    report = read(fixture(case(more='result="Failed"', inside="<failure><message>a\x1b[31mred</message></failure>")))
    assert (one(report).comment, report.notes) == ("a\ufffd[31mred", ["1 control characters that XML can't hold were replaced"])
    wide = fixture(case("Größe")).encode("utf-16")
    assert info(one(read(wide))).definition == "A.T.Größe"


def test_a_huge_attribute_is_read() -> None:
    assert info(one(read(fixture(case("A" * 200_000))))).definition == "A.T." + "A" * 200_000
    nested = "(" * 100_000
    assert info(one(read(fixture(f'<test-case fullname="A.T{nested}" result="Passed"/>')))).definition == f"A.T{nested}"


def test_a_report_of_another_format_is_told_by_the_name_that_people_know() -> None:
    with pytest.raises(UnreadableReport, match=re.escape("this looks like NUnit 3, not Xray JSON; send it to .../import/execution/nunit")):
        read_reports([Source("", memoryview(fixture(case()).encode()))], "xray", ReadOptions())
    with pytest.raises(UnreadableReport, match=r"this looks like NUnit 2, not xUnit v2 XML"):
        read_reports([Source("", memoryview(two("").encode()))], "xunit", ReadOptions())


@pytest.mark.parametrize("body", [b"<testsuite/>", b"<test-suite/>", b"<assemblies/>", b"test-run", b"{}", b""])
def test_what_is_no_nunit_is_not_taken_for_it(body: bytes) -> None:
    found = detect(memoryview(body))
    assert found is None or found.name != "nunit"


def test_a_round_with_a_name_of_its_own_is_of_its_methods_test() -> None:
    inside = (
        '<test-suite type="ParameterizedTest" name="Words"><results>'
        '<test-case name="T.Gr&#252;&#223;e &quot;all&quot;" executed="True" result="Success"/></results></test-suite>'
    )
    result = one(read(two(inside)))
    assert (info(result).definition, info(result).summary) == ("T.Words", "Words")
    assert [r.name for r in result.iterations] == ['T.Grüße "all"']
