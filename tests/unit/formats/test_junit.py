# SPDX-License-Identifier: Apache-2.0
"""JUnit reports: the mapping, case by case, and what is wrong in reports of the wild."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from radiograph.domain.clock import format_instant
from radiograph.domain.errors import UnreadableReport
from radiograph.formats import junit
from radiograph.formats.junit_properties import values_of
from radiograph.formats.reading import ReadOptions, Source

if TYPE_CHECKING:
    from radiograph.domain.report import Report, TestResult


def read(text: str | bytes, *, keep_output: bool = False) -> Report:
    body = text.encode() if isinstance(text, str) else text
    return junit.read(Source("r.xml", memoryview(body)), ReadOptions(keep_output=keep_output))


def suite(*cases: str, attributes: str = 'name="s"') -> str:
    return f"<testsuite {attributes}>{''.join(cases)}</testsuite>"


def only(*cases: str, attributes: str = 'name="s"', keep_output: bool = False) -> TestResult:
    (result,) = read(suite(*cases, attributes=attributes), keep_output=keep_output).results
    return result


def case(inside: str = "", attributes: str = 'classname="a.B" name="c"') -> str:
    return f"<testcase {attributes}>{inside}</testcase>"


def prop(name: str, value: str = "", inside: str = "") -> str:
    return f'<properties><property name="{name}" value="{value}">{inside}</property></properties>'


def times(result: TestResult) -> tuple[str | None, str | None]:
    start, finish = (format_instant(i.ms, i.offset) if i else None for i in (result.start, result.finish))
    return start, finish


def definition(result: TestResult) -> str | None:
    assert result.info is not None
    return result.info.definition


# ---- which Test


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('classname="a.B" name="c"', "a.B.c"),
        ('class="A\\B" name="c"', "A\\B.c"),
        ('classname="a.B" class="A\\B" name="c"', "a.B.c"),
        ('name="c"', "s.c"),
        ('classname="" name="c"', "s.c"),
        ('classname="a.B"', "a.B"),
        ('name=" c "', "s. c "),
    ],
)
def test_a_test_is_told_by_class_and_name_or_by_the_suite_and_name(attributes: str, expected: str) -> None:
    assert definition(only(case(attributes=attributes))) == expected


def test_a_case_with_no_name_at_all_is_refused_and_the_others_are_read() -> None:
    report = read(suite(case(attributes=""), case(), attributes="time='1'"))
    assert [r.index for r in report.results] == [1]
    (refused,) = report.refused
    assert (refused.index, refused.problems[0].path) == (0, "line 1")
    assert "has no name and no classname" in refused.problems[0].problem


def test_a_case_with_no_name_but_a_key_is_read() -> None:
    report = read(suite(case(prop("test_key", "DEMO-7"), attributes=""), attributes=""))
    assert [(r.test_key, r.info and r.info.summary) for r in report.results] == [("DEMO-7", "")]


def test_a_stamp_at_the_end_of_a_suites_name_is_no_part_of_the_definition() -> None:
    assert definition(only(case(attributes='name="c"'), attributes='name="a.B-20240101100000"')) == "a.B.c"


def test_suites_nest_at_any_depth_and_the_innermost_one_counts() -> None:
    depth = 40
    text = "".join(f'<testsuite name="s{n}">' for n in range(depth)) + case(attributes='name="c"') + "</testsuite>" * depth
    (result,) = read(f"<testsuites>{text}</testsuites>").results
    assert definition(result) == "s39.c"


def test_a_suite_after_a_nested_one_has_its_own_name_again() -> None:
    named = case(attributes='name="c"')
    report = read(f'<testsuite name="a"><testsuite name="b">{named}</testsuite>{named}</testsuite>')
    assert [definition(r) for r in report.results] == ["b.c", "a.c"]


@pytest.mark.parametrize("root", ["testsuites", "testsuite", "test_suite"])
def test_each_root_is_read(root: str) -> None:
    (result,) = read(f'<{root} name="s"><testcase name="c" duration="0.5"/></{root}>').results
    assert (definition(result), result.elapsed) == ("s.c", 0.5)
    assert junit.looks_like(f'<?xml version="1.0"?>\n<!-- c -->\n<{root} a="1">')


@pytest.mark.parametrize("root", ["testng-results", "test-run", "test-results", "assemblies", "robot", "html", "test-suite"])
def test_other_roots_are_not_taken(root: str) -> None:
    assert not junit.looks_like(f"<{root}>")
    with pytest.raises(UnreadableReport, match=f"Line 2: its root is <{root}>, where a JUnit report has"):
        read(f"\n<{root}/>")


def test_a_case_as_the_root_is_not_taken() -> None:
    with pytest.raises(UnreadableReport, match="its root is <testcase>"):
        read(case())


def test_two_results_of_one_definition_stay_two() -> None:
    assert [definition(r) for r in read(suite(case(), case("<failure/>"))).results] == ["a.B.c", "a.B.c"]


# ---- statuses


@pytest.mark.parametrize(
    ("inside", "status"),
    [
        ("", "PASS"),
        ("<system-out>x</system-out>", "PASS"),
        ("<failure/>", "FAIL"),
        ("<error/>", "FAIL"),
        ("<skipped/>", "TODO"),
        ("<disabled/>", "TODO"),
        ("<skipped/><failure/>", "FAIL"),
        ("<flakyFailure/>", "PASS"),
        ("<warning message='w'/>", "PASS"),
    ],
)
def test_the_status_is_that_of_the_element_inside(inside: str, status: str) -> None:
    assert only(case(inside)).status == status


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ('status="run" result="completed"', "PASS"),
        ('status="notrun" result="suppressed"', "TODO"),
        ('status="run" result="skipped"', "TODO"),
        ('status="disabled"', "TODO"),
        ('status="fail"', "FAIL"),
        ('status="Passed"', "PASS"),
        ('status="untested"', "TODO"),
        ('status=""', "PASS"),
        ('status="BLOCKED"', "BLOCKED"),
    ],
)
def test_without_such_an_element_attributes_tell_the_status(attributes: str, status: str) -> None:
    assert only(case(attributes=f'name="c" {attributes}')).status == status


def test_elements_go_before_the_status_attribute() -> None:
    assert only(case("<failure/>", 'name="c" status="passed"')).status == "FAIL"


def test_the_comment_is_what_the_outcomes_say() -> None:
    inside = '<failure message="m" type="E">t1</failure><error>t2</error><skipped message="no"/>'
    assert only(case(inside)).comment == "E: m\n\nt1\n\nt2"
    assert only(case('<skipped message="no network" type="pytest.skip"/>')).comment == "no network"
    assert only(case('<skipped message="known" type="pytest.xfail"/>')).comment == "pytest.xfail: known"


def test_the_trace_of_a_step_that_is_undefined_says_nothing_of_none() -> None:
    assert only(case('<error type="NoneType" message="None">undefined</error>')).comment == "undefined"


def test_a_parameter_of_googletest_is_in_the_comment() -> None:
    result = only(case("<failure message='m'/>", 'name="c/0" value_param="(1, 2)"'))
    assert result.comment == "m\n\nvalue_param: (1, 2)"


# ---- reruns


def test_a_test_that_passed_after_failures_has_them_as_attempts() -> None:
    inside = (
        '<flakyFailure message="1" type="E"><stackTrace>E: 1\n at x</stackTrace></flakyFailure>'
        '<flakyError message="2" type="F" time="0.5">at y</flakyError>'
    )
    result = only(case(inside, 'name="c" time="2"'))
    assert (result.status, result.comment, result.elapsed) == ("PASS", "", 2)
    assert [(a.status, a.comment, a.elapsed) for a in result.attempts] == [("FAIL", "E: 1\n at x", None), ("FAIL", "F: 2\n\nat y", 0.5)]


def test_of_a_test_that_failed_for_good_the_last_try_counts() -> None:
    inside = "<failure message='1'/><rerunFailure message='2'/><rerunError message='3'/><system-out>o</system-out>"
    result = only(case(inside), keep_output=True)
    assert (result.status, result.comment, result.evidence) == ("FAIL", "3", [])
    assert [(a.comment, [f.filename for f in a.evidence]) for a in result.attempts] == [("1", ["system-out.txt"]), ("2", [])]


def test_reruns_without_a_first_failure_are_attempts_of_a_pass() -> None:
    result = only(case("<rerunFailure message='1'/>"))
    assert (result.status, [a.comment for a in result.attempts]) == ("PASS", ["1"])


# ---- properties


def test_properties_name_test_requirements_labels_and_comment() -> None:
    inside = "".join(
        [
            prop("test_key", " DEMO-7 "),
            prop("test_id", "10007"),
            prop("test_summary", "A  good\nname"),
            prop("test_description", inside="long\ntext"),
            prop("testrun_comment", inside="done by hand"),
            prop("requirements", "DEMO-2, DEMO-3,DEMO-2"),
            prop("Requirement", "DEMO-4"),
            prop("tags", "core, slow ,"),
            prop("_dummy_"),
        ]
    )
    result = only(case(inside + "<failure message='m'/>"))
    info = result.info
    assert info is not None
    assert (result.test_key, result.test_id, result.comment) == ("DEMO-7", "10007", "m\n\ndone by hand")
    assert (info.summary, info.description, info.labels) == ("A good name", "long\ntext", ["core", "slow"])
    assert info.requirement_keys == ["DEMO-2", "DEMO-3", "DEMO-4"]
    assert info.given == ("summary", "description", "labels")


def test_empty_properties_say_nothing() -> None:
    result = only(case(prop("test_key") + prop("test_summary") + prop("test_description") + prop("tags") + "<properties/>"))
    assert result.info is not None
    assert (result.test_key, result.info.summary, result.info.given, result.info.labels) == ("", "c", (), None)


def test_a_summary_that_is_too_long_is_cut_and_told() -> None:
    result = only(case(prop("test_summary", "x" * 300)))
    assert result.info is not None
    assert len(result.info.summary or "") == 255
    assert result.warnings == ["line 1: test_summary is longer than 255 characters and was cut"]


def test_requirements_stand_in_attributes_too() -> None:
    result = only(case(prop("requirements", "DEMO-3"), 'name="c" requirement="DEMO-2"'))
    assert result.info is not None
    assert result.info.requirement_keys == ["DEMO-3", "DEMO-2"]


def test_labels_of_ctest_are_for_new_tests_only() -> None:
    result = only(case(prop("cmake_labels", "smoke;slow")))
    assert result.info is not None
    assert (result.info.labels, result.info.given) == (["smoke", "slow"], ())


def test_custom_fields_and_files_come_from_items() -> None:
    fields = prop("testrun_customfields", inside='<item name="browser">a;b</item><item name="n">1</item>')
    files = prop("testrun_evidence", inside='<item name="../../etc/passwd">YQ==</item><item>Yg==</item>')
    result = only(case(fields + files + prop("testrun_evidence")))
    assert result.custom_fields == [{"name": "browser", "value": ["a", "b"]}, {"name": "n", "value": "1"}]
    assert [(f.filename, bytes(f.data or b""), f.plain) for f in result.evidence] == [
        ("../../etc/passwd", b'"YQ=="', False),
        ("", b'"Yg=="', False),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one", "one"),
        ("", ""),
        (r"C:\temp", r"C:\temp"),
        ("a;b", ["a", "b"]),
        (r"a\;b;c\\;d", ["a;b", "c\\", "d"]),
        (r"a\;b", "a;b"),
        (";a;;", ["a"]),
        ("a;\\", ["a", "\\"]),
        (";", ""),
    ],
)
def test_values_of_a_custom_field_are_joined_with_semicolons(text: str, value: str | list[str]) -> None:
    assert values_of(text) == value


def test_what_means_nothing_is_named_once_in_the_notes() -> None:
    inside = prop("build", "1") + "<attachments/>"
    report = read(suite(case(inside), case(inside)))
    assert report.notes == [
        "properties of test cases that mean nothing here were left out: 'build' (2)",
        "elements of test cases that mean nothing here were left out: 'attachments' (2)",
    ]


def test_of_many_such_names_ten_are_shown() -> None:
    (note,) = read(suite(case("".join(prop(f"p{n}") for n in range(12))))).notes
    assert note.endswith("'p9' (1) and 2 more")


def test_a_property_beside_the_list_counts() -> None:
    assert only(case('<property name="test_key" value="DEMO-7"/>')).test_key == "DEMO-7"


# ---- output and files


def test_output_is_kept_only_if_asked_for() -> None:
    inside = "<system-out>one</system-out><system-err>  </system-err><system-out>two\ufffd</system-out>"
    assert not only(case(inside)).evidence
    (file,) = only(case(inside), keep_output=True).evidence
    assert (file.filename, file.content_type, file.plain) == ("system-out.txt", "text/plain", True)
    assert bytes(file.data or b"").decode() == "onetwo\ufffd"


def test_files_that_are_named_only_are_warned_of() -> None:
    names = "".join(f"[[ATTACHMENT|/tmp/{n}.png]]\n" for n in range(7))
    (warning,) = only(case(f"<system-out>{names}</system-out>")).warnings
    assert warning.startswith("line 1: the report names files that it doesn't hold, which were left out: '/tmp/0.png', ")
    assert warning.endswith("'/tmp/4.png' and 2 more")


def test_what_suites_print_is_noted_where_output_is_kept() -> None:
    text = suite(case(), "<system-out>x</system-out><system-err/>")
    assert read(text).notes == []
    assert read(text, keep_output=True).notes == ["what suites printed, outside of their test cases, was left out (1 times)"]


# ---- times


def test_cases_follow_each_other_from_the_suites_timestamp() -> None:
    cases = [case(attributes=f'name="c" time="{t}"') for t in ("1.5", "", "0.25")]
    report = read(suite(*cases, attributes='name="s" timestamp="2024-01-01T10:00:00+02:00"'))
    assert [times(r) for r in report.results] == [
        ("2024-01-01T10:00:00+02:00", "2024-01-01T10:00:01.500+02:00"),
        ("2024-01-01T10:00:01.500+02:00", None),
        ("2024-01-01T10:00:01.500+02:00", "2024-01-01T10:00:01.750+02:00"),
    ]
    assert report.info.end is not None
    assert format_instant(report.info.end.ms, 0) == "2024-01-01T08:00:01.750+00:00"


def test_no_case_of_those_side_by_side_ends_after_its_suite() -> None:
    cases = [case(attributes='name="c" time="2"')] * 3
    report = read(suite(*cases, attributes='name="s" time="3" timestamp="2024-01-01T10:00:00Z"'))
    assert [times(r)[1] for r in report.results] == ["2024-01-01T10:00:02+00:00", "2024-01-01T10:00:03+00:00", "2024-01-01T10:00:03+00:00"]


def test_a_suite_without_timestamp_goes_on_from_the_outer_one() -> None:
    inner = suite(case(attributes='name="c" time="1"'))
    report = read(f'<testsuites timestamp="2024-01-01T10:00:00Z">{inner}{inner}</testsuites>')
    assert [times(r)[0] for r in report.results] == ["2024-01-01T10:00:00+00:00", "2024-01-01T10:00:01+00:00"]


def test_own_times_of_a_case_go_first() -> None:
    own = 'started-at="2024-01-01T10:00:00.5" finished-at="2024-01-01T10:00:02"'
    cases = [case(attributes=f'name="a" time="9" {own}'), case(attributes='name="b" time="1"')]
    report = read(suite(*cases, attributes='timestamp="2025-01-01T00:00:00"'))
    assert times(report.results[0]) == ("2024-01-01T10:00:00.500+00:00", "2024-01-01T10:00:02+00:00")
    assert (times(report.results[1]), report.results[1].elapsed) == ((None, None), 1)
    assert report.info.begin == report.results[0].start
    assert report.info.end == report.results[0].finish


def test_a_timestamp_of_a_case_is_when_it_began() -> None:
    assert times(only(case(attributes='name="c" time="1" timestamp="2024-01-01T10:00:00"'))) == (
        "2024-01-01T10:00:00+00:00",
        "2024-01-01T10:00:01+00:00",
    )


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00", "1970-01-01T00:00:00"])
def test_times_of_clocks_that_were_not_set_are_none(stamp: str) -> None:
    report = read(suite(case(attributes=f'name="c" timestamp="{stamp}"'), attributes=f'timestamp="{stamp}"'))
    assert (times(report.results[0]), report.notes, report.info.begin) == ((None, None), [], None)


def test_durations_without_a_timestamp_are_elapsed_seconds() -> None:
    result = only(case(attributes='name="c" time="3,000.457"'))
    assert (result.elapsed, times(result)) == (3000.457, (None, None))


@pytest.mark.parametrize("time", ["-0.5", "soon", "nan", "1e99"])
def test_odd_durations_are_left_out_with_a_warning(time: str) -> None:
    result = only(case(attributes=f'name="c" time="{time}"'), attributes='timestamp="2024-01-01T10:00:00"')
    assert result.warnings == [f"line 1: {time!r} is no duration in seconds; it was left out"]
    assert times(result) == ("2024-01-01T10:00:00+00:00", None)


def test_dates_that_can_not_be_read_are_left_out_and_told() -> None:
    report = read(suite(case(attributes='name="c" started-at="then"'), attributes='timestamp="yesterday"'))
    assert report.notes == ["line 1: timestamp 'yesterday' is no date such as 2014-08-30T11:47:35+01:00; it was left out"]
    assert report.results[0].warnings == ["line 1: started-at 'then' is no date such as 2014-08-30T11:47:35+01:00; it was left out"]


def test_dates_of_mocha_are_read() -> None:
    report = read(suite(case(), attributes='timestamp="Mon, 01 Jan 2024 10:00:00 GMT"'))
    assert times(report.results[0])[0] == "2024-01-01T10:00:00+00:00"


# ---- the whole


@pytest.mark.parametrize(("name", "summary"), [("nightly", "nightly"), ("jest tests", None), ("", None), ("x" * 300, "x" * 255)])
def test_the_roots_name_is_the_summary_unless_it_is_only_the_tools(name: str, summary: str | None) -> None:
    assert read(f'<testsuites name="{name}"/>').info.fields.summary == summary


def test_errors_of_suites_are_noted() -> None:
    broken = '<testsuite name="b" errors="1"><error message="no compile" type="E">line 3</error></testsuite>'
    silent = '<testsuite name="c" errors="2" failures="0"/>'
    fine = '<testsuite name="d" errors="0" failures="00"/>'
    assert read(f"<testsuites>\n{broken}\n{silent}\n{fine}</testsuites>").notes == [
        "line 2: the suite 'b' has an error that is of no test case: 'E: no compile\\n\\nline 3'",
        "line 3: the suite 'c' has errors=\"2\", but no test case: it may not have run",
    ]


def test_a_report_without_cases_is_read_as_empty() -> None:
    report = read("<testsuites/>")
    assert (report.results, report.refused, report.notes) == ([], [], [])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Line 1: it ends too early"),
        (b"<testsuite>\n<testcase name='a'/>\n<testcase", "Line 3: it ends too early"),
        (b"<testsuite>\n<testcase></testsuite>", "Line 2: it is not well-formed XML: mismatched tag"),
        (b"<!DOCTYPE testsuite [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><testsuite/>", "Line 1: it has a document type"),
        (b"<testsuite>\n<testcase name='\xe9'/></testsuite>", "Line 2: it has the byte 0xe9"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_line(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableReport) as caught:
        read(body)
    assert message in caught.value.message


def test_control_characters_are_replaced_and_told() -> None:
    report = read(suite(case("<failure message='\x1b[31mred\x08'/>")))
    assert report.results[0].comment == "\ufffd[31mred\ufffd"
    assert report.notes == ["2 control characters that XML can't hold were replaced"]


def test_other_encodings_are_read_as_they_are_declared() -> None:
    text = '<?xml version="1.0" encoding="{}"?><testsuite name="s"><testcase name="é"/></testsuite>'
    for encoding in ("iso-8859-1", "utf-16"):
        assert [definition(r) for r in read(text.format(encoding).encode(encoding)).results] == ["s.é"]


def test_huge_attributes_are_read() -> None:
    result = only(case(f"<failure message='{'m' * 1_000_000}'/>", f'name="{"n" * 1_000_000}"'))
    assert (len(result.comment), len(definition(result) or ""), len((result.info and result.info.summary) or "")) == (10**6, 10**6 + 2, 255)


def test_times_at_the_end_of_the_calendar_can_still_be_shown() -> None:
    cases = [case(attributes='name="c" time="300000000"')] * 3
    for stamp in ("9995-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"):
        report = read(suite(*cases, attributes=f'name="s" timestamp="{stamp}"'))
        assert [bool(times(r)[1]) for r in report.results] == [True] * 3
        assert report.info.end is not None
        assert format_instant(report.info.end.ms, report.info.end.offset).startswith("9999-12-")


def test_what_is_marked_as_to_be_done_may_fail() -> None:
    result = only(case('<skipped type="todo" message="not yet"/><failure type="E" message="boom"/>'))
    assert (result.status, result.comment) == ("TODO", "todo: not yet\n\nE: boom")


def test_a_property_tells_that_a_test_was_skipped_and_why() -> None:
    assert (only(case(prop("skip", "no bank"))).status, only(case(prop("skip", "no bank"))).comment) == ("TODO", "no bank")
    assert (only(case(prop("fixme", "true"))).status, only(case(prop("fixme", "true"))).comment) == ("TODO", "")
    assert only(case(prop("skip", "why") + "<skipped/>")).comment == "why"
    assert only(case(prop("skip") + "<failure/>")).status == "FAIL"


def test_dates_of_testng_have_the_name_of_a_zone() -> None:
    assert times(only(case(attributes='name="c" time="1"'), attributes='name="s" timestamp="2024-01-01T10:00:00 CET"'))[0] == (
        "2024-01-01T10:00:00+01:00"
    )
